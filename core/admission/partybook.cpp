// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/partybook.h"

#include "core/admission/limitwords.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace portolan::admission {

namespace {

constexpr std::int64_t kSecond_us = 1'000'000;
constexpr std::int64_t kSoon_us = kSecond_us; // when what is in the way are requests that run
// Of one request, in tokens or nano-USD: nonsense of a client or a provider must not carry sums out of range.
constexpr std::int64_t kMostOfOne = 1'000'000'000'000'000;
constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

std::int64_t bounded(std::int64_t amount)
{
    return std::clamp<std::int64_t>(amount, 0, kMostOfOne);
}

std::int64_t spanOf(RateLimit::Per per)
{
    switch (per) {
    case RateLimit::Per::Second: return kSecond_us;
    case RateLimit::Per::Minute: return 60 * kSecond_us;
    case RateLimit::Per::Hour: return 3'600 * kSecond_us;
    case RateLimit::Per::Day: return 86'400 * kSecond_us;
    case RateLimit::Per::Week: break;
    }
    return 604'800 * kSecond_us;
}

/// The window of that limit if the store keeps it; null for seconds and minutes.
const trace::KeptWindow *keptWindow(const RateLimit &limit)
{
    const bool ofTokens = limit.unit == RateLimit::Unit::Tokens;
    const auto found = std::ranges::find_if(trace::kKeptWindows, [&](const trace::KeptWindow &kept) {
        return kept.span_us == spanOf(limit.per) && trace::countsTokens(kept.window) == ofTokens;
    });
    return found == trace::kKeptWindows.end() ? nullptr : &*found;
}

/// Seconds and minutes count every request by itself, up to a number that memory can bear.
SlidingWindow windowOf(const RateLimit &limit)
{
    constexpr std::int64_t kMostEntries = 8'192;
    const auto span = spanOf(limit.per);
    if (const auto *kept = keptWindow(limit))
        return {span, kept->grain_us};
    return {span, span / kMostEntries, kMostEntries};
}

} // namespace

void PartyBook::restore(trace::KeptUse kept)
{
    const std::scoped_lock lock(m_mutex);
    m_kept = std::move(kept);
}

std::vector<trace::Charge> PartyBook::setLimits(const KeyLimits &limits, Instant now)
{
    const std::scoped_lock lock(m_mutex);
    std::vector<trace::Charge> moved;
    setRates(limits.rates, now);
    if (limits.budget && !m_budget) {
        m_budget.emplace(limits.budget->period, now.wall_us, keptPages(limits.budget->period));
    } else if (limits.budget && limits.budget->period != m_budget->period()) {
        moved.push_back(spentNow(now, -1));
        m_budget->changePeriod(limits.budget->period, now.wall_us);
        moved.push_back(spentNow(now, 1));
    }
    m_limits = limits;
    return moved;
}

std::vector<BudgetBook::Kept> PartyBook::keptPages(const Period &period) const
{
    const auto identity = identityOf(period);
    std::vector<BudgetBook::Kept> pages;
    for (const auto &charge : m_kept.charges) {
        if (charge.period == identity)
            pages.push_back({.day = charge.day,
                             .spent = {.cost = charge.cost.value, .tokens = charge.tokens},
                             .guessed_cost = charge.guessed_cost.value,
                             .extra = charge.extra});
    }
    return pages;
}

void PartyBook::setRates(const std::vector<RateLimit> &limits, Instant now)
{
    std::vector<Rate> rates;
    std::uint8_t windows = 0;
    for (const auto &limit : limits) {
        const auto *kept = keptWindow(limit);
        if (kept)
            windows |= kept->window;
        const auto old = std::ranges::find_if(m_rates, [&](const Rate &rate) {
            return rate.limit.unit == limit.unit && rate.limit.per == limit.per;
        });
        if (old == m_rates.end()) {
            auto window = windowOf(limit);
            if (kept)
                fillWindow(window, *kept, now);
            rates.push_back({.limit = limit, .window = std::move(window)});
            continue;
        }
        rates.push_back(std::move(*old));
        m_rates.erase(old);
        rates.back().limit = limit;
    }
    m_rates = std::move(rates);
    m_windows = windows;
}

