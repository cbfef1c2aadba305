// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/budgetform.h"
#include "ui/keys/limitwords.h"

#include <QLocale>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using admission::Budget;
using admission::KeyLimits;
using admission::KeyUse;
using admission::Period;
using admission::RateLimit;
using control::KeyState;

namespace {

constexpr qint64 kDollar = 1'000'000'000;

QDateTime utc(const QString &text)
{
    return QDateTime::fromString(text + u'Z', Qt::ISODate);
}

std::int64_t us(const QDateTime &moment)
{
    return moment.toMSecsSinceEpoch() * 1000;
}

KeyLimits monthly(qint64 limit)
{
    return {.budget = Budget{.limit = limit, .period = {.kind = Period::Kind::Month}}};
}

} // namespace

class TestLimitWords : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        qputenv("TZ", "UTC");
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }

    void aMomentIsToldFromNow_data()
    {
        QTest::addColumn<QString>("moment");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("in");
        const auto row = [](const char *name, const QString &moment, const QString &words,
                            const QString &in) { QTest::newRow(name) << moment << words << in; };
        // Now is Saturday, 2026-11-21 14:32.
        row("within the minute", u"2026-11-21T14:32:30"_s, u"today at 14:32"_s, u"in less than a minute"_s);
        row("minutes", u"2026-11-21T15:00:00"_s, u"today at 15:00"_s, u"in 28 min"_s);
        row("tonight", u"2026-11-22T00:00:00"_s, u"tonight at 00:00"_s, u"in 9 h 28 min"_s);
        row("tomorrow", u"2026-11-22T01:00:00"_s, u"tomorrow at 01:00"_s, u"in 10 h 28 min"_s);
        row("this week", u"2026-11-23T00:00:00"_s, u"on Monday"_s, u"in 2 days"_s);
        row("another hour", u"2026-11-23T05:00:00"_s, u"on Monday at 05:00"_s, u"in 2 days"_s);
        row("next month", u"2026-12-01T00:00:00"_s, u"on 1 December"_s, u"in 10 days"_s);
        row("next year", u"2027-01-01T00:00:00"_s, u"on 1 January 2027"_s, u"in 41 days"_s);
        row("already past", u"2026-11-21T14:00:00"_s, u"today at 14:00"_s, u"in less than a minute"_s);
    }

    void aMomentIsToldFromNow()
    {
        QFETCH(QString, moment);
        QFETCH(QString, words);
        QFETCH(QString, in);
        const QDateTime now = utc(u"2026-11-21T14:32:00"_s);
        QCOMPARE(momentWords(utc(moment), now), words);
        QCOMPARE(inWords(utc(moment), now), in);
    }

    void aPeriodEndsAtTheFirstInstantOfADate_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("end"); // in UTC; empty: never
        const auto row = [](const char *name, Period::Kind kind, const QString &zone, const QString &now,
                            const QString &end) { QTest::newRow(name) << int(kind) << zone << now << end; };
        row("never", Period::Kind::Never, u"UTC"_s, u"2026-11-21T14:32:00"_s, {});
        row("day", Period::Kind::Day, u"UTC"_s, u"2026-11-21T14:32:00"_s, u"2026-11-22T00:00:00"_s);
        row("day elsewhere", Period::Kind::Day, u"Asia/Tokyo"_s, u"2026-11-21T14:32:00"_s,
            u"2026-11-21T15:00:00"_s);
        row("at its very end", Period::Kind::Day, u"UTC"_s, u"2026-11-22T00:00:00"_s,
            u"2026-11-23T00:00:00"_s);
        row("week from Monday", Period::Kind::Week, u"UTC"_s, u"2026-11-21T14:32:00"_s,
            u"2026-11-23T00:00:00"_s);
        row("on a Monday", Period::Kind::Week, u"UTC"_s, u"2026-11-23T00:00:00"_s, u"2026-11-30T00:00:00"_s);
        row("month", Period::Kind::Month, u"Europe/Berlin"_s, u"2026-11-21T14:32:00"_s,
            u"2026-11-30T23:00:00"_s);
        row("month's last hour, there the next", Period::Kind::Month, u"Europe/Berlin"_s,
            u"2026-11-30T23:30:00"_s, u"2026-12-31T23:00:00"_s);
        row("a day that lacks midnight", Period::Kind::Day, u"America/Santiago"_s, u"2026-09-05T12:00:00"_s,
            u"2026-09-06T04:00:00"_s);
        row("ten days from the first", Period::Kind::Days, u"UTC"_s, u"2026-11-21T14:32:00"_s,
            u"2026-11-22T00:00:00"_s);
        row("before their first", Period::Kind::Days, u"UTC"_s, u"2026-10-01T00:00:00"_s,
            u"2026-11-02T00:00:00"_s);
        row("no such zone", Period::Kind::Day, u"Europe/Atlantis"_s, u"2026-11-21T14:32:00"_s, {});
    }

    void aPeriodEndsAtTheFirstInstantOfADate()
    {
        QFETCH(int, kind);
        QFETCH(QString, zone);
        QFETCH(QString, now);
        QFETCH(QString, end);
        const Period period{
            .kind = Period::Kind(kind), .zone = zone.toStdString(), .days = 10, .from = "2026-11-02"};
        const QDateTime next = nextReset(period, utc(now));
        QCOMPARE(next.isValid(), !end.isEmpty());
        if (!end.isEmpty())
            QCOMPARE(next.toUTC(), utc(end));
    }

    void limitsStandInTwoLines()
    {
        using enum RateLimit::Unit;
        using enum RateLimit::Per;
        QCOMPARE(limitLines({}), QStringList{u"none"_s});
        QCOMPARE(limitLines({.concurrency = 4}), QStringList{u"4 at once"_s});
        QCOMPARE(limitLines({.rates = {{.unit = Tokens, .per = Minute, .most = 400'000}}}),
                 QStringList{u"400k tokens/min"_s});
        QCOMPARE(limitLines({.rates = {{.unit = Requests, .per = Minute, .most = 600},
                                       {.unit = Tokens, .per = Minute, .most = 2'000'000},
                                       {.unit = Requests, .per = Day, .most = 12'345}},
                             .concurrency = 8}),
                 (QStringList{u"600/min, 12,345/day, 8 at once"_s, u"2M tokens/min"_s}));
    }

    void aBudgetSaysHowFarItIsUsed()
    {
        const QDateTime now = utc(u"2026-11-21T14:32:00"_s);
        const std::int64_t resets = us(utc(u"2026-12-01T00:00:00"_s));
        const auto look = [&](qint64 spent, KeyState state) {
            return *budgetLook(monthly(50 * kDollar), {.spent = spent, .resets_us = resets}, state, now);
        };
        QVERIFY(!budgetLook({}, {}, KeyState::On, now));
        QCOMPARE(look(12'100'000'000, KeyState::On).spent, u"$12.10"_s);
        QCOMPARE(look(12'100'000'000, KeyState::On).of, u"of $50 a month"_s);
        QCOMPARE(look(12'100'000'000, KeyState::On).second, u"resets on 1 December, in 10 days"_s);
        QCOMPARE(look(12'100'000'000, KeyState::On).role, Role::Accent);
        QCOMPARE(look(40 * kDollar, KeyState::On).role, Role::RescuedMark);
        QCOMPARE(look(50 * kDollar, KeyState::LimitReached).role, Role::Error);
        QCOMPARE(look(50 * kDollar, KeyState::Off).role, Role::Neutral);
        QCOMPARE(look(60 * kDollar, KeyState::LimitReached).share, 1.0);
        // What is allowed beside the budget counts, and is said.
        const auto more = *budgetLook(monthly(50 * kDollar), {.spent = 50 * kDollar, .extra = 50 * kDollar},
                                      KeyState::On, now);
        QCOMPARE(more.share, 0.5);
        QCOMPARE(more.of, u"of $50 a month + $50"_s);
        // A budget of nothing is used up from the start.
        QCOMPARE(budgetLook(monthly(0), {}, KeyState::LimitReached, now)->share, 1.0);
    }

    void aRefusalSaysWhatCallsGetAndUntilWhen()
    {
        const QDateTime now = utc(u"2026-11-21T14:32:00"_s);
        KeyLimits limits{.budget = Budget{.limit = 5 * kDollar, .period = {.kind = Period::Kind::Day}}};
        KeyUse use{.spent = 5 * kDollar,
                   .resets_us = us(utc(u"2026-11-22T00:00:00"_s)),
                   .refused = 14,
                   .refused_since_us = us(utc(u"2026-11-21T14:02:00"_s))};
        const auto said = [&](KeyState state) {
            return verdict(limits, use, state, utc(u"2026-11-01T00:00:00"_s), u"@agents"_s, now);
        };
        QVERIFY(said(KeyState::LimitReached).budget);
        QCOMPARE(said(KeyState::LimitReached).text,
                 u"Calls get 412 until it resets tonight at 00:00, in 9 h 28 min: the budget of $5 a day is "
                 "used up. 14 calls were refused since 14:02."_s);
        QCOMPARE(said(KeyState::Off).text, u"Calls get 403: @agents is turned off."_s);
        QCOMPARE(said(KeyState::Expired).text, u"Calls get 401: @agents expired on 1 Nov."_s);
        use.spent = kDollar;
        use.reserved = kDollar;
        QVERIFY(!said(KeyState::On).refused);
        QCOMPARE(said(KeyState::On).text,
                 u"Calls go through. $3.00 are left today. Requests that run have set $1.00 aside."_s);
        limits = {.rates = {{.most = 20}}};
        use = {.rates = {20}};
        QVERIFY(!said(KeyState::LimitReached).budget);
        QCOMPARE(said(KeyState::LimitReached).text,
                 u"Calls get 429 until there is room again: 20 requests a minute are used up."_s);
    }

    void whatIsAllowedBesideABudgetIsARoundPart_data()
    {
        QTest::addColumn<qint64>("limit");
        QTest::addColumn<qint64>("more");
        QTest::newRow("small: as much again") << 5 * kDollar << 5 * kDollar;
        QTest::newRow("a tenth") << 50 * kDollar << 5 * kDollar;
        QTest::newRow("rounded") << 280 * kDollar << 20 * kDollar;
        QTest::newRow("nothing allowed yet") << qint64(0) << kDollar;
    }

    void whatIsAllowedBesideABudgetIsARoundPart()
    {
        QFETCH(qint64, limit);
        QFETCH(qint64, more);
        QCOMPARE(moreToAllow({.limit = limit}), more);
    }

    void countsAreReadAsTheyAreWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("count"); // -1: not a count
        QTest::newRow("plain") << u"600"_s << qint64(600);
        QTest::newRow("groups") << u"1,500"_s << qint64(1500);
        QTest::newRow("thousands") << u"400k"_s << qint64(400'000);
        QTest::newRow("millions") << u"1.5 M"_s << qint64(1'500'000);
        QTest::newRow("a part of one") << u"1.5"_s << qint64(-1);
        QTest::newRow("below zero") << u"-4"_s << qint64(-1);
        QTest::newRow("words") << u"many"_s << qint64(-1);
        QTest::newRow("nothing") << QString() << qint64(-1);
        QTest::newRow("only a unit") << u"k"_s << qint64(-1);
        QTest::newRow("exponent") << u"1e3"_s << qint64(-1);
        QTest::newRow("beyond all counts") << u"99999999999999999999"_s << qint64(-1);
    }

    void countsAreReadAsTheyAreWritten()
    {
        QFETCH(QString, text);
        QFETCH(qint64, count);
        QCOMPARE(readCount(text).value_or(-1), count);
        if (count >= 0)
            QCOMPARE(readCount(shortCount(count)), count);
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestLimitWords)
#include "tst_limitwords.moc"
