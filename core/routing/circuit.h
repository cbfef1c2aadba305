// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/config.h"
#include "core/routing/outcome.h"

#include <cstdint>

namespace portolan::routing {

/// The circuit breaker of one target (gateway-protocol 3.12, with the one half-open trial of architecture
/// 9.14). A value; the clock comes in as milliseconds that never go back.
///
///     closed -- enough failures --> open -- cooldown over --> half open -- trial fails --> open
///                                                                      -- trial succeeds --> closed
class Circuit
{
public:
    enum class State : std::uint8_t { Closed, Open, HalfOpen };

    [[nodiscard]] State state(std::int64_t now_ms) const noexcept;
    /// When an open breaker lets a trial through; 0 while it is closed.
    [[nodiscard]] std::int64_t opensUntil_ms() const noexcept { return m_open_until_ms; }
    [[nodiscard]] int failures() const noexcept { return m_failures; }
    /// Nothing may be called: it is open, or half open with its trial on the way.
    [[nodiscard]] bool blocks(std::int64_t now_ms) const noexcept;
    /// Takes the trial where there is one to take. False when it blocks.
    bool enter(std::int64_t now_ms) noexcept;
    /// Counts how a call that entered ended. True when it opened the breaker.
    bool record(const Outcome &outcome, const BreakerRule &rule, std::int64_t now_ms) noexcept;
    /// A call that entered ended without saying anything (the client left): gives the trial back.
    void abandon() noexcept { m_trial = false; }
    /// Closed and forgotten, by hand.
    void reset() noexcept { *this = {}; }

private:
    void open(const BreakerRule &rule, std::int64_t now_ms) noexcept;

    int m_failures = 0;
    int m_successes = 0; // since the first failure
    std::int64_t m_open_until_ms = 0;
    bool m_trial = false;
};

} // namespace portolan::routing
