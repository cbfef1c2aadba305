// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace portolan::routing {

/// Status codes of a config (`on_status_codes`, `failure_status_codes`): 100 to 599 (architecture 9.11).
class StatusSet
{
public:
    StatusSet() = default;
    StatusSet(std::initializer_list<int> codes)
        : m_codes(codes.begin(), codes.end())
    {
        std::ranges::sort(m_codes);
    }

    void insert(int code)
    {
        const auto at = std::ranges::lower_bound(m_codes, code);
        if (at == m_codes.end() || *at != code)
            m_codes.insert(at, static_cast<std::int16_t>(code));
    }
    [[nodiscard]] bool contains(int code) const noexcept { return std::ranges::binary_search(m_codes, code); }
    [[nodiscard]] bool empty() const noexcept { return m_codes.empty(); }
    [[nodiscard]] std::span<const std::int16_t> codes() const noexcept { return m_codes; } ///< rising

    friend bool operator==(const StatusSet &, const StatusSet &) = default;

private:
    std::vector<std::int16_t> m_codes{};
};

} // namespace portolan::routing
