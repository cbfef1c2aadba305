// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/upstream.h"

#include <boost/asio/ip/address.hpp>

#include <cstdint>

namespace portolan::http {

/// What kind of network an address belongs to (IANA special-purpose registries, RFC 6890). Addresses that
/// carry another one inside (v4-mapped, NAT64, 6to4) are judged by that one.
enum class AddressKind : std::uint8_t {
    Public,
    Private, ///< also CGNAT, unique local and reserved-for-documentation ones
    Loopback,
    Never, ///< link-local, metadata services, multicast, unspecified, broadcast
};

[[nodiscard]] AddressKind kindOf(const asio::ip::address &address);

/// Whether a connection under this policy may end there (threat-model E4).
[[nodiscard]] bool mayConnect(const asio::ip::address &address, AddressPolicy policy);

} // namespace portolan::http