/// Of an earlier run of the program. A stretch counts as if all of it came at its end; one that lies in the
/// future, because the clock was set back, as if it came now.
void PartyBook::fillWindow(SlidingWindow &window, const trace::KeptWindow &kept, Instant now) const
{
    for (const auto &use : m_kept.windows) {
        const auto age = std::max<std::int64_t>(now.wall_us - (use.start_us + kept.grain_us - 1), 0);
        if (use.window == kept.window && age <= kept.span_us)
            window.add(now.steady_us - age, use.amount);
    }
}

std::expected<Reservation, Refusal> PartyBook::reserve(const Estimate &asked, Instant now)
{
    const Estimate estimate{.tokens = bounded(asked.tokens),
                            .cost = NanoUsd{bounded(asked.cost.value)},
                            .guessed = asked.guessed};
    const std::scoped_lock lock(m_mutex);
    if (m_limits.empty())
        return Reservation{};
    auto refused = lookAtBudget(estimate, now);
    if (!refused)
        refused = lookAtRates(estimate, now);
    if (!refused)
        refused = lookAtConcurrency();
    if (refused) {
        refused->error.code = codeOf(refused->hit);
        refused->standing = standing(now);
        (m_limits.budget ? m_budget->pageAt(now.wall_us).refused : m_refused).add(now.wall_us);
        return std::unexpected(*std::move(refused));
    }

    // What may fail for want of memory comes first.
    for (auto &rate : m_rates) {
        if (rate.counts(RateLimit::Unit::Requests))
            rate.window.add(now.steady_us, 1);
    }
    Reservation place;
    place.m_estimate = estimate;
    place.m_asked_us = now.wall_us;
    place.m_window_tokens = askedOfWindows(estimate);
    if (m_limits.budget) {
        auto &page = m_budget->pageAt(now.wall_us);
        const auto most = askedOfBudget(estimate, page);
        if (m_limits.budget->unit == Budget::Unit::Cost)
            place.m_estimate.cost = NanoUsd{most};
        else
            place.m_estimate.tokens = most;
        place.m_in_budget = true;
        place.m_day = page.span.day;
        place.m_edition = m_budget->edition();
        page.reserved.add({.cost = place.m_estimate.cost.value, .tokens = place.m_estimate.tokens});
    }
    ++m_running;
    m_window_reserved += place.m_window_tokens;
    place.m_standing = standing(now);
    place.m_book = shared_from_this();
    return place;
}

std::int64_t PartyBook::ceiling(const BudgetPage &page) const noexcept
{
    const auto limit = m_limits.budget->limit;
    const auto extra = std::max<std::int64_t>(page.extra, 0);
    return limit > kMost - extra ? kMost : limit + extra;
}

std::int64_t PartyBook::askedOfBudget(const Estimate &estimate, const BudgetPage &page) const noexcept
{
    const auto asked = m_limits.budget->unit == Budget::Unit::Cost ? estimate.cost.value : estimate.tokens;
    return estimate.guessed ? std::clamp<std::int64_t>(ceiling(page), 0, asked) : asked;
}

/// One amount for all token windows, so that a guess fits the narrowest.
std::int64_t PartyBook::askedOfWindows(const Estimate &estimate) const noexcept
{
    auto asked = std::max<std::int64_t>(estimate.tokens, 1);
    for (const auto &rate : m_rates) {
        if (estimate.guessed && rate.counts(RateLimit::Unit::Tokens))
            asked = std::min(asked, std::max<std::int64_t>(rate.limit.most, 1));
    }
    return asked;
}

std::optional<Refusal> PartyBook::lookAtBudget(const Estimate &estimate, Instant now)
{
    if (!m_limits.budget)
        return std::nullopt;
    const auto &budget = *m_limits.budget;
    const auto &page = m_budget->pageAt(now.wall_us);
    const auto limit = ceiling(page);
    const auto asked = askedOfBudget(estimate, page);
    auto taken = page.spent;
    taken.add(page.reserved);
    const auto used = taken.in(budget.unit);
    if (used < limit && asked <= limit - used)
        return std::nullopt;

    const auto spent = page.spent.in(budget.unit);
    const bool waitsForRunning = spent < limit && asked <= limit - spent;
    Refusal refusal{.hit = Refusal::Limit::Budget, .limit = limit, .used = used, .asked = asked};
    refusal.resets_us = page.span.end_us;
    if (waitsForRunning)
        refusal.retry_after_us = kSoon_us;
    else if (page.span.end_us > 0 && asked <= budget.limit && budget.limit > 0)
        refusal.retry_after_us = std::max(page.span.end_us - now.wall_us, kSoon_us);
    refusal.error.retryable = refusal.retry_after_us > 0;
    refusal.error.origin = Origin::Client;
    refusal.error.message = budgetWords(m_party, budget, page, asked);
    return refusal;
}

