// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/session.h"

#include "core/http/freememory.h"
#include "core/http/requesthead.h"
#include "core/http/worker.h"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace portolan::http {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptCapacity = 4096;        // of an idle connection's containers
constexpr std::size_t kPipelinedBytes = 16 * 1024; // read ahead while a request is answered
constexpr std::chrono::milliseconds kLinger{1'500};

} // namespace

Session::Session(Worker &worker, std::shared_ptr<Channel> channel)
    : m_worker(worker)
    , m_channel(std::move(channel))
    , m_deadline(worker.deadlines(), [this] { expired(); })
    , m_scanner(requestBounds(worker.limits()))
{
    m_channel->onReadable([this] { noticeReadable(); });
}

Session::~Session()
{
    m_channel->onReadable({});
    m_channel->close();
}

Executor Session::executor() const
{
    return m_worker.context().get_executor();
}

Task<> Session::serve(std::shared_ptr<Session> session)
{
    try {
        co_await session->run();
    } catch (const std::exception &) {
        session->m_close = true; // out of memory, say: this connection ends, the others go on
    }
}

Task<> Session::turnAway(std::shared_ptr<Session> session)
{
    session->beginRequest();
    const Refusal refusal{.status = 503,
                          .type = "overloaded_error",
                          .code = "http.too_many_connections",
                          .message
                          = "Portolan has as many connections open as its settings allow. Try again in a "
                            "moment.",
                          .close = true};
    try {
        ResponseHead head{.status = 503, .fields = {}, .content_length = {}};
        head.fields.add("Content-Type", "application/json");
        head.fields.add("Retry-After", "1");
        session->m_close = true;
        const std::string body = refusalBody(refusal, {});
        co_await session->respond(std::move(head), body);
        co_await session->linger();
    } catch (const std::exception &) {
        session->m_close = true;
    }
}

Task<> Session::run()
{
    while (true) {
        const auto next = co_await readHead();
        if (next == Next::Close)
            co_return;
        if (next == Next::Refused)
            co_await refuse();
        else
            co_await answer();
        if (m_gone || m_reply != Reply::Done)
            co_return;
        if (m_close || m_draining) {
            // Unread bytes would turn our close into a reset that takes the answer away from the client.
            if (m_body != Body::Done || !buffered().empty())
                co_await linger();
            co_return;
        }
        endRequest();
    }
}

void Session::beginRequest()
{
    m_scanner.reset();
    m_refusal.reset();
    m_started = Clock::now();
    m_body = Body::Done;
    m_reply = Reply::None;
    m_bytes_read = 0;
    m_bytes_written = 0;
    m_close = false;
}

void Session::endRequest()
{
    m_fresh = false;
    m_on_gone = {};
    m_chunks.reset();
    freeMemory(m_piece);
    Fields fields = std::move(m_head.fields);
    fields.clear();
    m_head = {};
    if (fields.capacity() <= kKeptCapacity)
        m_head.fields = std::move(fields);
    if (buffered().empty()) {
        m_buffer_at = 0;
        m_buffer.clear();
        if (m_buffer.capacity() > kKeptCapacity)
            freeMemory(m_buffer);
    } else {
        m_buffer.erase(0, std::exchange(m_buffer_at, 0));
    }
}

void Session::keep(std::string_view bytes)
{
    m_buffer_at = 0;
    m_buffer.reserve(bytes.size() + kPadding); // readBody() may hand it out as the body
    m_buffer.assign(bytes);
}

Task<Io> Session::receive(std::span<char> into, Clock::time_point until)
{
    // Only a fresh connection is likely to have bytes waiting already.
    bool wait_first = !m_fresh;
    while (true) {
        if (!wait_first) {
            const Io io = m_channel->receive(into);
            if (io.kind != Io::Kind::Blocked)
                co_return io;
        }
        wait_first = false;
        m_expired = false;
        m_deadline.armAt(until);
        co_await m_channel->wait(Channel::kRead);
        m_deadline.disarm();
        if (m_expired || m_gone)
            co_return Io{};
    }
}

Task<Session::Next> Session::readHead()
{
    beginRequest();
    const auto &limits = m_worker.limits();
    auto scratch = m_worker.scratch();
    std::string_view bytes = buffered();
    auto until = m_started + (bytes.empty() ? limits.client_idle : limits.client_head);
    while (true) {
        if (!bytes.empty()) {
            const auto state = m_scanner.scan(bytes);
            if (state != HeadScanner::State::More)
                co_return takeHead(bytes, state);
        }
        if (m_draining)
            co_return Next::Close;
        m_waiting_for_head = true;
        const Io io = co_await receive(scratch, until);
        m_waiting_for_head = false;
        if (io.kind == Io::Kind::Blocked && m_expired && !bytes.empty()) {
            m_refusal = Refusal{.status = 408,
                                .type = "invalid_request_error",
                                .code = "http.head_timeout",
                                .message = "The request's head took too long to arrive.",
                                .close = true};
            co_return Next::Refused;
        }
        if (io.kind != Io::Kind::Moved)
            co_return Next::Close;
        m_bytes_read += io.bytes;
        const std::string_view fresh(scratch.data(), io.bytes);
        if (bytes.empty()) {
            m_started = Clock::now();
            until = m_started + limits.client_head;
        }
        // The common head is complete in one read and never copied.
        if (m_buffer.size() == m_buffer_at) {
            if (const auto state = m_scanner.scan(fresh); state != HeadScanner::State::More)
                co_return takeHead(fresh, state);
            keep(fresh);
        } else {
            m_buffer.append(fresh);
        }
        bytes = buffered();
    }
}

