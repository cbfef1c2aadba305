// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/histogram.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace Qt::StringLiterals;
using portolan::trace::Histogram;

namespace {

constexpr double kErrorBound = 0.022;
constexpr std::int64_t kMost = (1LL << 34) - 1;

// A fresh seed each run, printed so that a failure can be had again: PORTOLAN_SEED=<number>.
std::mt19937_64 seeded()
{
    bool isGiven = false;
    const auto given = qEnvironmentVariable("PORTOLAN_SEED").toULongLong(&isGiven);
    const auto seed = isGiven ? given : std::random_device{}();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    return std::mt19937_64(seed);
}

// Spread over the whole range like latencies are: evenly in the logarithm.
std::vector<std::int64_t> someValues(std::mt19937_64 &dice, std::size_t count)
{
    std::uniform_real_distribution<double> exponent(0, 34);
    std::vector<std::int64_t> values(count);
    for (auto &value : values)
        value = std::int64_t(std::exp2(exponent(dice)));
    return values;
}

Histogram of(const std::vector<std::int64_t> &values)
{
    Histogram histogram;
    for (const auto value : values)
        histogram.add(value);
    return histogram;
}

} // namespace

class TestHistogram : public QObject
{
    Q_OBJECT

private slots:
    void isEmptyAtFirst()
    {
        const Histogram histogram;
        QCOMPARE(histogram.count(), 0U);
        QCOMPARE(histogram.percentile(0.5), -1);
        QCOMPARE(*Histogram::fromBytes(histogram.toBytes()), histogram);
    }

    void keepsSmallValuesExact()
    {
        for (std::int64_t value = 1; value < 64; ++value) {
            Histogram histogram;
            histogram.add(value);
            QCOMPARE(histogram.percentile(0.5), value);
        }
    }

    void clampsWhatIsOutside_data()
    {
        QTest::addColumn<qint64>("value");
        QTest::addColumn<qint64>("as");
        QTest::newRow("zero") << 0LL << 1LL;
        QTest::newRow("negative") << -5LL << 1LL;
        QTest::newRow("beyond five hours") << (1LL << 40) << qint64(kMost);
        QTest::newRow("the largest number") << std::numeric_limits<qint64>::max() << qint64(kMost);
    }

    void clampsWhatIsOutside()
    {
        QFETCH(qint64, value);
        QFETCH(qint64, as);
        Histogram given;
        given.add(value);
        Histogram clamped;
        clamped.add(as);
        QCOMPARE(given, clamped);
    }

    void addingManyAtOnceEqualsAddingOneByOne()
    {
        Histogram atOnce;
        atOnce.add(1'234, 1'000);
        Histogram oneByOne;
        for (int i = 0; i < 1'000; ++i)
            oneByOne.add(1'234);
        QCOMPARE(atOnce, oneByOne);
        atOnce.add(99, 0);
        QCOMPARE(atOnce, oneByOne);
    }

    void mergedEqualsTheUnionOfTheValues()
    {
        auto dice = seeded();
        for (int round = 0; round < 200; ++round) {
            const auto a = someValues(dice, dice() % 300);
            const auto b = someValues(dice, dice() % 300);
            auto both = a;
            both.insert(both.end(), b.begin(), b.end());

            auto merged = of(a);
            merged.merge(of(b));
            QCOMPARE(merged, of(both));

            auto reversed = of(b);
            reversed.merge(of(a));
            QCOMPARE(reversed, merged);
        }
    }

    void percentilesAreOffByAtMostTheBound()
    {
        auto dice = seeded();
        for (int round = 0; round < 100; ++round) {
            auto values = someValues(dice, 1 + dice() % 2'000);
            const auto histogram = of(values);
            std::ranges::sort(values);
            for (const double quantile : {0.0, 0.01, 0.5, 0.9, 0.95, 0.99, 1.0}) {
                const auto rank = std::max(1.0, std::ceil(quantile * double(values.size())));
                const auto exact = double(std::min(values[std::size_t(rank) - 1], kMost));
                const auto error = std::abs(double(histogram.percentile(quantile)) - exact) / exact;
                QVERIFY2(error <= kErrorBound,
                         qPrintable(u"quantile %1 of %2 values is off by %3"_s.arg(quantile)
                                        .arg(values.size())
                                        .arg(error)));
            }
        }
    }

    void anOddQuantileGivesTheNearestEnd()
    {
        Histogram histogram;
        histogram.add(10);
        histogram.add(50);
        QCOMPARE(histogram.percentile(-1), 10);
        QCOMPARE(histogram.percentile(2), 50);
        QCOMPARE(histogram.percentile(std::nan("")), 10);
    }

    void bytesBringItBack()
    {
        auto dice = seeded();
        for (int round = 0; round < 200; ++round) {
            const auto histogram = of(someValues(dice, dice() % 500));
            const auto back = Histogram::fromBytes(histogram.toBytes());
            QVERIFY(back);
            QCOMPARE(*back, histogram);
        }
    }

    void tenValuesTakeSomeThirtyBytes()
    {
        Histogram histogram;
        for (int i = 0; i < 10; ++i)
            histogram.add(200'000 + i * 30'000);
        QCOMPARE_LE(histogram.toBytes().size(), 30U);
    }

    void refusesDamagedBytes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("another format") << QByteArray("\x02", 1);
        QTest::newRow("a gap without a count") << QByteArray("\x01\x05", 2);
        QTest::newRow("a cut number") << QByteArray("\x01\x85", 2);
        QTest::newRow("a count of zero") << QByteArray("\x01\x05\x00", 3);
        QTest::newRow("a bucket beyond the last") << QByteArray("\x01\xc0\x08\x01", 4);
        QTest::newRow("a sum of gaps beyond the last") << QByteArray("\x01\xbf\x08\x01\x00\x01", 6);
        QTest::newRow("a number of eleven bytes")
            << QByteArray("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01", 13);
        QTest::newRow("a number over 64 bits")
            << QByteArray("\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 12);
        QTest::newRow("a number in a long form") << QByteArray("\x01\x85\x00\x01", 4);
    }

    void refusesDamagedBytes()
    {
        QFETCH(QByteArray, bytes);
        const auto histogram = Histogram::fromBytes(bytes.toStdString());
        QVERIFY(!histogram);
        QCOMPARE(histogram.error().code, "trace.bad_histogram");
    }

    void anyBytesAreReadOrRefused()
    {
        auto dice = seeded();
        int read = 0;
        for (int round = 0; round < 20'000; ++round) {
            std::string bytes(dice() % 24, '\0');
            for (auto &byte : bytes)
                byte = char(dice());
            if (!bytes.empty())
                bytes.front() = 1;
            if (const auto histogram = Histogram::fromBytes(bytes)) {
                ++read;
                QCOMPARE(histogram->toBytes(), bytes); // one form for each histogram
            }
        }
        QCOMPARE_GT(read, 0);
    }
};

QTEST_APPLESS_MAIN(TestHistogram)
#include "tst_histogram.moc"