std::int64_t PartyBook::usedOf(Rate &rate, Instant now) const
{
    const auto used = rate.window.used(now.steady_us);
    return rate.counts(RateLimit::Unit::Requests)
        ? used
        : std::min(used, kMost - m_window_reserved) + m_window_reserved;
}

/// Of several limits that are hit the one that takes longest to open.
std::optional<Refusal> PartyBook::lookAtRates(const Estimate &estimate, Instant now)
{
    std::optional<Refusal> worst;
    const auto tokens = askedOfWindows(estimate);
    for (auto &rate : m_rates) {
        const bool ofTokens = rate.counts(RateLimit::Unit::Tokens);
        const auto asked = ofTokens ? tokens : 1;
        const auto used = usedOf(rate, now);
        const auto most = rate.limit.most;
        if (most > 0 && asked <= most && used <= most - asked)
            continue;
        Refusal refusal{.hit = ofTokens ? Refusal::Limit::Tokens : Refusal::Limit::Requests,
                        .limit = most,
                        .used = used,
                        .asked = asked};
        if (most > 0 && asked <= most)
            refusal.retry_after_us
                = rate.window.leaves(now.steady_us, used - (most - asked)).value_or(kSoon_us);
        refusal.error.retryable = refusal.retry_after_us > 0;
        refusal.error.origin = Origin::Client;
        const bool isWorse = !worst
            || (worst->retry_after_us > 0
                && (refusal.retry_after_us == 0 || refusal.retry_after_us > worst->retry_after_us));
        if (!isWorse)
            continue;
        refusal.error.message = rateWords(m_party, rate.limit, refusal);
        worst = std::move(refusal);
    }
    return worst;
}

std::optional<Refusal> PartyBook::lookAtConcurrency() const
{
    if (!m_limits.concurrency || m_running < *m_limits.concurrency)
        return std::nullopt;
    Refusal refusal{
        .hit = Refusal::Limit::Concurrency, .limit = *m_limits.concurrency, .used = m_running, .asked = 1};
    refusal.retry_after_us = *m_limits.concurrency > 0 ? kSoon_us : 0;
    refusal.error.retryable = refusal.retry_after_us > 0;
    refusal.error.origin = Origin::Client;
    refusal.error.message = concurrencyWords(m_party, *m_limits.concurrency);
    return refusal;
}

Standing PartyBook::standing(Instant now)
{
    Standing standing;
    for (auto &rate : m_rates) {
        const bool ofTokens = rate.counts(RateLimit::Unit::Tokens);
        auto &place = ofTokens ? standing.tokens : standing.requests;
        const auto remaining = std::max<std::int64_t>(rate.limit.most - usedOf(rate, now), 0);
        if (place && place->remaining <= remaining)
            continue;
        auto reset = rate.window.empties(now.steady_us);
        if (ofTokens && m_window_reserved > 0)
            reset = spanOf(rate.limit.per);
        place = {.limit = rate.limit.most, .remaining = remaining, .reset_us = reset};
    }
    return standing;
}

void PartyBook::giveBack(const Reservation &place, Instant now)
{
    --m_running;
    m_window_reserved -= place.m_window_tokens;
    if (place.m_in_budget) {
        auto &page = m_budget->pageOf(place.m_day, place.m_edition, now.wall_us);
        page.reserved.take({.cost = place.m_estimate.cost.value, .tokens = place.m_estimate.tokens});
    }
}

void PartyBook::release(const Reservation &place)
{
    const std::scoped_lock lock(m_mutex);
    giveBack(place, {.wall_us = place.m_asked_us});
}

trace::Charge PartyBook::blank() const
{
    trace::Charge charge{.party = m_party.kind, .key = m_party.id};
    if (m_budget)
        charge.period = m_budget->identity();
    return charge;
}

