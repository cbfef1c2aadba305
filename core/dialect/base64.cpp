// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace portolan::dialect {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kBad = 64;

constexpr std::array<std::uint8_t, 256> kValues = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(kBad);
    std::uint8_t value = 0;
    for (const char c : kAlphabet)
        values[std::uint8_t(c)] = value++;
    return values;
}();

} // namespace

std::optional<std::string> bytesOfBase64(std::string_view text)
{
    const std::size_t end = text.find_last_not_of('=') + 1; // npos + 1 is 0
    const std::size_t padding = text.size() - end;
    if (end % 4 == 1 || padding > 2 || (padding > 0 && text.size() % 4 != 0))
        return std::nullopt;
    std::string bytes;
    bytes.reserve(end / 4 * 3 + 2);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < end; ++i) {
        const std::uint8_t value = kValues[std::uint8_t(text[i])];
        if (value == kBad)
            return std::nullopt;
        group = group << 6U | value;
        if (i % 4 != 0)
            bytes += char(group >> (6U - 2U * (i % 4)) & 0xFFU);
    }
    return bytes;
}

std::string base64Of(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8U | (k < count ? std::uint8_t(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= count ? kAlphabet[group >> (18U - 6U * k) & 63U] : '=';
    }
    return text;
}

} // namespace portolan::dialect
