// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace portolan {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kLowerHex = "0123456789abcdef";

constexpr bool isLowerOrDigit(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

constexpr bool isAlnum(char c) noexcept
{
    return isLowerOrDigit(loweredAscii(c));
}

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t size = 0; ///< bytes; 0: the first byte begins no well-formed sequence
};

/// Unicode table 3-7: the second byte's range depends on the first.
CodePoint codePointAt(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return {first, 1};
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size)
        return {};
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < low || byte(1) > high)
        return {};
    std::uint32_t value = first & (0xFFU >> (size + 1));
    value = value << 6U | (byte(1) & 0x3FU);
    for (std::size_t i = 2; i < size; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xBF)
            return {};
        value = value << 6U | (byte(i) & 0x3FU);
    }
    return {value, size};
}

/// C1 controls, and what changes the direction or order of the text around it or is not seen at all.
bool hidesOrReorders(std::uint32_t c)
{
    return (c >= 0x80 && c <= 0x9F) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F)
        || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF
        || (c >= 0xE0000 && c <= 0xE007F);
}

void appendByteEscape(std::string &out, unsigned char byte)
{
    switch (byte) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    out += "\\x";
    out += kLowerHex[byte >> 4U];
    out += kLowerHex[byte & 15U];
}

void appendCodePointEscape(std::string &out, std::uint32_t value)
{
    out += "\\u{";
    unsigned shift = 20;
    while (shift > 4 && value >> shift == 0)
        shift -= 4;
    for (;; shift -= 4) {
        out += kLowerHex[value >> shift & 15U];
        if (shift == 0)
            break;
    }
    out += '}';
}

/// What a byte means inside a JSON string.
enum class JsonKind : std::uint8_t { Plain, Escaped, Wide };

constexpr auto kJsonKinds = [] {
    std::array<JsonKind, 256> kinds{};
    for (std::size_t byte = 0; byte < kinds.size(); ++byte) {
        if (byte < 0x20 || byte == '"' || byte == '\\')
            kinds[byte] = JsonKind::Escaped;
        else if (byte >= 0x80)
            kinds[byte] = JsonKind::Wide;
    }
    return kinds;
}();

/// False only when all eight bytes stand for themselves in a JSON string: each term sets the high bit of a
/// byte that is wide, a control character, a quote or a backslash (and at times of its neighbour).
bool mayNeedCare(std::uint64_t eight) noexcept
{
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    const auto isZero = [](std::uint64_t bytes) { return bytes - kOnes; };
    const std::uint64_t high
        = eight | (eight - 0x20 * kOnes) | isZero(eight ^ '"' * kOnes) | isZero(eight ^ '\\' * kOnes);
    return (high & 0x80 * kOnes) != 0;
}

/// The next byte from `at` on that is not simply copied; the text's end when there is none.
std::size_t nextNotPlain(std::string_view text, std::size_t at) noexcept
{
    for (; at < text.size(); ++at) {
        std::uint64_t eight = 0;
        while (at + sizeof eight <= text.size()) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if (mayNeedCare(eight))
                break;
            at += sizeof eight;
        }
        if (at == text.size() || kJsonKinds[static_cast<unsigned char>(text[at])] != JsonKind::Plain)
            break;
    }
    return at;
}

void appendJsonEscape(std::string &out, char c)
{
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += kLowerHex[byte >> 4U];
    out += kLowerHex[byte & 15U];
}

} // namespace

std::string toLowerAscii(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), loweredAscii);
    return out;
}

std::string_view trimmed(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool isUtf8(std::string_view text) noexcept
{
    return simdjson::validate_utf8(text.data(), text.size());
}

std::string toUtf8(std::string_view bytes)
{
    if (isUtf8(bytes))
        return std::string(bytes);
    std::string out;
    out.reserve(bytes.size() + kReplacement.size());
    while (!bytes.empty()) {
        const std::size_t size = codePointAt(bytes).size;
        out += size == 0 ? kReplacement : bytes.substr(0, size);
        bytes.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

std::string jsonQuoted(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 2);
    appendJsonQuoted(out, text);
    return out;
}

void appendJsonQuoted(std::string &out, std::string_view text)
{
    // Runs that stand as they are go over in one piece; the store quotes every header of every request.
    const auto begin = out.size();
    bool ascii = true;
    std::size_t done = 0;
    out += '"';
    for (std::size_t i = nextNotPlain(text, 0); i < text.size(); i = nextNotPlain(text, i + 1)) {
        if (kJsonKinds[static_cast<unsigned char>(text[i])] == JsonKind::Wide) {
            ascii = false;
            continue;
        }
        out.append(text, done, i - done);
        appendJsonEscape(out, text[i]);
        done = i + 1;
    }
    out.append(text, done).append(1, '"');
    if (!ascii && !isUtf8(text)) {
        out.resize(begin);
        appendJsonQuoted(out, toUtf8(text));
    }
}

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        unsigned value = 0;
        const auto *const digits = text.data() + i + 1;
        const bool whole = i + 2 < text.size();
        if (!whole || std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2)
            return std::nullopt;
        plain += static_cast<char>(value);
        i += 2;
    }
    return plain;
}

std::string percentEncoded(std::string_view segment)
{
    std::string out;
    out.reserve(segment.size());
    for (const char c : segment) {
        if (isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kUpperHex[byte >> 4U];
        out += kUpperHex[byte & 15U];
    }
    return out;
}

std::string forTerminal(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [value, size] = codePointAt(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (size == 0 || first < 0x20 || first == 0x7F)
            appendByteEscape(out, first);
        else if (hidesOrReorders(value))
            appendCodePointEscape(out, value);
        else
            out += text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

bool isClientId(std::string_view text) noexcept
{
    const auto allowed = [](char c) { return isAlnum(c) || c == '.' || c == '_' || c == ':' || c == '-'; };
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, allowed);
}

bool isSlug(std::string_view text) noexcept
{
    const auto allowed = [](char c) { return isLowerOrDigit(c) || c == '_' || c == '-'; };
    return !text.empty() && text.size() <= 63 && isLowerOrDigit(text.front())
        && std::ranges::all_of(text, allowed);
}

} // namespace portolan
