// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/control/types.h"
#include "core/gateway/snapshot.h"
#include "core/gateway/threadcontext.h"
#include "core/http/server.h"

#include <memory>
#include <string>

namespace portolan::control {

/// What a listener is started with.
struct ListenerOptions {
    std::string address{};
    std::uint16_t port = 0;
    int threads = 1;
    Limits limits{};
    std::vector<std::string> allowed_hosts{};
    std::vector<std::string> allowed_origins{};
    std::string ca_file{};

    friend bool operator==(const ListenerOptions &a, const ListenerOptions &b)
    {
        return a.address == b.address && a.port == b.port && a.threads == b.threads
            && a.allowed_hosts == b.allowed_hosts && a.allowed_origins == b.allowed_origins
            && a.ca_file == b.ca_file;
    }
};

/// The running gateway: the HTTP server with one GatewayHandler per I/O thread. start() and drain() block:
/// call them on the Worker.
class Listener
{
public:
    static Result<std::unique_ptr<Listener>>
    start(const ListenerOptions &options, gateway::Services &services, gateway::SharedSnapshot snapshot);

    /// Requests that begin from now on see the snapshot. Any thread.
    void publish(gateway::SharedSnapshot snapshot);
    void abort(RequestId id); ///< any thread
    void abortAll();          ///< that run now; any thread
    void drain();             ///< running requests get Limits::drain
    [[nodiscard]] std::uint16_t port() const { return m_server->port(); }
    [[nodiscard]] const ListenerOptions &options() const { return m_options; }

private:
    explicit Listener(ListenerOptions options);

    const ListenerOptions m_options;
    std::unique_ptr<http::Server> m_server;
};

} // namespace portolan::control
