// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace portolan::http {

/// Finds the end of a head in bytes that arrive in any pieces, and checks its lines as RFC 9112 read
/// strictly: each ends in CR LF, none holds another CR, a NUL or another control character, none is folded.
/// Looks at every byte once.
class HeadScanner
{
public:
    enum class State : std::uint8_t { More, Complete, StartLineTooLong, TooLarge, TooManyLines, BadByte };

    struct Bounds {
        std::size_t start_line = 0; ///< bytes
        std::size_t head = 0;       ///< bytes, start line and blank line included
        std::size_t lines = 0;      ///< field lines
    };

    explicit HeadScanner(Bounds bounds);

    /// `bytes` is everything since the head's first byte, the part seen before included.
    State scan(std::string_view bytes);
    /// Bytes of the complete head with its blank line.
    [[nodiscard]] std::size_t size() const noexcept { return m_line_at; }
    void reset() noexcept;

private:
    [[nodiscard]] State checkBounds(std::size_t end) const;

    const Bounds m_bounds;
    std::size_t m_line_at = 0; // where the current line begins
    std::size_t m_seen = 0;    // bytes that hold no further LF
    std::size_t m_lines = 0;   // complete ones, the start line included
};

} // namespace portolan::http
