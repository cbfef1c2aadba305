// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/curlcall.h"

#include "core/http/freememory.h"
#include "core/http/outgoing.h"

#include <fmt/format.h>

#include <utility>

namespace portolan::http {

CurlCall::CurlCall(std::shared_ptr<CurlLoop> loop, UpstreamRequest request)
    : m_loop(std::move(loop))
    , m_request(std::move(request))
    , m_channel(std::make_shared<Channel>(m_loop->context()))
    , m_wait(m_loop->deadlines())
    , m_scanner(replyBounds(m_loop->limits()))
{
    m_wait.follow(m_channel);
}

CurlCall::~CurlCall()
{
    end();
}

void CurlCall::end()
{
    if (std::exchange(m_running, false))
        m_loop->remove(m_easy.get(), this);
    m_easy.reset();
    forgetLines();
}

void CurlCall::cancel()
{
    end();
    m_wait.cancel();
}

std::int64_t CurlCall::micros() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - m_began).count();
}

void CurlCall::finished(CURLcode code)
{
    CURL *easy = m_easy.get();
    countSent();
    CurlEnd ended{.code = code, .connected = m_phase != Phase::Connecting, .words = m_text.data()};
    long socks = 0;
    curl_easy_getinfo(easy, CURLINFO_PROXY_ERROR, &socks);
    ended.socks = static_cast<CURLproxycode>(socks);
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &ended.connect_status);
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &ended.system_error);
    if (m_end && m_end->system_error != 0)
        ended.system_error = m_end->system_error; // openSocket() knew better
    m_end = std::move(ended);
    m_running = false;
    m_loop->remove(easy, this);
    wake();
}

CurlCall::Clock::time_point CurlCall::deadline() const
{
    switch (m_phase) {
    case Phase::Connecting: return m_attempt_began + m_request.connect_timeout;
    case Phase::Waiting: return m_active + m_request.first_byte_timeout;
    case Phase::Sending:
    case Phase::Receiving: break;
    }
    return m_active + m_request.idle_timeout;
}

Error CurlCall::expired() const
{
    const auto &endpoint = m_request.endpoint;
    if (m_phase == Phase::Connecting)
        return upstreamError(
            "upstream.connect_timeout",
            m_request.proxy
                ? fmt::format("The proxy {} made no connection to {} port {} in time. Check the proxy, the "
                              "address and the network.",
                              m_request.proxy->label(), endpoint.host, endpoint.port)
                : fmt::format("{} port {} did not answer in time. Check the address and the network.",
                              endpoint.host, endpoint.port));
    const bool first = m_phase == Phase::Waiting;
    const auto limit = first ? m_request.first_byte_timeout : m_request.idle_timeout;
    return upstreamError(first ? "upstream.first_byte_timeout" : "upstream.idle_timeout",
                         fmt::format("{} sent nothing for {} s. Raise the account's time-out if this model "
                                     "needs longer.",
                                     endpoint.host, static_cast<double>(limit.count()) / 1000));
}

Error CurlCall::failure() const
{
    // libcurl keeps a line to itself until it is complete.
    if (!m_failure && m_phase != Phase::Connecting && m_arrived > m_loop->limits().reply_head_bytes)
        return upstreamError("upstream.head_too_large", "The head of the provider's answer is too large.");
    return m_failure ? *m_failure : curlFailure(*m_end, m_request.endpoint, m_request.proxy.get());
}

Task<Result<>> CurlCall::awaitEvent()
{
    while (true) {
        const auto until = deadline();
        co_await m_wait.on(0, until);
        const auto how = m_wait.end();
        if (how == CallWait::End::Cancelled)
            co_return fail(upstreamCancelled());
        if (how == CallWait::End::Ready)
            co_return Result<>{};
        if (Clock::now() >= deadline())
            co_return fail(expired());
    }
}

void CurlCall::countSent()
{
    if (!m_easy)
        return;
    long head = 0;
    curl_off_t body = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_REQUEST_SIZE, &head);
    curl_easy_getinfo(m_easy.get(), CURLINFO_SIZE_UPLOAD_T, &body);
    m_timings.bytes_sent = static_cast<std::uint64_t>(head) + static_cast<std::uint64_t>(body);
}

