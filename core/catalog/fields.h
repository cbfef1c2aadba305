// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace portolan::catalog {

/// The piece of `rest` before the next separator, taken off its front together with it.
[[nodiscard]] std::string_view takeUntil(std::string_view &rest, char separator) noexcept;

/// "a,b" as its pieces; nothing for an empty text.
[[nodiscard]] std::vector<std::string_view> splitList(std::string_view text, char separator);

/// A plain decimal number times ten to the power of `scale`. Nothing when it is not one, is finer, or too
/// large.
[[nodiscard]] std::optional<std::int64_t> readScaled(std::string_view text, int scale) noexcept;

/// A whole number of up to 18 digits.
[[nodiscard]] std::optional<std::int64_t> readCount(std::string_view text) noexcept;

[[nodiscard]] constexpr bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

} // namespace portolan::catalog
