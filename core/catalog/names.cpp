// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/names.h"

#include "core/catalog/fields.h"

#include <algorithm>

namespace portolan::catalog {

namespace {

unsigned char folded(char c) noexcept
{
    return static_cast<unsigned char>(c == '.' || c == '@' ? '-' : lowered(c));
}

bool isBetweenDigits(std::string_view text, std::size_t i) noexcept
{
    return i > 0 && i + 1 < text.size() && isDigit(text[i - 1]) && isDigit(text[i + 1]);
}

bool isBeforeDigit(std::string_view text, std::size_t i) noexcept
{
    return i + 1 < text.size() && isDigit(text[i + 1]);
}

} // namespace

std::weak_ordering compareNames(std::string_view a, std::string_view b) noexcept
{
    const auto length = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < length; ++i) {
        if (const auto order = folded(a[i]) <=> folded(b[i]); order != 0)
            return order;
    }
    return a.size() <=> b.size();
}

bool areSpelledAlike(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lowered(a[i]) == lowered(b[i]))
            continue;
        const auto is_pair = [&](char c) { return (a[i] == c && b[i] == '-') || (a[i] == '-' && b[i] == c); };
        if (!(is_pair('.') && isBetweenDigits(a, i)) && !(is_pair('@') && isBeforeDigit(a, i)))
            return false;
    }
    return true;
}

std::span<const Name> NameTable::alike(std::string_view name) const
{
    const auto before = [this](const Name &n, std::string_view v) { return compareNames(text(n), v) < 0; };
    const auto first = std::lower_bound(m_names.begin(), m_names.end(), name, before);
    auto last = first;
    while (last != m_names.end() && compareNames(text(*last), name) == 0)
        ++last;
    return {first, last};
}

std::span<const Name> NameTable::beginningWith(std::string_view name) const
{
    const auto before = [this](const Name &n, std::string_view v) { return compareNames(text(n), v) < 0; };
    const auto first = std::lower_bound(m_names.begin(), m_names.end(), name, before);
    auto last = first;
    while (last != m_names.end() && compareNames(text(*last).substr(0, name.size()), name) == 0)
        ++last;
    return {first, last};
}

} // namespace portolan::catalog
