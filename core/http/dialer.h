// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/connection.h"
#include "core/http/deadlines.h"
#include "core/http/tls.h"
#include "core/http/upstream.h"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace portolan::http {

/// What one upstream call waits for: a channel, a deadline, or its own cancelling.
class CallWait
{
public:
    enum class End : std::uint8_t { Ready, Expired, Cancelled };

    explicit CallWait(DeadlineList &deadlines);

    /// The channel that cancel() closes from now on.
    void follow(std::shared_ptr<Channel> channel) { m_channel = std::move(channel); }
    /// Waits for the followed channel; `until` holds for this wait alone. end() tells how it ended.
    [[nodiscard]] Task<> on(unsigned interest, std::chrono::steady_clock::time_point until);
    /// Of the wait that is over. May be Ready early.
    [[nodiscard]] End end();
    void cancel();
    [[nodiscard]] bool cancelled() const noexcept { return m_cancelled; }

private:
    std::shared_ptr<Channel> m_channel;
    DeadlineList::Entry m_deadline;
    bool m_expired = false;
    bool m_cancelled = false;
};

/// Opens connections: resolves, tries at most three addresses in turn, checks each against the endpoint's
/// policy before the first packet, and shakes hands. One object per I/O thread.
class Dialer
{
public:
    Dialer(asio::io_context &context, std::unique_ptr<TlsClient> tls);

    /// Everything within `timeout`. `timings` gets connected_us and tls_us, counted from `began`.
    Task<Result<std::unique_ptr<Connection>>> dial(const Endpoint &endpoint, CallWait &wait,
                                                   std::chrono::milliseconds timeout,
                                                   std::chrono::steady_clock::time_point began,
                                                   CallTimings &timings);

private:
    using Clock = std::chrono::steady_clock;
    using Address = asio::ip::address;
    using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;

    Task<Result<std::vector<Address>>> resolve(const Endpoint &endpoint, CallWait &wait,
                                               Clock::time_point until);
    Task<Result<std::unique_ptr<Connection>>> connect(const Endpoint &endpoint, const Address &address,
                                                      CallWait &wait, Clock::time_point until);
    Task<Result<>> shakeHands(Connection &connection, CallWait &wait, Clock::time_point until);

    asio::io_context &m_context;
    std::unique_ptr<TlsClient> m_tls;
    Resolver m_resolver;
};

/// An Error of the outbound side.
[[nodiscard]] Error upstreamError(std::string code, std::string message);
[[nodiscard]] Error upstreamCancelled();

} // namespace portolan::http
