// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace portolan::http {

/// "nginx (process 1234)" for the program that listens on a TCP port of this machine, as far as /proc tells:
/// other users' processes hide their descriptors. Empty when it cannot be found out.
[[nodiscard]] std::string portHolder(std::uint16_t port);

} // namespace portolan::http
