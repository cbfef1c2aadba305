// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/http/deadlines.h"
#include "core/http/exchange.h"
#include "core/http/task.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace portolan::http {

struct ServerOptions {
    std::string address
        = "127.0.0.1"; ///< an address literal; the caller decides whether it may be another than loopback
    std::uint16_t port = 8787; ///< 0 picks a free one
    int threads = 1;
    Limits limits{};
    std::vector<std::string>
        allowed_hosts{}; ///< beside 127.0.0.1, localhost, [::1] and the bound address (A2)
    std::vector<std::string> allowed_origins{}; ///< exact scheme://host:port (A3, A4); none by default
};

/// What a handler of one I/O thread has to work with.
struct IoThread {
    asio::io_context &context;
    DeadlineList &deadlines;
    int index = 0;
};

struct ServerCounters {
    std::uint64_t accepted = 0;
    std::uint64_t refused_connections = 0; ///< over the limit: answered 503 and closed
    std::uint64_t refused_requests = 0;
    std::uint64_t accept_pauses = 0; ///< times accepting paused because descriptors had run out (R10)
    int open_connections = 0;
};

/// The HTTP/1.1 listener: accepts, reads and checks heads and framing, enforces the limits and the listener
/// rules (Host, Origin, Sec-Fetch-Site), and hands each request to the thread's Handler. Owns its I/O
/// threads.
class Server
{
public:
    using MakeHandler = std::function<std::unique_ptr<Handler>(IoThread &)>;

    /// Binds, listens and starts the threads. A taken port fails with "http.port_taken", naming the program
    /// that holds it where that can be found out.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, MakeHandler make_handler);

    Server(const Server &) = delete;
    Server &operator=(const Server &) = delete;
    /// Stops at once.
    virtual ~Server() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::string address() const = 0;
    /// Runs `job` on every I/O thread with its handler: how a new snapshot is published. Any thread.
    virtual void post(std::function<void(Handler &)> job) = 0;
    /// Stops accepting, closes idle connections, waits for running requests up to Limits::drain, then cuts
    /// them (the handlers see "http.client_gone"). Blocks; returns when every thread has ended. Any other
    /// thread.
    virtual void drain() = 0;
    [[nodiscard]] virtual ServerCounters counters() const = 0; ///< any thread

protected:
    Server() = default;
};

} // namespace portolan::http
