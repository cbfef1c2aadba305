// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/limitsjson.h"

#include <QDateTime>
#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::admin;
using admission::Budget;
using admission::KeyLimits;
using admission::Period;
using admission::RateLimit;

namespace {

Result<std::optional<KeyLimits>> read(const std::string &body, KeyLimits before = {})
{
    const auto document = JsonDocument::parse(body);
    return document ? limitsOf(JsonValue(*document), std::move(before)) : fail(document.error());
}

std::string written(const KeyLimits &limits, const admission::KeyUse &use = {})
{
    std::string text;
    JsonWriter json(text);
    json.object();
    writeLimits(json, limits, use);
    json.end();
    return text;
}

KeyLimits withBudget(Budget budget)
{
    return {.budget = std::move(budget)};
}

} // namespace

class TestLimitsJson : public QObject
{
    Q_OBJECT

private slots:
    void readsPortkeysLimits_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<KeyLimits>("limits");
        const auto row = [](const char *name, const char *body, KeyLimits limits) {
            QTest::newRow(name) << std::string(body) << std::move(limits);
        };
        const Period weekly{.kind = Period::Kind::Week, .first_weekday = 7};
        const Period monthly{.kind = Period::Kind::Month};
        row("dollars by the month",
            R"({"usage_limits":{"type":"cost","credit_limit":10,"alert_threshold":8,"periodic_reset":"monthly"}})",
            withBudget({.limit = 10'000'000'000, .period = monthly, .alert_percents = {80, 100}}));
        row("parts of a dollar", R"({"usage_limits":{"credit_limit":0.25}})",
            withBudget({.limit = 250'000'000, .alert_percents = {100}}));
        row("whole dollars with an exponent", R"({"usage_limits":{"credit_limit":1e2}})",
            withBudget({.limit = 100'000'000'000, .alert_percents = {100}}));
        row("tokens from Sunday",
            R"({"usage_limits":{"type":"tokens","credit_limit":5000,"periodic_reset":"weekly"}})",
            withBudget(
                {.unit = Budget::Unit::Tokens, .limit = 5000, .period = weekly, .alert_percents = {100}}));
        row("days up to a date",
            R"({"usage_limits":{"credit_limit":1,"periodic_reset_days":10,"next_usage_reset_at":"2026-12-01T00:00:00Z"}})",
            withBudget({.limit = 1'000'000'000,
                        .period = {.kind = Period::Kind::Days, .days = 10, .from = "2026-11-21"},
                        .alert_percents = {100}}));
        row("in a list", R"({"usage_limits":[{"credit_limit":1}]})",
            withBudget({.limit = 1'000'000'000, .alert_percents = {100}}));
        row("none", R"({"usage_limits":null,"rate_limits":[]})", {});
        row("rates",
            R"({"rate_limits":[{"type":"requests","unit":"rpm","value":60},)"
            R"({"type":"tokens","unit":"rpw","value":0}]})",
            {.rates
             = {{.most = 60}, {.unit = RateLimit::Unit::Tokens, .per = RateLimit::Per::Week, .most = 0}}});
    }
    void readsPortkeysLimits()
    {
        QFETCH(std::string, body);
        QFETCH(KeyLimits, limits);
        const auto given = read(body);
        QVERIFY(given && *given);
        QCOMPARE(**given, limits);
    }

    void whatTheBodyDoesNotNameStays()
    {
        const KeyLimits before{.budget = Budget{.limit = 7}, .rates = {{.most = 5}}, .concurrency = 3};
        QVERIFY(!*read("{}", before));
        auto rates = before;
        rates.rates = {{.per = RateLimit::Per::Second, .most = 1}};
        QCOMPARE(**read(R"({"rate_limits":[{"type":"requests","unit":"rps","value":1}]})", before), rates);
        auto free = before;
        free.budget.reset();
        QCOMPARE(**read(R"({"usage_limits":{}})", before), free);
    }

    void refusesWhatItCannotKeep_data()
    {
        QTest::addColumn<std::string>("body");
        const auto row = [](const char *name, const char *body) { QTest::newRow(name) << std::string(body); };
        row("no limit", R"({"usage_limits":{"type":"cost"}})");
        row("below zero", R"({"usage_limits":{"credit_limit":-1}})");
        row("a text", R"({"usage_limits":{"credit_limit":"10"}})");
        row("finer than a nano-dollar", R"({"usage_limits":{"credit_limit":0.0000000001}})");
        row("half a token", R"({"usage_limits":{"type":"tokens","credit_limit":0.5}})");
        row("another unit", R"({"usage_limits":{"type":"requests","credit_limit":5}})");
        row("another period", R"({"usage_limits":{"credit_limit":5,"periodic_reset":"daily"}})");
        row("two periods",
            R"({"usage_limits":{"credit_limit":5,"periodic_reset":"weekly","periodic_reset_days":3}})");
        row("too many days", R"({"usage_limits":{"credit_limit":5,"periodic_reset_days":366}})");
        row("no object", R"({"usage_limits":5})");
        row("another span", R"({"rate_limits":[{"type":"requests","unit":"rpy","value":5}]})");
        row("no value", R"({"rate_limits":[{"type":"requests","unit":"rpm"}]})");
        row("no list", R"({"rate_limits":{"type":"requests","unit":"rpm","value":5}})");
    }
    void refusesWhatItCannotKeep()
    {
        QFETCH(std::string, body);
        const auto given = read(body);
        QVERIFY(!given);
        QCOMPARE(given.error().code, "admin.bad_value");
    }

    void daysWithoutADateBeginToday()
    {
        const auto before = QDateTime::currentDateTimeUtc().date();
        const auto given = read(R"({"usage_limits":{"credit_limit":1,"periodic_reset_days":30}})");
        const auto after = QDateTime::currentDateTimeUtc().date();
        const auto from
            = QDate::fromString(QString::fromStdString((*given)->budget->period.from), Qt::ISODate);
        QVERIFY(from == before || from == after);
    }

    void writesWhatItReads()
    {
        const auto limits
            = **read(R"({"usage_limits":{"credit_limit":2.5,"alert_threshold":2,"periodic_reset":"monthly"},)"
                     R"("rate_limits":[{"type":"tokens","unit":"rpd","value":9}]})");
        const auto text = written(limits, {.spent = 1'250'000'000, .resets_us = 1'796'083'200'000'000});
        QCOMPARE(text,
                 R"({"usage_limits":{"type":"cost","credit_limit":2.5,"alert_threshold":2,)"
                 R"("periodic_reset":"monthly","periodic_reset_days":null,)"
                 R"("next_usage_reset_at":"2026-12-01T00:00:00.000Z","time_zone":"UTC",)"
                 R"("current_usage":1.25},"rate_limits":[{"type":"tokens","unit":"rpd","value":9}]})");
        QCOMPARE(**read(text), limits);
        QCOMPARE(written({}), R"({"usage_limits":null,"rate_limits":[]})");
    }
};

QTEST_APPLESS_MAIN(TestLimitsJson)
#include "tst_limitsjson.moc"
