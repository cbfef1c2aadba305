// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/session.h"

#include "core/http/gather.h"
#include "core/http/responsehead.h"
#include "core/http/worker.h"

#include <array>
#include <charconv>
#include <utility>

namespace portolan::http {

namespace {

Error goneError()
{
    return {.origin = Origin::Client,
            .code = "http.client_gone",
            .message = "The client closed the connection before the answer was complete."};
}

Error writeStall()
{
    return {.origin = Origin::Client,
            .code = "http.write_stall",
            .message = "The client stopped reading its answer."};
}

constexpr std::string_view kCrlf = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

} // namespace

void Session::composeHead(std::string &out, const ResponseHead &head, std::optional<std::uint64_t> length)
{
    // A connection with an unread body must not be used again: its rest would be read as a request.
    m_close = m_close || m_draining || !m_head.keep_alive || m_body != Body::Done;
    const bool no_length = isBodiless(head.status);
    m_reply_bodiless = no_length || m_head.method == Method::Head;
    m_reply_chunked = !length && !no_length && !m_head.http10;
    if (!length && !no_length && m_head.http10)
        m_close = true;
    const ResponseFraming framing{.chunked = m_reply_chunked,
                                  .length = no_length ? std::nullopt : length,
                                  .keep_alive = !m_close,
                                  .http10_client = m_head.http10};
    appendResponseHead(out, head.status, head.fields, framing);
}

Result<std::span<iovec>> Session::sendNow(std::span<iovec> pieces)
{
    while (!pieces.empty()) {
        if (m_gone)
            return fail(goneError());
        const Io io = m_channel->send(pieces);
        if (io.kind == Io::Kind::Blocked)
            break;
        if (io.kind != Io::Kind::Moved) {
            clientLeft();
            return fail(goneError());
        }
        m_bytes_written += io.bytes;
        pieces = afterSending(pieces, io.bytes);
    }
    return pieces;
}

Task<Result<>> Session::send(std::span<iovec> pieces, Lifetime lifetime)
{
    const auto rest = sendNow(pieces);
    if (!rest)
        co_return std::unexpected(rest.error());
    if (rest->empty())
        co_return Result<>{};
    co_return co_await sendRest(*rest, lifetime);
}

Task<Result<>> Session::sendRest(std::span<iovec> pieces, Lifetime lifetime)
{
    std::string copy;
    iovec copied{};
    if (lifetime == Lifetime::Scratch) {
        for (const auto &piece : pieces)
            copy.append(static_cast<const char *>(piece.iov_base), piece.iov_len);
        copied = toIovec(copy);
        pieces = {&copied, 1};
    }
    while (!pieces.empty()) {
        m_expired = false;
        m_deadline.arm(m_worker.limits().client_write_stall);
        m_writing = true;
        co_await m_channel->wait(Channel::kWrite);
        m_writing = false;
        m_deadline.disarm();
        if (m_gone)
            co_return fail(goneError());
        const Io io = m_channel->send(pieces);
        if (io.kind == Io::Kind::Blocked) {
            if (!m_expired)
                continue;
            m_channel->reset();
            clientLeft();
            co_return fail(writeStall());
        }
        if (io.kind != Io::Kind::Moved) {
            clientLeft();
            co_return fail(goneError());
        }
        m_bytes_written += io.bytes;
        pieces = afterSending(pieces, io.bytes);
    }
    co_return Result<>{};
}

Task<Result<>> Session::respond(ResponseHead head, std::string_view body)
{
    if (m_reply != Reply::None)
        co_return fail(goneError());
    std::string &out = m_worker.headScratch();
    out.clear();
    composeHead(out, head, body.size());
    m_reply = Reply::Streaming;
    std::array pieces{toIovec(out), toIovec(m_reply_bodiless ? std::string_view{} : body)};
    std::string own;
    const Io io = m_channel->send(pieces);
    std::span<iovec> rest(pieces);
    if (io.kind == Io::Kind::Moved) {
        m_bytes_written += io.bytes;
        rest = afterSending(rest, io.bytes);
    }
    if (!rest.empty() && rest.size() == pieces.size()) {
        // The head lies in memory that the thread's next answer uses too.
        own.assign(static_cast<const char *>(rest.front().iov_base), rest.front().iov_len);
        rest.front() = toIovec(own);
    }
    Result<> sent;
    if (!rest.empty())
        sent = co_await send(rest, Lifetime::Caller);
    if (sent)
        m_reply = Reply::Done;
    co_return sent;
}

void Session::begin(ResponseHead head)
{
    m_reply_head.clear();
    m_reply_left = head.content_length;
    composeHead(m_reply_head, head, head.content_length);
    m_reply = Reply::Begun;
}

Task<Result<>> Session::flushHead()
{
    if (m_reply != Reply::Begun)
        co_return Result<>{};
    m_reply = Reply::Streaming;
    const std::string head = std::exchange(m_reply_head, {});
    iovec piece = toIovec(head);
    co_return co_await send({&piece, 1}, Lifetime::Caller);
}

Task<Result<>> Session::write(std::string_view bytes)
{
    if (m_gone || m_reply == Reply::Done || m_reply == Reply::Aborted)
        co_return fail(goneError());
    if (bytes.empty() || m_reply_bodiless)
        co_return Result<>{};
    if (m_reply_left) {
        // More than was announced would be read as the next answer.
        bytes
            = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(*m_reply_left, bytes.size())));
        *m_reply_left -= bytes.size();
    }
    const std::string head = std::exchange(m_reply_head, {});
    m_reply = Reply::Streaming;
    char size_line[20];
    std::string_view size;
    if (m_reply_chunked) {
        auto *end = std::to_chars(size_line, size_line + 18, bytes.size(), 16).ptr;
        *end++ = '\r';
        *end++ = '\n';
        size = {size_line, end};
    }
    std::array pieces{toIovec(head), toIovec(size), toIovec(bytes),
                      toIovec(m_reply_chunked ? kCrlf : std::string_view{})};
    // Not through send(): a frame of a stream that the kernel takes at once costs one coroutine, not two.
    const auto rest = sendNow(pieces);
    if (!rest)
        co_return std::unexpected(rest.error());
    if (rest->empty())
        co_return Result<>{};
    co_return co_await sendRest(*rest, Lifetime::Scratch);
}

