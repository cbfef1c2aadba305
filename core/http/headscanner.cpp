// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/headscanner.h"

#include "core/http/fields.h"

#include <algorithm>
#include <cstring>

namespace portolan::http {

HeadScanner::HeadScanner(Bounds bounds)
    : m_bounds(bounds)
{ }

void HeadScanner::reset() noexcept
{
    m_line_at = 0;
    m_seen = 0;
    m_lines = 0;
}

HeadScanner::State HeadScanner::checkBounds(std::size_t end) const
{
    if (m_lines == 0 && end - m_line_at > m_bounds.start_line)
        return State::StartLineTooLong;
    if (end > m_bounds.head)
        return State::TooLarge;
    return State::More;
}

HeadScanner::State HeadScanner::scan(std::string_view bytes)
{
    // What does not begin like a token is no HTTP (a TLS handshake, say): no need to wait for its line to
    // end.
    if (!bytes.empty() && !isFieldName(bytes.substr(0, 1)))
        return State::BadByte;
    while (true) {
        const auto *found = m_seen < bytes.size()
            ? static_cast<const char *>(std::memchr(bytes.data() + m_seen, '\n', bytes.size() - m_seen))
            : nullptr;
        if (!found) {
            m_seen = bytes.size();
            return checkBounds(bytes.size());
        }
        const auto end = static_cast<std::size_t>(found - bytes.data()) + 1;
        if (const auto state = checkBounds(end); state != State::More)
            return state;
        const auto line = bytes.substr(m_line_at, end - m_line_at - 1);
        if (!line.ends_with('\r') || !isFieldValue(line.substr(0, line.size() - 1)))
            return State::BadByte;
        if (line.front() == ' ' || line.front() == '\t')
            return State::BadByte;
        m_line_at = end;
        m_seen = end;
        if (line.size() == 1)
            return m_lines == 0 ? State::BadByte : State::Complete;
        if (++m_lines > m_bounds.lines + 1)
            return State::TooManyLines;
    }
}

} // namespace portolan::http
