// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace portolan::routing {

namespace {

/// Instructions of a compiled pattern. RE2 goes through all of them for every byte where its faster ways run
/// out of memory: 64 KiB of text stay far below a second.
constexpr int kLargestProgram = 5'000;

using Rewritten = std::expected<void, std::string>;

/// Writes a JavaScript pattern as RE2 reads it: whatever the two spell differently.
class Rewriter
{
public:
    explicit Rewriter(std::string_view source)
        : m_rest(source)
    { }

    std::expected<std::string, std::string> run()
    {
        while (!m_rest.empty()) {
            const auto done = m_rest.starts_with('\\') ? escape() : m_in_class ? classPart() : part();
            if (!done)
                return std::unexpected(done.error());
        }
        return std::move(m_out);
    }

private:
    Rewritten take(std::size_t size, std::string_view as)
    {
        m_out += as;
        m_rest.remove_prefix(size);
        return {};
    }
    Rewritten take(std::size_t size = 1) { return take(size, m_rest.substr(0, size)); }

    /// The code unit of "\uXXXX" at that place.
    [[nodiscard]] std::optional<std::uint32_t> unitAt(std::size_t at) const
    {
        const auto text = m_rest.substr(std::min(at, m_rest.size()), 6);
        std::uint32_t unit = 0;
        if (text.size() < 6 || !text.starts_with("\\u"))
            return std::nullopt;
        const auto read = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
        return read.ec == std::errc{} && read.ptr == text.data() + 6 ? std::optional(unit) : std::nullopt;
    }

    Rewritten escape()
    {
        if (const auto unit = unitAt(0)) {
            const auto low = *unit >= 0xD800 && *unit < 0xDC00 ? unitAt(6) : std::nullopt;
            if (low && *low >= 0xDC00 && *low < 0xE000)
                return take(
                    12, fmt::format("\\x{{{:x}}}", 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00)));
            return take(6, fmt::format("\\x{{{:x}}}", *unit));
        }
        const char escaped = m_rest.size() > 1 ? m_rest[1] : '\0';
        if (!m_in_class && (escaped == 'k' || (escaped >= '1' && escaped <= '9')))
            return std::unexpected("Back-references are not supported: write the pattern without them.");
        // What RE2 gives a meaning that JavaScript does not know is the letter itself.
        if (escaped != '\0' && std::string_view("ACEQaz").find(escaped) != std::string_view::npos)
            return take(2, m_rest.substr(1, 1));
        return take(std::min<std::size_t>(2, m_rest.size()));
    }

    Rewritten classPart()
    {
        m_in_class = m_rest.front() != ']';
        return m_rest.front() == '[' ? take(1, "\\[") : take(); // "[[:alpha:]]" is no class of POSIX
    }

    Rewritten part()
    {
        if (m_rest.starts_with("[^]"))
            return take(3, "(?s:.)");
        if (m_rest.starts_with("[]"))
            return take(2, "[^\\x00-\\x{10FFFF}]");
        if (m_rest.starts_with('[')) {
            m_in_class = true;
            return take(m_rest.starts_with("[^") ? 2 : 1);
        }
        if (m_rest.starts_with("(?=") || m_rest.starts_with("(?!") || m_rest.starts_with("(?<=")
            || m_rest.starts_with("(?<!"))
            return std::unexpected(
                "Look-ahead and look-behind are not supported: split the condition with $and or $or.");
        const auto name_end = m_rest.find('>');
        if (m_rest.starts_with("(?<") && name_end != std::string_view::npos)
            return take(name_end + 1, "(?:"); // nobody asks for its name
        return take();
    }

    std::string_view m_rest;
    std::string m_out{};
    bool m_in_class = false;
};

} // namespace

std::expected<Pattern, std::string> Pattern::compile(std::string_view javascript)
{
    if (javascript.size() > kMostBytes) {
        return std::unexpected(
            fmt::format("A pattern may have {} bytes; this one has {}.", kMostBytes, javascript.size()));
    }
    const auto text = Rewriter(javascript).run();
    if (!text)
        return std::unexpected(text.error());
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    auto compiled = std::make_shared<const RE2>(*text, options);
    if (!compiled->ok())
        return std::unexpected(fmt::format("This is no usable pattern: {}.", compiled->error()));
    if (compiled->ProgramSize() > kLargestProgram)
        return std::unexpected("This pattern is too large: repeat less, or write several conditions.");
    return Pattern(std::string(javascript), std::move(compiled));
}

bool Pattern::isIn(std::string_view text) const
{
    const auto looked_at = text.substr(0, kMostInput);
    return RE2::PartialMatch(re2::StringPiece(looked_at.data(), looked_at.size()), *m_compiled);
}

} // namespace portolan::routing
