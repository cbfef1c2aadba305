// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/thinksplitter.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::openai {
namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::string_view kBlanks = " \t\r\n";

/// How many bytes at the end of the text may be the begin of the tag.
std::size_t begunTag(std::string_view text, std::string_view tag)
{
    for (std::size_t size = std::min(text.size(), tag.size() - 1); size > 0; --size) {
        if (text.ends_with(tag.substr(0, size)))
            return size;
    }
    return 0;
}

} // namespace

ThinkSplitter::Piece ThinkSplitter::feed(std::string_view piece)
{
    Piece out;
    if (m_state == State::Outside) {
        out.text = piece;
        return out;
    }
    m_held += piece;
    if (m_state == State::Start && !start(out))
        return out;
    if (m_state == State::Inside && !inside(out))
        return out;
    if (m_state == State::Behind && !behind(out))
        return out;
    out.text += std::exchange(m_held, {});
    return out;
}

ThinkSplitter::Piece ThinkSplitter::finish()
{
    Piece out;
    (m_state == State::Inside ? out.reasoning : out.text) = std::exchange(m_held, {});
    m_state = State::Outside;
    return out;
}

// Each of these says whether its state was left.

bool ThinkSplitter::start(Piece &)
{
    const std::size_t begin = m_held.find_first_not_of(kBlanks);
    const std::string_view text
        = begin == std::string::npos ? std::string_view() : std::string_view(m_held).substr(begin);
    if (text.starts_with(kOpen)) {
        m_held.erase(0, begin + kOpen.size());
        m_state = State::Inside;
        return true;
    }
    if (kOpen.starts_with(text))
        return false;
    m_state = State::Outside;
    return true;
}

bool ThinkSplitter::inside(Piece &piece)
{
    const std::size_t close = m_held.find(kClose);
    if (close != std::string::npos) {
        piece.reasoning += m_held.substr(0, close);
        m_held.erase(0, close + kClose.size());
        m_state = State::Behind;
        return true;
    }
    const std::size_t sure = m_held.size() - begunTag(m_held, kClose);
    piece.reasoning += m_held.substr(0, sure);
    m_held.erase(0, sure);
    return false;
}

bool ThinkSplitter::behind(Piece &)
{
    // The blank lines between the tag and the answer belong to neither.
    m_held.erase(0, std::min(m_held.find_first_not_of(kBlanks), m_held.size()));
    if (m_held.empty())
        return false;
    m_state = State::Outside;
    return true;
}

} // namespace portolan::dialect::openai
