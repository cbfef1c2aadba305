// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/directcall.h"

#include "core/http/freememory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace portolan::http {

namespace {

Error badFraming(std::string_view reason)
{
    return upstreamError("upstream.bad_framing",
                         fmt::format("The provider's answer cannot be trusted: {}", reason));
}

} // namespace

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
