// SPDX-License-Identifier: GPL-3.0-or-later
//
// The C library reads the zones by itself: what it says of the calendar is what periods are measured by.

#include "core/admission/period.h"

#include <QTest>

#include <array>
#include <cstdlib>
#include <ctime>

using namespace portolan::admission;
using Kind = Period::Kind;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour_s = 3'600;
constexpr std::int64_t kStep_s = 1'800; // zones change at full and half hours
constexpr std::int64_t kDay_s = 86'400;

// A half hour, a midnight that is not there, one that comes twice, a date that was left out, a summer that is
// the zone's standard time, a month with two changes, and none at all.
constexpr std::array kZones{
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut",
    "Pacific/Apia",  "Europe/Dublin",    "Africa/Casablanca",   "Asia/Kolkata",   "UTC",
};

/// The C library's calendar, for as long as it lives.
class CalendarOf
{
public:
    explicit CalendarOf(const char *zone)
    {
        setenv("TZ", zone, 1);
        tzset();
    }
    CalendarOf(const CalendarOf &) = delete;
    CalendarOf &operator=(const CalendarOf &) = delete;
    ~CalendarOf()
    {
        unsetenv("TZ");
        tzset();
    }
    /// The date on the calendar, in days since 1970.
    [[nodiscard]] std::int32_t dateAt(std::int64_t at_s) const
    {
        const std::time_t time = at_s;
        std::tm local{};
        localtime_r(&time, &local);
        local.tm_hour = local.tm_min = local.tm_sec = 0;
        local.tm_isdst = 0;
        return std::int32_t(timegm(&local) / kDay_s);
    }
};

std::tm civil(std::int32_t day)
{
    const std::time_t time = day * kDay_s;
    std::tm date{};
    gmtime_r(&time, &date);
    return date;
}

/// Whether a period of that kind begins with the date.
bool beginsWith(const Period &period, std::int32_t day)
{
    switch (period.kind) {
    case Kind::Never: break;
    case Kind::Day: return true;
    case Kind::Week: return civil(day).tm_wday == period.first_weekday % 7;
    case Kind::Month: return civil(day).tm_mday == 1;
    case Kind::Days: return (day - *dayOf(period.from)) % period.days == 0;
    }
    return false;
}

std::int32_t firstDateOf(const Period &period, std::int32_t day)
{
    while (!beginsWith(period, day))
        --day;
    return day;
}

} // namespace

class TestPeriod : public QObject
{
    Q_OBJECT

private slots:
    void noPeriodIsSkippedOrCountedTwice_data()
    {
        QTest::addColumn<std::string>("zone");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("year");
        for (const char *zone : kZones) {
            for (const auto kind : {Kind::Day, Kind::Week, Kind::Month, Kind::Days}) {
                // With the date that Apia left out, leap days, and years that only the zones' rules describe.
                for (const int year : {2010, 2011, 2026, 2027, 2028, 2099})
                    QTest::addRow("%s, kind %d, %d", zone, int(kind), year)
                        << std::string(zone) << int(kind) << year;
            }
        }
    }

    // From half hour to half hour through fourteen months.
    void noPeriodIsSkippedOrCountedTwice()
    {
        QFETCH(std::string, zone);
        QFETCH(int, kind);
        QFETCH(int, year);
        const Period period{
            .kind = Kind(kind), .zone = zone, .first_weekday = 7, .days = 10, .from = "2026-03-29"};
        const CalendarOf calendar(zone.c_str());
        const auto first_s = *dayOf(std::to_string(year) + "-01-01") * kDay_s;

        auto span = periodAt(period, first_s * kSecond);
        auto latest = calendar.dateAt(first_s);
        int periods = 0;
        for (auto at_s = first_s; at_s < first_s + 425 * kDay_s; at_s += kStep_s) {
            // A clock that is set back over midnight shows a date that has been there.
            latest = std::max(latest, calendar.dateAt(at_s));
            if (!span.holds(at_s * kSecond)) {
                const auto next = periodAt(period, at_s * kSecond);
                QCOMPARE(next.start_us, span.end_us);
                QCOMPARE_GT(next.day, span.day);
                QCOMPARE_GE(next.day, span.next_day); // later where the zone left dates out
                span = next;
                ++periods;
            }
            QVERIFY(span.holds(at_s * kSecond));
            QCOMPARE(dateText(span.day), dateText(firstDateOf(period, latest)));
        }
        QCOMPARE_GE(periods, period.kind == Kind::Month ? 13 : 42);
        QCOMPARE(periodOn(period, span.day), span);
        QCOMPARE(periodAt(period, span.start_us), span);
        QCOMPARE(periodAt(period, span.end_us - 1), span);
        QVERIFY(periodAt(period, span.end_us) != span);
        QVERIFY(periodAt(period, span.start_us - 1) != span);
    }

    void daysAreAsLongAsTheZoneHasThem_data()
    {
        QTest::addColumn<std::string>("zone");
        QTest::addColumn<std::string>("date");
        QTest::addColumn<int>("minutes");
        const auto row = [](const char *zone, const char *date, int minutes) {
            QTest::addRow("%s %s", zone, date) << std::string(zone) << std::string(date) << minutes;
        };
        row("Europe/Berlin", "2026-03-29", 23 * 60);
        row("Europe/Berlin", "2026-10-25", 25 * 60);
        row("America/New_York", "2026-03-08", 23 * 60);
        row("America/New_York", "2026-11-01", 25 * 60);
        row("Australia/Lord_Howe", "2026-04-05", 24 * 60 + 30);
        row("Australia/Lord_Howe", "2026-10-04", 23 * 60 + 30);
        row("America/Havana", "2026-03-08", 23 * 60); // begins at one o'clock
        row("America/Havana", "2026-11-01", 25 * 60);
        row("Pacific/Apia", "2011-12-29", 24 * 60);
        row("Asia/Kolkata", "2026-03-29", 24 * 60);
        row("UTC", "2028-02-29", 24 * 60);
    }

