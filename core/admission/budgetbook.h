// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/period.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace portolan::admission {

/// Both units are counted, so that a budget may change its own.
struct Spending {
    std::int64_t cost = 0; ///< nano-USD
    std::int64_t tokens = 0;

    [[nodiscard]] std::int64_t in(Budget::Unit unit) const noexcept
    {
        return unit == Budget::Unit::Cost ? cost : tokens;
    }
    void add(const Spending &other) noexcept; ///< sums stay within the range
    void take(const Spending &other) noexcept;
    friend bool operator==(const Spending &, const Spending &) = default;
};

struct Refused {
    std::uint64_t count = 0;
    std::int64_t since_us = 0; ///< the first of them, since 1970; 0: none

    void add(std::int64_t wall_us) noexcept
    {
        if (count++ == 0)
            since_us = wall_us;
    }
};

/// What was spent in one period.
struct BudgetPage {
    PeriodSpan span{};
    Spending spent{};              ///< settled
    Spending reserved{};           ///< by requests of this period that run
    std::int64_t guessed_cost = 0; ///< part of spent.cost: estimates that nobody confirmed
    std::int64_t extra = 0;        ///< added to the limit
    Refused refused{};
};

/// The periods of one budget, each with what was spent in it. A page is found by its date, so a clock that
/// jumps forward and comes back finds the page it left, and what was spent on it. A clock from before the
/// first page stays on that one: going back opens no fresh budget. Zone arithmetic is done when the period
/// ends, not for each request. One thread at a time.
class BudgetBook
{
public:
    /// What an earlier run of the program left of a page.
    struct Kept {
        std::int32_t day = 0;
        Spending spent{};
        std::int64_t guessed_cost = 0;
        std::int64_t extra = 0;
    };

    BudgetBook(Period period, std::int64_t wall_us, std::span<const Kept> kept = {});

    /// Valid until the next call.
    [[nodiscard]] BudgetPage &pageAt(std::int64_t wall_us);
    /// The page a reservation was made on; the present one when that page is gone.
    [[nodiscard]] BudgetPage &pageOf(std::int32_t day, unsigned edition, std::int64_t wall_us);
    /// What was spent in the present period stays spent in the new one's, and what runs stays reserved.
    void changePeriod(const Period &period, std::int64_t wall_us);

    [[nodiscard]] const Period &period() const noexcept { return m_period; }
    [[nodiscard]] const std::string &identity() const noexcept { return m_identity; }
    [[nodiscard]] unsigned edition() const noexcept { return m_edition; } ///< another one of each period

    static constexpr std::size_t kMostPages = 64;

private:
    void open(std::int64_t wall_us);
    std::size_t placeFor(const PeriodSpan &span);

    Period m_period;
    std::string m_identity;
    unsigned m_edition = 0;
    std::int32_t m_carried_day = 0;  // where reservations of earlier editions are
    std::vector<BudgetPage> m_pages; // by day; never empty after the constructor
    std::size_t m_current = 0;
    std::int64_t m_from_us = 0; // the present page holds from here
    std::int64_t m_until_us = 0;
};

} // namespace portolan::admission
