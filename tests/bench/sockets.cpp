// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/sockets.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace portolan::bench {
namespace {

std::uint64_t clockNs(clockid_t clock) noexcept
{
    timespec now{};
    clock_gettime(clock, &now);
    return std::uint64_t(now.tv_sec) * 1'000'000'000 + std::uint64_t(now.tv_nsec);
}

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

void setOption(int fd, int level, int option)
{
    const int on = 1;
    setsockopt(fd, level, option, &on, sizeof on);
}

} // namespace

Descriptor::Descriptor(Descriptor &&other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
{ }

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept
{
    std::swap(m_fd, other.m_fd);
    return *this;
}

Descriptor::~Descriptor()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

std::uint64_t nowNs() noexcept
{
    return clockNs(CLOCK_MONOTONIC);
}

std::uint64_t wallUs() noexcept
{
    return clockNs(CLOCK_REALTIME) / 1'000;
}

Descriptor listenOn(std::uint16_t port)
{
    Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    setOption(fd.get(), SOL_SOCKET, SO_REUSEADDR);
    const auto address = loopback(port);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
        || ::listen(fd.get(), SOMAXCONN) != 0)
        quit("cannot listen on port " + std::to_string(port));
    return fd;
}

Descriptor connectTo(std::uint16_t port)
{
    Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    setOption(fd.get(), IPPROTO_TCP, TCP_NODELAY);
    const auto address = loopback(port);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
        && errno != EINPROGRESS)
        return {};
    return fd;
}

bool sendSome(int fd, std::string_view &text)
{
    while (!text.empty()) {
        const auto sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
        text.remove_prefix(std::size_t(sent));
    }
    return true;
}

std::uint64_t numberOf(std::string_view text, std::string_view what)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        quit(std::string(what) + " needs a whole number, not '" + std::string(text) + "'");
    return value;
}

void quit(const std::string &sentence)
{
    std::fprintf(stderr, "%s\n", sentence.c_str());
    std::exit(2);
}

} // namespace portolan::bench
