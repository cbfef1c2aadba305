// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/addressrules.h"
#include "core/http/curlcall.h"

#include <fmt/format.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/in.h>

namespace portolan::http {

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024; // then libcurl stops reading

Error badFraming(std::string_view reason)
{
    return upstreamError("upstream.bad_framing",
                         fmt::format("The provider's answer cannot be trusted: {}", reason));
}

std::optional<asio::ip::address> addressOf(const curl_sockaddr &from)
{
    if (from.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &from.addr, sizeof v4);
        return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (from.family != AF_INET6 || from.addrlen < sizeof(sockaddr_in6))
        return std::nullopt;
    // libcurl's structure is shorter than the address that stands in it.
    sockaddr_in6 v6{};
    std::memcpy(&v6, static_cast<const void *>(&from.addr), sizeof v6);
    asio::ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return asio::ip::address_v6(bytes);
}

} // namespace

curl_socket_t CurlCall::onOpen(void *self, curlsocktype, curl_sockaddr *address)
{
    return static_cast<CurlCall *>(self)->open(*address);
}

curl_socket_t CurlCall::open(const curl_sockaddr &to)
{
    // Behind a proxy this is the proxy's address, which the owner chose.
    const auto &endpoint = m_request.endpoint;
    const auto policy = m_request.proxy ? AddressPolicy::Owner : endpoint.policy;
    const auto address = addressOf(to);
    const bool unverified = !m_request.proxy && endpoint.tls && !endpoint.verify_tls;
    if (!address || !mayConnect(*address, policy)
        || (unverified && kindOf(*address) == AddressKind::Public)) {
        refuse({.origin = Origin::Upstream,
                .code = "upstream.address_not_allowed",
                .message = fmt::format("{} leads to an address that Portolan may not call here.",
                                       m_request.proxy ? m_request.proxy->host : endpoint.host)});
        return CURL_SOCKET_BAD;
    }
    m_reopened = m_phase != Phase::Connecting;
    const auto socket = m_loop->openSocket(to);
    if (socket == CURL_SOCKET_BAD)
        m_end = CurlEnd{.system_error = errno};
    return socket;
}

CURLcode CurlCall::onTlsContext(CURL *, void *context, void *self)
{
    const auto &file = static_cast<CurlCall *>(self)->m_loop->caFile();
    const bool read = SSL_CTX_load_verify_file(static_cast<SSL_CTX *>(context), file.c_str()) == 1;
    ERR_clear_error();
    return read ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

int CurlCall::onConnected(void *self, char *ip, char *, int port, int local_port)
{
    static_cast<CurlCall *>(self)->connected(ip ? ip : "", port, local_port);
    return CURL_PREREQFUNC_OK;
}

void CurlCall::connected(std::string_view ip, int port, int local_port)
{
    m_loop->use(local_port, *this);
    CURL *easy = m_easy.get();
    long opened = 0;
    curl_off_t connect_us = 0;
    curl_off_t tls_us = 0;
    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &opened);
    curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connect_us);
    curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &tls_us);
    const auto before
        = std::chrono::duration_cast<std::chrono::microseconds>(m_attempt_began - m_began).count();
    m_timings.reused = opened == 0;
    m_timings.connected_us = m_timings.reused ? 0 : before + connect_us;
    m_timings.tls_us = m_timings.reused || tls_us == 0 ? -1 : before + tls_us;
    m_timings.address = fmt::format(fmt::runtime(ip.contains(':') ? "[{}]:{}" : "{}:{}"), ip, port);
    m_end.reset(); // another address of the same name could be used
    m_failure.reset();
    active();
    m_phase = Phase::Sending;
    if (m_request.body.empty() && !m_request.source)
        requestSent();
}

void CurlCall::requestSent()
{
    m_request_sent = true;
    m_timings.sent_us = micros();
    if (m_phase == Phase::Sending)
        m_phase = Phase::Waiting;
}

std::size_t CurlCall::onRead(char *into, std::size_t, std::size_t room, void *self)
{
    auto *call = static_cast<CurlCall *>(self);
    const auto given = call->give(into, room);
    call->active();
    return given;
}

