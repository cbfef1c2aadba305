// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalogtext.h"
#include "core/base/money.h"

#include <QTest>

#include <cmath>

using namespace portolan;
using namespace portolan::catalog;

namespace {

Usage usageOf(const QJsonObject &json)
{
    Usage usage;
    const auto read = [&](const char *key, std::int64_t &count) {
        count = json.value(QLatin1StringView(key)).toInteger();
    };
    read("input", usage.input);
    read("cache_read", usage.cache_read);
    read("cache_write", usage.cache_write);
    read("cache_write_1h", usage.cache_write_1h);
    read("audio_in", usage.audio_in);
    read("output", usage.output);
    read("reasoning", usage.reasoning);
    read("audio_out", usage.audio_out);
    const auto units = json.value(QLatin1StringView("units")).toObject();
    for (auto unit = units.begin(); unit != units.end(); ++unit)
        usage.units.push_back({unit.key().toStdString(), unit.value().toInteger() * 1'000'000});
    return usage;
}

} // namespace

class TestPrice : public QObject
{
    Q_OBJECT

private slots:
    void followsTheReadmesExamples_data()
    {
        QTest::addColumn<QJsonObject>("example");
        const auto examples = casesFrom("costs.json");
        QCOMPARE(examples.size(), 22);
        for (const auto &example : examples) {
            const auto name = example.toObject().value(QLatin1StringView("what")).toString();
            QTest::newRow(qPrintable(name)) << example.toObject();
        }
    }

    void followsTheReadmesExamples()
    {
        QFETCH(QJsonObject, example);
        const auto catalog = Catalog::shipped();
        const auto provider = text(example, "provider");
        const auto service = text(example, "service");
        const auto region = text(example, "region");
        const auto given_day = text(example, "day");
        const std::string day = given_day.empty() ? "2026-08-21" : given_day;

        const auto found = catalog->resolve(provider, text(example, "model"));
        const auto usage = usageOf(example.value(QLatin1StringView("usage")).toObject());
        const auto cost
            = catalog->price(found, provider, usage, {.service = service, .region = region, .day = day});
        QVERIFY(cost.has_value());
        const auto expected = parseUsd(text(example, "usd"));
        QVERIFY(expected.has_value());
        QCOMPARE(cost->total.value, expected->value);
        QCOMPARE(cost->input.value + cost->cached.value + cost->output.value, cost->total.value);
        QCOMPARE(cost->estimate, false);
    }
};

QTEST_APPLESS_MAIN(TestPrice)
#include "tst_price.moc"
