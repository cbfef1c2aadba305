// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/limitsjson.h"

#include "core/admin/parts.h"
#include "core/base/money.h"

#include <QDateTime>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace portolan::admin {

namespace {

using admission::Budget;
using admission::KeyLimits;
using admission::Period;
using admission::RateLimit;

constexpr int kSunday = 7;
constexpr int kMostDays = 365;

constexpr std::array kUnits{
    std::pair{RateLimit::Per::Second, "rps"}, std::pair{RateLimit::Per::Minute, "rpm"},
    std::pair{RateLimit::Per::Hour, "rph"},   std::pair{RateLimit::Per::Day, "rpd"},
    std::pair{RateLimit::Per::Week, "rpw"},
};

/// Dollars in nano-dollars, or a whole number of tokens.
Result<std::int64_t> amountOf(const JsonValue &value, Budget::Unit unit, std::string_view name)
{
    if (unit == Budget::Unit::Tokens) {
        if (const auto tokens = value.integer(); tokens && *tokens >= 0)
            return *tokens;
    } else if (value.isNumber()) {
        if (const auto dollars = parseUsd(value.raw()); dollars && dollars->value >= 0)
            return dollars->value;
        // 1e2 is a number, too; whole dollars are all that is written like that.
        constexpr std::int64_t kMostDollars = 9'000'000'000;
        if (const auto whole = value.integer(); whole && *whole >= 0 && *whole < kMostDollars)
            return *whole * 1'000'000'000;
    }
    return bad('"' + std::string(name) + "\" must be a number from 0 on.");
}

Result<Period> periodOf(const JsonValue &limits)
{
    Period period;
    const JsonValue reset = limits["periodic_reset"];
    const JsonValue days = limits["periodic_reset_days"];
    if (reset && days)
        return bad("Give periodic_reset or periodic_reset_days, not both.");
    if (reset.equals("weekly")) {
        period.kind = Period::Kind::Week;
        period.first_weekday = kSunday;
    } else if (reset.equals("monthly")) {
        period.kind = Period::Kind::Month;
    } else if (reset) {
        return bad("periodic_reset is \"weekly\" or \"monthly\".");
    }
    if (!days)
        return period;
    const auto count = days.integer();
    if (!count || *count < 1 || *count > kMostDays)
        return bad("periodic_reset_days is a number from 1 to 365.");
    period.kind = Period::Kind::Days;
    period.days = int(*count);
    auto from = QDateTime::currentDateTimeUtc().date();
    if (const JsonValue next = limits["next_usage_reset_at"]) {
        const auto at = QDateTime::fromString(text(next.stringOr("")), Qt::ISODate).toUTC();
        if (!at.isValid())
            return bad("Write next_usage_reset_at like 2026-12-01T00:00:00Z.");
        from = at.date().addDays(-period.days);
    }
    period.from = from.toString(Qt::ISODate).toStdString();
    return period;
}

Result<Budget> budgetOf(const JsonValue &limits)
{
    Budget budget{.alert_percents = {}};
    const JsonValue type = limits["type"];
    if (type.equals("tokens"))
        budget.unit = Budget::Unit::Tokens;
    else if (type && !type.equals("cost"))
        return bad("The type of a usage limit is \"cost\" or \"tokens\".");
    const auto limit = amountOf(limits["credit_limit"], budget.unit, "credit_limit");
    if (!limit)
        return fail(limit.error());
    budget.limit = *limit;
    if (const JsonValue alert = limits["alert_threshold"]; alert && budget.limit > 0) {
        const auto threshold = amountOf(alert, budget.unit, "alert_threshold");
        if (!threshold)
            return fail(threshold.error());
        const auto percent = std::llround(100.0 * double(*threshold) / double(budget.limit));
        if (percent >= 1 && percent < 100)
            budget.alert_percents.push_back(int(percent));
    }
    budget.alert_percents.push_back(100);
    auto period = periodOf(limits);
    if (!period)
        return fail(std::move(period).error());
    budget.period = *std::move(period);
    return budget;
}

Result<RateLimit> rateOf(const JsonValue &entry)
{
    RateLimit rate;
    const auto unit = std::ranges::find_if(
        kUnits, [unit = entry["unit"]](const auto &known) { return unit.equals(known.second); });
    const auto value = entry["value"].integer();
    const JsonValue type = entry["type"];
    if (unit == kUnits.end() || !value || *value < 0 || !(type.equals("requests") || type.equals("tokens")))
        return bad("A rate limit is like {\"type\":\"requests\",\"unit\":\"rpm\",\"value\":60}; units are "
                   "rps, rpm, rph, rpd and rpw, the other type is tokens.");
    rate.unit = type.equals("tokens") ? RateLimit::Unit::Tokens : RateLimit::Unit::Requests;
    rate.per = unit->first;
    rate.most = *value;
    return rate;
}

std::string amountText(std::int64_t amount, Budget::Unit unit)
{
    if (unit == Budget::Unit::Tokens)
        return std::to_string(amount);
    auto dollars = toDecimal({amount}, 9);
    dollars.erase(dollars.find_last_not_of('0') + 1);
    if (dollars.ends_with('.'))
        dollars.pop_back();
    return dollars;
}

void write(JsonWriter &json, const Budget &budget, const admission::KeyUse &use)
{
    const Period &period = budget.period;
    json.object();
    json.member("type", budget.unit == Budget::Unit::Tokens ? "tokens" : "cost");
    json.key("credit_limit").raw(amountText(budget.limit, budget.unit));
    json.key("alert_threshold");
    if (budget.alert_percents.empty() || budget.alert_percents.front() >= 100)
        json.null();
    else if (const double share = double(budget.limit) * budget.alert_percents.front() / 100;
             budget.unit == Budget::Unit::Tokens)
        json.integer(std::llround(share));
    else
        json.raw(amountText(std::llround(share), budget.unit));
    json.key("periodic_reset");
    if (period.kind == Period::Kind::Week || period.kind == Period::Kind::Month)
        json.string(period.kind == Period::Kind::Week ? "weekly" : "monthly");
    else
        json.null();
    json.key("periodic_reset_days");
    if (period.kind == Period::Kind::Days || period.kind == Period::Kind::Day)
        json.integer(period.kind == Period::Kind::Day ? 1 : period.days);
    else
        json.null();
    json.key("next_usage_reset_at");
    if (use.resets_us > 0)
        json.string(timeText(QDateTime::fromMSecsSinceEpoch(use.resets_us / 1000)));
    else
        json.null();
    json.member("time_zone", period.zone);
    json.key("current_usage").raw(amountText(use.spent, budget.unit)).end();
}

} // namespace

