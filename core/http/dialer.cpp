// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/dialer.h"

#include "core/http/addressrules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portolan::http {

namespace {

using Tcp = asio::ip::tcp;

constexpr std::size_t kMostAddresses = 3;

Error connectTimeout(const Endpoint &endpoint)
{
    return upstreamError("upstream.connect_timeout",
                         fmt::format("{} port {} did not answer in time. Check the address and the network.",
                                     endpoint.host, endpoint.port));
}

Error connectFailed(const Endpoint &endpoint, int error)
{
    if (error == EMFILE || error == ENFILE)
        return upstreamError(
            "upstream.no_descriptors",
            "Portolan has as many files and connections open as the system allows. Raise the limit "
            "(ulimit -n) or try again.");
    return upstreamError(
        "upstream.refused",
        fmt::format("Cannot connect to {} port {}: {}. Check that the provider runs and the address "
                    "is right.",
                    endpoint.host, endpoint.port, std::strerror(error)));
}

/// What a lookup leaves behind, also when nobody waits for it any more.
struct Lookup {
    bool done = false;
    std::string failure;
    std::vector<asio::ip::address> addresses;
};

std::string hostPort(const asio::ip::address &address, std::uint16_t port)
{
    return fmt::format(fmt::runtime(address.is_v6() ? "[{}]:{}" : "{}:{}"), address.to_string(), port);
}

} // namespace

Error upstreamError(std::string code, std::string message)
{
    return {.origin = Origin::Upstream,
            .code = std::move(code),
            .message = std::move(message),
            .retryable = true};
}

Error upstreamCancelled()
{
    return {.origin = Origin::Client, .code = "upstream.cancelled", .message = "The call was cancelled."};
}

CallWait::CallWait(DeadlineList &deadlines)
    : m_deadline(deadlines, [this] {
        m_expired = true;
        if (m_channel)
            m_channel->interrupt();
    })
{ }

Task<> CallWait::on(unsigned interest, std::chrono::steady_clock::time_point until)
{
    // Not a coroutine itself: a waiting stream would hold another frame.
    m_expired = false;
    if (m_cancelled)
        return Channel::already();
    m_deadline.armAt(until);
    return m_channel->wait(interest);
}

CallWait::End CallWait::end()
{
    m_deadline.disarm();
    if (m_cancelled)
        return End::Cancelled;
    return m_expired ? End::Expired : End::Ready;
}

void CallWait::cancel()
{
    m_cancelled = true;
    m_deadline.disarm();
    if (!m_channel)
        return;
    m_channel->close();
    m_channel->interrupt();
}

Dialer::Dialer(asio::io_context &context, std::unique_ptr<TlsClient> tls)
    : m_context(context)
    , m_tls(std::move(tls))
    , m_resolver(context.get_executor())
{ }

Task<Result<std::vector<Dialer::Address>>> Dialer::resolve(const Endpoint &endpoint, CallWait &wait,
                                                           Clock::time_point until)
{
    boost::system::error_code not_literal;
    const auto literal = asio::ip::make_address(endpoint.host, not_literal);
    if (!not_literal)
        co_return std::vector{literal};

    // The system's resolver cannot be interrupted, so the lookup is left to itself when the call ends before
    // it.
    auto lookup = std::make_shared<Lookup>();
    auto waiter = std::make_shared<Channel>(m_context);
    wait.follow(waiter);
    m_resolver.async_resolve(endpoint.host, std::to_string(endpoint.port),
                             [lookup, waiter](const auto &error, const auto &results) {
                                 lookup->done = true;
                                 if (error)
                                     lookup->failure = error.message();
                                 for (const auto &entry : results)
                                     lookup->addresses.push_back(entry.endpoint().address());
                                 waiter->interrupt();
                             });
    while (!lookup->done) {
        co_await wait.on(0, until);
        const auto end = wait.end();
        if (end == CallWait::End::Cancelled)
            co_return fail(upstreamCancelled());
        if (end == CallWait::End::Expired)
            co_return fail(connectTimeout(endpoint));
    }
    if (lookup->addresses.empty())
        co_return fail(
            upstreamError("upstream.dns",
                          fmt::format("The name {} was not found ({}). Check its spelling and the network.",
                                      endpoint.host, lookup->failure)));
    co_return std::move(lookup->addresses);
}

