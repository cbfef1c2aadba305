// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::http {

/// Which Host names and Origins a listener serves (threat-model A2 to A4). It stands between the gateway and
/// every web page that a browser on this machine has open: a foreign name in Host means DNS rebinding.
/// Immutable; threads share it.
class ListenerRules
{
public:
    enum class HostVerdict : std::uint8_t { Allowed, Foreign, Malformed };

    /// `hosts` and `origins` are the owner's additions. A host with a port is taken exactly; one without is
    /// served whatever the port, since a proxy may stand before us. `address` is the bound literal.
    ListenerRules(std::string_view address, std::uint16_t port, const std::vector<std::string> &hosts,
                  const std::vector<std::string> &origins);

    /// An authority as in Host or an absolute-form target: name or address, and port.
    [[nodiscard]] HostVerdict judgeHost(std::string_view authority) const;
    [[nodiscard]] bool allowsOrigin(std::string_view origin) const;

private:
    std::vector<std::string> m_exact;    // with port, lower case
    std::vector<std::string> m_any_port; // without
    std::vector<std::string> m_origins;
};

} // namespace portolan::http
