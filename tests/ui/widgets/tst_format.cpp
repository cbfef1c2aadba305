// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/format.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan;
using namespace portolan::ui;

class TestFormat : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void durations_data();
    void durations();
    void columnsKeepToSeconds();
    void tokenCounts_data();
    void tokenCounts();
    void costs_data();
    void costs();
    void sums_data();
    void sums();
    void prices_data();
    void prices();
    void sharesAndSizes();
    void pastMoments_data();
    void pastMoments();
    void pointAndGroupsFollowTheLocale();
};

void TestFormat::durations_data()
{
    QTest::addColumn<qint64>("us");
    QTest::addColumn<QString>("text");
    QTest::newRow("did not happen") << qint64(-1) << u"-"_s;
    QTest::newRow("none") << qint64(0) << u"0 ms"_s;
    QTest::newRow("below a millisecond") << qint64(999) << u"<1 ms"_s;
    QTest::newRow("milliseconds") << qint64(412'000) << u"412 ms"_s;
    QTest::newRow("last millisecond") << qint64(999'499) << u"999 ms"_s;
    QTest::newRow("rounds into seconds") << qint64(999'500) << u"1.00 s"_s;
    QTest::newRow("seconds") << qint64(1'920'000) << u"1.92 s"_s;
    QTest::newRow("rounds into minutes") << qint64(59'995'000) << u"1 min 0 s"_s;
    QTest::newRow("minutes") << qint64(192'000'000) << u"3 min 12 s"_s;
    QTest::newRow("hours") << qint64(7'500'000'000) << u"2 h 5 min"_s;
    QTest::newRow("days") << qint64(273'600'000'000) << u"3 d 4 h"_s;
}

void TestFormat::durations()
{
    QFETCH(qint64, us);
    QTEST(format::duration(us), "text");
}

void TestFormat::columnsKeepToSeconds()
{
    QCOMPARE(format::seconds(410'000), u"0.41 s"_s);
    QCOMPARE(format::seconds(61'000'000), u"61.00 s"_s);
    QCOMPARE(format::seconds(-1), u"-"_s);
    QCOMPARE(format::seconds(4'200), u"0.004 s"_s);
    QCOMPARE(format::seconds(420), u"<0.001 s"_s);
    QCOMPARE(format::seconds(0), u"0.00 s"_s);
}

void TestFormat::tokenCounts_data()
{
    QTest::addColumn<qint64>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << qint64(0) << u"0"_s;
    QTest::newRow("whole") << qint64(1204) << u"1,204"_s;
    QTest::newRow("last whole") << qint64(9999) << u"9,999"_s;
    QTest::newRow("thousands") << qint64(18'400) << u"18.4k"_s;
    QTest::newRow("without a tenth") << qint64(123'456) << u"123k"_s;
    QTest::newRow("rounds into millions") << qint64(999'950) << u"1.0M"_s;
    QTest::newRow("millions") << qint64(1'234'567) << u"1.2M"_s;
}

void TestFormat::tokenCounts()
{
    QFETCH(qint64, number);
    QTEST(format::tokens(number), "text");
    QCOMPARE(format::tokens(1204, 312), u"1,204+312"_s);
    QCOMPARE(format::tokens(19'600, std::nullopt), u"19.6k+"_s);
}

void TestFormat::costs_data()
{
    QTest::addColumn<qint64>("nano");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64(0) << u"$0"_s;
    QTest::newRow("below a millionth") << qint64(999) << u"<$0.000001"_s;
    QTest::newRow("a millionth") << qint64(1'000) << u"$0.000001"_s;
    QTest::newRow("usual") << qint64(6'130'000) << u"$0.006130"_s;
    QTest::newRow("large") << qint64(1'234'500'000'000) << u"$1,234.500000"_s;
}

void TestFormat::costs()
{
    QFETCH(qint64, nano);
    QTEST(format::cost(NanoUsd{nano}), "text");
    QCOMPARE(format::cost(std::nullopt), u"-"_s);
}

void TestFormat::sums_data()
{
    QTest::addColumn<qint64>("nano");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64(0) << u"$0"_s;
    QTest::newRow("dollars") << qint64(18'400'000'000) << u"$18.40"_s;
    QTest::newRow("ten cents") << qint64(100'000'000) << u"$0.10"_s;
    QTest::newRow("a cent and a bit") << qint64(13'000'000) << u"$0.013"_s;
    QTest::newRow("below a cent") << qint64(1'300'000) << u"$0.0013"_s;
    QTest::newRow("below a millionth") << qint64(10) << u"<$0.000001"_s;
}

void TestFormat::sums()
{
    QFETCH(qint64, nano);
    QTEST(format::sum(NanoUsd{nano}), "text");
}

void TestFormat::prices_data()
{
    QTest::addColumn<qint64>("nano");
    QTest::addColumn<QString>("text");
    QTest::newRow("free") << qint64(0) << u"0.00"_s;
    QTest::newRow("two digits") << qint64(2'500'000'000) << u"2.50"_s;
    QTest::newRow("three digits") << qint64(75'000'000) << u"0.075"_s;
    QTest::newRow("thousands") << qint64(1'200'000'000'000) << u"1,200.00"_s;
}

void TestFormat::prices()
{
    QFETCH(qint64, nano);
    QTEST(format::price(NanoUsd{nano}), "text");
}

void TestFormat::sharesAndSizes()
{
    QCOMPARE(format::percent(0), u"0 %"_s);
    QCOMPARE(format::percent(0.007), u"0.7 %"_s);
    QCOMPARE(format::percent(0.5), u"50 %"_s);
    QCOMPARE(format::bytes(812), u"812 B"_s);
    QCOMPARE(format::bytes(3'100'000), u"3.1 MB"_s);
    QCOMPARE(format::bytes(999'960), u"1.0 MB"_s);
    QCOMPARE(format::count(8412), u"8,412"_s);
}

void TestFormat::pastMoments_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("now") << qint64(0) << u"just now"_s;
    QTest::newRow("seconds") << qint64(38) << u"38 s ago"_s;
    QTest::newRow("minutes") << qint64(300) << u"5 min ago"_s;
    QTest::newRow("hours") << qint64(7200) << u"2 h ago"_s;
    QTest::newRow("a day") << qint64(90'000) << u"yesterday"_s;
    QTest::newRow("days") << qint64(300'000) << u"3 days ago"_s;
    QTest::newRow("a clock that went back") << qint64(-100) << u"just now"_s;
}

void TestFormat::pastMoments()
{
    QFETCH(qint64, seconds);
    const QDateTime now(QDate(2026, 8, 21), QTime(14, 31, 18));
    QTEST(format::ago(now.addSecs(-seconds), now), "text");
    QCOMPARE(format::ago({}, now), u"never"_s);
    QCOMPARE(format::when(now, now), u"14:31:18"_s);
    QCOMPARE(format::when(now.addDays(-1), now), u"yesterday 14:31"_s);
}

void TestFormat::pointAndGroupsFollowTheLocale()
{
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    QCOMPARE(format::cost(NanoUsd{1'234'500'000'000}), u"$1.234,500000"_s);
    QCOMPARE(format::tokens(18'400), u"18,4k"_s);
    QCOMPARE(format::price(NanoUsd{2'500'000'000}), u"2,50"_s);
    QLocale::setDefault(QLocale::c());
    QCOMPARE(format::count(8412), u"8,412"_s); // the C locale has no groups: English stands in
    initTestCase();
}

QTEST_MAIN(TestFormat)
#include "tst_format.moc"