trace::Charge PartyBook::spentNow(Instant now, int sign)
{
    const auto &page = m_budget->pageAt(now.wall_us);
    auto charge = blank();
    charge.day = page.span.day;
    charge.cost = NanoUsd{sign * page.spent.cost};
    charge.tokens = sign * page.spent.tokens;
    charge.extra = sign * page.extra;
    charge.guessed_cost = NanoUsd{sign * page.guessed_cost};
    return charge;
}

void PartyBook::settle(const Reservation &place, const Actual &actual, Instant now,
                       std::vector<trace::Charge> &charges)
{
    const std::scoped_lock lock(m_mutex);
    giveBack(place, now);
    const auto tokens = bounded(actual.tokens.value_or(place.m_estimate.tokens));
    const auto cost = bounded(actual.cost.value_or(place.m_estimate.cost).value);
    for (auto &rate : m_rates) {
        if (rate.counts(RateLimit::Unit::Tokens))
            rate.window.add(now.steady_us, tokens);
    }
    if (!place.m_in_budget && m_windows == 0)
        return;
    trace::Charge charge{.party = m_party.kind,
                         .key = m_party.id,
                         .cost = NanoUsd{cost},
                         .tokens = tokens,
                         .guessed_cost = NanoUsd{actual.cost ? 0 : cost},
                         .windows = m_windows,
                         .asked_us = place.m_asked_us,
                         .ended_us = now.wall_us};
    if (place.m_in_budget) {
        auto &page = m_budget->pageOf(place.m_day, place.m_edition, now.wall_us);
        page.spent.add({.cost = cost, .tokens = tokens});
        page.guessed_cost += charge.guessed_cost.value;
        charge.period = m_budget->identity();
        charge.day = page.span.day;
    }
    charges.push_back(std::move(charge));
}

std::optional<trace::Charge> PartyBook::pending(const Reservation &place) const
{
    const std::scoped_lock lock(m_mutex);
    if (!place.m_in_budget && m_windows == 0)
        return std::nullopt;
    auto charge = blank();
    if (!place.m_in_budget)
        charge.period.clear();
    charge.day = place.m_day;
    charge.cost = charge.guessed_cost = place.m_estimate.cost;
    charge.tokens = place.m_estimate.tokens;
    charge.windows = m_windows;
    charge.asked_us = charge.ended_us = place.m_asked_us;
    return charge;
}

KeyUse PartyBook::use(Instant now)
{
    const std::scoped_lock lock(m_mutex);
    KeyUse use{.running = m_running};
    const auto &refused = m_limits.budget ? m_budget->pageAt(now.wall_us).refused : m_refused;
    use.refused = refused.count;
    use.refused_since_us = refused.since_us;
    if (m_limits.budget) {
        const auto unit = m_limits.budget->unit;
        const auto &page = m_budget->pageAt(now.wall_us);
        use.spent = page.spent.in(unit);
        use.reserved = page.reserved.in(unit);
        use.extra = page.extra;
        use.period_start_us = page.span.start_us;
        use.resets_us = page.span.end_us;
    }
    for (auto &rate : m_rates)
        use.rates.push_back(usedOf(rate, now));
    return use;
}

std::optional<trace::Charge> PartyBook::reset(Instant now)
{
    const std::scoped_lock lock(m_mutex);
    m_kept = {};
    for (auto &rate : m_rates)
        rate.window.clear();
    m_refused = {};
    auto charge = blank();
    if (m_budget) {
        charge = spentNow(now, -1);
        auto &page = m_budget->pageAt(now.wall_us);
        page.spent = {};
        page.extra = 0;
        page.guessed_cost = 0;
        page.refused = {};
    }
    return charge;
}

std::optional<trace::Charge> PartyBook::allowMore(std::int64_t amount, Instant now)
{
    const std::scoped_lock lock(m_mutex);
    if (!m_limits.budget || amount <= 0)
        return std::nullopt;
    auto &page = m_budget->pageAt(now.wall_us);
    amount = std::min(amount, kMost - std::max<std::int64_t>(page.extra, 0));
    page.extra += amount;
    auto charge = blank();
    charge.day = page.span.day;
    charge.extra = amount;
    return charge;
}

} // namespace portolan::admission
