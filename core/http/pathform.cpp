// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/pathform.h"

#include <algorithm>

namespace portolan::http {

namespace {

constexpr std::string_view kNever = "\"#<>\\";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
        || c == '_' || c == '~';
}

bool isGraphic(char c)
{
    return c > 0x20 && c < 0x7F;
}

bool hasDotSegment(std::string_view path)
{
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const auto segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..")
            return true;
        path.remove_prefix(segment.size());
    }
    return false;
}

} // namespace

std::optional<std::string> normalPath(std::string_view path)
{
    if (!path.starts_with('/'))
        return std::nullopt;
    std::string normal;
    normal.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (!isGraphic(c) || kNever.contains(c) || c == ';' || c == '?')
            return std::nullopt;
        if (c != '%') {
            normal += c;
            continue;
        }
        const int high = i + 2 < path.size() ? hexValue(path[i + 1]) : -1;
        const int low = i + 2 < path.size() ? hexValue(path[i + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        i += 2;
        const auto byte = static_cast<unsigned char>(high * 16 + low);
        if (byte < 0x20 || byte == 0x7F || byte == '/' || byte == '\\' || byte == ';')
            return std::nullopt;
        if (isUnreserved(static_cast<char>(byte)))
            normal += static_cast<char>(byte);
        else
            normal.append(1, '%').append(1, kUpperHex[high]).append(1, kUpperHex[low]);
    }
    if (hasDotSegment(normal))
        return std::nullopt;
    return normal;
}

bool isQuery(std::string_view query) noexcept
{
    return std::ranges::all_of(query, [](char c) { return isGraphic(c) && !kNever.contains(c); });
}

} // namespace portolan::http
