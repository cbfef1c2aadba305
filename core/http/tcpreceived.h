// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace portolan::http {

/// All bytes that the peer ever sent on a connection, also those that a library read and keeps to itself.
/// Where the system does not say, a number that is new each time: as if something had come.
[[nodiscard]] std::uint64_t bytesReceived(int socket);

} // namespace portolan::http