    void daysAreAsLongAsTheZoneHasThem()
    {
        QFETCH(std::string, zone);
        QFETCH(std::string, date);
        QFETCH(int, minutes);
        const auto span = periodOn({.kind = Kind::Day, .zone = zone}, *dayOf(date));
        QCOMPARE(dateText(span.day), date);
        QCOMPARE((span.end_us - span.start_us) / kSecond / 60, minutes);
    }

    void aDateThatAZoneLeftOutHasNoPeriod()
    {
        const Period daily{.kind = Kind::Day, .zone = "Pacific/Apia"};
        const auto before = periodOn(daily, *dayOf("2011-12-29"));
        QCOMPARE(dateText(periodAt(daily, before.end_us).day), "2011-12-31");
        QCOMPARE(periodOn(daily, *dayOf("2011-12-30")).start_us,
                 periodOn(daily, *dayOf("2011-12-30")).end_us);
    }

    void datesThatWereSetCountOnInBothDirections()
    {
        const Period tenDays{.kind = Kind::Days, .days = 10, .from = "2026-11-21"};
        const auto dateAt = [&](const char *date) {
            return dateText(periodAt(tenDays, *dayOf(date) * kDay_s * kSecond).day);
        };
        QCOMPARE(dateAt("2026-11-21"), "2026-11-21");
        QCOMPARE(dateAt("2026-11-30"), "2026-11-21");
        QCOMPARE(dateAt("2026-12-01"), "2026-12-01");
        QCOMPARE(dateAt("2026-11-20"), "2026-11-11");
    }

    void monthsKnowLeapDays()
    {
        const Period monthly{.kind = Kind::Month};
        const auto days = [&](const char *date) {
            const auto span = periodOn(monthly, *dayOf(date));
            return (span.end_us - span.start_us) / kSecond / kDay_s;
        };
        QCOMPARE(days("2027-02-10"), 28);
        QCOMPARE(days("2028-02-29"), 29);
        QCOMPARE(days("2100-02-01"), 28);
        QCOMPARE(dateText(periodOn(monthly, *dayOf("2026-12-31")).next_day), "2027-01-01");
    }

    void whatNeverEndsHoldsAll()
    {
        const auto span = periodAt({}, 5);
        QVERIFY(span.holds(std::numeric_limits<std::int64_t>::min()));
        QVERIFY(span.holds(std::numeric_limits<std::int64_t>::max()));
        QCOMPARE(span, PeriodSpan{});
    }

    void clocksThatSayNonsenseDoNoHarm()
    {
        const Period daily{.kind = Kind::Day, .zone = "Europe/Berlin"};
        for (const auto wall_us : {std::numeric_limits<std::int64_t>::min(), std::int64_t(-1),
                                   std::numeric_limits<std::int64_t>::max()}) {
            const auto span = periodAt(daily, wall_us);
            QCOMPARE(span.end_us - span.start_us > 20 * kHour_s * kSecond, true);
        }
    }

    void checksWhatPeopleWrite_data()
    {
        QTest::addColumn<Period>("period");
        QTest::addColumn<std::string>("code");
        const auto row = [](const char *name, Period period, std::string code) {
            QTest::newRow(name) << period << code;
        };
        row("never", {}, "");
        row("a zone", {.kind = Kind::Month, .zone = "America/Havana"}, "");
        row("no such zone", {.kind = Kind::Month, .zone = "Europe/Atlantis"}, "limits.unknown_zone");
        row("no zone", {.kind = Kind::Day, .zone = ""}, "limits.unknown_zone");
        row("no weekday", {.kind = Kind::Week, .first_weekday = 0}, "limits.bad_period");
        row("ten days", {.kind = Kind::Days, .days = 10, .from = "2026-02-28"}, "");
        row("no days", {.kind = Kind::Days, .days = 0, .from = "2026-02-28"}, "limits.bad_period");
        row("too many days", {.kind = Kind::Days, .days = 366, .from = "2026-02-28"}, "limits.bad_period");
        row("no date", {.kind = Kind::Days, .days = 10, .from = ""}, "limits.bad_period");
        row("no such date", {.kind = Kind::Days, .days = 10, .from = "2026-02-29"}, "limits.bad_period");
        row("signs", {.kind = Kind::Days, .days = 10, .from = "2026-+2-01"}, "limits.bad_period");
    }

    void checksWhatPeopleWrite()
    {
        QFETCH(Period, period);
        QFETCH(std::string, code);
        const auto checked = checkPeriod(period);
        QCOMPARE(checked ? std::string() : checked.error().code, code);
    }

    void anUnknownZoneCountsAsUtc()
    {
        const auto at = *dayOf("2026-06-01") * kDay_s * kSecond;
        QCOMPARE(periodAt({.kind = Kind::Day, .zone = "Europe/Atlantis"}, at),
                 periodAt({.kind = Kind::Day}, at));
    }
};

QTEST_GUILESS_MAIN(TestPeriod)
#include "tst_period.moc"
