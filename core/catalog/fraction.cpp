// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/fraction.h"

#include <limits>
#include <numeric>
#include <utility>

namespace portolan::catalog {

namespace {

constexpr Int128 kMost64 = std::numeric_limits<std::int64_t>::max();

/// Prices and counts fit 64 bits nearly always, and a division of 128 bits takes ten times as long.
bool isSmall(Int128 value) noexcept
{
    return value <= kMost64;
}

Int128 commonDivisor(Int128 a, Int128 b) noexcept
{
    while (b != 0 && !(isSmall(a) && isSmall(b)))
        a = std::exchange(b, a % b);
    return b == 0 ? a : std::gcd(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
}

Int128 quotient(Int128 value, Int128 divisor) noexcept
{
    if (isSmall(value) && isSmall(divisor))
        return static_cast<std::int64_t>(value) / static_cast<std::int64_t>(divisor);
    return value / divisor;
}

} // namespace

Fraction Fraction::reduced(Int128 over, Int128 under) noexcept
{
    const Int128 divisor = commonDivisor(over, under);
    Fraction fraction;
    fraction.m_over = quotient(over, divisor);
    fraction.m_under = quotient(under, divisor);
    return fraction;
}

Fraction Fraction::tooLarge() noexcept
{
    Fraction fraction;
    fraction.m_too_large = true;
    return fraction;
}

Fraction Fraction::of(std::int64_t over, std::int64_t under) noexcept
{
    return reduced(over, under);
}

Fraction Fraction::times(const Fraction &other) const noexcept
{
    // Across first, so that nothing overflows that would fit in the end.
    const Fraction a = reduced(m_over, other.m_under);
    const Fraction b = reduced(other.m_over, m_under);
    Int128 over = 0;
    Int128 under = 0;
    if (m_too_large || other.m_too_large || __builtin_mul_overflow(a.m_over, b.m_over, &over)
        || __builtin_mul_overflow(a.m_under, b.m_under, &under))
        return tooLarge();
    Fraction product; // in lowest terms: nothing is left that both could be divided by
    product.m_over = over;
    product.m_under = under;
    return product;
}

Fraction Fraction::dividedBy(const Fraction &other) const noexcept
{
    Fraction inverse = other;
    std::swap(inverse.m_over, inverse.m_under);
    return times(inverse);
}

Fraction Fraction::plus(const Fraction &other) const noexcept
{
    const Int128 divisor = commonDivisor(m_under, other.m_under);
    Int128 mine = 0;
    Int128 theirs = 0;
    Int128 over = 0;
    Int128 under = 0;
    if (m_too_large || other.m_too_large
        || __builtin_mul_overflow(m_over, quotient(other.m_under, divisor), &mine)
        || __builtin_mul_overflow(other.m_over, quotient(m_under, divisor), &theirs)
        || __builtin_mul_overflow(quotient(m_under, divisor), other.m_under, &under)
        || __builtin_add_overflow(mine, theirs, &over))
        return tooLarge();
    return reduced(over, under);
}

std::int64_t Fraction::floor() const noexcept
{
    return static_cast<std::int64_t>(isTooLarge() ? kMost64 : m_over / m_under);
}

std::int64_t Fraction::rounded() const noexcept
{
    const std::int64_t whole = floor();
    const Int128 rest = m_over % m_under;
    const bool up = rest >= m_under - rest;
    return whole < kMost64 && up ? whole + 1 : whole;
}

bool Fraction::isTooLarge() const noexcept
{
    return m_too_large || m_over / m_under >= kMost64;
}

} // namespace portolan::catalog
