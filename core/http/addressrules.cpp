// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/addressrules.h"

#include <algorithm>
#include <array>

namespace portolan::http {

namespace {

using asio::ip::address_v4;
using asio::ip::address_v6;

struct Range {
    std::uint32_t base;
    int bits;
    AddressKind kind;
};

constexpr std::array kV4Ranges{
    Range{0x00000000, 8, AddressKind::Never},    // 0.0.0.0/8 this network
    Range{0x7F000000, 8, AddressKind::Loopback}, // 127.0.0.0/8
    Range{0xA9FE0000, 16, AddressKind::Never},   // 169.254.0.0/16 link-local, metadata
    Range{0xE0000000, 3, AddressKind::Never},    // 224.0.0.0/3 multicast, reserved, broadcast
    Range{0x0A000000, 8, AddressKind::Private},  // 10.0.0.0/8
    Range{0xAC100000, 12, AddressKind::Private}, // 172.16.0.0/12
    Range{0xC0A80000, 16, AddressKind::Private}, // 192.168.0.0/16
    Range{0x64400000, 10, AddressKind::Private}, // 100.64.0.0/10 CGNAT
    Range{0xC0000000, 24, AddressKind::Private}, // 192.0.0.0/24
    Range{0xC0000200, 24, AddressKind::Private}, // 192.0.2.0/24 documentation
    Range{0xC6120000, 15, AddressKind::Private}, // 198.18.0.0/15 benchmarks
    Range{0xC6336400, 24, AddressKind::Private}, // 198.51.100.0/24 documentation
    Range{0xCB007100, 24, AddressKind::Private}, // 203.0.113.0/24 documentation
};

// Alibaba's metadata service stands in the CGNAT range, Azure's platform channel in public space.
constexpr std::array<std::uint32_t, 2> kV4Metadata{0x646464C8 /* 100.100.100.200 */,
                                                   0xA83F8110 /* 168.63.129.16 */};

AddressKind kindOfV4(std::uint32_t address)
{
    if (std::ranges::find(kV4Metadata, address) != kV4Metadata.end())
        return AddressKind::Never;
    for (const auto &range : kV4Ranges) {
        if ((address ^ range.base) >> (32 - range.bits) == 0)
            return range.kind;
    }
    return AddressKind::Public;
}

std::uint32_t v4At(const address_v6::bytes_type &bytes, std::size_t at)
{
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16
        | std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

bool beginsWith(const address_v6::bytes_type &bytes, std::initializer_list<unsigned char> prefix)
{
    return std::ranges::equal(prefix, std::span(bytes).first(prefix.size()));
}

/// A translator's address leads to the inner one, but loopback behind it is somebody else's.
AddressKind translated(std::uint32_t inner)
{
    const auto kind = kindOfV4(inner);
    return kind == AddressKind::Loopback ? AddressKind::Never : kind;
}

AddressKind kindOfV6(const address_v6::bytes_type &bytes)
{
    constexpr address_v6::bytes_type kAwsMetadata{0xFD, 0x00, 0x0E, 0xC2, 0, 0, 0,    0,
                                                  0,    0,    0,    0,    0, 0, 0x02, 0x54};
    constexpr address_v6::bytes_type kGoogleMetadata{0xFD, 0x20, 0, 0xCE, 0, 0, 0,    0,
                                                     0,    0,    0, 0,    0, 0, 0x02, 0x54};
    constexpr address_v6::bytes_type kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    if (bytes == kLoopback)
        return AddressKind::Loopback;
    if (bytes == kAwsMetadata || bytes == kGoogleMetadata)
        return AddressKind::Never;
    if (beginsWith(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}))
        return kindOfV4(v4At(bytes, 12));
    if (beginsWith(bytes, {0, 0x64, 0xFF, 0x9B}))
        return translated(v4At(bytes, 12));
    if (beginsWith(bytes, {0x20, 0x02}))
        return translated(v4At(bytes, 2));
    if (bytes[0] == 0xFF || (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80))
        return AddressKind::Never;
    if (bytes[0] == 0)
        return AddressKind::Never; // unspecified and the v4-compatible ones that nobody routes
    if ((bytes[0] & 0xE0) == 0x20 && !beginsWith(bytes, {0x20, 0x01, 0x0D, 0xB8})
        && !beginsWith(bytes, {0x20, 0x01, 0, 0}))
        return AddressKind::Public;
    return AddressKind::Private;
}

} // namespace

AddressKind kindOf(const asio::ip::address &address)
{
    return address.is_v4() ? kindOfV4(address.to_v4().to_uint()) : kindOfV6(address.to_v6().to_bytes());
}

bool mayConnect(const asio::ip::address &address, AddressPolicy policy)
{
    switch (kindOf(address)) {
    case AddressKind::Never: return false;
    case AddressKind::Public: return true;
    case AddressKind::Loopback: return policy != AddressPolicy::PublicOnly;
    case AddressKind::Private: return policy == AddressPolicy::Owner;
    }
    return false;
}

} // namespace portolan::http
