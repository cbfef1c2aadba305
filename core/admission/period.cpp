// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/period.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace portolan::admission {

namespace {

using namespace std::chrono;

constexpr std::int64_t kDay_s = 86'400;
constexpr std::int64_t kSecond_us = 1'000'000;
// A calendar date has four digits here: 0001 to 9998.
constexpr std::int64_t kEarliest_us = -62'135'596'800 * kSecond_us;
constexpr std::int64_t kLatest_us = 253'370'764'799 * kSecond_us;
// No zone was ever further from UTC; the largest jump was a whole day.
constexpr std::int64_t kFarthest_s = 40 * 3600;

std::int64_t floorDiv(std::int64_t a, std::int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/// The calendar of a zone.
class Zone
{
public:
    explicit Zone(const std::string &name)
        : m_isUtc(name == "UTC")
        , m_zone(m_isUtc ? QTimeZone() : QTimeZone(QByteArray::fromStdString(name)))
    {
        m_isUtc = m_isUtc || !m_zone.isValid();
    }

    /// The first instant at which the calendar shows this date or a later one, in seconds since 1970.
    [[nodiscard]] std::int64_t beginOf(std::int64_t day) const
    {
        const std::int64_t midnight = day * kDay_s;
        if (m_isUtc)
            return midnight;
        const auto first = midnight - kFarthest_s;
        const auto last = midnight + kFarthest_s;
        // Between two changes of its offset the zone's clock runs as any other.
        std::int64_t begin = first;
        std::int64_t offset = offsetAt(first);
        for (const auto &change : m_zone.transitions(timeOf(first), timeOf(last))) {
            const auto at = change.atUtc.toSecsSinceEpoch();
            if (at <= begin)
                continue;
            if (const auto found = std::max(begin, midnight - offset); found < at)
                return found;
            begin = at;
            offset = change.offsetFromUtc;
        }
        return std::max(begin, midnight - offset);
    }

    /// The date whose period holds the instant: the last one that has begun.
    [[nodiscard]] std::int64_t dayAt(std::int64_t at_s) const
    {
        if (m_isUtc)
            return floorDiv(at_s, kDay_s);
        auto day = floorDiv(at_s + offsetAt(at_s), kDay_s);
        // A clock that was set back over midnight shows a date that is past.
        while (beginOf(day + 1) <= at_s)
            ++day;
        while (beginOf(day) > at_s)
            --day;
        return day;
    }

private:
    static QDateTime timeOf(std::int64_t at_s) { return QDateTime::fromSecsSinceEpoch(at_s, Qt::UTC); }
    [[nodiscard]] std::int64_t offsetAt(std::int64_t at_s) const
    {
        return m_zone.offsetFromUtc(timeOf(at_s));
    }

    bool m_isUtc;
    QTimeZone m_zone;
};

/// First dates of the period that holds a date, and of the next one.
struct Dates {
    std::int64_t first = 0;
    std::int64_t next = 0;
};

Dates datesAround(const Period &period, std::int64_t day)
{
    switch (period.kind) {
    case Period::Kind::Never:
    case Period::Kind::Day: break;
    case Period::Kind::Week: {
        // 1970-01-01 was a Thursday, 4.
        const auto passed = day + 4 - period.first_weekday;
        const auto first = day - (passed - 7 * floorDiv(passed, 7));
        return {.first = first, .next = first + 7};
    }
    case Period::Kind::Month: {
        const year_month_day date{sys_days(days(day))};
        const auto month = date.year() / date.month();
        return {.first = sys_days(month / 1).time_since_epoch().count(),
                .next = sys_days((month + months(1)) / 1).time_since_epoch().count()};
    }
    case Period::Kind::Days: {
        const auto length = std::int64_t(std::max(period.days, 1));
        const auto from = std::int64_t(dayOf(period.from).value_or(0));
        const auto first = from + floorDiv(day - from, length) * length;
        return {.first = first, .next = first + length};
    }
    }
    return {.first = day, .next = day + 1};
}

PeriodSpan spanOf(const Zone &zone, const Dates &dates)
{
    return {.day = std::int32_t(dates.first),
            .start_us = zone.beginOf(dates.first) * kSecond_us,
            .end_us = zone.beginOf(dates.next) * kSecond_us,
            .next_day = std::int32_t(dates.next)};
}

} // namespace

PeriodSpan periodAt(const Period &period, std::int64_t wall_us)
{
    if (period.kind == Period::Kind::Never)
        return {};
    const Zone zone(period.zone);
    const auto at_s = floorDiv(std::clamp(wall_us, kEarliest_us, kLatest_us), kSecond_us);
    return spanOf(zone, datesAround(period, zone.dayAt(at_s)));
}

PeriodSpan periodOn(const Period &period, std::int32_t day)
{
    if (period.kind == Period::Kind::Never)
        return {};
    return spanOf(Zone(period.zone), datesAround(period, day));
}

Result<> checkPeriod(const Period &period)
{
    const auto bad = [](const char *words) {
        return fail({.origin = Origin::Client, .code = "limits.bad_period", .message = words});
    };
    if (period.kind == Period::Kind::Never)
        return {};
    if (period.kind == Period::Kind::Week && (period.first_weekday < 1 || period.first_weekday > 7))
        return bad("Name the day on which weeks begin by a number from 1, Monday, to 7, Sunday.");
    if (period.kind == Period::Kind::Days && (period.days < 1 || period.days > 365))
        return bad("Give the period a length from 1 to 365 days.");
    if (period.kind == Period::Kind::Days && !dayOf(period.from))
        return bad("Write the date from which the days are counted as 2026-11-21.");
    const bool isKnown = period.zone == "UTC"
        || (!period.zone.empty() && QTimeZone(QByteArray::fromStdString(period.zone)).isValid());
    if (!isKnown)
        return fail(
            {.origin = Origin::Client,
             .code = "limits.unknown_zone",
             .message = "This computer does not know that time zone. Name one as Europe/Berlin, or UTC."});
    return {};
}

std::string identityOf(const Period &period)
{
    switch (period.kind) {
    case Period::Kind::Never: break;
    case Period::Kind::Day: return "day " + period.zone;
    case Period::Kind::Week: return "week" + std::to_string(period.first_weekday) + ' ' + period.zone;
    case Period::Kind::Month: return "month " + period.zone;
    case Period::Kind::Days:
        return "days" + std::to_string(period.days) + '@' + period.from + ' ' + period.zone;
    }
    return "never";
}

std::string dateText(std::int32_t day)
{
    const year_month_day date{sys_days(days(day))};
    const auto padded = [](int number, std::size_t digits) {
        auto text = std::to_string(number);
        return std::string(digits - std::min(digits, text.size()), '0') + text;
    };
    return padded(int(date.year()), 4) + '-' + padded(int(unsigned(date.month())), 2) + '-'
        + padded(int(unsigned(date.day())), 2);
}

std::optional<std::int32_t> dayOf(std::string_view date)
{
    if (date.size() != 10 || date[4] != '-' || date[7] != '-')
        return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t digits) -> std::optional<int> {
        const auto text = date.substr(at, digits);
        int value = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || text.front() == '-')
            return std::nullopt;
        return value;
    };
    const auto y = number(0, 4);
    const auto m = number(5, 2);
    const auto d = number(8, 2);
    if (!y || !m || !d)
        return std::nullopt;
    const year_month_day read{year(*y), month(unsigned(*m)), day(unsigned(*d))};
    if (!read.ok())
        return std::nullopt;
    return std::int32_t(sys_days(read).time_since_epoch().count());
}

} // namespace portolan::admission
