// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlsocket.h"

#include "core/control/controlpeer.h"

#include <QSocketNotifier>

#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace portolan::control {

namespace {

constexpr std::string_view kSocketName = "control.sock";

std::unexpected<Error> noAnswer(std::string message)
{
    return fail({.code = "control.no_answer", .message = std::move(message), .retryable = true});
}

} // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::listen(const std::filesystem::path &data_directory)
{
    auto path = localSocketPath(data_directory, kSocketName);
    if (!path)
        return fail(std::move(path.error()));
    auto socket = listenOn(*path);
    if (!socket)
        return fail(std::move(socket.error()));
    return std::unique_ptr<ControlServer>(new ControlServer(std::move(*socket), std::move(*path)));
}

ControlServer::ControlServer(FileDescriptor socket, std::filesystem::path path)
    : m_socket(std::move(socket))
    , m_path(std::move(path))
    , m_arrivals(std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Read))
{
    connect(m_arrivals.get(), &QSocketNotifier::activated, this, &ControlServer::accept);
}

ControlServer::~ControlServer()
{
    ::unlink(m_path.c_str());
}

void ControlServer::onCommand(std::function<void(Command, Responder)> handler)
{
    m_handler = std::move(handler);
}

void ControlServer::accept()
{
    FileDescriptor peer(::accept4(m_socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!peer.isOpen() || !isPeerOurs(peer.get()))
        return;
    if (findChildren<ControlPeer *>(Qt::FindDirectChildrenOnly).size() >= qsizetype(kMaxPeers))
        return; // closed unread; the command line says that nobody answered
    new ControlPeer(std::move(peer), m_handler, m_patience, this);
}

ControlClient::ControlClient(FileDescriptor socket)
    : m_socket(std::move(socket))
{ }

Result<std::optional<ControlClient>> ControlClient::connect(const std::filesystem::path &data_directory)
{
    const auto path = localSocketPath(data_directory, kSocketName);
    if (!path)
        return fail(path.error());
    auto socket = connectTo(*path);
    if (!socket)
        return fail(std::move(socket.error()));
    if (!*socket)
        return std::nullopt;
    return ControlClient(std::move(**socket));
}

Result<> ControlClient::send(const QString &command, const QJsonObject &arguments, const SecretBytes *secret)
{
    const ControlRequest request{
        .id = ++m_last_id,
        .command = command,
        .arguments = arguments,
        .secretBytes = secret ? secret->size() : 0,
    };
    const std::string text = print(request);
    if (auto checked = parseControlRequest(std::string_view(text).substr(0, text.size() - 1)); !checked)
        return fail(std::move(checked.error()));
    if (!sendAll(m_socket.get(), text) || (secret && !sendAll(m_socket.get(), secret->view())))
        return noAnswer("The running Portolan does not take commands: try again.");
    return {};
}

Result<ControlClient::Answer> ControlClient::call(const QString &command, const QJsonObject &arguments,
                                                  const SecretBytes *secret, std::chrono::milliseconds wait)
{
    const auto ignore = [](const QJsonValue &) { return true; };
    if (auto sent = send(command, arguments, secret); !sent)
        return fail(std::move(sent.error()));
    return receiveAnswer(wait, ignore);
}

Result<ControlClient::Answer> ControlClient::follow(const QString &command, const QJsonObject &arguments,
                                                    const std::function<bool(const QJsonValue &)> &on_event)
{
    if (auto sent = send(command, arguments, nullptr); !sent)
        return fail(std::move(sent.error()));
    return receiveAnswer(std::nullopt, on_event);
}

Result<ControlClient::Answer>
ControlClient::receiveAnswer(std::optional<std::chrono::milliseconds> wait,
                             const std::function<bool(const QJsonValue &)> &on_event)
{
    Answer answer;
    const std::span<char> room = lockedReadBuffer();
    for (;;) {
        const auto got = receive(m_socket.get(), room, wait);
        if (!got)
            return noAnswer("The running Portolan did not answer in time: try again.");
        if (*got == 0)
            return noAnswer("The running Portolan ended the connection: try again.");
        const auto done = takeFrames(room.first(*got), answer, on_event);
        sodium_memzero(room.data(), *got);
        if (!done)
            return fail(done.error());
        if (*done)
            return answer;
    }
}

/// True when the answer is complete. Nothing follows it, for we ask one thing at a time.
Result<bool> ControlClient::takeFrames(std::span<const char> bytes, Answer &answer,
                                       const std::function<bool(const QJsonValue &)> &on_event)
{
    while (!bytes.empty()) {
        const auto got = m_frames.take(bytes);
        if (!got)
            return fail(got.error());
        if (*got == ControlFrames::Got::Nothing)
            continue;
        if (*got == ControlFrames::Got::Secret) {
            answer.secret = m_frames.takeSecret();
            return true;
        }
        auto reply = parseControlReply(m_frames.line());
        if (!reply)
            return fail(std::move(reply.error()));
        if (reply->id != m_last_id)
            return noAnswer("The running Portolan answered something else: try again.");
        if (reply->kind == ControlReply::Kind::Error)
            return fail(std::move(reply->error));
        if (reply->kind == ControlReply::Kind::Event) {
            if (on_event(reply->value))
                continue;
            m_socket = FileDescriptor();
            return true;
        }
        answer.value = reply->value;
        if (reply->secretBytes == 0)
            return true;
        m_frames.expectSecret(reply->secretBytes);
    }
    return false;
}

} // namespace portolan::control
