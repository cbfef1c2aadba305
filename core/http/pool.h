// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/http/connection.h"
#include "core/http/deadlines.h"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace portolan::http {

/// How long the computer has slept since it was started, which the steady clock leaves out.
[[nodiscard]] std::chrono::nanoseconds timeAsleep();

/// Idle connections of one I/O thread, the most recently used first: those left over at a quiet time grow old
/// and are closed, and all of them after the computer has slept, when the network may be another one and a
/// call over them would wait in vain (reliability R31). Connections are shared only between requests with
/// equal endpoints.
class Pool
{
public:
    using Asleep = std::function<std::chrono::nanoseconds()>;

    Pool(DeadlineList &deadlines, const Limits &limits, Asleep asleep = timeAsleep);

    /// Null when there is none that is fit.
    [[nodiscard]] std::unique_ptr<Connection> take(const Endpoint &endpoint);
    void give(std::unique_ptr<Connection> connection);

private:
    using Clock = std::chrono::steady_clock;

    struct Idle {
        std::unique_ptr<Connection> connection;
        Clock::time_point since;
    };
    struct Host {
        Endpoint endpoint;
        std::vector<Idle> idle; // oldest first
    };

    void closeOld();
    void closeAllAfterSleep();

    const Limits m_limits;
    const Asleep m_asleep;
    std::chrono::nanoseconds m_slept; // when it was last looked at
    std::vector<Host> m_hosts;
    DeadlineList::Entry m_sweep;
};

} // namespace portolan::http
