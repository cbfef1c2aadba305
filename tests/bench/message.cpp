// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/message.h"

#include <algorithm>
#include <charconv>

namespace portolan::bench {
namespace {

bool startsWithName(std::string_view line, std::string_view lowerName)
{
    return line.size() > lowerName.size() && line[lowerName.size()] == ':'
        && std::ranges::equal(line.substr(0, lowerName.size()), lowerName,
                              [](char a, char b) { return (a | 0x20) == b || a == b; });
}

std::string_view valueOf(std::string_view line)
{
    line.remove_prefix(line.find(':') + 1);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line;
}

std::uint64_t parse(std::string_view text, int base)
{
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

} // namespace

void Message::reset()
{
    *this = Message();
}

std::size_t Message::takeLine(std::string_view bytes)
{
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) {
        m_line += bytes;
        return bytes.size();
    }
    auto line = bytes.substr(0, end);
    if (!m_line.empty()) {
        m_line += line;
        line = m_line;
    }
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    onLine(line);
    m_line.clear();
    return end + 1;
}

void Message::onLine(std::string_view line)
{
    switch (m_state) {
    case State::Head: line.empty() ? onHeadEnd() : onHeadLine(line); break;
    case State::ChunkSize:
        m_left = parse(line, 16);
        m_state = m_left == 0 ? State::Trailer : State::ChunkData;
        break;
    case State::ChunkEnd: m_state = State::ChunkSize; break;
    case State::Trailer:
        if (line.empty())
            m_state = State::Done;
        break;
    case State::Length:
    case State::ChunkData:
    case State::Done: break;
    }
}

void Message::onHeadLine(std::string_view line)
{
    if (m_first) {
        m_first = false;
        if (line.starts_with("HTTP/1."))
            m_status = int(parse(line.substr(9, 3), 10));
    } else if (startsWithName(line, "content-length")) {
        m_length = parse(valueOf(line), 10);
    } else if (startsWithName(line, "transfer-encoding")) {
        m_chunked = valueOf(line) == "chunked";
    } else if (startsWithName(line, "connection")) {
        m_closes = valueOf(line) == "close";
    }
}

void Message::onHeadEnd()
{
    if (m_status >= 100 && m_status < 200) { // an interim answer: the real one follows
        m_first = true;
        return;
    }
    if (m_chunked) {
        m_state = State::ChunkSize;
    } else {
        m_left = m_length;
        m_state = m_length == 0 ? State::Done : State::Length;
    }
}

} // namespace portolan::bench
