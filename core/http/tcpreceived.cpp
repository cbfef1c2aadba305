// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/tcpreceived.h"

#include <atomic>
#include <cstddef>

#include <netinet/in.h>
#include <sys/socket.h>
// The kernel's header: glibc's tcp_info ends before this counter, and Asio's headers bring glibc's in.
#ifdef __linux__
#include <linux/tcp.h>
#endif

namespace portolan::http {

std::uint64_t bytesReceived(int socket)
{
#ifdef __linux__
    constexpr std::uint8_t kCloseWait = 8; // TCP_CLOSE_WAIT, which only glibc's header names
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0
        && size >= offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received)
        return info.tcpi_bytes_received - (info.tcpi_state == kCloseWait ? 1 : 0); // the end counts as one
#else
    static_cast<void>(socket);
#endif
    static std::atomic<std::uint64_t> unknown{0};
    return ++unknown;
}

} // namespace portolan::http
