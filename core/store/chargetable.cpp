// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/chargetable.h"

#include <limits>

namespace portolan::store {

namespace {

void addWithin(std::int64_t &sum, std::int64_t amount)
{
    if (__builtin_add_overflow(sum, amount, &sum))
        sum = amount > 0 ? std::numeric_limits<std::int64_t>::max()
                         : std::numeric_limits<std::int64_t>::min();
}

} // namespace

void ChargeSums::add(const trace::Charge &charge)
{
    if (!charge.period.empty()) {
        auto &spend = m_spends[{int(charge.party), charge.key, charge.period, charge.day}];
        addWithin(spend.cost, charge.cost.value);
        addWithin(spend.tokens, charge.tokens);
        addWithin(spend.extra, charge.extra);
        addWithin(spend.guessed_cost, charge.guessed_cost.value);
    }
    for (const auto &kept : trace::kKeptWindows) {
        if ((charge.windows & kept.window) == 0)
            continue;
        const bool ofTokens = trace::countsTokens(kept.window);
        const auto at = ofTokens ? charge.ended_us : charge.asked_us;
        add({.party = charge.party,
             .key = charge.key,
             .window = kept.window,
             .start_us = at - at % kept.grain_us,
             .amount = ofTokens ? charge.tokens : 1});
    }
}

void ChargeSums::add(const trace::WindowUse &use)
{
    addWithin(m_windows[{int(use.window), use.start_us, int(use.party), use.key}], use.amount);
}

void ChargeSums::merge(const ChargeSums &other)
{
    for (const auto &[key, spend] : other.m_spends) {
        auto &into = m_spends[key];
        addWithin(into.cost, spend.cost);
        addWithin(into.tokens, spend.tokens);
        addWithin(into.extra, spend.extra);
        addWithin(into.guessed_cost, spend.guessed_cost);
    }
    for (const auto &[key, amount] : other.m_windows)
        addWithin(m_windows[key], amount);
}

void ChargeSums::clear()
{
    m_spends.clear();
    m_windows.clear();
}

// CAST: what overflows becomes a real number in SQLite, which a strict column refuses.
ChargeTable::ChargeTable(sqlite3 *handle)
    : m_spend(handle,
              "INSERT INTO key_spend (party, key, period, day, cost, tokens, extra, guessed_cost)"
              " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
              " cost = CAST(cost + excluded.cost AS INTEGER),"
              " tokens = CAST(tokens + excluded.tokens AS INTEGER),"
              " extra = CAST(extra + excluded.extra AS INTEGER),"
              " guessed_cost = CAST(guessed_cost + excluded.guessed_cost AS INTEGER)")
    , m_window(handle,
               "INSERT INTO key_windows (window, start_us, party, key, amount) VALUES (?,?,?,?,?)"
               " ON CONFLICT DO UPDATE SET amount = CAST(amount + excluded.amount AS INTEGER)")
{ }

Result<> ChargeTable::add(const ChargeSums &sums)
{
    for (const auto &[key, spend] : sums.m_spends) {
        const auto &[party, id, period, day] = key;
        m_spend.bind(party).bind(id).text(period).bind(day).bind(spend.cost).bind(spend.tokens);
        if (auto done = m_spend.bind(spend.extra).bind(spend.guessed_cost).run(); !done)
            return done;
    }
    for (const auto &[key, amount] : sums.m_windows) {
        const auto &[window, start, party, id] = key;
        if (auto done = m_window.bind(window).bind(start).bind(party).bind(id).bind(amount).run(); !done)
            return done;
    }
    return {};
}

} // namespace portolan::store
