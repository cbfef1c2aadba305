// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/scopes.h"

#include <algorithm>

namespace portolan::admission {

namespace {

constexpr std::size_t kLongest = 64;

bool isUsed(std::string_view scope) noexcept
{
    return scope == "completions.write" || scope == "models.list";
}

bool isWord(std::string_view text) noexcept
{
    return !text.empty()
        && std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

} // namespace

bool isScope(std::string_view scope) noexcept
{
    if (scope == "use" || scope == "admin")
        return true;
    const auto dot = scope.find('.');
    return scope.size() <= kLongest && dot != std::string_view::npos && isWord(scope.substr(0, dot))
        && isWord(scope.substr(dot + 1));
}

bool grants(std::span<const std::string> scopes, std::string_view needed) noexcept
{
    return std::ranges::any_of(scopes, [needed](const std::string &scope) {
        return scope == "admin" || scope == needed || (scope == "use" && isUsed(needed));
    });
}

bool administers(std::span<const std::string> scopes) noexcept
{
    return std::ranges::any_of(scopes,
                               [](const std::string &scope) { return scope != "use" && !isUsed(scope); });
}

} // namespace portolan::admission
