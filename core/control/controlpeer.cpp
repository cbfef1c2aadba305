// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlpeer.h"

#include <sodium.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace portolan::control {

ControlPeer::ControlPeer(FileDescriptor socket, Handler handler, std::chrono::milliseconds patience,
                         QObject *parent)
    : QObject(parent)
    , m_socket(std::move(socket))
    , m_handler(std::move(handler))
    , m_readable(m_socket.get(), QSocketNotifier::Read)
    , m_writable(m_socket.get(), QSocketNotifier::Write)
{
    m_writable.setEnabled(false);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_readable, &QSocketNotifier::activated, this, &ControlPeer::readSome);
    connect(&m_writable, &QSocketNotifier::activated, this, &ControlPeer::writeSome);
    connect(&m_patience, &QTimer::timeout, this, &ControlPeer::leave);
    m_patience.start();
}

ControlPeer::~ControlPeer()
{
    leave();
}

/// Ends the connection at once, tells who is still at work for it, and goes when the event loop is reached.
void ControlPeer::leave()
{
    if (std::exchange(m_left, true))
        return;
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
    m_patience.stop();
    ::shutdown(m_socket.get(), SHUT_RDWR);
    for (const auto &pending : std::exchange(m_pending, {})) {
        const auto state = pending.lock();
        if (!state || !state->peer)
            continue;
        state->peer = nullptr;
        if (const auto gone = std::exchange(state->gone, {}))
            gone();
    }
    deleteLater();
}

void ControlPeer::readSome()
{
    const std::span<char> room = lockedReadBuffer();
    const ssize_t got = ::recv(m_socket.get(), room.data(), room.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        leave();
        return;
    }
    const auto taken = takeFrames(room.first(static_cast<std::size_t>(got)));
    sodium_memzero(room.data(), static_cast<std::size_t>(got));
    if (!taken)
        leave();
}

Result<> ControlPeer::takeFrames(std::span<const char> bytes)
{
    while (!bytes.empty() && !m_left) {
        const auto got = m_frames.take(bytes);
        if (!got)
            return fail(got.error());
        if (*got == ControlFrames::Got::Secret)
            dispatch(m_frames.takeSecret());
        else if (*got == ControlFrames::Got::Line) {
            if (auto taken = takeLine(); !taken)
                return taken;
        }
    }
    return {};
}

Result<> ControlPeer::takeLine()
{
    auto request = parseControlRequest(m_frames.line());
    if (!request)
        return fail(std::move(request.error()));
    m_request = std::move(*request);
    if (m_request->secretBytes == 0)
        dispatch({});
    else
        m_frames.expectSecret(m_request->secretBytes);
    return {};
}

void ControlPeer::dispatch(SharedSecret secret)
{
    const ControlRequest request = std::move(*std::exchange(m_request, std::nullopt));
    auto state = std::make_shared<Responder::State>();
    state->peer = this;
    state->id = request.id;
    std::erase_if(m_pending, [](const auto &pending) { return pending.expired(); });
    m_pending.push_back(state);
    ++m_pending_count;
    m_patience.stop();

    const Responder responder(std::move(state));
    if (m_pending_count > ControlServer::kMaxPending)
        responder.refuse(
            {.code = "control.busy", .message = "Too many commands at once: wait for answers first."});
    else if (m_handler)
        m_handler({.name = request.command, .arguments = request.arguments, .secret = std::move(secret)},
                  responder);
}

void ControlPeer::answered()
{
    if (--m_pending_count == 0 && !m_left)
        m_patience.start();
}

void ControlPeer::queue(std::string text, SharedSecret secret)
{
    if (m_left)
        return;
    m_out_bytes += text.size() + (secret ? secret->size() : 0);
    m_out.push_back({.text = std::move(text)});
    if (secret)
        m_out.push_back({.secret = std::move(secret)});
    if (m_out_bytes > ControlServer::kMaxUnread)
        leave();
    else
        writeSome();
}

void ControlPeer::writeSome()
{
    while (!m_out.empty()) {
        const std::string_view rest = m_out.front().bytes().substr(m_sent);
        const ssize_t sent = ::send(m_socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN)
            break;
        if (sent < 0) {
            leave();
            return;
        }
        m_sent += static_cast<std::size_t>(sent);
        if (m_sent == m_out.front().bytes().size()) {
            m_out_bytes -= m_sent;
            m_sent = 0;
            m_out.pop_front();
        }
    }
    m_writable.setEnabled(!m_out.empty());
}

Responder::State::~State()
{
    if (peer) {
        answer({.kind = ControlReply::Kind::Error,
                .error
                = {.code = "control.unanswered", .message = "This command came to nothing: try it again."}});
    }
}

void Responder::State::answer(ControlReply reply, SharedSecret secret)
{
    if (!peer)
        return;
    ControlPeer *const to = peer;
    const bool last = reply.kind != ControlReply::Kind::Event;
    if (last)
        peer = nullptr;
    reply.id = id;
    to->queue(print(reply), std::move(secret));
    if (last)
        to->answered();
}

Responder::Responder(std::shared_ptr<State> state)
    : m_state(std::move(state))
{ }

void Responder::result(const QJsonValue &value, SharedSecret secret) const
{
    const std::size_t size = secret ? secret->size() : 0;
    m_state->answer({.value = value, .secretBytes = size}, size > 0 ? std::move(secret) : SharedSecret{});
}

void Responder::refuse(const Error &error) const
{
    m_state->answer({.kind = ControlReply::Kind::Error, .error = error});
}

bool Responder::event(const QJsonValue &value) const
{
    m_state->answer({.kind = ControlReply::Kind::Event, .value = value});
    return m_state->peer != nullptr;
}

void Responder::onGone(std::function<void()> gone) const
{
    m_state->gone = std::move(gone);
}

} // namespace portolan::control
