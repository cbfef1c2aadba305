// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/directcall.h"

#include "core/http/freememory.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace portolan::http {

DirectCall::DirectCall(std::shared_ptr<DirectState> state, UpstreamRequest request)
    : m_state(std::move(state))
    , m_request(std::move(request))
    , m_wait(m_state->deadlines)
    , m_scanner(replyBounds(m_state->limits))
{ }

std::int64_t DirectCall::micros() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - m_began).count();
}

void DirectCall::cancel()
{
    m_wait.cancel();
}

void DirectCall::drop()
{
    m_wait.follow(nullptr);
    m_connection.reset();
}

Error DirectCall::broken(const Io &io) const
{
    const auto host = m_request.endpoint.host;
    if (m_wait.cancelled())
        return upstreamCancelled();
    if (io.kind == Io::Kind::End)
        return upstreamError("upstream.closed",
                             fmt::format("{} closed the connection before its answer was there.", host));
    return upstreamError("upstream.reset",
                         fmt::format("{} broke the connection: {}.", host, std::strerror(io.error)));
}

std::unexpected<Error> DirectCall::ended(CallWait::End end, std::string_view code)
{
    if (end == CallWait::End::Cancelled)
        return fail(upstreamCancelled());
    const bool first = code == "upstream.first_byte_timeout";
    const auto limit = first ? m_request.first_byte_timeout : m_request.idle_timeout;
    return fail(upstreamError(
        std::string(code),
        fmt::format("{} sent nothing for {} s. Raise the account's time-out if this model needs "
                    "longer.",
                    m_request.endpoint.host, static_cast<double>(limit.count()) / 1000)));
}

Task<Result<UpstreamReply>> DirectCall::send()
{
    m_began = Clock::now();
    if (auto composed = composeHead(); !composed)
        co_return std::unexpected(std::move(composed.error()));
    m_connection = m_state->pool.take(m_request.endpoint);
    m_timings.reused = m_connection != nullptr;
    while (true) {
        if (m_wait.cancelled())
            co_return fail(upstreamCancelled());
        if (!m_connection) {
            auto dialled = co_await m_state->dialer.dial(m_request.endpoint, m_wait,
                                                         m_request.connect_timeout, m_began, m_timings);
            if (!dialled)
                co_return std::unexpected(std::move(dialled.error()));
            m_connection = *std::move(dialled);
        } else {
            m_timings.connected_us = 0;
            m_timings.address = m_connection->address();
        }
        m_wait.follow(m_connection->channel());
        auto answered = co_await exchange();
        if (answered)
            break;
        drop();
        // The peer had closed an idle connection while we wrote: the one case in which a request is sent
        // again.
        const auto &code = answered.error().code;
        const bool again = m_timings.reused && m_timings.bytes_received == 0 && !m_source_used
            && (code == "upstream.closed" || code == "upstream.reset");
        if (!again)
            co_return std::unexpected(std::move(answered.error()));
        m_timings.reused = false;
        m_timings.resent = true;
        m_timings.bytes_sent = 0;
    }
    m_timings.head_us = micros();
    freeMemory(m_head);
    co_return std::move(m_reply.reply);
}

Task<Result<>> DirectCall::exchange()
{
    m_request_sent = false;
    const auto sent = co_await sendBody();
    if (!sent)
        co_return std::unexpected(sent.error());
    m_timings.sent_us = micros();
    if (*sent == Progress::Answered)
        co_return Result<>{};
    m_request_sent = true;
    co_return co_await awaitHead();
}

} // namespace portolan::http
