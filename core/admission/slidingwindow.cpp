// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/slidingwindow.h"

#include <algorithm>
#include <limits>

namespace portolan::admission {

SlidingWindow::SlidingWindow(std::int64_t span_us, std::int64_t grain_us, std::size_t fine)
    : m_span_us(span_us)
    , m_grain_us(grain_us)
    , m_fine(fine)
    , m_now_us(std::numeric_limits<std::int64_t>::min())
{ }

void SlidingWindow::advance(std::int64_t now_us)
{
    m_now_us = std::max(m_now_us, now_us);
    // An amount stays for the whole span, its last microsecond included: two that are exactly a span apart
    // lie in one that is closed on both sides.
    while (!m_entries.empty() && m_now_us - m_entries.front().at_us > m_span_us) {
        m_used -= m_entries.front().amount;
        m_entries.pop_front();
    }
}

void SlidingWindow::add(std::int64_t now_us, std::int64_t amount)
{
    advance(now_us);
    if (amount <= 0)
        return;
    amount = std::min(amount, std::numeric_limits<std::int64_t>::max() - m_used);
    m_used += amount;
    const bool isFull = !m_entries.empty() && m_entries.size() >= m_fine;
    if (isFull && m_entries.back().at_us / m_grain_us == m_now_us / m_grain_us) {
        m_entries.back().at_us = m_now_us;
        m_entries.back().amount += amount;
        return;
    }
    m_entries.push_back({.at_us = m_now_us, .amount = amount});
}

std::int64_t SlidingWindow::used(std::int64_t now_us)
{
    advance(now_us);
    return m_used;
}

std::optional<std::int64_t> SlidingWindow::leaves(std::int64_t now_us, std::int64_t amount)
{
    advance(now_us);
    std::int64_t left = 0;
    for (const auto &entry : m_entries) {
        left += entry.amount;
        if (left >= amount)
            return entry.at_us + m_span_us + 1 - m_now_us;
    }
    return std::nullopt;
}

std::int64_t SlidingWindow::empties(std::int64_t now_us)
{
    advance(now_us);
    return m_entries.empty() ? 0 : m_entries.back().at_us + m_span_us + 1 - m_now_us;
}

void SlidingWindow::clear() noexcept
{
    m_used = 0;
    m_entries.clear();
}

} // namespace portolan::admission