Task<Result<std::unique_ptr<Connection>>> Dialer::connect(const Endpoint &endpoint, const Address &address,
                                                          CallWait &wait, Clock::time_point until)
{
    const Tcp::endpoint peer(address, endpoint.port);
    const int descriptor
        = ::socket(peer.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0)
        co_return fail(connectFailed(endpoint, errno));
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const bool begun = ::connect(descriptor, peer.data(), static_cast<socklen_t>(peer.size())) == 0
        || errno == EINPROGRESS;
    const int refusal = errno;
    auto channel = std::make_shared<Channel>(m_context);
    if (!begun || !channel->adopt(descriptor, address.is_v6())) {
        ::close(descriptor);
        co_return fail(connectFailed(endpoint, begun ? ENOMEM : refusal));
    }
    auto connection = std::make_unique<Connection>(endpoint, channel, hostPort(address, endpoint.port));
    wait.follow(channel);
    co_await wait.on(Channel::kWrite, until);
    const auto end = wait.end();
    if (end == CallWait::End::Cancelled)
        co_return fail(upstreamCancelled());
    if (end == CallWait::End::Expired)
        co_return fail(connectTimeout(endpoint));
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        co_return fail(connectFailed(endpoint, error));
    co_return connection;
}

Task<Result<>> Dialer::shakeHands(Connection &connection, CallWait &wait, Clock::time_point until)
{
    connection.setTls(
        m_tls->newHandshake(connection.endpoint(), connection.channel()->socket().native_handle()));
    if (!connection.tls())
        co_return fail(upstreamError("upstream.tls", "OpenSSL could not begin a TLS connection."));
    while (true) {
        const Io io = connection.shakeHands();
        if (io.kind == Io::Kind::Moved)
            co_return Result<>{};
        if (io.kind != Io::Kind::Blocked) {
            const auto &endpoint = connection.endpoint();
            Error error = upstreamError(
                "upstream.tls",
                fmt::format("No trusted TLS connection to {} port {}: {}. Nothing was sent.", endpoint.host,
                            endpoint.port, TlsClient::reason(connection.tls())));
            error.retryable = false;
            co_return fail(std::move(error));
        }
        co_await wait.on(connection.wants(), until);
        const auto end = wait.end();
        if (end == CallWait::End::Cancelled)
            co_return fail(upstreamCancelled());
        if (end == CallWait::End::Expired)
            co_return fail(connectTimeout(connection.endpoint()));
    }
}

Task<Result<std::unique_ptr<Connection>>> Dialer::dial(const Endpoint &endpoint, CallWait &wait,
                                                       std::chrono::milliseconds timeout,
                                                       Clock::time_point began, CallTimings &timings)
{
    using Dialled = Result<std::unique_ptr<Connection>>;
    const auto micros = [began] {
        return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count();
    };
    const auto until = Clock::now() + timeout;
    auto addresses = co_await resolve(endpoint, wait, until);
    if (!addresses)
        co_return std::unexpected(std::move(addresses.error()));
    std::erase_if(*addresses, [&](const Address &address) {
        const auto kind = kindOf(address);
        const bool unverified = endpoint.tls && !endpoint.verify_tls;
        return !mayConnect(address, endpoint.policy)
            || (unverified && kind != AddressKind::Loopback && kind != AddressKind::Private);
    });
    if (addresses->empty()) {
        Error error = upstreamError(
            "upstream.address_not_allowed",
            fmt::format("{} leads to an address that Portolan may not call here.", endpoint.host));
        error.retryable = false;
        co_return fail(std::move(error));
    }

    const auto count = std::min(addresses->size(), kMostAddresses);
    Dialled connection = fail(connectTimeout(endpoint));
    for (std::size_t i = 0; i < count && !connection; ++i) {
        if (i > 0 && connection.error().code == "upstream.cancelled")
            break;
        const auto now = Clock::now();
        const auto share = (until - now) / static_cast<int>(count - i);
        connection = co_await connect(endpoint, (*addresses)[i], wait, now + share);
    }
    if (!connection)
        co_return connection;
    timings.connected_us = micros();
    timings.address = (*connection)->address();
    if (endpoint.tls) {
        const auto trusted = co_await shakeHands(**connection, wait, until);
        if (!trusted)
            co_return std::unexpected(trusted.error());
        timings.tls_us = micros();
    }
    co_return connection;
}

} // namespace portolan::http
