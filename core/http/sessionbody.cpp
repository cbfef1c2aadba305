// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/session.h"

#include "core/base/limits.h"
#include "core/http/freememory.h"
#include "core/http/gather.h"
#include "core/http/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace portolan::http {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPieceBytes = 32 * 1024;
constexpr std::size_t kFirstReserve = 1024 * 1024; // an announced length is no reason to hand out memory

Error tooLarge(std::size_t limit)
{
    return {.origin = Origin::Client,
            .code = "http.body_too_large",
            .message = fmt::format(
                "The request's body may have {} bytes. Send less, or raise the limit in Settings.", limit)};
}

Error badFraming(std::string_view reason)
{
    return {.origin = Origin::Client, .code = "http.bad_framing", .message = std::string(reason)};
}

Error bodyTimeout()
{
    return {.origin = Origin::Client,
            .code = "http.body_timeout",
            .message
            = "The request's body arrived too slowly. Send it faster, or raise the time in Settings."};
}

} // namespace

std::unexpected<Error> Session::bodyFailed(Error error)
{
    m_body = Body::Failed;
    m_close = true;
    return fail(std::move(error));
}

std::unexpected<Error> Session::bodyEnded(Io io)
{
    if (io.kind == Io::Kind::Blocked && m_expired)
        return bodyFailed(bodyTimeout());
    clientLeft();
    return bodyFailed({.origin = Origin::Client,
                       .code = "http.client_gone",
                       .message = "The client closed the connection before its request was complete."});
}

Result<> Session::openBody(std::size_t limit)
{
    if (m_body == Body::Failed)
        return fail(badFraming("The request's body could not be read."));
    if (m_head.content_length.value_or(m_body_size) > limit)
        return bodyFailed(tooLarge(limit));
    return {};
}

Task<Result<>> Session::sendContinue()
{
    if (!std::exchange(m_head.expect_continue, false) || !buffered().empty())
        co_return Result<>{};
    iovec piece = toIovec("HTTP/1.1 100 Continue\r\n\r\n");
    const auto before = m_bytes_written;
    auto sent = co_await send({&piece, 1}, Lifetime::Caller);
    m_bytes_written = before; // the answer's count begins with its own head
    co_return sent;
}

Task<Io> Session::receiveBody(std::span<char> into)
{
    const auto &limits = m_worker.limits();
    const Clock::duration window
        = std::min<Clock::duration>(std::chrono::seconds{10}, limits.client_body / 6);
    const auto least = limits.client_body_min_rate
        * static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(window).count())
        / 1000;
    while (true) {
        const Io io = m_channel->receive(into);
        if (io.kind == Io::Kind::Moved) {
            m_bytes_read += io.bytes;
            m_rate_bytes += io.bytes;
        }
        if (io.kind != Io::Kind::Blocked)
            co_return io;
        // Only time spent waiting for the client counts: an upload may also wait for its provider.
        const auto begun = Clock::now();
        m_expired = false;
        m_deadline.armAt(begun + std::min(limits.client_body - m_body_waited, window - m_rate_waited));
        co_await m_channel->wait(Channel::kRead);
        m_deadline.disarm();
        const auto waited = Clock::now() - begun;
        m_body_waited += waited;
        m_rate_waited += waited;
        if (m_gone)
            co_return Io{.kind = Io::Kind::End};
        m_expired = m_body_waited >= limits.client_body;
        if (m_rate_waited >= window) {
            m_expired = m_expired || m_rate_bytes < least;
            m_rate_waited = {};
            m_rate_bytes = 0;
        }
        if (m_expired)
            co_return Io{};
    }
}

std::string_view Session::takeDecoded(std::span<char> bytes, std::string_view &reason)
{
    // The runs are moved together in place, so that a piece of many small chunks is still one view.
    std::size_t used = 0;
    std::size_t size = 0;
    while (used < bytes.size() && !m_chunks->done()) {
        const auto step = m_chunks->next({bytes.data() + used, bytes.size() - used});
        if (!step) {
            reason = step.error();
            return {};
        }
        if (!step->data.empty())
            std::memmove(bytes.data() + size, step->data.data(), step->data.size());
        size += step->data.size();
        used += step->used;
    }
    if (m_chunks->done()) {
        keep({bytes.data() + used, bytes.size() - used});
        m_body = Body::Done;
    }
    return {bytes.data(), size};
}

