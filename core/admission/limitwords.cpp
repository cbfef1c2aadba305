// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/limitwords.h"

#include <fmt/format.h>

#include <algorithm>

namespace portolan::admission {

namespace {

std::string_view nameOf(Party party)
{
    return party.kind == trace::Charge::Party::ClientKey ? "client key" : "virtual key";
}

std::string amountText(Budget::Unit unit, std::int64_t amount)
{
    if (unit == Budget::Unit::Tokens)
        return fmt::format("{} tokens", amount);
    constexpr std::int64_t kCent = 10'000'000;
    return '$' + toDecimal(NanoUsd{amount}, amount % kCent == 0 ? 2 : 6);
}

std::string_view spanText(RateLimit::Per per)
{
    switch (per) {
    case RateLimit::Per::Second: return "second";
    case RateLimit::Per::Minute: return "minute";
    case RateLimit::Per::Hour: return "hour";
    case RateLimit::Per::Day: return "day";
    case RateLimit::Per::Week: break;
    }
    return "week";
}

std::string waitText(std::int64_t wait_us)
{
    constexpr std::int64_t kSecond_us = 1'000'000;
    const auto seconds = (wait_us + kSecond_us - 1) / kSecond_us;
    if (seconds < 120)
        return fmt::format("{} s", seconds);
    if (seconds < 2 * 3600)
        return fmt::format("{} minutes", (seconds + 59) / 60);
    return fmt::format("{} hours", (seconds + 3599) / 3600);
}

} // namespace

std::string budgetWords(Party party, const Budget &budget, const BudgetPage &page, std::int64_t asked)
{
    const auto shown = [&](std::int64_t amount) { return amountText(budget.unit, amount); };
    const auto name = nameOf(party);
    const auto limit = budget.limit + std::max<std::int64_t>(page.extra, 0);
    const auto spent = page.spent.in(budget.unit);
    const auto reserved = page.reserved.in(budget.unit);
    const auto next = page.span.end_us == 0
        ? std::string("Raise it or reset it in Portolan's Keys panel.")
        : fmt::format("It starts anew on {} ({}); until then raise it in Portolan's Keys panel.",
                      dateText(page.span.next_day), budget.period.zone);
    if (limit <= 0)
        return fmt::format(
            "The budget of this {} is zero, so it lets nothing through. Raise it in Portolan's "
            "Keys panel.",
            name);
    if (spent >= limit)
        return fmt::format("The budget of this {} is used up: {} of {} are spent. {}", name, shown(spent),
                           shown(limit), next);
    if (reserved > 0 && spent + asked <= limit)
        return fmt::format(
            "The rest of this {}'s budget is reserved by requests that run ({} of {} are spent, {} "
            "reserved). Try again when one has ended.",
            name, shown(spent), shown(limit), shown(reserved));
    return fmt::format("This request may take up to {}, and the budget of this {} has {} left of {}. Lower "
                       "max_tokens, or wait: {}",
                       shown(asked), name, shown(limit - spent), shown(limit), next);
}

std::string rateWords(Party party, const RateLimit &rate, const Refusal &refusal)
{
    const bool ofTokens = rate.unit == RateLimit::Unit::Tokens;
    const auto what
        = fmt::format("{} {} per {}", rate.most, ofTokens ? "tokens" : "requests", spanText(rate.per));
    const auto name = nameOf(party);
    if (rate.most <= 0)
        return fmt::format(
            "This {} lets nothing through: its limit is {}. Raise it in Portolan's Keys panel.", name, what);
    if (refusal.retry_after_us == 0)
        return fmt::format(
            "This request may take up to {} tokens, and this {} lets {} through. Lower max_tokens, "
            "or raise the limit in Portolan's Keys panel.",
            refusal.asked, name, what);
    const auto wait = waitText(refusal.retry_after_us);
    if (!ofTokens)
        return fmt::format("This {} lets {} through, and that many came. Try again in {}.", name, what, wait);
    return fmt::format(
        "This {} lets {} through; {} are used or reserved, and this request may take up to {}. Try "
        "again in {}.",
        name, what, refusal.used, refusal.asked, wait);
}

std::string concurrencyWords(Party party, std::int64_t limit)
{
    if (limit <= 0)
        return fmt::format("This {} lets no request run. Raise its limit in Portolan's Keys panel.",
                           nameOf(party));
    return fmt::format("This {} lets {} {} run at once. Try again when one has ended.", nameOf(party), limit,
                       limit == 1 ? "request" : "requests");
}

std::string_view codeOf(Refusal::Limit limit) noexcept
{
    switch (limit) {
    case Refusal::Limit::Budget: return "limits.budget";
    case Refusal::Limit::Requests: return "limits.requests";
    case Refusal::Limit::Tokens: return "limits.tokens";
    case Refusal::Limit::Concurrency: break;
    }
    return "limits.concurrency";
}

} // namespace portolan::admission
