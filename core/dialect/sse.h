// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// Finds the events of a server-sent stream in bytes that arrive in any pieces, without changing them: for each piece
/// it says where complete events end, so that a pass-through can forward, hold or drop whole events byte for byte.
/// Line ends LF, CRLF and CR; a byte order mark at the start; comments. WHATWG HTML, "server-sent events".
class SseSplitter
{
public:
    explicit SseSplitter(std::size_t max_event_bytes = 4U << 20);

    struct Event {
        std::string_view raw{};  ///< every byte of it with its blank line; comments and fields before it included
        std::string_view data{}; ///< data lines joined by LF; empty when there is none
        std::string_view name{}; ///< of the event field
        bool has_data = false;
    };

    /// Feeds a piece. Then call next() until it returns false. The piece must live until then.
    Result<> feed(std::string_view piece); ///< "sse.event_too_large"
    /// The next complete event; its views live until the next call of next() or feed().
    bool next(Event &event);
    /// Bytes of an event that has begun but not ended: what is left when the stream closes.
    [[nodiscard]] std::string_view pending() const noexcept;
    /// True between events: the only place where a comment may be inserted.
    [[nodiscard]] bool atBorder() const noexcept;

private:
    std::size_t m_max;
    std::string m_held;      // bytes of an event begun in an earlier piece
    std::string_view m_piece;
    std::size_t m_at = 0;
    std::string m_data;      // joined data lines when there is more than one
    bool m_started = false;
};

} // namespace portolan::dialect
