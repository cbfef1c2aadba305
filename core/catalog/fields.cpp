// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/fields.h"

#include <algorithm>
#include <limits>

namespace portolan::catalog {

std::string_view takeUntil(std::string_view &rest, char separator) noexcept
{
    const auto at = rest.find(separator);
    const auto piece = rest.substr(0, at);
    rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
    return piece;
}

std::vector<std::string_view> splitList(std::string_view text, char separator)
{
    std::vector<std::string_view> pieces;
    if (text.empty())
        return pieces;
    pieces.reserve(static_cast<std::size_t>(std::ranges::count(text, separator)) + 1);
    while (!text.empty())
        pieces.push_back(takeUntil(text, separator));
    return pieces;
}

std::optional<std::int64_t> readScaled(std::string_view text, int scale) noexcept
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    std::int64_t value = 0;
    bool any_digit = false;
    bool after_point = false;
    for (const char c : text) {
        if (c == '.' && !after_point && any_digit) {
            after_point = true;
            any_digit = false;
            continue;
        }
        if (!isDigit(c) || (after_point && --scale < 0))
            return {};
        const int digit = c - '0';
        if (value > (most - digit) / 10)
            return {};
        value = value * 10 + digit;
        any_digit = true;
    }
    if (!any_digit)
        return {};
    for (; scale > 0; --scale) {
        if (value > most / 10)
            return {};
        value *= 10;
    }
    return value;
}

std::optional<std::int64_t> readCount(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 18 || !std::ranges::all_of(text, isDigit))
        return {};
    return readScaled(text, 0);
}

} // namespace portolan::catalog
