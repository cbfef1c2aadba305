// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/server.h"

#include "core/http/portholder.h"
#include "core/http/worker.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <expected>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portolan::http {

namespace {

using Tcp = asio::ip::tcp;
using Listener = asio::basic_socket_acceptor<Tcp, Executor>;

constexpr std::chrono::milliseconds kDescriptorPause{100};
// Then running requests get their turn. Few, so that of a crowd that comes at once the first are answered
// while the last are still let in, and their streams do not beat in step ever after.
constexpr int kAcceptsPerTurn = 32;

Error bindError(const ServerOptions &options, const boost::system::error_code &error)
{
    const auto where = fmt::format("{}:{}", options.address, options.port);
    if (error == asio::error::address_in_use) {
        const auto holder = portHolder(options.port);
        return {.origin = Origin::Config,
                .code = "http.port_taken",
                .message
                = fmt::format("Port {} is in use by {}. Stop it, or choose another port with "
                              "--listen {}:PORT or in Settings.",
                              options.port, holder.empty() ? "another program" : holder, options.address),
                .where = where};
    }
    if (error == asio::error::access_denied)
        return {.origin = Origin::Config,
                .code = "http.port_denied",
                .message
                = fmt::format("This user may not listen on port {}. Choose one above 1023.", options.port),
                .where = where};
    return {.origin = Origin::Config,
            .code = "http.bad_address",
            .message
            = fmt::format("Portolan cannot listen on {} ({}). Choose an address of this machine, such as "
                          "127.0.0.1.",
                          where, error.message()),
            .where = where};
}

/// A listening, non-blocking descriptor. Not Asio's, because the port must be known before the threads' loops
/// exist.
std::expected<int, int> listenOn(const Tcp::endpoint &endpoint)
{
    const int descriptor
        = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0)
        return std::unexpected(errno);
    const int on = 1;
    // Without SO_REUSEPORT a live listener's port is never shared.
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (endpoint.address().is_v6())
        ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0
        && ::listen(descriptor, SOMAXCONN) == 0)
        return descriptor;
    const int error = errno;
    ::close(descriptor);
    return std::unexpected(error);
}

std::uint16_t boundPort(int descriptor)
{
    Tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    ::getsockname(descriptor, endpoint.data(), &size);
    return endpoint.port();
}

/// Accepts on the first worker's thread and hands the connections out in turn.
class Acceptor : public std::enable_shared_from_this<Acceptor>
{
public:
    Acceptor(Listener listener, ServerState &state, std::vector<std::unique_ptr<Worker>> &workers)
        : m_listener(std::move(listener))
        , m_v6(m_listener.local_endpoint().address().is_v6())
        , m_state(state)
        , m_workers(workers)
        , m_pause(workers.front()->deadlines())
    { }

    void start()
    {
        m_pause.onExpired([this] { acceptAll(); });
        waitForMore();
    }

    /// On the first worker's thread.
    void stop()
    {
        m_pause.disarm();
        boost::system::error_code ignored;
        m_listener.close(ignored);
    }

private:
    void waitForMore()
    {
        m_listener.async_wait(Listener::wait_read, [self = shared_from_this()](const auto &error) {
            if (!error)
                self->acceptAll();
        });
    }

    void acceptAll()
    {
        // One accept per turn of the loop would starve behind active streams (dataplane-findings).
        for (int i = 0; i < kAcceptsPerTurn; ++i) {
            const int descriptor
                = ::accept4(m_listener.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor >= 0) {
                take(descriptor);
                continue;
            }
            if (errno == EAGAIN || errno == EWOULDBLOCK)
                break;
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                // Waiting for the socket would return at once and spin: look again in a while (reliability
                // R10).
                m_state.accept_pauses.fetch_add(1, std::memory_order_relaxed);
                m_pause.arm(kDescriptorPause);
                return;
            }
        }
        waitForMore();
    }

    void take(int descriptor)
    {
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        m_state.accepted.fetch_add(1, std::memory_order_relaxed);
        m_state.open.fetch_add(1, std::memory_order_relaxed);
        m_workers[m_next]->give(descriptor, m_v6);
        m_next = (m_next + 1) % m_workers.size();
    }

    Listener m_listener;
    const bool m_v6;
    ServerState &m_state;
    std::vector<std::unique_ptr<Worker>> &m_workers;
    DeadlineList::Entry m_pause;
    std::size_t m_next = 0;
};

class ServerImpl final : public Server
{
public:
    ServerImpl(const ServerOptions &options, std::uint16_t port)
        : m_options(options)
        , m_port(port)
        , m_state{.limits = options.limits,
                  .rules
                  = ListenerRules(options.address, port, options.allowed_hosts, options.allowed_origins)}
    { }

    ~ServerImpl() override { end(std::chrono::milliseconds{0}); }

    void makeWorkers(const MakeHandler &make_handler)
    {
        for (int i = 0; i < std::max(1, m_options.threads); ++i)
            m_workers.push_back(std::make_unique<Worker>(m_state, i, make_handler));
    }

    asio::io_context &firstContext() { return m_workers.front()->context(); }

    void serve(int listening, const Tcp &protocol)
    {
        Listener listener(firstContext().get_executor());
        listener.assign(protocol, listening);
        m_acceptor = std::make_shared<Acceptor>(std::move(listener), m_state, m_workers);
        m_acceptor->start();
        for (auto &worker : m_workers)
            worker->start();
    }

    [[nodiscard]] std::uint16_t port() const override { return m_port; }
    [[nodiscard]] std::string address() const override { return m_options.address; }

    void post(std::function<void(Handler &)> job) override
    {
        for (auto &worker : m_workers)
            worker->post(job);
    }

    void drain() override { end(m_state.limits.drain); }

    [[nodiscard]] ServerCounters counters() const override
    {
        return {.accepted = m_state.accepted,
                .refused_connections = m_state.refused_connections,
                .refused_requests = m_state.refused_requests,
                .accept_pauses = m_state.accept_pauses,
                .open_connections = m_state.open};
    }

private:
    void end(std::chrono::milliseconds patience)
    {
        if (!m_acceptor)
            return;
        asio::post(firstContext(), [acceptor = m_acceptor] { acceptor->stop(); });
        for (auto &worker : m_workers)
            worker->drain(patience);
        for (auto &worker : m_workers)
            worker->join();
        m_acceptor.reset();
    }

    const ServerOptions m_options;
    const std::uint16_t m_port;
    ServerState m_state;
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::shared_ptr<Acceptor> m_acceptor;
};

} // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, MakeHandler make_handler)
{
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error)
        return fail(bindError(options, error));
    const Tcp::endpoint endpoint(address, options.port);
    const auto listening = listenOn(endpoint);
    if (!listening) {
        error.assign(listening.error(), boost::system::system_category());
        return fail(bindError(options, error));
    }
    auto server = std::make_unique<ServerImpl>(options, boundPort(*listening));
    server->makeWorkers(make_handler);
    server->serve(*listening, endpoint.protocol());
    return std::unique_ptr<Server>(std::move(server));
}

} // namespace portolan::http
