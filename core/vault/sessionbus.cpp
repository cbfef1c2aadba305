// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/sessionbus.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QStringList>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <string_view>

using namespace Qt::StringLiterals;

namespace portolan::vault {

namespace {

bool waitFor(int fd, short events, std::chrono::milliseconds wait)
{
    pollfd waiting{.fd = fd, .events = events, .revents = 0};
    return ::poll(&waiting, 1, static_cast<int>(wait.count())) > 0;
}

/// Asks for the ways to log in, which every bus answers at once (D-Bus specification, "Authentication
/// protocol").
bool answers(int fd, std::chrono::milliseconds wait)
{
    constexpr std::array<char, 7> question{'\0', 'A', 'U', 'T', 'H', '\r', '\n'};
    std::array<char, 64> reply{};
    return waitFor(fd, POLLOUT, wait) && ::send(fd, question.data(), question.size(), MSG_NOSIGNAL) > 0
        && waitFor(fd, POLLIN, wait) && ::recv(fd, reply.data(), reply.size(), 0) > 0;
}

SessionBus lookAt(const QByteArray &path, std::chrono::milliseconds wait)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.isEmpty() || path.size() >= qsizetype(sizeof address.sun_path))
        return SessionBus::Absent;
    std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return SessionBus::Absent;
    SessionBus found = SessionBus::Absent;
    if (::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        found = answers(fd, wait) ? SessionBus::Ready : SessionBus::Silent;
    ::close(fd);
    return found;
}

bool listsKeyring(const QDBusConnection &bus, const QString &method)
{
    static constexpr std::array services
        = {"org.freedesktop.secrets"_L1, "org.kde.kwalletd6"_L1, "org.kde.kwalletd5"_L1};
    const auto call = QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                                                     u"org.freedesktop.DBus"_s, method);
    const QDBusMessage reply = bus.call(call, QDBus::Block, 1000);
    if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
        return false;
    const QStringList names = reply.arguments().constFirst().toStringList();
    return std::ranges::any_of(services, [&](QLatin1StringView name) { return names.contains(name); });
}

} // namespace

SessionBus findSessionBus(std::chrono::milliseconds wait)
{
    const QByteArray address = qgetenv("DBUS_SESSION_BUS_ADDRESS");
    if (address.isEmpty()) {
        const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
        return runtime.isEmpty() ? SessionBus::Absent : lookAt(runtime + "/bus", wait);
    }
    constexpr std::string_view socket = "unix:path=";
    if (!std::string_view(address).starts_with(socket))
        return SessionBus::Ready; // another transport: for libdbus to judge
    const auto rest = std::string_view(address).substr(socket.size());
    const auto path = rest.substr(0, rest.find_first_of(",;"));
    return lookAt(QByteArray::fromPercentEncoding(QByteArray(path.data(), qsizetype(path.size()))), wait);
}

bool hasKeyringService()
{
    static std::atomic<int> looks = 0; // names are shared by the whole program
    const QString name = u"portolan-keyring-%1"_s.arg(++looks);
    bool found = false;
    {
        const auto bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, name);
        found = bus.isConnected()
            && (listsKeyring(bus, u"ListNames"_s) || listsKeyring(bus, u"ListActivatableNames"_s));
    }
    QDBusConnection::disconnectFromBus(name);
    return found;
}

} // namespace portolan::vault