Task<Result<>> Session::fillPiece(std::size_t limit)
{
    while (m_body == Body::Unread) {
        const bool sized = m_head.content_length.has_value();
        const auto most = sized ? static_cast<std::size_t>(std::min<std::uint64_t>(m_body_left, kPieceBytes))
                                : kPieceBytes;
        if (const auto waiting = buffered(); !waiting.empty()) {
            m_piece.assign(waiting.substr(0, most));
            m_buffer_at += m_piece.size();
            m_bytes_read += m_piece.size();
        } else {
            m_piece.resize(most);
            const Io io = co_await receiveBody(m_piece);
            if (io.kind != Io::Kind::Moved)
                co_return bodyEnded(io);
            m_piece.resize(io.bytes);
        }
        if (sized) {
            m_body_left -= m_piece.size();
            if (m_body_left == 0)
                m_body = Body::Done;
        } else {
            // What follows the body goes back in front of what has not been looked at yet.
            const std::string unseen(buffered());
            std::string_view reason;
            const auto size = takeDecoded(m_piece, reason).size();
            if (!reason.empty())
                co_return bodyFailed(badFraming(reason));
            if (m_body == Body::Done)
                m_buffer.append(unseen);
            m_piece.resize(size);
        }
        m_body_size += m_piece.size();
        if (m_body_size > limit)
            co_return bodyFailed(tooLarge(limit));
        if (!m_piece.empty())
            break;
    }
    co_return Result<>{};
}

Task<Result<std::string_view>> Session::readSome(std::size_t limit)
{
    m_piece.clear();
    if (m_body == Body::Done)
        co_return std::string_view{};
    if (auto open = openBody(limit); !open)
        co_return std::unexpected(std::move(open.error()));
    if (auto sent = co_await sendContinue(); !sent)
        co_return std::unexpected(std::move(sent.error()));
    if (auto filled = co_await fillPiece(limit); !filled)
        co_return std::unexpected(std::move(filled.error()));
    if (m_on_gone && !m_gone)
        m_channel->watch();
    co_return std::string_view(m_piece);
}

Task<Result<>> Session::readSized(std::string &body)
{
    const auto length = static_cast<std::size_t>(*m_head.content_length);
    if (m_buffer_at == 0 && m_buffer.size() == length) {
        body = std::exchange(m_buffer, {}); // the common small prompt, which came with its head
        m_bytes_read += length;
        m_body = Body::Done;
        m_body_size = length;
        body.reserve(length + kPadding);
        co_return Result<>{};
    }
    body.reserve(std::min(length, kFirstReserve) + kPadding);
    const auto waiting = buffered().substr(0, length);
    body.append(waiting);
    m_buffer_at += waiting.size();
    m_bytes_read += waiting.size();
    while (body.size() < length) {
        if (body.capacity() - body.size() <= kPadding)
            body.reserve(std::min(length, body.capacity() * 2) + kPadding);
        const auto have = body.size();
        const auto room = std::min(length, body.capacity() - kPadding) - have;
        // The string's spare memory is the receive buffer: a large prompt is copied once, by the kernel.
        body.resize_and_overwrite(have + room, [](char *, std::size_t size) { return size; });
        const Io io = co_await receiveBody({body.data() + have, room});
        body.resize(have + (io.kind == Io::Kind::Moved ? io.bytes : 0));
        if (io.kind != Io::Kind::Moved)
            co_return bodyEnded(io);
    }
    m_body = Body::Done;
    m_body_size = length;
    co_return Result<>{};
}

Task<Result<std::string>> Session::readBody(std::size_t limit)
{
    std::string body;
    if (m_body == Body::Done) {
        body.reserve(kPadding);
        co_return body;
    }
    if (auto open = openBody(limit); !open)
        co_return std::unexpected(std::move(open.error()));
    if (auto sent = co_await sendContinue(); !sent)
        co_return std::unexpected(std::move(sent.error()));
    if (m_head.content_length && m_body_size == 0) {
        if (auto read = co_await readSized(body); !read)
            co_return std::unexpected(std::move(read.error()));
        co_return body;
    }
    while (m_body == Body::Unread) {
        m_piece.clear();
        if (auto filled = co_await fillPiece(limit); !filled)
            co_return std::unexpected(std::move(filled.error()));
        body.append(m_piece);
    }
    freeMemory(m_piece);
    body.reserve(body.size() + kPadding);
    co_return body;
}

} // namespace portolan::http
