// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace portolan {

/// An amount of US dollars in integer nano-dollars: exact to 1e-9 USD, up to nine billion dollars.
struct NanoUsd {
    std::int64_t value = 0;

    friend auto operator<=>(const NanoUsd &, const NanoUsd &) = default;
    NanoUsd &operator+=(NanoUsd other) noexcept;
};

/// Sums that would leave the range stay at its end.
[[nodiscard]] NanoUsd operator+(NanoUsd a, NanoUsd b) noexcept;

/// "0.006130": a decimal number of dollars with the given number of digits after the point, rounded half up.
[[nodiscard]] std::string toDecimal(NanoUsd amount, int digits);

/// Reads a plain decimal number of dollars ("12", "0.0025"); finer than a nano-dollar or out of range fails.
[[nodiscard]] Result<NanoUsd> parseUsd(std::string_view text);

} // namespace portolan
