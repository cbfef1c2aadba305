// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/circuit.h"

namespace portolan::routing {

Circuit::State Circuit::state(std::int64_t now_ms) const noexcept
{
    if (m_open_until_ms == 0)
        return State::Closed;
    return now_ms < m_open_until_ms ? State::Open : State::HalfOpen;
}

bool Circuit::blocks(std::int64_t now_ms) const noexcept
{
    const State now = state(now_ms);
    return now == State::Open || (now == State::HalfOpen && m_trial);
}

bool Circuit::enter(std::int64_t now_ms) noexcept
{
    if (blocks(now_ms))
        return false;
    m_trial = state(now_ms) == State::HalfOpen;
    return true;
}

bool Circuit::record(const Outcome &outcome, const BreakerRule &rule, std::int64_t now_ms) noexcept
{
    if (outcome.kind == Outcome::Kind::NotCalled) {
        abandon();
        return false;
    }
    const bool failed = outcome.isFailureIn(rule.failure_status_codes);
    switch (state(now_ms)) {
    case State::Open: // a call that began before it opened
        return false;
    case State::HalfOpen:
        if (!m_trial) // likewise
            return false;
        if (failed)
            open(rule, now_ms);
        else
            reset();
        return failed;
    case State::Closed: break;
    }
    if (!failed) {
        if (m_failures > 0)
            ++m_successes;
        return false;
    }
    ++m_failures;
    const int all = m_failures + m_successes;
    const bool by_count = rule.failure_threshold && m_failures >= *rule.failure_threshold;
    const bool by_rate = rule.failure_percentage && all >= rule.minimum_requests
        && 100.0 * m_failures >= *rule.failure_percentage * all;
    if (!by_count && !by_rate)
        return false;
    open(rule, now_ms);
    return true;
}

void Circuit::open(const BreakerRule &rule, std::int64_t now_ms) noexcept
{
    *this = {};
    m_open_until_ms = now_ms + rule.cooldown_ms;
}

} // namespace portolan::routing
