// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace portolan::catalog {

__extension__ using Int128 = __int128;

/// A fraction that is never negative, in lowest terms, of 128-bit whole numbers. One that would not fit
/// counts as too large from then on.
class Fraction
{
public:
    constexpr Fraction() = default;
    constexpr explicit Fraction(std::int64_t whole)
        : m_over(whole)
    { }
    /// Neither is negative, and `under` is not 0.
    [[nodiscard]] static Fraction of(std::int64_t over, std::int64_t under) noexcept;

    [[nodiscard]] Fraction times(const Fraction &other) const noexcept;
    [[nodiscard]] Fraction dividedBy(const Fraction &other) const noexcept; ///< other is not 0
    [[nodiscard]] Fraction plus(const Fraction &other) const noexcept;
    [[nodiscard]] bool isZero() const noexcept { return m_over == 0; }

    /// Whole part, at most the largest int64.
    [[nodiscard]] std::int64_t floor() const noexcept;
    /// The nearest whole number, halves up, at most the largest int64.
    [[nodiscard]] std::int64_t rounded() const noexcept;
    /// The value does not fit an int64.
    [[nodiscard]] bool isTooLarge() const noexcept;

    friend bool operator==(const Fraction &, const Fraction &) = default;

private:
    static Fraction reduced(Int128 over, Int128 under) noexcept;
    static Fraction tooLarge() noexcept;

    Int128 m_over = 0;
    Int128 m_under = 1;
    bool m_too_large = false;
};

} // namespace portolan::catalog
