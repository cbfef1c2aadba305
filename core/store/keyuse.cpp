// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/changes.h"
#include "core/store/chargetable.h"
#include "core/store/reader.h"
#include "core/store/sql.h"

using namespace Qt::StringLiterals;

namespace portolan::store {

Result<> SqlChanges::addCharge(const trace::Charge &charge)
{
    ChargeSums sums;
    sums.add(charge);
    return ChargeTable(m_connection.handle()).add(sums);
}

Result<> SqlChanges::resetKey(const trace::Charge &charge)
{
    Sql windows(m_connection.database(), u"DELETE FROM key_windows WHERE party = ? AND key = ?"_s);
    if (auto done = windows.bind(std::int64_t(charge.party)).bind(charge.key).run(); !done)
        return done;
    auto spend = charge;
    spend.windows = 0;
    return addCharge(spend);
}

Result<> SqlChanges::forgetUse(trace::Charge::Party party, const QString &keys, std::int64_t parameter)
{
    for (const auto &table : {u"key_spend"_s, u"key_windows"_s}) {
        Sql forget(m_connection.database(),
                   u"DELETE FROM "_s + table + u" WHERE party = ? AND key IN "_s + keys);
        if (auto done = forget.bind(std::int64_t(party)).bind(parameter).run(); !done)
            return done;
    }
    return {};
}

Result<trace::KeptUse> SqlReader::keyUse()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    trace::KeptUse kept;
    Sql spends(*database,
               u"SELECT party, key, period, day, cost, tokens, extra, guessed_cost FROM key_spend"
               " ORDER BY party, key, day"_s);
    if (auto done = spends.run(); !done)
        return fail(done.error());
    while (spends.next()) {
        kept.charges.push_back({.party = trace::Charge::Party(spends.number(0)),
                                .key = spends.number(1),
                                .period = spends.textAt(2),
                                .day = std::int32_t(spends.number(3)),
                                .cost = NanoUsd{spends.number(4)},
                                .tokens = spends.number(5),
                                .extra = spends.number(6),
                                .guessed_cost = NanoUsd{spends.number(7)}});
    }
    if (auto done = spends.ending(); !done)
        return fail(done.error());
    Sql windows(*database,
                u"SELECT party, key, window, start_us, amount FROM key_windows ORDER BY start_us"_s);
    if (auto done = windows.run(); !done)
        return fail(done.error());
    while (windows.next()) {
        kept.windows.push_back({.party = trace::Charge::Party(windows.number(0)),
                                .key = windows.number(1),
                                .window = trace::Charge::Window(windows.number(2)),
                                .start_us = windows.number(3),
                                .amount = windows.number(4)});
    }
    if (auto done = windows.ending(); !done)
        return fail(done.error());
    return kept;
}

} // namespace portolan::store
