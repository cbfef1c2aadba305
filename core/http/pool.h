// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/http/connection.h"
#include "core/http/deadlines.h"

#include <chrono>
#include <memory>
#include <vector>

namespace portolan::http {

/// Idle connections of one I/O thread, the most recently used first: those left over at a quiet time grow old
/// and are closed. Connections are shared only between requests with equal endpoints.
class Pool
{
public:
    Pool(DeadlineList &deadlines, const Limits &limits);

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

    const Limits m_limits;
    std::vector<Host> m_hosts;
    DeadlineList::Entry m_sweep;
};

} // namespace portolan::http
