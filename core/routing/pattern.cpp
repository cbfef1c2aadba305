// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <utility>

namespace portolan::routing {

namespace {

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// What JavaScript writes otherwise than RE2. Everything else is left as it is.
std::expected<std::string, std::string> toRe2(std::string_view source)
{
    std::string out;
    out.reserve(source.size() + 8);
    bool in_class = false;
    for (std::size_t i = 0; i < source.size(); ++i) {
        const char c = source[i];
        const auto rest = source.substr(i);
        if (c == '\\' && i + 1 < source.size()) {
            const char escaped = source[i + 1];
            if (escaped == 'u' && rest.size() >= 6 && isHex(rest[2]) && isHex(rest[3]) && isHex(rest[4])
                && isHex(rest[5])) {
                out.append("\\x{").append(rest.substr(2, 4)).append("}");
                i += 5;
                continue;
            }
            if (!in_class && (escaped == 'k' || (escaped >= '1' && escaped <= '9')))
                return std::unexpected("Back-references are not supported: write the pattern without them.");
            out.append(rest.substr(0, 2));
            ++i;
            continue;
        }
        if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
        } else if (rest.starts_with("(?=") || rest.starts_with("(?!") || rest.starts_with("(?<=")
                   || rest.starts_with("(?<!")) {
            return std::unexpected(
                "Look-ahead and look-behind are not supported: split the condition with $and or $or.");
        } else if (rest.starts_with("(?<")) {
            out += "(?P<";
            i += 2;
            continue;
        }
        out += c;
    }
    return out;
}

} // namespace

std::expected<Pattern, std::string> Pattern::compile(std::string_view javascript)
{
    if (javascript.size() > kMostBytes) {
        return std::unexpected(
            fmt::format("A pattern may have {} bytes; this one has {}.", kMostBytes, javascript.size()));
    }
    const auto text = toRe2(javascript);
    if (!text)
        return std::unexpected(text.error());
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    auto compiled = std::make_shared<const RE2>(*text, options);
    if (!compiled->ok())
        return std::unexpected(fmt::format("This is no usable pattern: {}.", compiled->error()));
    return Pattern(std::string(javascript), std::move(compiled));
}

bool Pattern::isIn(std::string_view text) const
{
    const auto looked_at = text.substr(0, kMostInput);
    return RE2::PartialMatch(re2::StringPiece(looked_at.data(), looked_at.size()), *m_compiled);
}

} // namespace portolan::routing
