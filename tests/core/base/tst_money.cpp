// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/money.h"

#include <QTest>

#include <limits>
#include <string>

using namespace portolan;

class TestMoney : public QObject
{
    Q_OBJECT

private slots:
    void parsesPlainDecimals_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<qint64>("nanos"); // -1: parsing must fail
        const auto row = [](const char *name, std::string text, qint64 nanos) {
            QTest::newRow(name) << std::move(text) << nanos;
        };
        row("whole dollars", "12", 12'000'000'000);
        row("fraction", "0.0025", 2'500'000);
        row("one nano-dollar", "0.000000001", 1);
        row("zeros behind a nano-dollar", "0.00000000100000", 1);
        row("leading zeros", "007.50", 7'500'000'000);
        row("largest", "9223372036.854775807", std::numeric_limits<qint64>::max());
        row("one more than the largest", "9223372036.854775808", -1);
        row("finer than a nano-dollar", "0.0000000001", -1);
        row("empty", "", -1);
        row("point alone", ".", -1);
        row("nothing before the point", ".5", -1);
        row("nothing behind the point", "5.", -1);
        row("sign", "-1", -1);
        row("plus", "+1", -1);
        row("exponent", "1e3", -1);
        row("two points", "1.2.3", -1);
        row("blank", " 1", -1);
        row("separator", "1,000", -1);
        row("too many digits", "99999999999999999999", -1);
    }
    void parsesPlainDecimals()
    {
        QFETCH(std::string, text);
        QFETCH(qint64, nanos);
        const auto amount = parseUsd(text);
        QCOMPARE(amount.has_value(), nanos >= 0);
        if (amount)
            QCOMPARE(qint64(amount->value), nanos);
        else
            QCOMPARE(amount.error().code, "money.bad_amount");
    }

    void roundsHalfUpWhenPrinted_data()
    {
        QTest::addColumn<qint64>("nanos");
        QTest::addColumn<int>("digits");
        QTest::addColumn<std::string>("text");
        const auto row = [](const char *name, qint64 nanos, int digits, std::string text) {
            QTest::newRow(name) << nanos << digits << std::move(text);
        };
        row("six digits", 6'130'000, 6, "0.006130");
        row("zero", 0, 2, "0.00");
        row("no digits", 1'499'999'999, 0, "1");
        row("half goes up", 1'500'000'000, 0, "2");
        row("carry", 999'999'999, 2, "1.00");
        row("exact", 1, 9, "0.000000001");
        row("more digits than there are", 1, 11, "0.00000000100");
        row("negative", -1'250'000'000, 1, "-1.3");
        row("negative nothing has no sign", -1, 2, "0.00");
        row("smallest", std::numeric_limits<qint64>::min(), 9, "-9223372036.854775808");
    }
    void roundsHalfUpWhenPrinted()
    {
        QFETCH(qint64, nanos);
        QFETCH(int, digits);
        QFETCH(std::string, text);
        QCOMPARE(toDecimal(NanoUsd{nanos}, digits), text);
    }

    void sumsStayAtTheEndOfTheRange()
    {
        using Range = std::numeric_limits<std::int64_t>;
        QVERIFY((NanoUsd{Range::max()} + NanoUsd{1}) == NanoUsd{Range::max()});
        QVERIFY((NanoUsd{Range::min()} + NanoUsd{-1}) == NanoUsd{Range::min()});
        NanoUsd sum{2};
        sum += NanoUsd{3};
        QVERIFY(sum == NanoUsd{5});
    }
};

QTEST_APPLESS_MAIN(TestMoney)
#include "tst_money.moc"