std::size_t CurlCall::give(char *into, std::size_t room)
{
    std::size_t given = 0;
    const auto copy = [&](std::string_view from) {
        const auto size = std::min(room - given, from.size());
        std::ranges::copy(from.substr(0, size), into + given);
        given += size;
        return size;
    };
    while (m_piece < m_request.body.size() && given < room) {
        const auto piece = m_request.body[m_piece];
        m_offset += copy(piece.substr(m_offset));
        if (m_offset < piece.size())
            break;
        ++m_piece;
        m_offset = 0;
    }
    const bool body_given = m_piece == m_request.body.size();
    if (!m_request.source) {
        if (body_given && !m_request_sent)
            requestSent();
        return given;
    }
    if (given > 0 || !body_given)
        return given;
    m_source_piece.remove_prefix(copy(m_source_piece));
    const bool last = m_source_piece.empty() && m_request.source_bytes && m_source_left == 0;
    if ((m_source_ended || last) && !m_request_sent)
        requestSent();
    if (given > 0 || m_source_ended || last)
        return given;
    m_starved = true;
    wake();
    return CURL_READFUNC_PAUSE;
}

std::size_t CurlCall::onHead(char *bytes, std::size_t, std::size_t size, void *self)
{
    return static_cast<CurlCall *>(self)->takeHead({bytes, size}) ? size : 0;
}

bool CurlCall::refuse(Error error)
{
    m_failure = std::move(error);
    wake();
    return false;
}

bool CurlCall::takeHead(std::string_view bytes)
{
    if (m_answered)
        return true;
    m_timings.bytes_received += bytes.size();
    active();
    if (m_phase == Phase::Waiting)
        m_phase = Phase::Receiving;
    m_head += bytes;
    switch (m_scanner.scan(m_head)) {
    case HeadScanner::State::More: return true;
    case HeadScanner::State::Complete: break;
    case HeadScanner::State::BadByte: return refuse(badFraming("its head is not well-formed HTTP."));
    case HeadScanner::State::StartLineTooLong:
    case HeadScanner::State::TooLarge:
    case HeadScanner::State::TooManyLines:
        return refuse(
            upstreamError("upstream.head_too_large", "The head of the provider's answer is too large."));
    }
    auto head = readReplyHead(m_head, m_request.method);
    if (!head)
        return refuse(badFraming(head.error()));
    m_head.clear();
    m_scanner.reset();
    if (head->interim())
        return ++m_interims <= m_loop->limits().reply_interim
            || refuse(badFraming("it has too many interim answers."));
    m_reply = *std::move(head);
    m_left = m_reply.reply.content_length.value_or(0);
    if (m_reply.body == ReplyBody::Chunked)
        m_chunks.emplace(ChunkedDecoder::Bounds{.line = m_loop->limits().chunk_line_bytes,
                                                .trailers = m_loop->limits().reply_head_lines});
    m_body_done = m_reply.body == ReplyBody::None;
    m_phase = Phase::Receiving;
    m_answered = true;
    wake();
    return true;
}

std::size_t CurlCall::onBody(char *bytes, std::size_t, std::size_t size, void *self)
{
    auto *call = static_cast<CurlCall *>(self);
    if (call->m_buffer.size() >= kBufferBytes) {
        call->m_paused = true;
        return CURL_WRITEFUNC_PAUSE; // the same bytes come again
    }
    return call->takeBody({bytes, size}) ? size : 0;
}

bool CurlCall::takeBody(std::string_view bytes)
{
    m_timings.bytes_received += bytes.size();
    active();
    wake();
    if (m_body_done || !m_answered)
        return false; // more than was announced: libcurl closes the connection then
    if (m_reply.body == ReplyBody::ToEnd) {
        m_buffer += bytes;
        return true;
    }
    if (m_reply.body == ReplyBody::Sized) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, bytes.size()));
        m_left -= size;
        m_body_done = m_left == 0;
        m_buffer += bytes.substr(0, size);
        return size == bytes.size();
    }
    while (!bytes.empty() && !m_chunks->done()) {
        const auto step = m_chunks->next(bytes);
        if (!step)
            return refuse(badFraming(step.error()));
        m_buffer += step->data;
        bytes.remove_prefix(step->used);
    }
    m_body_done = m_chunks->done();
    return bytes.empty();
}

} // namespace portolan::http