void CurlCall::pauseAsNeeded()
{
    const int receiving = m_paused ? CURLPAUSE_RECV : CURLPAUSE_CONT;
    const int sending = m_starved ? CURLPAUSE_SEND : CURLPAUSE_CONT;
    if (m_running)
        curl_easy_pause(m_easy.get(), receiving | sending);
}

Task<Result<>> CurlCall::feed()
{
    m_source_used = true;
    const auto piece = co_await m_request.source->next();
    if (m_wait.cancelled())
        co_return fail(upstreamCancelled());
    if (!piece)
        co_return std::unexpected(piece.error());
    if (m_request.source_bytes) {
        if (piece->size() > m_source_left)
            co_return fail(badRequest("The request's body is longer than it was announced."));
        if (piece->empty() && m_source_left > 0)
            co_return fail(badRequest("The request's body is shorter than it was announced."));
        m_source_left -= piece->size();
    }
    m_source_piece = *piece;
    m_source_ended = piece->empty();
    m_starved = false;
    active();
    pauseAsNeeded();
    co_return Result<>{};
}

Task<Result<>> CurlCall::exchange()
{
    while (!m_answered) {
        if (m_failure || m_end)
            co_return fail(failure());
        auto step = m_starved ? co_await feed() : co_await awaitEvent();
        // A head that came in the same turn counts: a provider may refuse an upload before its end.
        if (!step && !m_answered)
            co_return step;
    }
    co_return Result<>{};
}

bool CurlCall::mayRepeat(const Error &error) const
{
    // Less than a TLS record's head holds nothing of an answer. Not even an empty record is overlooked:
    // whoever says goodbye in TLS is not told from one that began to answer.
    const std::uint64_t nothing = m_request.endpoint.tls ? 5 : 0;
    return m_timings.reused && m_arrived <= nothing && m_timings.bytes_received == 0 && !m_source_used
        && (error.code == "upstream.closed" || error.code == "upstream.reset");
}

Task<Result<UpstreamReply>> CurlCall::send()
{
    m_began = Clock::now();
    if (auto allowed = mayCall(); !allowed)
        co_return std::unexpected(std::move(allowed.error()));
    for (const bool fresh : {false, true}) {
        if (m_wait.cancelled())
            co_return fail(upstreamCancelled());
        if (!begin(fresh))
            co_return fail(curlFailure({.code = CURLE_OUT_OF_MEMORY}, m_request.endpoint, nullptr));
        auto answered = co_await exchange();
        if (answered)
            break;
        const bool repeat = !fresh && mayRepeat(answered.error());
        end();
        // The peer had closed an idle connection while we wrote: the one case in which a request is sent
        // again.
        if (!repeat)
            co_return std::unexpected(std::move(answered.error()));
        m_timings.resent = true;
    }
    m_timings.head_us = micros();
    countSent();
    if (m_request.proxy && m_reply.reply.status == 407 && !m_request.endpoint.tls) {
        end();
        co_return fail(proxyAuthentication(*m_request.proxy));
    }
    co_return std::move(m_reply.reply);
}

Task<Result<std::string_view>> CurlCall::read()
{
    freeMemory(m_held);
    while (true) {
        if (!m_buffer.empty()) {
            m_held = std::exchange(m_buffer, {});
            co_return std::string_view(m_held);
        }
        if (m_body_done)
            co_return std::string_view{};
        if (m_wait.cancelled())
            co_return fail(upstreamCancelled());
        if (m_failure)
            co_return fail(*m_failure);
        if (m_end) {
            if (m_end->code == CURLE_OK && m_reply.body == ReplyBody::ToEnd) {
                m_body_done = true;
                continue;
            }
            co_return fail(upstreamError(
                "upstream.truncated",
                fmt::format("{} ended its answer before it was complete.", m_request.endpoint.host)));
        }
        active();
        if (std::exchange(m_paused, false)) {
            pauseAsNeeded(); // libcurl hands out what it kept, at once
            continue;
        }
        if (auto waited = co_await awaitEvent(); !waited) {
            end();
            co_return std::unexpected(std::move(waited.error()));
        }
    }
}

} // namespace portolan::http