Session::Next Session::takeHead(std::string_view bytes, HeadScanner::State state)
{
    const auto &limits = m_worker.limits();
    if (state != HeadScanner::State::Complete) {
        m_refusal = scanRefusal(state, limits);
        return Next::Refused;
    }
    const auto size = m_scanner.size();
    if (m_head.fields.capacity() == 0)
        m_head.fields.reserve(24, size);
    m_refusal = readRequestHead(bytes.substr(0, size), m_worker.rules(), m_head);
    m_bytes_read = size;
    if (m_refusal)
        return Next::Refused;
    if (m_buffer.size() == m_buffer_at)
        keep(bytes.substr(size));
    else
        m_buffer_at += size;
    if (m_head.has_body) {
        m_body = Body::Unread;
        m_body_size = 0;
        m_body_left = m_head.content_length.value_or(0);
        m_body_waited = {};
        m_rate_waited = {};
        m_rate_bytes = 0;
        if (!m_head.content_length)
            m_chunks.emplace(
                ChunkedDecoder::Bounds{.line = limits.chunk_line_bytes, .trailers = limits.head_lines});
    }
    return Next::Request;
}

Task<> Session::answer()
{
    m_serving = true;
    bool failed = false;
    try {
        co_await m_worker.handler().handle(*this);
    } catch (const std::exception &) {
        failed = true;
    }
    m_on_gone = {};
    m_serving = false;
    if (m_reply == Reply::None && !m_gone) {
        m_refusal = Refusal{.status = 500,
                            .type = "internal_error",
                            .code = "internal.error",
                            .message = "Portolan failed while it answered this request. Please report it.",
                            .close = true};
        m_close = true;
        co_await refuse();
    } else if (m_reply == Reply::Begun || m_reply == Reply::Streaming || failed) {
        abort();
    }
}

Task<> Session::refuse()
{
    const Refusal refusal = *m_refusal;
    m_close = true;
    m_body = Body::Unread; // whatever follows is not read as a request
    m_worker.countRefused();
    m_worker.handler().refused(m_head.path.empty() ? nullptr : &m_head, refusal, m_started);
    ResponseHead head;
    head.status = refusal.status;
    head.fields.add("Content-Type", "application/json");
    if (refusal.status == 405)
        head.fields.add("Allow", "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS");
    const std::string body = refusalBody(refusal, m_head.path);
    co_await respond(std::move(head), body);
}

Task<> Session::linger()
{
    m_channel->shutdownSend();
    const auto until = Clock::now() + kLinger;
    m_fresh = true;
    while (Clock::now() < until) {
        const Io io = co_await receive(m_worker.scratch(), until);
        if (io.kind != Io::Kind::Moved)
            co_return;
    }
}

void Session::expired()
{
    m_expired = true;
    m_channel->interrupt();
}

void Session::onClientGone(std::function<void()> gone)
{
    m_on_gone = std::move(gone);
    if (m_on_gone && !m_gone)
        m_channel->watch();
}

void Session::noticeReadable()
{
    if (!m_serving || m_gone)
        return;
    const Io seen = m_channel->peek();
    if (seen.kind == Io::Kind::End || seen.kind == Io::Kind::Failed) {
        clientLeft();
        return;
    }
    // Bytes of the body wait for readSome(). Those of a next request are taken in, so that a later close is
    // seen; but not without end.
    if (m_body == Body::Unread || buffered().size() >= kPipelinedBytes)
        return;
    if (seen.kind == Io::Kind::Moved) {
        std::array<char, 4096> bytes;
        const Io io = m_channel->receive(bytes);
        if (io.kind == Io::Kind::Moved)
            m_buffer.append(bytes.data(), io.bytes);
    }
    m_channel->watch();
}

void Session::clientLeft()
{
    if (std::exchange(m_gone, true))
        return;
    m_channel->interrupt();
    if (const auto gone = std::exchange(m_on_gone, {}))
        gone();
}

void Session::drain()
{
    m_draining = true;
    if (m_waiting_for_head)
        clientLeft();
}

void Session::cut()
{
    m_draining = true;
    clientLeft();
}

} // namespace portolan::http
