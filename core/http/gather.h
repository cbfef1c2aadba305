// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <sys/uio.h>

namespace portolan::http {

/// A piece of memory as sendmsg wants it.
[[nodiscard]] inline iovec toIovec(std::string_view bytes) noexcept
{
    return {.iov_base = const_cast<char *>(bytes.data()), .iov_len = bytes.size()}; // sendmsg only reads it
}

/// Moves the front of the pieces over bytes that were sent; returns what is left.
[[nodiscard]] inline std::span<iovec> afterSending(std::span<iovec> pieces, std::size_t sent) noexcept
{
    while (!pieces.empty() && sent >= pieces.front().iov_len) {
        sent -= pieces.front().iov_len;
        pieces = pieces.subspan(1);
    }
    if (!pieces.empty()) {
        pieces.front().iov_base = static_cast<char *>(pieces.front().iov_base) + sent;
        pieces.front().iov_len -= sent;
    }
    return pieces;
}

} // namespace portolan::http
