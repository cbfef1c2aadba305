// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/localsocket.h"

#include "core/base/readysodium.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <system_error>

namespace portolan::control {

namespace {

constexpr int kBacklog = 16;
constexpr timeval kPatience{.tv_sec = 5, .tv_usec = 0};
constexpr std::size_t kReadAtOnce = 64 * 1024;

std::unexpected<Error> failSocket(std::string code, std::string message, const std::filesystem::path &path)
{
    return fail(
        {.code = std::move(code), .message = std::move(message), .where = path.string(), .retryable = true});
}

std::unexpected<Error> failIo(std::string_view doing, const std::filesystem::path &path, int number)
{
    return failSocket("control.io",
                      fmt::format("Could not {} the control socket: {}.", doing,
                                  std::error_code(number, std::generic_category()).message()),
                      path);
}

bool fits(const std::filesystem::path &path)
{
    return path.native().size() < sizeof(sockaddr_un::sun_path);
}

sockaddr_un addressOf(const std::filesystem::path &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    return address;
}

FileDescriptor makeSocket()
{
    return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/// 0, or the error's number.
int connectSocket(int fd, const sockaddr_un &address)
{
    int result = 0;
    do {
        result = ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    } while (result < 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

bool bindSocket(int fd, const sockaddr_un &address)
{
    // Linux makes the file with the socket's own mode, so it is never open to others, whatever the umask.
    return ::fchmod(fd, S_IRUSR | S_IWUSR) == 0
        && ::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
}

bool isOurSocket(const std::filesystem::path &path)
{
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode) && info.st_uid == ::geteuid();
}

bool isPrivateDirectory(const std::filesystem::path &directory)
{
    struct stat info{};
    return ::stat(directory.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid()
        && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

std::string shortName(const std::filesystem::path &path)
{
    std::array<unsigned char, crypto_generichash_BYTES_MIN> digest{};
    const std::string &text = path.native();
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char *>(text.data()),
                       text.size(), nullptr, 0);
    std::string name = "portolan-";
    for (const unsigned char byte : digest)
        name += fmt::format("{:02x}", byte);
    return name;
}

} // namespace

FileDescriptor::~FileDescriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<std::filesystem::path> localSocketPath(const std::filesystem::path &data_directory,
                                              std::string_view name)
{
    // Every spelling of a directory must lead to the same socket.
    std::error_code error;
    const std::filesystem::path directory = std::filesystem::weakly_canonical(data_directory, error);
    const std::filesystem::path path = (error ? data_directory : directory) / name;
    if (fits(path))
        return path;
    const char *const runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime && *runtime == '/' && isPrivateDirectory(runtime)) {
        if (const auto other = std::filesystem::path(runtime) / shortName(path); fits(other))
            return other;
    }
    return failSocket("control.path_too_long",
                      "The path of the data directory is too long for a socket: use --data "
                      "with a path of at most 90 characters.",
                      path);
}

Result<FileDescriptor> listenOn(const std::filesystem::path &path)
{
    FileDescriptor socket = makeSocket();
    if (!socket.isOpen())
        return failIo("make", path, errno);
    const sockaddr_un address = addressOf(path);
    if (!bindSocket(socket.get(), address)) {
        if (errno != EADDRINUSE)
            return failIo("make", path, errno);
        const FileDescriptor knock = makeSocket();
        if (connectSocket(knock.get(), address) != ECONNREFUSED || !isOurSocket(path))
            return failSocket("control.in_use", "Another Portolan runs on this data directory: use that one.",
                              path);
        ::unlink(path.c_str());
        if (!bindSocket(socket.get(), address))
            return failIo("make", path, errno);
    }
    const int flags = ::fcntl(socket.get(), F_GETFL);
    if (::fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) < 0 || ::listen(socket.get(), kBacklog) < 0)
        return failIo("listen on", path, errno);
    return socket;
}

Result<std::optional<FileDescriptor>> connectTo(const std::filesystem::path &path)
{
    FileDescriptor socket = makeSocket();
    // An instance that hangs takes neither calls nor bytes: nobody waits for it without end.
    if (!socket.isOpen()
        || ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience) < 0)
        return failIo("open", path, errno);
    const int number = connectSocket(socket.get(), addressOf(path));
    if (number == ENOENT || number == ECONNREFUSED)
        return std::nullopt;
    if (number == EAGAIN)
        return failSocket("control.no_answer", "The running Portolan does not answer: try again.", path);
    if (number != 0)
        return failIo("reach", path, number);
    if (!isPeerOurs(socket.get())) {
        return failSocket(
            "control.foreign_peer",
            "Another user listens on the control socket of this data directory: use one of your own.", path);
    }
    return std::optional<FileDescriptor>(std::move(socket));
}

bool isPeerOurs(int fd)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && size == sizeof peer
        && peer.uid == ::geteuid();
}

bool sendAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::span<char> lockedReadBuffer()
{
    struct Freed {
        void operator()(char *data) const { sodium_free(data); }
    };
    thread_local const std::unique_ptr<char, Freed> buffer = [] {
        readySodium();
        return std::unique_ptr<char, Freed>(static_cast<char *>(sodium_malloc(kReadAtOnce)));
    }();
    if (!buffer)
        throw std::bad_alloc();
    return {buffer.get(), kReadAtOnce};
}

std::optional<std::size_t> receive(int fd, std::span<char> room,
                                   std::optional<std::chrono::milliseconds> wait)
{
    for (;;) {
        pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
        const int ready = ::poll(&waiting, 1, wait ? static_cast<int>(wait->count()) : -1);
        if (ready == 0)
            return std::nullopt;
        const ssize_t got = ready < 0 ? -1 : ::recv(fd, room.data(), room.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        return got < 0 ? 0 : static_cast<std::size_t>(got);
    }
}

} // namespace portolan::control
