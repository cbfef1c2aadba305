// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/datesuffix.h"

#include "core/base/text.h"
#include "core/catalog/fields.h"

#include <array>

namespace portolan::catalog {

namespace {

/// A pattern's letters stand for digits of the year, month, day or a running number; "mmdd" may also be
/// "yymm".
struct Pattern {
    std::string_view form{};
    bool short_year = false;
};

// Longest first: "-2024-08-06" must not be read as "-08-06" after something else.
constexpr std::array<Pattern, 7> kPatterns = {{
    {.form = "-yyyy-mm-dd"},
    {.form = "-yyyymmdd"},
    {.form = "@yyyymmdd"},
    {.form = "-mm-yyyy"},
    {.form = "-mmdd"},
    {.form = "-yymm", .short_year = true},
    {.form = "-nnn"},
}};

constexpr std::int32_t kFirstYear = 2020;
constexpr std::int32_t kLastYear = 2099;

std::optional<DateSuffix> readAs(const Pattern &pattern, std::string_view end)
{
    DateSuffix suffix{.length = end.size()};
    std::int32_t year = 0;
    std::int32_t month = 0;
    std::int32_t day = 0;
    for (std::size_t i = 0; i < end.size(); ++i) {
        const char form = pattern.form[i];
        if (form == '-' || form == '@') {
            if (end[i] != form)
                return {};
            continue;
        }
        if (!isDigit(end[i]))
            return {};
        const int digit = end[i] - '0';
        suffix.number = suffix.number * 10 + digit;
        if (form == 'y')
            year = year * 10 + digit;
        if (form == 'm')
            month = month * 10 + digit;
        if (form == 'd')
            day = day * 10 + digit;
    }
    const auto has = [&](char letter) { return pattern.form.find(letter) != std::string_view::npos; };
    if (pattern.short_year)
        year += 2000;
    if ((has('y') && (year < kFirstYear || year > kLastYear)) || (has('m') && (month < 1 || month > 12))
        || (has('d') && (day < 1 || day > 31)))
        return {};
    if (has('y'))
        suffix.date = year * 10'000 + month * 100 + day;
    return suffix;
}

} // namespace

std::optional<DateSuffix> dateAtEnd(std::string_view name) noexcept
{
    for (const Pattern &pattern : kPatterns) {
        if (name.size() <= pattern.form.size())
            continue;
        if (const auto suffix = readAs(pattern, name.substr(name.size() - pattern.form.size())))
            return suffix;
    }
    return {};
}

std::optional<std::string_view> withoutSuffix(std::string_view name) noexcept
{
    if (const auto date = dateAtEnd(name))
        return name.substr(0, name.size() - date->length);
    for (const std::string_view word : {"-latest", "-preview", "-exp"}) {
        if (name.size() > word.size() && equalsIgnoringCase(name.substr(name.size() - word.size()), word))
            return name.substr(0, name.size() - word.size());
    }
    return {};
}

} // namespace portolan::catalog
