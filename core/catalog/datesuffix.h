// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portolan::catalog {

/// The date at the end of a model's name.
struct DateSuffix {
    std::size_t length = 0;  ///< with its '-' or '@'
    std::int32_t date = 0;   ///< yyyymmdd with unknown parts 0; 0 when it has no year
    std::int32_t number = 0; ///< the digits as one number, to tell "-001" from "-002"
};

/// "-2024-08-06", "-20240806", "@20240806", "-09-2025", "-0613" (month and day), "-2507" (year and month),
/// "-001".
[[nodiscard]] std::optional<DateSuffix> dateAtEnd(std::string_view name) noexcept;

/// The name without one date, "-latest", "-preview" or "-exp" at its end; nothing when it has none.
[[nodiscard]] std::optional<std::string_view> withoutSuffix(std::string_view name) noexcept;

} // namespace portolan::catalog
