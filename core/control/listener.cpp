// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/listener.h"

#include "core/gateway/handler.h"
#include "core/http/routedtransport.h"

#include <utility>

namespace portolan::control {

Listener::Listener(ListenerOptions options)
    : m_options(std::move(options))
{ }

Result<std::unique_ptr<Listener>> Listener::start(const ListenerOptions &options, gateway::Services &services,
                                                  gateway::SharedSnapshot snapshot)
{
    // Handlers are made on several threads with no way to fail: try the only part that can before.
    {
        http::asio::io_context context(1);
        http::DeadlineList deadlines(context);
        auto transport = http::RoutedTransport::make(context, deadlines, {.ca_file = options.ca_file});
        if (!transport)
            return fail(std::move(transport).error());
    }
    std::unique_ptr<Listener> listener(new Listener(options));
    http::ServerOptions server;
    server.address = options.address == "localhost" ? "127.0.0.1" : options.address;
    server.port = options.port;
    server.threads = options.threads;
    server.limits = options.limits;
    server.allowed_hosts = options.allowed_hosts;
    server.allowed_origins = options.allowed_origins;
    const auto make_handler
        = [&services, snapshot, options](http::IoThread &thread) -> std::unique_ptr<http::Handler> {
        auto direct = http::RoutedTransport::make(thread.context, thread.deadlines,
                                                  {.limits = options.limits, .ca_file = options.ca_file});
        return std::make_unique<gateway::GatewayHandler>(thread, services, snapshot, *std::move(direct));
    };
    auto started = http::Server::start(std::move(server), make_handler);
    if (!started)
        return fail(std::move(started).error());
    listener->m_server = *std::move(started);
    return listener;
}

void Listener::publish(gateway::SharedSnapshot snapshot)
{
    m_server->post([snapshot = std::move(snapshot)](http::Handler &handler) {
        static_cast<gateway::GatewayHandler &>(handler).publish(snapshot);
    });
}

void Listener::abort(RequestId id)
{
    m_server->post(
        [id](http::Handler &handler) { static_cast<gateway::GatewayHandler &>(handler).abort(id); });
}

void Listener::abortAll()
{
    m_server->post(
        [](http::Handler &handler) { static_cast<gateway::GatewayHandler &>(handler).abortAll(); });
}

void Listener::drain()
{
    m_server->drain();
}

} // namespace portolan::control
