// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// Finds the events of a server-sent stream in bytes that arrive in any pieces, without changing them: for
/// each piece it says where complete events end, so that a pass-through can forward, hold or drop whole
/// events byte for byte. Line ends LF, CRLF and CR; a byte order mark at the start; comments. WHATWG HTML,
/// "server-sent events".
class SseSplitter
{
public:
    explicit SseSplitter(std::size_t max_event_bytes = 4U << 20);

    struct Event {
        std::string_view
            raw{}; ///< every byte of it with its blank line; comments and fields before it included
        std::string_view data{}; ///< data lines joined by LF; empty when there is none
        std::string_view name{}; ///< of the event field
        bool has_data = false;
    };

    /// Feeds a piece. Then call next() until it returns false. The piece must live until then. An event that
    /// is larger than allowed and has no end yet is an error, after which the splitter is spent:
    /// "sse.event_too_large".
    Result<> feed(std::string_view piece);
    /// The next complete event; its views live until the next call of next() or feed(). A blank line that
    /// ends with CR is complete with the byte behind it, which may be its LF.
    bool next(Event &event);
    /// Bytes of an event that has begun but not ended, once next() has returned false: what is left when the
    /// stream closes.
    [[nodiscard]] std::string_view pending() const noexcept;
    /// True between events: the only place where a comment may be inserted.
    [[nodiscard]] bool atBorder() const noexcept;

private:
    /// Finds LF and CR in a text from left to right, looking at each byte once however often it is asked.
    class LineEnds
    {
    public:
        LineEnds() = default;
        explicit LineEnds(std::string_view text);
        /// Offset of the first line end at or behind `from`, else the size of the text.
        std::size_t from(std::size_t from);

    private:
        std::string_view m_text{};
        std::size_t m_lf = 0;
        std::size_t m_cr = 0;
    };

    bool findEnd();
    [[nodiscard]] bool isBlank(std::size_t line_size) const;
    void readFields(std::string_view raw, Event &event);

    std::size_t m_max;
    std::string m_held{}; // bytes of an event begun in an earlier piece
    std::string_view m_piece{};
    LineEnds m_line_ends{};       // of m_piece
    std::size_t m_at = 0;         // in m_piece: where the event, or what m_held lacks of it, begins
    std::size_t m_scanned = 0;    // in m_piece: everything before has been looked at
    std::size_t m_line_bytes = 0; // of the unfinished line, in earlier pieces as well
    bool m_line_is_first = true;  // of the stream: it may begin with a byte order mark
    bool m_behind_cr = false;     // the last byte looked at is a CR that ended a line...
    bool m_cr_line_blank = false; // ...and whether that was a blank one
    bool m_held_given = false;    // m_held was the last event's
    bool m_first_event = true;
    std::string m_data{}; // joined data lines when there is more than one
};

} // namespace portolan::dialect
