// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/keylimitsjson.h"

#include <QDate>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

using admission::Budget;
using admission::KeyLimits;
using admission::Period;
using admission::RateLimit;

template <typename Value>
using Words = std::pair<std::string_view, Value>;

constexpr std::array kBudgetUnits{Words<Budget::Unit>{"cost", Budget::Unit::Cost},
                                  Words<Budget::Unit>{"tokens", Budget::Unit::Tokens}};
constexpr std::array kRateUnits{Words<RateLimit::Unit>{"requests", RateLimit::Unit::Requests},
                                Words<RateLimit::Unit>{"tokens", RateLimit::Unit::Tokens}};
constexpr std::array kSpans{
    Words<RateLimit::Per>{"second", RateLimit::Per::Second},
    Words<RateLimit::Per>{"minute", RateLimit::Per::Minute},
    Words<RateLimit::Per>{"hour", RateLimit::Per::Hour},
    Words<RateLimit::Per>{"day", RateLimit::Per::Day},
    Words<RateLimit::Per>{"week", RateLimit::Per::Week},
};
constexpr std::array kPeriods{
    Words<Period::Kind>{"never", Period::Kind::Never}, Words<Period::Kind>{"day", Period::Kind::Day},
    Words<Period::Kind>{"week", Period::Kind::Week},   Words<Period::Kind>{"month", Period::Kind::Month},
    Words<Period::Kind>{"days", Period::Kind::Days},
};

constexpr int kMostDays = 365;
constexpr int kMostConcurrency = 100'000;
constexpr int kMostPercent = 1'000;
constexpr std::size_t kMostAlerts = 20;

template <typename Value, std::size_t N>
std::optional<Value> valueOf(const std::array<Words<Value>, N> &words, JsonValue word)
{
    const auto found
        = std::ranges::find_if(words, [&](const auto &entry) { return word.equals(entry.first); });
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

template <typename Value, std::size_t N>
std::string_view wordOf(const std::array<Words<Value>, N> &words, Value value)
{
    return std::ranges::find(words, value, &Words<Value>::second)->first;
}

std::optional<Period> periodFrom(JsonValue stored)
{
    const auto kind = valueOf(kPeriods, stored["kind"]);
    if (!kind)
        return std::nullopt;
    Period period{.kind = *kind};
    period.zone = stored["zone"].stringOr("UTC");
    period.first_weekday = int(stored["first_weekday"].integer().value_or(1));
    period.days = int(stored["days"].integer().value_or(0));
    period.from = stored["from"].stringOr("");
    return period;
}

std::optional<Budget> budgetFrom(JsonValue stored)
{
    const auto unit = valueOf(kBudgetUnits, stored["unit"]);
    const auto limit = stored["limit"].integer();
    const auto period = periodFrom(stored["period"]);
    if (!unit || !limit || !period)
        return std::nullopt;
    Budget budget{.unit = *unit, .limit = *limit, .period = *period, .alert_percents = {}};
    for (const JsonValue percent : stored["alert_percents"].elements())
        budget.alert_percents.push_back(int(percent.integer().value_or(0)));
    return budget;
}

std::optional<RateLimit> rateFrom(JsonValue stored)
{
    const auto unit = valueOf(kRateUnits, stored["unit"]);
    const auto per = valueOf(kSpans, stored["per"]);
    const auto most = stored["most"].integer();
    if (!unit || !per || !most)
        return std::nullopt;
    return RateLimit{.unit = *unit, .per = *per, .most = *most};
}

std::optional<KeyLimits> allFrom(JsonValue stored)
{
    KeyLimits limits;
    if (const auto budget = stored["budget"]) {
        limits.budget = budgetFrom(budget);
        if (!limits.budget)
            return std::nullopt;
    }
    for (const JsonValue entry : stored["rates"].elements()) {
        const auto rate = rateFrom(entry);
        if (!rate)
            return std::nullopt;
        limits.rates.push_back(*rate);
    }
    if (const auto concurrency = stored["concurrency"]) {
        const auto most = concurrency.integer();
        if (!most || *most < 0 || *most > kMostConcurrency)
            return std::nullopt;
        limits.concurrency = int(*most);
    }
    return checkLimits(limits) ? std::optional(std::move(limits)) : std::nullopt;
}

void write(JsonWriter &writer, const Budget &budget)
{
    writer.object();
    writer.member("unit", wordOf(kBudgetUnits, budget.unit));
    writer.member("limit", budget.limit);
    writer.key("period").object();
    const Period &period = budget.period;
    writer.member("kind", wordOf(kPeriods, period.kind));
    writer.member("zone", period.zone);
    if (period.kind == Period::Kind::Week)
        writer.member("first_weekday", period.first_weekday);
    if (period.kind == Period::Kind::Days)
        writer.member("days", period.days).member("from", period.from);
    writer.end();
    writer.key("alert_percents").array();
    for (const int percent : budget.alert_percents)
        writer.integer(percent);
    writer.end().end();
}

std::unexpected<Error> badLimits(std::string message)
{
    return fail({.origin = Origin::Client, .code = "key.bad_limits", .message = std::move(message)});
}

Result<> checkPeriod(const Period &period)
{
    if (!QTimeZone::isTimeZoneIdAvailable(QByteArray::fromStdString(period.zone)))
        return badLimits("There is no time zone \"" + period.zone + "\": write it like Europe/Berlin.");
    if (period.kind == Period::Kind::Week && (period.first_weekday < 1 || period.first_weekday > 7))
        return badLimits("A week begins on a day from 1 (Monday) to 7 (Sunday).");
    if (period.kind != Period::Kind::Days)
        return {};
    if (period.days < 1 || period.days > kMostDays)
        return badLimits("A period has 1 to 365 days.");
    if (!QDate::fromString(QString::fromStdString(period.from), u"yyyy-MM-dd"_s).isValid())
        return badLimits("Give the first day of the period like 2026-11-21.");
    return {};
}

Result<> checkBudget(const Budget &budget)
{
    if (budget.limit < 0)
        return badLimits("A budget cannot be below zero.");
    const auto &percents = budget.alert_percents;
    const bool rising = std::ranges::adjacent_find(percents, std::ranges::greater_equal()) == percents.end();
    if (!rising || percents.size() > kMostAlerts
        || (!percents.empty() && (percents.front() < 1 || percents.back() > kMostPercent)))
        return badLimits("Alerts are rising percentages of the budget, from 1 on.");
    return checkPeriod(budget.period);
}

} // namespace

