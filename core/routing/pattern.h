// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace portolan::routing {

/// A JavaScript regular expression without flags, matched in linear time (RE2; threat-model D8). Named groups
/// and \uXXXX are rewritten; look-around and back-references are what RE2 cannot do. Compiled once, when the
/// config is read; copies share it; matching is safe on any thread.
class Pattern
{
public:
    static constexpr std::size_t kMostBytes = 512;
    static constexpr std::size_t kMostInput = 64UL << 10;

    /// The error is one sentence.
    static std::expected<Pattern, std::string> compile(std::string_view javascript);

    /// True when it is found anywhere in the text; text beyond 64 KiB is not looked at.
    [[nodiscard]] bool isIn(std::string_view text) const;
    [[nodiscard]] const std::string &source() const noexcept { return m_source; }

private:
    Pattern(std::string source, std::shared_ptr<const re2::RE2> compiled)
        : m_source(std::move(source))
        , m_compiled(std::move(compiled))
    { }

    std::string m_source;
    std::shared_ptr<const re2::RE2> m_compiled;
};

} // namespace portolan::routing
