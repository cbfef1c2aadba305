// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/cachemarks.h"

#include <algorithm>

namespace portolan::dialect::anthropic {

CacheMarks::CacheMarks(const std::vector<const Tool *> &tools, const Turns &turns, std::size_t most)
{
    const auto add = [this](const Mark &mark) {
        if (mark)
            m_sent.push_back(&mark);
    };
    // Thinking can't be marked; what is said about it is said for the part behind it.
    const auto addPart = [&](const Part *part) {
        if (!std::holds_alternative<ReasoningPart>(part->content))
            add(part->cache);
    };
    for (const Tool *tool : tools)
        add(tool->cache);
    std::ranges::for_each(turns.system, addPart);
    for (const Turn &turn : turns.list)
        std::ranges::for_each(turn.parts, addPart);
    m_left_some_out = m_sent.size() > most;
    if (m_left_some_out)
        m_sent.erase(m_sent.begin() + 1, m_sent.end() - std::ptrdiff_t(most - 1));
}

CacheMarks::Mark CacheMarks::sent(const Mark &mark) const
{
    return std::ranges::find(m_sent, &mark) == m_sent.end() ? Mark() : mark;
}

} // namespace portolan::dialect::anthropic