Result<std::optional<KeyLimits>> limitsOf(const JsonValue &body, KeyLimits before)
{
    JsonValue usage = body["usage_limits"];
    const JsonValue rates = body["rate_limits"];
    if (!usage.present() && !rates.present())
        return std::nullopt;
    // A workspace's share of an integration has its one budget in a list.
    if (usage.isArray() && usage.size() == 1)
        usage = *usage.elements().begin();
    if (usage.present())
        before.budget.reset();
    if (usage && !(usage.isObject() && usage.empty()) && !(usage.isArray() && usage.empty())) {
        if (!usage.isObject())
            return bad("\"usage_limits\" must be an object.");
        auto budget = budgetOf(usage);
        if (!budget)
            return fail(std::move(budget).error());
        before.budget = *std::move(budget);
    }
    if (!rates.present())
        return before;
    if (rates && !rates.isArray())
        return bad("\"rate_limits\" must be an array.");
    before.rates.clear();
    for (const JsonValue entry : rates.elements()) {
        const auto rate = rateOf(entry);
        if (!rate)
            return fail(rate.error());
        before.rates.push_back(*rate);
    }
    return before;
}

void writeLimits(JsonWriter &json, const KeyLimits &limits, const admission::KeyUse &use)
{
    json.key("usage_limits");
    if (limits.budget)
        write(json, *limits.budget, use);
    else
        json.null();
    json.key("rate_limits").array();
    for (const auto &rate : limits.rates) {
        json.object();
        json.member("type", rate.unit == RateLimit::Unit::Tokens ? "tokens" : "requests");
        const auto unit
            = std::ranges::find(kUnits, rate.per, &std::pair<RateLimit::Per, const char *>::first);
        json.member("unit", unit->second).member("value", rate.most).end();
    }
    json.end();
}

} // namespace portolan::admin
