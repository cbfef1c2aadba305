// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace portolan::vault {

enum class SessionBus {
    Absent, ///< none in this session: a server, a container, a bare console
    Silent, ///< something accepts the connection and says nothing
    Ready,
};

/// Looks without libdbus, which starts a bus of its own where there is none and waits for a silent one
/// without end.
[[nodiscard]] SessionBus findSessionBus(std::chrono::milliseconds wait);

/// Whether a Secret Service or KWallet runs on the bus, or is started by it when asked.
[[nodiscard]] bool hasKeyringService();

} // namespace portolan::vault
