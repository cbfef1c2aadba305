// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/sse.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::dialect {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t findOrEnd(std::string_view text, char c, std::size_t from)
{
    return std::min(text.find(c, from), text.size());
}

} // namespace

SseSplitter::LineEnds::LineEnds(std::string_view text)
    : m_text(text)
    , m_lf(findOrEnd(text, '\n', 0))
    , m_cr(findOrEnd(text, '\r', 0))
{ }

std::size_t SseSplitter::LineEnds::from(std::size_t from)
{
    if (m_lf < from)
        m_lf = findOrEnd(m_text, '\n', from);
    if (m_cr < from)
        m_cr = findOrEnd(m_text, '\r', from);
    return std::min(m_lf, m_cr);
}

SseSplitter::SseSplitter(std::size_t max_event_bytes)
    : m_max(max_event_bytes)
{ }

Result<> SseSplitter::feed(std::string_view piece)
{
    if (pending().size() > m_max) {
        return fail({.origin = Origin::Upstream,
                     .code = "sse.event_too_large",
                     .message = fmt::format(
                         "The provider sent a stream event of more than {} bytes. Raise the limit for "
                         "stream events in Settings if that is expected.",
                         m_max)});
    }
    m_piece = piece;
    m_line_ends = LineEnds(piece);
    m_at = 0;
    m_scanned = 0;
    return {};
}

bool SseSplitter::next(Event &event)
{
    if (std::exchange(m_held_given, false))
        m_held.clear();
    const bool ended = findEnd();
    const std::string_view read = m_piece.substr(m_at, m_scanned - m_at);
    m_at = m_scanned;
    if (!ended) {
        m_held.append(read);
        return false;
    }
    std::string_view raw = read;
    if (!m_held.empty()) {
        raw = m_held.append(read);
        m_held_given = true;
    }
    readFields(raw, event);
    m_first_event = false;
    return true;
}

/// Goes on to the end of the event, or of the piece.
bool SseSplitter::findEnd()
{
    while (m_scanned < m_piece.size()) {
        if (std::exchange(m_behind_cr, false)) {
            if (m_piece[m_scanned] == '\n')
                ++m_scanned;
            if (m_cr_line_blank)
                return true;
            continue;
        }
        const std::size_t end = m_line_ends.from(m_scanned);
        const std::size_t line_size = m_line_bytes + end - m_scanned;
        if (end == m_piece.size()) {
            m_line_bytes = line_size;
            m_scanned = end;
            return false;
        }
        const bool blank = isBlank(line_size);
        m_line_bytes = 0;
        m_line_is_first = false;
        m_scanned = end + 1;
        if (m_piece[end] == '\r') {
            m_behind_cr = true;
            m_cr_line_blank = blank;
        } else if (blank) {
            return true;
        }
    }
    return false;
}

/// The line that ends here has that many bytes; a byte order mark at the very beginning is none of them.
bool SseSplitter::isBlank(std::size_t line_size) const
{
    if (line_size == 0 || !m_line_is_first)
        return line_size == 0;
    if (line_size != kByteOrderMark.size())
        return false;
    std::string line(m_held);
    line.append(m_piece.substr(m_at, line_size - m_held.size()));
    return line == kByteOrderMark;
}

void SseSplitter::readFields(std::string_view raw, Event &event)
{
    event = {.raw = raw};
    m_data.clear();
    std::string_view text = raw;
    if (m_first_event && text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());

    LineEnds ends(text);
    bool joined = false;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = ends.from(begin);
        const std::string_view line = text.substr(begin, end - begin);
        begin = end + 1; // the LF of a CRLF makes one more blank line, which says nothing
        const std::string_view name = line.substr(0, line.find(':'));
        std::string_view value = line.substr(std::min(name.size() + 1, line.size()));
        if (value.starts_with(' '))
            value.remove_prefix(1);
        if (name == "event") {
            event.name = value;
        } else if (name == "data") {
            if (event.has_data) {
                if (!std::exchange(joined, true))
                    m_data.assign(event.data);
                m_data.append(1, '\n').append(value);
            } else {
                event.data = value;
            }
            event.has_data = true;
        }
    }
    if (joined)
        event.data = m_data;
}

std::string_view SseSplitter::pending() const noexcept
{
    return m_held_given ? std::string_view{} : std::string_view(m_held);
}

bool SseSplitter::atBorder() const noexcept
{
    return pending().empty() && m_at == m_scanned;
}

} // namespace portolan::dialect
