// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/budgetbook.h"
#include "core/admission/ledger.h"
#include "core/admission/slidingwindow.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace portolan::admission {

/// What one key's limits are and what is used of them. Any thread.
class PartyBook : public std::enable_shared_from_this<PartyBook>
{
public:
    explicit PartyBook(Party party)
        : m_party(party)
    { }

    void restore(trace::KeptUse kept);
    std::vector<trace::Charge> setLimits(const KeyLimits &limits, Instant now);
    [[nodiscard]] std::expected<Reservation, Refusal> reserve(const Estimate &asked, Instant now);
    void settle(const Reservation &place, const Actual &actual, Instant now,
                std::vector<trace::Charge> &charges);
    void release(const Reservation &place);
    [[nodiscard]] std::optional<trace::Charge> pending(const Reservation &place) const;

    [[nodiscard]] KeyUse use(Instant now);
    std::optional<trace::Charge> reset(Instant now);
    std::optional<trace::Charge> allowMore(std::int64_t amount, Instant now);

private:
    struct Rate {
        RateLimit limit{};
        SlidingWindow window;
        [[nodiscard]] bool counts(RateLimit::Unit unit) const noexcept { return limit.unit == unit; }
    };

    void setRates(const std::vector<RateLimit> &limits, Instant now);
    void fillWindow(SlidingWindow &window, const trace::KeptWindow &kept, Instant now) const;
    [[nodiscard]] std::vector<BudgetBook::Kept> keptPages(const Period &period) const;
    [[nodiscard]] std::optional<Refusal> lookAtBudget(const Estimate &estimate, Instant now);
    [[nodiscard]] std::optional<Refusal> lookAtRates(const Estimate &estimate, Instant now);
    [[nodiscard]] std::optional<Refusal> lookAtConcurrency() const;
    [[nodiscard]] std::int64_t ceiling(const BudgetPage &page) const noexcept;
    [[nodiscard]] std::int64_t askedOfBudget(const Estimate &estimate, const BudgetPage &page) const noexcept;
    [[nodiscard]] std::int64_t askedOfWindows(const Estimate &estimate) const noexcept;
    [[nodiscard]] std::int64_t usedOf(Rate &rate, Instant now) const;
    [[nodiscard]] Standing standing(Instant now);
    void giveBack(const Reservation &place, Instant now);
    [[nodiscard]] trace::Charge blank() const;
    /// All that was spent in the present period, to be added or, negative, taken back.
    [[nodiscard]] trace::Charge spentNow(Instant now, int sign);

    const Party m_party;
    mutable std::mutex m_mutex; // guards all below
    trace::KeptUse m_kept;      // of an earlier run, for limits that are set for the first time in this one
    KeyLimits m_limits;
    std::vector<Rate> m_rates;          // as m_limits.rates
    std::uint8_t m_windows = 0;         // those of m_rates that are kept by the store
    std::optional<BudgetBook> m_budget; // stays when the budget is taken off: it may come back
    std::int64_t m_window_reserved = 0; // tokens, by requests that run
    int m_running = 0;
    Refused m_refused{}; // without a budget
};

} // namespace portolan::admission
