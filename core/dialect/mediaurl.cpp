// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/mediaurl.h"

#include "core/base/text.h"
#include "core/dialect/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace portolan::dialect {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Mark = ";base64";

enum Letter : std::uint8_t { Bad, Space, Digit, Padding };

constexpr std::array<std::uint8_t, 256> kLetters = [] {
    std::array<std::uint8_t, 256> letters{};
    for (const char c : kAlphabet)
        letters[std::uint8_t(c)] = Digit;
    for (const char c : std::string_view(" \t\r\n"))
        letters[std::uint8_t(c)] = Space;
    letters[std::uint8_t('=')] = Padding;
    return letters;
}();

std::optional<unsigned> hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return unsigned(c - '0');
    const char lower = c >= 'A' && c <= 'F' ? char(c + 32) : c;
    if (lower >= 'a' && lower <= 'f')
        return unsigned(lower - 'a' + 10);
    return std::nullopt;
}

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            bytes += text[i];
            continue;
        }
        if (i + 2 >= text.size())
            return std::nullopt;
        const auto high = hexDigit(text[i + 1]);
        const auto low = hexDigit(text[i + 2]);
        if (!high || !low)
            return std::nullopt;
        bytes += char(*high * 16 + *low);
        i += 2;
    }
    return bytes;
}

std::optional<Media> mediaOfData(std::string_view rest)
{
    const std::size_t comma = rest.find(',');
    if (comma == std::string_view::npos)
        return std::nullopt;
    const std::string_view head = rest.substr(0, comma);
    const std::string_view data = rest.substr(comma + 1);
    Media media{.type = mediaType(head.substr(0, head.find(';')))};
    if (media.type.empty())
        media.type = "text/plain"; // RFC 2397
    const bool is_base64 = head.size() >= kBase64Mark.size()
        && equalsIgnoringCase(head.substr(head.size() - kBase64Mark.size()), kBase64Mark);
    const auto bytes = is_base64 ? std::nullopt : percentDecoded(data);
    auto base64 = is_base64 ? cleanBase64(data) : bytes ? std::optional(base64Of(*bytes)) : std::nullopt;
    if (!base64)
        return std::nullopt;
    media.base64 = *std::move(base64);
    return media;
}

} // namespace

std::string mediaType(std::string_view type)
{
    std::string lower = toLowerAscii(trimmed(type));
    return lower == "image/jpg" ? "image/jpeg" : lower;
}

std::optional<std::string> cleanBase64(std::string_view text)
{
    std::string clean;
    clean.reserve(text.size());
    bool padded = false;
    for (const char c : text) {
        const std::uint8_t letter = kLetters[std::uint8_t(c)];
        if (letter == Space)
            continue;
        if (letter == Bad || (padded && letter != Padding))
            return std::nullopt;
        padded = letter == Padding;
        clean += c;
    }
    if (clean.empty())
        return std::nullopt;
    return clean;
}

std::optional<Media> mediaOfUrl(std::string_view url)
{
    if (startsWithIgnoringCase(url, "data:"))
        return mediaOfData(url.substr(5));
    if (startsWithIgnoringCase(url, "http://") || startsWithIgnoringCase(url, "https://"))
        return Media{.url = std::string(url)};
    return std::nullopt;
}

std::string urlOfMedia(const Media &media, std::string_view type)
{
    if (media.base64.empty())
        return media.url;
    std::string url = "data:";
    url.reserve(media.base64.size() + 64);
    url.append(media.type.empty() ? type : std::string_view(media.type)).append(";base64,");
    return url += media.base64;
}

} // namespace portolan::dialect