bool Session::tryWrite(std::string_view bytes)
{
    const bool has_begun = m_reply == Reply::Begun || m_reply == Reply::Streaming;
    if (m_gone || m_writing || !has_begun || m_reply_left || m_reply_bodiless || bytes.empty())
        return false;
    m_reply = Reply::Streaming;
    std::string out = std::exchange(m_reply_head, {});
    const bool had_rest = !out.empty();
    if (m_reply_chunked) {
        char size_line[20];
        auto *end = std::to_chars(size_line, size_line + 18, bytes.size(), 16).ptr;
        out.append(size_line, end).append(kCrlf).append(bytes).append(kCrlf);
    } else {
        out.append(bytes);
    }
    iovec piece = toIovec(out);
    const Io io = m_channel->send({&piece, 1});
    const auto taken = io.kind == Io::Kind::Moved ? io.bytes : 0;
    m_bytes_written += taken;
    if (taken == 0 && !had_rest)
        return false;
    out.erase(0, taken);
    m_reply_head = std::move(out);
    return true;
}

Task<Result<>> Session::finish()
{
    if (m_reply == Reply::Done || m_reply == Reply::Aborted || m_reply == Reply::None)
        co_return Result<>{};
    if (m_reply_left.value_or(0) > 0 && !m_reply_bodiless) {
        abort();
        co_return fail({.origin = Origin::Internal,
                        .code = "http.short_answer",
                        .message = "The answer is shorter than it was announced."});
    }
    const std::string head = std::exchange(m_reply_head, {});
    std::array pieces{toIovec(head),
                      toIovec(m_reply_chunked && !m_reply_bodiless ? kLastChunk : std::string_view{})};
    auto sent = co_await send(pieces, Lifetime::Caller);
    if (sent)
        m_reply = Reply::Done;
    co_return sent;
}

void Session::abort()
{
    if (m_reply == Reply::Done || m_reply == Reply::Aborted)
        return;
    m_reply = Reply::Aborted;
    m_close = true;
    // A missing last chunk or byte tells the client; only an answer that ends with the connection needs the
    // reset.
    if (!m_reply_chunked && !m_reply_left)
        m_channel->reset();
}

} // namespace portolan::http
