// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/directcall.h"

#include "core/base/text.h"
#include "core/http/framing.h"
#include "core/http/freememory.h"
#include "core/http/gather.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <iterator>
#include <utility>

namespace portolan::http {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

Error badRequest(std::string message)
{
    return {.origin = Origin::Internal, .code = "upstream.bad_request", .message = std::move(message)};
}

Error badFraming(std::string_view reason)
{
    return upstreamError("upstream.bad_framing",
                         fmt::format("The provider's answer cannot be trusted: {}", reason));
}

bool isTarget(std::string_view target)
{
    return target.starts_with('/')
        && std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

std::string hostLine(const Endpoint &endpoint)
{
    std::string host = endpoint.host.contains(':') ? fmt::format("[{}]", endpoint.host) : endpoint.host;
    if (endpoint.port != (endpoint.tls ? 443 : 80))
        host += fmt::format(":{}", endpoint.port);
    return host;
}

bool carriesBody(Method method)
{
    return method == Method::Post || method == Method::Put || method == Method::Patch;
}

} // namespace

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

Result<> DirectCall::composeHead()
{
    if (!isTarget(m_request.target))
        return fail(badRequest("The address to call holds characters that must be escaped."));
    m_head.reserve(512);
    const Fields fields = std::move(m_request.fields); // not needed any more once the head is composed
    fmt::format_to(std::back_inserter(m_head), "{} {} HTTP/1.1\r\nHost: {}\r\n", toString(m_request.method),
                   m_request.target, hostLine(m_request.endpoint));
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto [name, value] = fields[i];
        if (!isFieldName(name) || !isFieldValue(value))
            return fail(badRequest("A header for the provider holds characters that a header may not have."));
        if (!isHopByHop(name) && !equalsIgnoringCase(name, "host"))
            m_head.append(name).append(": ").append(value).append("\r\n");
    }
    std::uint64_t size = 0;
    for (const auto piece : m_request.body)
        size += piece.size();
    if (m_request.source && !m_request.source_bytes)
        m_head += "Transfer-Encoding: chunked\r\n";
    else if (m_request.source || size > 0 || carriesBody(m_request.method))
        fmt::format_to(std::back_inserter(m_head), "Content-Length: {}\r\n",
                       size + m_request.source_bytes.value_or(0));
    if (const auto &credential = m_request.credential) {
        if (!isFieldName(credential->header) || !isFieldValue(credential->prefix) || !credential->secret
            || !isFieldValue(credential->secret->view()))
            return fail(
                badRequest("The stored key holds characters that a header may not have. Enter it again."));
        m_head.append(credential->header).append(": ").append(credential->prefix);
    } else {
        m_head.resize(m_head.size() - 2); // kHeadEnd follows
    }
    return {};
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

Task<Result<DirectCall::Progress>> DirectCall::sendBody()
{
    std::vector<iovec> pieces;
    pieces.reserve(m_request.body.size() + 5);
    pieces.push_back(toIovec(m_head));
    if (m_request.credential)
        pieces.push_back(toIovec(m_request.credential->secret->view()));
    pieces.push_back(toIovec(kHeadEnd));
    std::size_t size = 0;
    for (const auto piece : m_request.body)
        size += piece.size();
    const bool chunked = m_request.source && !m_request.source_bytes;
    const std::string size_line = fmt::format("{:x}\r\n", size);
    if (chunked && size > 0)
        pieces.push_back(toIovec(size_line));
    for (const auto piece : m_request.body)
        pieces.push_back(toIovec(piece));
    if (chunked && size > 0)
        pieces.push_back(toIovec("\r\n"));
    auto progress = co_await sendPieces(pieces);
    if (!progress || *progress == Progress::Answered || !m_request.source)
        co_return progress;
    co_return co_await sendSource();
}

Task<Result<DirectCall::Progress>> DirectCall::sendSource()
{
    const bool chunked = !m_request.source_bytes;
    m_source_used = true;
    std::uint64_t left = m_request.source_bytes.value_or(0);
    while (true) {
        const auto piece = co_await m_request.source->next();
        if (m_wait.cancelled())
            co_return fail(upstreamCancelled());
        if (!piece)
            co_return std::unexpected(piece.error());
        if (!chunked && piece->size() > left)
            co_return fail(badRequest("The request's body is longer than it was announced."));
        left -= chunked ? 0 : piece->size();
        const bool last = piece->empty();
        if (last && left > 0)
            co_return fail(badRequest("The request's body is shorter than it was announced."));
        // A provider may refuse an upload before its end, and then not read the rest.
        if (m_connection->channel()->peek().kind != Io::Kind::Blocked) {
            auto early = advanceHead();
            if (!early || *early == Progress::Answered)
                co_return early;
        }
        if (last && !chunked)
            co_return Progress::Open;
        const std::string size_line = chunked ? fmt::format("{:x}\r\n", piece->size()) : std::string();
        std::array pieces{toIovec(size_line), toIovec(*piece),
                          toIovec(chunked ? std::string_view("\r\n") : std::string_view{})};
        auto progress = co_await sendPieces(pieces);
        if (!progress || *progress == Progress::Answered || last)
            co_return progress;
    }
}

Task<Result<DirectCall::Progress>> DirectCall::sendPieces(std::span<iovec> pieces)
{
    pieces = afterSending(pieces, 0);
    while (!pieces.empty()) {
        const Io io = m_connection->write(pieces);
        if (io.kind == Io::Kind::Moved) {
            m_timings.bytes_sent += io.bytes;
            pieces = afterSending(pieces, io.bytes);
            continue;
        }
        if (io.kind == Io::Kind::Blocked) {
            const auto interest = m_connection->wants() | Channel::kRead;
            co_await m_wait.on(interest, Clock::now() + m_request.idle_timeout);
            if (const auto end = m_wait.end(); end != CallWait::End::Ready)
                co_return ended(end, "upstream.idle_timeout");
        }
        // An answer before the end of the request (413, say) is taken; what the peer will not read is not
        // sent.
        auto early = advanceHead();
        if (!early || *early == Progress::Answered)
            co_return early;
        if (io.kind != Io::Kind::Blocked)
            co_return fail(broken(io));
    }
    co_return Progress::Open;
}

Task<Result<>> DirectCall::awaitHead()
{
    const auto first_byte = Clock::now() + m_request.first_byte_timeout;
    while (true) {
        const auto before = m_timings.bytes_received;
        const bool waiting = before == 0;
        const auto until = waiting ? first_byte : Clock::now() + m_request.idle_timeout;
        co_await m_wait.on(m_connection->wants(), until);
        const auto end = m_wait.end();
        if (end == CallWait::End::Cancelled)
            co_return ended(end, {});
        const auto progress = advanceHead();
        if (!progress)
            co_return std::unexpected(progress.error());
        if (*progress == Progress::Answered)
            co_return Result<>{};
        if (end == CallWait::End::Expired && m_timings.bytes_received == before)
            co_return ended(end, waiting ? "upstream.first_byte_timeout" : "upstream.idle_timeout");
    }
}

Result<DirectCall::Progress> DirectCall::advanceHead()
{
    while (true) {
        const Io io = m_connection->read(m_state->scratch);
        if (io.kind == Io::Kind::Blocked)
            return Progress::Open;
        if (io.kind != Io::Kind::Moved)
            return fail(broken(io));
        m_timings.bytes_received += io.bytes;
        m_buffer.append(m_state->scratch.data(), io.bytes);
        auto progress = takeHead();
        if (!progress || *progress == Progress::Answered)
            return progress;
    }
}

Result<DirectCall::Progress> DirectCall::takeHead()
{
    while (true) {
        switch (m_scanner.scan(m_buffer)) {
        case HeadScanner::State::More: return Progress::Open;
        case HeadScanner::State::Complete: break;
        case HeadScanner::State::BadByte: return fail(badFraming("its head is not well-formed HTTP."));
        case HeadScanner::State::StartLineTooLong:
        case HeadScanner::State::TooLarge:
        case HeadScanner::State::TooManyLines:
            return fail(
                upstreamError("upstream.head_too_large", "The head of the provider's answer is too large."));
        }
        auto head = readReplyHead(std::string_view(m_buffer).substr(0, m_scanner.size()), m_request.method);
        if (!head)
            return fail(badFraming(head.error()));
        m_buffer.erase(0, m_scanner.size());
        m_scanner.reset();
        if (!head->interim()) {
            m_reply = *std::move(head);
            break;
        }
        if (++m_interims > m_state->limits.reply_interim)
            return fail(badFraming("it has too many interim answers."));
    }
    m_left = m_reply.reply.content_length.value_or(0);
    if (m_reply.body == ReplyBody::Chunked)
        m_chunks.emplace(ChunkedDecoder::Bounds{.line = m_state->limits.chunk_line_bytes,
                                                .trailers = m_state->limits.reply_head_lines});
    if (m_reply.body == ReplyBody::None)
        finishBody(!m_buffer.empty());
    return Progress::Answered;
}

void DirectCall::finishBody(bool surplus)
{
    m_body_done = true;
    const bool clean = m_request_sent && m_reply.keep_alive && !surplus && !m_wait.cancelled();
    m_wait.follow(nullptr);
    if (clean)
        m_state->pool.give(std::move(m_connection));
    m_connection.reset();
}

Result<std::span<char>> DirectCall::nextBytes()
{
    if (!m_buffer.empty()) {
        m_held = std::exchange(m_buffer, {});
        return std::span<char>(m_held);
    }
    const Io io = m_connection->read(m_state->scratch);
    if (io.kind == Io::Kind::Moved) {
        m_timings.bytes_received += io.bytes;
        return std::span(m_state->scratch).first(io.bytes);
    }
    if (io.kind == Io::Kind::Blocked)
        return std::span<char>{};
    if (io.kind != Io::Kind::End || m_reply.body != ReplyBody::ToEnd)
        return fail(upstreamError(
            "upstream.truncated",
            fmt::format("{} ended its answer before it was complete.", m_request.endpoint.host)));
    finishBody(true);
    return std::span<char>{};
}

Result<std::string_view> DirectCall::decode(std::span<char> bytes)
{
    if (m_reply.body == ReplyBody::ToEnd)
        return std::string_view(bytes.data(), bytes.size());
    if (m_reply.body == ReplyBody::Sized) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, bytes.size()));
        m_left -= size;
        if (m_left == 0)
            finishBody(size < bytes.size());
        return std::string_view(bytes.data(), size);
    }
    // The runs are moved together in place, so that a piece of many small chunks is still one view.
    std::size_t used = 0;
    std::size_t size = 0;
    while (used < bytes.size() && !m_chunks->done()) {
        const auto step = m_chunks->next({bytes.data() + used, bytes.size() - used});
        if (!step)
            return fail(badFraming(step.error()));
        if (!step->data.empty())
            std::memmove(bytes.data() + size, step->data.data(), step->data.size());
        size += step->data.size();
        used += step->used;
    }
    if (m_chunks->done())
        finishBody(used < bytes.size());
    return std::string_view(bytes.data(), size);
}

Result<std::string_view> DirectCall::advanceBody()
{
    if (m_wait.cancelled() || !m_connection)
        return fail(upstreamCancelled());
    const auto bytes = nextBytes();
    if (!bytes)
        return std::unexpected(bytes.error());
    return bytes->empty() ? std::string_view{} : decode(*bytes);
}

Task<Result<std::string_view>> DirectCall::read()
{
    // One coroutine with little in it: this is where an open stream spends its life.
    freeMemory(m_held);
    while (!m_body_done) {
        if (m_connection && m_buffer.empty() && m_connection->drained()) {
            co_await m_wait.on(m_connection->wants(), Clock::now() + m_request.idle_timeout);
            if (const auto end = m_wait.end(); end != CallWait::End::Ready) {
                drop();
                co_return ended(end, "upstream.idle_timeout");
            }
        }
        auto piece = advanceBody();
        if (!piece)
            drop();
        if (!piece || !piece->empty())
            co_return piece;
    }
    co_return std::string_view{};
}

} // namespace portolan::http
