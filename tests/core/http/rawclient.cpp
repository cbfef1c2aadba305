// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/rawclient.h"

#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portolan::test {

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : m_descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    const int on = 1;
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (receive_buffer > 0)
        ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(m_descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        close();
}

RawClient::~RawClient()
{
    close();
}

bool RawClient::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(std::size_t(sent));
    }
    return true;
}

bool RawClient::fill()
{
    char bytes[64 * 1024];
    const auto got = ::recv(m_descriptor, bytes, sizeof bytes, 0);
    if (got <= 0)
        return false;
    m_buffer.append(bytes, std::size_t(got));
    return true;
}

std::string RawClient::readHead()
{
    std::size_t end = 0;
    while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!fill())
            return {};
    }
    std::string head = m_buffer.substr(0, end + 4);
    m_buffer.erase(0, end + 4);
    return head;
}

std::string RawClient::readAnswer(bool with_body)
{
    std::string whole = readHead();
    if (whole.empty() || !with_body)
        return whole;
    if (whole.contains("Transfer-Encoding: chunked")) {
        while (!m_buffer.contains("\r\n0\r\n\r\n") && !m_buffer.starts_with("0\r\n\r\n")) {
            if (!fill())
                return whole + std::exchange(m_buffer, {});
        }
        const auto end = m_buffer.starts_with("0\r\n\r\n") ? 5 : m_buffer.find("\r\n0\r\n\r\n") + 7;
        whole += m_buffer.substr(0, end);
        m_buffer.erase(0, end);
        return whole;
    }
    const auto at = whole.find("Content-Length: ");
    return whole + read(at == std::string::npos ? 0 : std::strtoul(whole.c_str() + at + 16, nullptr, 10));
}

std::string RawClient::read(std::size_t size)
{
    while (m_buffer.size() < size && fill()) { }
    std::string bytes = m_buffer.substr(0, size);
    m_buffer.erase(0, bytes.size());
    return bytes;
}

std::string RawClient::readToEnd()
{
    while (fill()) { }
    return std::exchange(m_buffer, {});
}

bool RawClient::closesWithin(std::chrono::milliseconds time)
{
    pollfd wanted{.fd = m_descriptor, .events = POLLIN, .revents = 0};
    return ::poll(&wanted, 1, int(time.count())) == 1 && !fill();
}

void RawClient::shutdownSend()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void RawClient::close()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
}

void RawClient::reset()
{
    const linger hard{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
}

int statusOf(std::string_view answer)
{
    return answer.size() < 12 ? 0 : std::atoi(answer.data() + 9);
}

std::string bodyOf(std::string_view answer)
{
    const auto end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string() : std::string(answer.substr(end + 4));
}

} // namespace portolan::test
