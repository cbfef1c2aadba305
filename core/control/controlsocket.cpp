// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlsocket.h"

#include "core/control/controlpeer.h"

#include <QSocketNotifier>

#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
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
{
}

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

Result<ControlReply> ControlClient::receiveReply(SharedSecret &secret, std::optional<std::chrono::milliseconds> wait)
{
    // One byte less than everything that waits would do; a whole message never stays behind, for we ask one at a time.
    std::array<char, 16 * 1024> room{};
    std::optional<ControlReply> reply;
    for (;;) {
        const auto got = receive(m_socket.get(), room, wait);
        if (!got)
            return noAnswer("The running Portolan did not answer in time: try again.");
        if (*got == 0)
            return noAnswer("The running Portolan ended the connection: try again.");
    }
}

} // namespace portolan::control
