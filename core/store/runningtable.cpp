// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/runningtable.h"

#include "core/store/sql.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::store {

namespace {

trace::Record readLeft(const Sql &row)
{
    trace::Record record{.id = {row.number(0)}, .started_us = row.number(1)};
    record.outcome = trace::Outcome::Unknown;
    record.error_code = "store.unknown_outcome";
    record.error_message
        = "Portolan ended before this request did. What it took is counted as it was reserved.";
    record.client_key = {row.number(2)};
    record.client_key_name = row.textAt(3);
    record.program = row.textAt(4);
    record.method = row.textAt(5);
    record.path = row.textAt(6);
    record.endpoint = row.textAt(7);
    record.config = row.textAt(8);
    record.config_id = {row.number(9)};
    record.config_version = int(row.number(10));
    record.model_asked = row.textAt(11);
    record.model_served = row.textAt(12);
    record.provider = row.textAt(13);
    record.slug = row.textAt(14);
    record.account = {row.number(15)};
    record.virtual_key = {row.number(16)};
    record.stream = row.number(17) != 0;
    record.trace_id = row.textAt(18);
    record.span_id = row.textAt(19);
    record.capture = trace::CaptureLevel(std::clamp<std::int64_t>(row.number(20), 0, 3));
    return record;
}

trace::Charge readCharge(const Sql &row)
{
    return {.party = trace::Charge::Party(row.number(0)),
            .key = row.number(1),
            .period = row.textAt(2),
            .day = std::int32_t(row.number(3)),
            .cost = NanoUsd{row.number(4)},
            .tokens = row.number(5),
            .extra = row.number(6),
            .guessed_cost = NanoUsd{row.number(7)},
            .windows = std::uint8_t(row.number(8)),
            .asked_us = row.number(9),
            .ended_us = row.number(10)};
}

} // namespace

RunningTable::RunningTable(const Connection &connection)
    : m_connection(connection)
    , m_put(connection.handle(),
            "INSERT OR REPLACE INTO running_requests (id, started_us, client_key, client_key_name, program,"
            " method, path, endpoint, config, config_id, config_version, model_asked, model_served, provider,"
            " slug, account, virtual_key, stream, trace_id, span_id, capture)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    , m_put_charge(
          connection.handle(),
          "INSERT INTO running_charges (request, place, party, key, period, day, cost, tokens, extra,"
          " guessed_cost, windows, asked_us, ended_us) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)")
    , m_remove(connection.handle(), "DELETE FROM running_requests WHERE id = ?")
    , m_remove_charges(connection.handle(), "DELETE FROM running_charges WHERE request = ?")
{ }

Result<> RunningTable::put(const trace::Record &r)
{
    if (auto done = m_remove_charges.bind(r.id.value).run(); !done)
        return done;
    m_put.bind(r.id.value).bind(r.started_us).bind(r.client_key.value).text(r.client_key_name);
    m_put.text(r.program).text(r.method).text(r.path).text(r.endpoint).text(r.config).bind(r.config_id.value);
    m_put.bind(r.config_version).text(r.model_asked).text(r.model_served).text(r.provider).text(r.slug);
    m_put.bind(r.account.value).bind(r.virtual_key.value).bind(r.stream ? 1 : 0).text(r.trace_id);
    if (auto done = m_put.text(r.span_id).bind(std::int64_t(r.capture)).run(); !done)
        return done;
    std::int64_t place = 0;
    for (const auto &charge : r.charges) {
        if (auto done = putCharge(r.id, place++, charge); !done)
            return done;
    }
    return {};
}

Result<> RunningTable::putCharge(RequestId id, std::int64_t place, const trace::Charge &charge)
{
    m_put_charge.bind(id.value).bind(place).bind(std::int64_t(charge.party)).bind(charge.key);
    m_put_charge.text(charge.period).bind(charge.day).bind(charge.cost.value).bind(charge.tokens);
    m_put_charge.bind(charge.extra).bind(charge.guessed_cost.value).bind(charge.windows);
    return m_put_charge.bind(charge.asked_us).bind(charge.ended_us).run();
}

Result<> RunningTable::remove(RequestId id)
{
    if (auto done = m_remove_charges.bind(id.value).run(); !done)
        return done;
    return m_remove.bind(id.value).run();
}

Result<std::vector<trace::Record>> RunningTable::left()
{
    std::vector<trace::Record> records;
    Sql rows(m_connection.database(),
             u"SELECT id, started_us, client_key, client_key_name, program, method, path, endpoint, config,"
             " config_id, config_version, model_asked, model_served, provider, slug, account, virtual_key,"
             " stream, trace_id, span_id, capture FROM running_requests ORDER BY id"_s);
    if (auto done = rows.run(); !done)
        return fail(done.error());
    while (rows.next())
        records.push_back(readLeft(rows));
    if (auto done = rows.ending(); !done)
        return fail(done.error());
    for (auto &record : records) {
        Sql charges(m_connection.database(),
                    u"SELECT party, key, period, day, cost, tokens, extra, guessed_cost, windows, asked_us,"
                    " ended_us FROM running_charges WHERE request = ? ORDER BY place"_s);
        if (auto done = charges.bind(record.id.value).run(); !done)
            return fail(done.error());
        while (charges.next()) {
            record.charges.push_back(readCharge(charges));
            // A client key and a virtual key are charged with the same request.
            record.cost = std::max(record.cost, record.charges.back().cost);
            record.cost_state = trace::CostState::Estimated;
        }
        if (auto done = charges.ending(); !done)
            return fail(done.error());
    }
    return records;
}

} // namespace portolan::store
