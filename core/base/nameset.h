// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace portolan {

/// A closed list of header names, looked up whatever their case. Sorted by length when the program is built,
/// so that a look-up compares the few names that are as long and begin alike: every header line of every
/// request is asked for in several such lists.
template <std::size_t N>
class NameSet
{
public:
    /// Names in lower case, shorter than 32 bytes, in any order.
    consteval explicit NameSet(std::array<std::string_view, N> names)
        : m_names(names)
    {
        std::ranges::sort(m_names, {}, &std::string_view::size);
        for (std::size_t length = 0; length <= kLongest; ++length) {
            const auto shorter = [&](std::string_view name) { return name.size() < length; };
            m_first[length] = std::uint8_t(std::ranges::count_if(m_names, shorter));
        }
        if (m_names.back().size() >= kLongest)
            throw "a name is too long"; // the build says so
    }

    [[nodiscard]] bool contains(std::string_view name) const noexcept
    {
        if (name.empty() || name.size() >= kLongest)
            return false;
        const char first = loweredAscii(name.front());
        for (std::size_t i = m_first[name.size()]; i < m_first[name.size() + 1]; ++i) {
            if (m_names[i].front() == first && equalsIgnoringCase(m_names[i], name))
                return true;
        }
        return false;
    }

private:
    static constexpr std::size_t kLongest = 32;

    std::array<std::string_view, N> m_names;
    std::array<std::uint8_t, kLongest + 1> m_first{}; // of m_names, by length
};

template <std::size_t N>
NameSet(std::array<std::string_view, N>) -> NameSet<N>;

} // namespace portolan