KeyLimits limitsFromStored(JsonValue stored)
{
    return allFrom(stored).value_or(KeyLimits{.budget = Budget{.limit = 0}});
}

void writeLimits(JsonWriter &writer, const KeyLimits &limits)
{
    if (limits.budget)
        write(writer.key("budget"), *limits.budget);
    if (!limits.rates.empty()) {
        writer.key("rates").array();
        for (const auto &rate : limits.rates) {
            writer.object();
            writer.member("unit", wordOf(kRateUnits, rate.unit));
            writer.member("per", wordOf(kSpans, rate.per));
            writer.member("most", rate.most).end();
        }
        writer.end();
    }
    if (limits.concurrency)
        writer.member("concurrency", *limits.concurrency);
}

bool isLimitMember(std::string_view name) noexcept
{
    return name == "budget" || name == "rates" || name == "concurrency";
}

Result<> checkLimits(const KeyLimits &limits)
{
    if (limits.budget) {
        if (auto checked = checkBudget(*limits.budget); !checked)
            return checked;
    }
    std::set<std::pair<RateLimit::Unit, RateLimit::Per>> seen;
    for (const auto &rate : limits.rates) {
        if (rate.most < 0)
            return badLimits("A rate limit cannot be below zero.");
        if (!seen.emplace(rate.unit, rate.per).second)
            return badLimits("Give one limit at most for requests or tokens in each span.");
    }
    if (limits.concurrency && (*limits.concurrency < 0 || *limits.concurrency > kMostConcurrency))
        return badLimits("From 0 to 100,000 requests may run at once.");
    return {};
}

std::vector<std::string> namesFromStored(JsonValue stored)
{
    std::vector<std::string> names;
    if (!stored)
        return names;
    for (const JsonValue name : stored.elements())
        names.push_back(name.stringOr(""));
    return stored.isArray() ? names : std::vector<std::string>{""};
}

void writeNames(JsonWriter &writer, const std::vector<std::string> &names)
{
    writer.array();
    for (const auto &name : names)
        writer.string(name);
    writer.end();
}

} // namespace portolan::control
