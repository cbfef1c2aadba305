// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef> // before <compare>, which moc of Qt 6.4 cannot read as the first header of libstdc++

#include <compare>
#include <cstdint>
#include <functional>

namespace portolan {

/// A number that names one thing of one kind: ids of different kinds do not convert into one another.
/// Zero names nothing.
template <typename Tag>
struct Id {
    std::int64_t value = 0;

    explicit operator bool() const noexcept { return value != 0; }
    friend auto operator<=>(const Id &, const Id &) = default;
};

using RequestId
    = Id<struct RequestTag>; ///< rises with time: microseconds since 1970, made unique (makeRequestId)
using AccountId = Id<struct AccountTag>;
using VirtualKeyId = Id<struct VirtualKeyTag>;
using ClientKeyId = Id<struct ClientKeyTag>;
using ConfigId = Id<struct ConfigTag>;

} // namespace portolan

template <typename Tag>
struct std::hash<portolan::Id<Tag>> {
    std::size_t operator()(const portolan::Id<Tag> &id) const noexcept
    {
        return std::hash<std::int64_t>{}(id.value);
    }
};
