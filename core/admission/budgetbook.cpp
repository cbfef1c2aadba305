// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/budgetbook.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace portolan::admission {

namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

std::int64_t sum(std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    if (__builtin_add_overflow(a, b, &result))
        return b > 0 ? kMost : kLeast;
    return result;
}

} // namespace

void Spending::add(const Spending &other) noexcept
{
    cost = sum(cost, other.cost);
    tokens = sum(tokens, other.tokens);
}

void Spending::take(const Spending &other) noexcept
{
    cost = std::max<std::int64_t>(cost - other.cost, 0);
    tokens = std::max<std::int64_t>(tokens - other.tokens, 0);
}

BudgetBook::BudgetBook(Period period, std::int64_t wall_us, std::span<const Kept> kept)
    : m_period(std::move(period))
    , m_identity(identityOf(m_period))
{
    for (const auto &one : kept) {
        auto &page = m_pages[placeFor(periodOn(m_period, one.day))];
        page.spent = one.spent;
        page.guessed_cost = one.guessed_cost;
        page.extra = one.extra;
    }
    open(wall_us);
}

BudgetPage &BudgetBook::pageAt(std::int64_t wall_us)
{
    if (wall_us < m_from_us || wall_us >= m_until_us)
        open(wall_us);
    return m_pages[m_current];
}

BudgetPage &BudgetBook::pageOf(std::int32_t day, unsigned edition, std::int64_t wall_us)
{
    const auto wanted = edition == m_edition ? day : m_carried_day;
    const auto found
        = std::ranges::find(m_pages, wanted, [](const BudgetPage &page) { return page.span.day; });
    return found != m_pages.end() ? *found : pageAt(wall_us);
}

void BudgetBook::open(std::int64_t wall_us)
{
    const auto span = periodAt(m_period, wall_us);
    if (!m_pages.empty() && span.day < m_pages.front().span.day) {
        m_current = 0;
        m_from_us = kLeast;
        m_until_us = m_pages.front().span.end_us;
        return;
    }
    m_current = placeFor(span);
    m_from_us = span.end_us == 0 ? kLeast : span.start_us;
    m_until_us = span.end_us == 0 ? kMost : span.end_us;
}

std::size_t BudgetBook::placeFor(const PeriodSpan &span)
{
    const auto dayOfPage = [](const BudgetPage &page) { return page.span.day; };
    auto place = std::ranges::lower_bound(m_pages, span.day, {}, dayOfPage);
    if (place != m_pages.end() && place->span.day == span.day)
        return std::size_t(place - m_pages.begin());
    place = m_pages.insert(place, BudgetPage{.span = span});
    auto index = std::size_t(place - m_pages.begin());
    if (m_pages.size() > kMostPages && index > 0) {
        m_pages.erase(m_pages.begin());
        --index;
    }
    return index;
}

void BudgetBook::changePeriod(const Period &period, std::int64_t wall_us)
{
    auto carried = pageAt(wall_us);
    carried.reserved = {};
    for (const auto &page : m_pages)
        carried.reserved.add(page.reserved);
    m_period = period;
    m_identity = identityOf(period);
    ++m_edition;
    m_pages.clear();
    open(wall_us);
    carried.span = m_pages[m_current].span;
    m_carried_day = carried.span.day;
    m_pages[m_current] = carried;
}

} // namespace portolan::admission
