// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/attemptmodel.h"
#include "ui/logs/waterfall.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::string_literals;

namespace portolan::ui {

namespace {

trace::Attempt answered(std::int64_t start)
{
    trace::Attempt attempt;
    attempt.slug = "openai";
    attempt.model = "gpt-4o";
    attempt.status = 200;
    attempt.start_us = start;
    attempt.connected_us = start + 10;
    attempt.tls_us = start + 30;
    attempt.sent_us = start + 40;
    attempt.head_us = start + 90;
    attempt.first_token_us = start + 100;
    attempt.end_us = start + 500;
    return attempt;
}

trace::Attempt failed(std::int64_t start)
{
    trace::Attempt attempt = answered(start);
    attempt.status = 429;
    attempt.error_code = "rate_limit_error";
    attempt.then = "waited as Retry-After asked";
    attempt.first_token_us = -1;
    attempt.end_us = start + 100;
    return attempt;
}

using Spans = std::vector<PhaseSpan>;

} // namespace

class TestWaterfall : public QObject
{
    Q_OBJECT

private slots:
    void anAnswerHasAllItsPhases()
    {
        const WaterfallBar bar = barOf(answered(1000), 0);
        QCOMPARE(bar.spans,
                 (Spans{{Phase::Connect, 1000, 1010},
                        {Phase::Tls, 1010, 1030},
                        {Phase::Send, 1030, 1040},
                        {Phase::Wait, 1040, 1100},
                        {Phase::Stream, 1100, 1500}}));
        QCOMPARE(bar.first_token_us, 1100);
        QCOMPARE(bar.end_us, 1500);
        QVERIFY(!bar.failed);
    }

    void aReusedConnectionHasNoConnect()
    {
        trace::Attempt attempt = answered(0);
        attempt.reused_connection = true;
        QCOMPARE(barOf(attempt, 0).spans.front(), (PhaseSpan{Phase::Send, 0, 40}));
    }

    void aFailureWaitsToItsEnd()
    {
        const WaterfallBar bar = barOf(failed(0), 0);
        QCOMPARE(bar.spans.back(), (PhaseSpan{Phase::Wait, 40, 100}));
        QCOMPARE(bar.first_token_us, -1);
        QVERIFY(bar.failed);
    }

    void noConnectionIsAllConnecting()
    {
        trace::Attempt attempt;
        attempt.start_us = 5;
        attempt.end_us = 305;
        attempt.error_code = "upstream.connect_timeout";
        QCOMPARE(barOf(attempt, 0).spans, (Spans{{Phase::Connect, 5, 305}}));
    }

    void whatStillRunsReachesToNow()
    {
        trace::Attempt attempt = answered(0);
        attempt.end_us = attempt.first_token_us = attempt.head_us = -1;
        const WaterfallBar bar = barOf(attempt, 900);
        QCOMPARE(bar.spans.back(), (PhaseSpan{Phase::Wait, 40, 900}));
        QCOMPARE(bar.end_us, -1);
    }

    void timesThatRunBackwardsMakeNoNegativeSpan()
    {
        trace::Attempt attempt = answered(1000);
        attempt.tls_us = 400;
        attempt.sent_us = 99'999'999;
        attempt.first_token_us = 3;
        std::int64_t at = attempt.start_us;
        for (const PhaseSpan &span : barOf(attempt, 0).spans) {
            QCOMPARE(span.from_us, at);
            QVERIFY(span.to_us > span.from_us);
            QVERIFY(span.to_us <= attempt.end_us);
            at = span.to_us;
        }
    }

    void aSkippedTargetHasNoBar() { QVERIFY(barOf(trace::Attempt{}, 100).spans.empty()); }

    void picksRoundSteps_data()
    {
        QTest::addColumn<qint64>("total");
        QTest::addColumn<int>("ticks");
        QTest::addColumn<qint64>("step");
        QTest::newRow("3.4 s over 7") << qint64(3'410'000) << 7 << qint64(500'000);
        QTest::newRow("400 ms over 5") << qint64(400'000) << 5 << qint64(100'000);
        QTest::newRow("1 h over 6") << qint64(3'600'000'000) << 6 << qint64(1'000'000'000);
        QTest::newRow("nothing") << qint64(0) << 5 << qint64(1);
        QTest::newRow("no room") << qint64(1000) << 0 << qint64(2000);
    }

    void picksRoundSteps()
    {
        QFETCH(qint64, total);
        QFETCH(int, ticks);
        const TimeAxis axis = axisFor(total, ticks);
        QTEST(qint64(axis.step_us), "step");
    }

    void positionsStayInside()
    {
        const TimeAxis axis = axisFor(1000, 5);
        QCOMPARE(axis.position(-5, 200), 0.0);
        QCOMPARE(axis.position(500, 200), 100.0);
        QCOMPARE(axis.position(5000, 200), 200.0);
    }

    void listsAttemptsAndWhatLayBetween()
    {
        AttemptModel model;
        const QAbstractItemModelTester tester(&model);
        model.setAttempts({failed(0), answered(850)}, 2000);
        QCOMPARE(model.rowCount(), 3);
        const auto cell = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(cell(0, AttemptModel::Number), u"1"_s);
        QCOMPARE(cell(0, AttemptModel::Target), u"@openai/gpt-4o"_s);
        QCOMPARE(cell(0, AttemptModel::Status), u"429"_s);
        QCOMPARE(cell(0, AttemptModel::What), u"rate limit of the provider"_s);
        QCOMPARE(cell(1, AttemptModel::Target), u"waited as Retry-After asked"_s);
        QVERIFY(model.index(1, 0).data(AttemptModel::BetweenRole).toBool());
        QCOMPARE(model.lines()[1].from_us, 100);
        QCOMPARE(model.lines()[1].to_us, 850);
        QCOMPARE(cell(2, AttemptModel::What), u"ok, streamed"_s);
        QCOMPARE(model.lineOfAttempt(1), 2);
    }

    void givesTheReasonInWords_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("timeout") << 0 << "upstream.connect_timeout"s << u"no connection in time"_s;
        QTest::newRow("credential") << 401 << "invalid_api_key"s << u"credential refused by the provider"_s;
        QTest::newRow("rate limit") << 429 << "upstream.429"s << u"rate limit of the provider"_s;
        QTest::newRow("overloaded") << 529 << "overloaded_error"s << u"provider overloaded"_s;
        QTest::newRow("server") << 502 << "upstream.502"s << u"provider failed"_s;
        QTest::newRow("client") << 422 << "x"s << u"refused by the provider"_s;
        QTest::newRow("unknown code") << 0 << "upstream.novel"s << u"upstream.novel"_s;
    }

    void givesTheReasonInWords()
    {
        QFETCH(int, status);
        QFETCH(std::string, code);
        trace::Attempt attempt = failed(0);
        attempt.status = status;
        attempt.error_code = code;
        QTEST(attemptReason(attempt), "words");
    }
};

} // namespace portolan::ui

QTEST_GUILESS_MAIN(portolan::ui::TestWaterfall)
#include "tst_waterfall.moc"
