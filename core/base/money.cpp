// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/money.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace portolan {

namespace {

constexpr int kNanoDigits = 9;
constexpr std::array<std::uint64_t, kNanoDigits + 1> kPowersOfTen
    = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

bool isDigits(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::unexpected<Error> badAmount()
{
    return fail({.origin = Origin::Client,
                 .code = "money.bad_amount",
                 .message = "Give an amount of dollars as a plain decimal number, such as 12 or 0.0025."});
}

} // namespace

NanoUsd operator+(NanoUsd a, NanoUsd b) noexcept
{
    NanoUsd sum;
    if (__builtin_add_overflow(a.value, b.value, &sum.value)) {
        using Range = std::numeric_limits<std::int64_t>;
        sum.value = a.value < 0 ? Range::min() : Range::max();
    }
    return sum;
}

NanoUsd &NanoUsd::operator+=(NanoUsd other) noexcept
{
    return *this = *this + other;
}

std::string toDecimal(NanoUsd amount, int digits)
{
    const bool negative = amount.value < 0;
    std::uint64_t magnitude = static_cast<std::uint64_t>(amount.value);
    if (negative)
        magnitude = 0 - magnitude;

    const int kept = std::clamp(digits, 0, kNanoDigits);
    const std::uint64_t step = kPowersOfTen[static_cast<std::size_t>(kNanoDigits - kept)];
    const std::uint64_t scaled = magnitude / step + (magnitude % step * 2 >= step ? 1 : 0);

    std::string text = std::to_string(scaled);
    const auto places = static_cast<std::size_t>(kept);
    if (text.size() <= places)
        text.insert(0, places + 1 - text.size(), '0');
    if (digits > 0) {
        text.insert(text.size() - places, 1, '.');
        text.append(static_cast<std::size_t>(digits - kept), '0');
    }
    if (negative && scaled != 0)
        text.insert(0, 1, '-');
    return text;
}

Result<NanoUsd> parseUsd(std::string_view text)
{
    const auto point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    std::string_view fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    const bool complete = !whole.empty() && (point == std::string_view::npos || !fraction.empty());
    if (!complete || !isDigits(whole) || !isDigits(fraction))
        return badAmount();

    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    if (fraction.size() > kNanoDigits)
        return badAmount();

    std::int64_t dollars = 0;
    if (std::from_chars(whole.data(), whole.data() + whole.size(), dollars).ec != std::errc{})
        return badAmount();
    std::int64_t nanos = 0;
    if (!fraction.empty()) {
        std::from_chars(fraction.data(), fraction.data() + fraction.size(), nanos);
        nanos *= static_cast<std::int64_t>(kPowersOfTen[kNanoDigits - fraction.size()]);
    }

    NanoUsd amount;
    constexpr auto kNanosPerDollar = std::int64_t{1'000'000'000};
    if (__builtin_mul_overflow(dollars, kNanosPerDollar, &amount.value)
        || __builtin_add_overflow(amount.value, nanos, &amount.value)) {
        return badAmount();
    }
    return amount;
}

} // namespace portolan
