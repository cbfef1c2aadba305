// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/fraction.h"

#include <QTest>

#include <limits>

using portolan::catalog::Fraction;

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

} // namespace

class TestFraction : public QObject
{
    Q_OBJECT

private slots:
    void roundsHalvesUp_data()
    {
        QTest::addColumn<std::int64_t>("over");
        QTest::addColumn<std::int64_t>("under");
        QTest::addColumn<std::int64_t>("floor");
        QTest::addColumn<std::int64_t>("rounded");
        const auto row
            = [](const char *name, std::int64_t over, std::int64_t under, std::int64_t floor,
                 std::int64_t rounded) { QTest::newRow(name) << over << under << floor << rounded; };
        row("zero", 0, 7, 0, 0);
        row("below half", 49, 100, 0, 0);
        row("half", 1, 2, 0, 1);
        row("one and a half", 3, 2, 1, 2);
        row("a third", 1, 3, 0, 0);
        row("two thirds", 2, 3, 0, 1);
        row("whole", 10, 5, 2, 2);
        row("largest", kMost, 1, kMost, kMost);
    }

    void roundsHalvesUp()
    {
        QFETCH(std::int64_t, over);
        QFETCH(std::int64_t, under);
        QFETCH(std::int64_t, floor);
        QFETCH(std::int64_t, rounded);
        QCOMPARE(Fraction::of(over, under).floor(), floor);
        QCOMPARE(Fraction::of(over, under).rounded(), rounded);
    }

    void computesWithoutLoss()
    {
        const auto third = Fraction::of(1, 3);
        QCOMPARE(third.plus(third).plus(third), Fraction(1));
        QCOMPARE(third.times(Fraction(3)), Fraction(1));
        QCOMPARE(Fraction(7).dividedBy(Fraction(3)).times(Fraction(3)), Fraction(7));
        QCOMPARE(Fraction::of(6, 4), Fraction::of(3, 2));
        // Larger than 64 bits on the way.
        QCOMPARE(Fraction(kMost).times(Fraction(kMost)).dividedBy(Fraction(kMost)), Fraction(kMost));
    }

    void staysAtTheEndWhenTooLarge()
    {
        const Fraction most(kMost);
        const auto beyond = most.times(most).times(most);
        QVERIFY(beyond.isTooLarge());
        QCOMPARE(beyond.rounded(), kMost);
        QVERIFY(beyond.times(Fraction(0)).isTooLarge());
        QVERIFY(Fraction(1).plus(beyond).isTooLarge());
        QVERIFY(most.plus(Fraction(1)).isTooLarge());
        QVERIFY(!Fraction(kMost - 1).isTooLarge());
    }
};

QTEST_APPLESS_MAIN(TestFraction)
#include "tst_fraction.moc"
