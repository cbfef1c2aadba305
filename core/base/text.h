// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace portolan {

/// ASCII only, whatever the locale: header names, provider ids and slugs.
[[nodiscard]] constexpr char loweredAscii(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] std::string toLowerAscii(std::string_view text);
/// Told apart where it is called: nearly every header name is by its length or its first letter.
[[nodiscard]] constexpr bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && loweredAscii(a[i]) != loweredAscii(b[i]))
            return false;
    }
    return true;
}
[[nodiscard]] constexpr bool startsWithIgnoringCase(std::string_view text, std::string_view prefix) noexcept
{
    return equalsIgnoringCase(text.substr(0, prefix.size()), prefix);
}
[[nodiscard]] std::string_view
trimmed(std::string_view text) noexcept; ///< without blanks and tabs at both ends

/// Well-formed UTF-8 (no surrogates, nothing overlong).
[[nodiscard]] bool isUtf8(std::string_view text) noexcept;
/// The text with each byte that is not part of well-formed UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string toUtf8(std::string_view bytes);

/// The text as a JSON string with its quotes. Input must be UTF-8; anything else becomes U+FFFD.
[[nodiscard]] std::string jsonQuoted(std::string_view text);
/// The same, at the end of `out`.
void appendJsonQuoted(std::string &out, std::string_view text);

/// One segment of a URL path: everything but unreserved characters as %XX.
[[nodiscard]] std::string percentEncoded(std::string_view segment);
/// The bytes that %XX stand for; nothing when a '%' is not followed by two hex digits.
[[nodiscard]] std::optional<std::string> percentDecoded(std::string_view text);

/// For a terminal: C0, C1 and ESC become visible escapes (threat-model G4).
[[nodiscard]] std::string forTerminal(std::string_view text);

/// An id from a client (trace, span, session): [A-Za-z0-9._:-]{1,128} (threat-model H4).
[[nodiscard]] bool isClientId(std::string_view text) noexcept;
/// A slug: [a-z0-9][a-z0-9_-]{0,62}; compared as written, always lower case.
[[nodiscard]] bool isSlug(std::string_view text) noexcept;

} // namespace portolan
