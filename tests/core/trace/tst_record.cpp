// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/requestrow.h"
#include "core/trace/rollup.h"

#include <QTest>

#include <limits>

using namespace portolan;
using namespace portolan::trace;

class TestRecord : public QObject
{
    Q_OBJECT

private slots:
    void weighsItsHeap()
    {
        Record record;
        const auto empty = weightOf(record);
        QCOMPARE_GE(empty, sizeof(Record));

        record.note = std::string(1'000, 'n');
        record.request_body = Body{.text = std::string(50'000, 'b')};
        record.metadata = {{std::string(100, 'k'), std::string(200, 'v')}};
        record.usage.units = {{.name = std::string(40, 'u'), .count_micro = 1}};
        record.attempts.resize(2);
        record.attempts[1].request_headers = {{std::string(30, 'h'), std::string(70, 'w')}};
        const auto heap = 1'000 + 50'000 + 300 + 40 + 2 * sizeof(Attempt) + 100;
        QCOMPARE_GE(weightOf(record), empty + heap);
        QCOMPARE_LE(weightOf(record), empty + heap + 1'000);
    }

    void marksEachAttempt()
    {
        Record record;
        QCOMPARE(attemptMarks(record), "");
        record.attempts = {
            {.error_code = "upstream.status", .start_us = 5},
            {.error_code = "routing.breaker_open"},
            {.start_us = 90},
        };
        QCOMPARE(attemptMarks(record), "x-o");
        QCOMPARE(rowOf(record).attempt_marks, "x-o");
    }

    void theRowHasWhatTheListShows()
    {
        const Record record{
            .id = {7},
            .started_us = 70,
            .outcome = Outcome::Truncated,
            .status = 200,
            .error_code = "upstream.cut",
            .error_message = "The provider broke off.",
            .client_key_name = "laptop",
            .program = "OpenAI/JS 6.1.0",
            .path = "/v1/chat/completions",
            .endpoint = "chat",
            .model_asked = "@openai/gpt-4o",
            .model_served = "gpt-4o-2024-08-06",
            .provider = "openai",
            .slug = "openai",
            .config = "main 3",
            .stream = true,
            .finish_reason = "length",
            .first_token_us = 300,
            .total_us = 900,
            .bytes_in = 10,
            .bytes_out = 20,
            .usage_state = UsageState::Estimated,
            .usage = {.input = 1, .cache_read = 2, .output = 3, .reasoning = 4},
            .cost_state = CostState::Estimated,
            .cost = {5},
            .trace_id = "t",
            .cache = CacheState::Miss,
        };
        const RequestRow expected{
            .id = {7},
            .started_us = 70,
            .outcome = Outcome::Truncated,
            .status = 200,
            .error_code = "upstream.cut",
            .error_message = "The provider broke off.",
            .client_key_name = "laptop",
            .program = "OpenAI/JS 6.1.0",
            .endpoint = "chat",
            .path = "/v1/chat/completions",
            .config = "main 3",
            .model_asked = "@openai/gpt-4o",
            .model_served = "gpt-4o-2024-08-06",
            .provider = "openai",
            .slug = "openai",
            .stream = true,
            .cache = CacheState::Miss,
            .finish_reason = "length",
            .first_token_us = 300,
            .total_us = 900,
            .bytes_in = 10,
            .bytes_out = 20,
            .usage_state = UsageState::Estimated,
            .tokens_in = 1,
            .tokens_out = 3,
            .tokens_cached = 2,
            .tokens_reasoning = 4,
            .cost_state = CostState::Estimated,
            .cost = {5},
            .trace_id = "t",
        };
        QCOMPARE(rowOf(record), expected);
    }

    void aBucketCountsByOutcome_data()
    {
        QTest::addColumn<int>("outcome");
        QTest::addColumn<int>("errors");
        QTest::addColumn<int>("cancelled");
        QTest::newRow("ok") << int(Outcome::Ok) << 0 << 0;
        QTest::newRow("error") << int(Outcome::Error) << 1 << 0;
        QTest::newRow("cancelled") << int(Outcome::Cancelled) << 0 << 1;
        QTest::newRow("timed out") << int(Outcome::TimedOut) << 1 << 0;
        QTest::newRow("refused") << int(Outcome::Refused) << 1 << 0;
        QTest::newRow("truncated") << int(Outcome::Truncated) << 1 << 0;
        QTest::newRow("unknown") << int(Outcome::Unknown) << 1 << 0;
    }

    void aBucketCountsByOutcome()
    {
        QFETCH(int, outcome);
        QFETCH(int, errors);
        QFETCH(int, cancelled);
        Rollup bucket;
        addTo(bucket, {.outcome = Outcome(outcome)});
        QCOMPARE(bucket.requests, 1U);
        QCOMPARE(int(bucket.errors), errors);
        QCOMPARE(int(bucket.cancelled), cancelled);
    }

    void anUnknownCostIsCountedNotAdded()
    {
        Rollup bucket;
        addTo(bucket, {.cost_state = CostState::Exact, .cost = {40}});
        addTo(bucket, {.cost_state = CostState::Unknown, .cost = {1'000}});
        QCOMPARE(bucket.cost.value, 40);
        QCOMPARE(bucket.cost_unknown, 1U);
    }

    void mergedBucketsEqualOneBucketOfAll()
    {
        const Record rescued{
            .first_token_us = 20,
            .total_us = 100,
            .usage = {.input = 5, .output = 6},
            .cost_state = CostState::Exact,
            .cost = {9},
            .cache = CacheState::Hit,
            .attempts = {{.error_code = "upstream.status"}, {}},
        };
        const Record failed{.outcome = Outcome::Error, .total_us = 7};
        Rollup both;
        addTo(both, rescued);
        addTo(both, failed);
        QCOMPARE(both.rescued, 1U);
        QCOMPARE(both.cached, 1U);

        Rollup first;
        addTo(first, rescued);
        Rollup second;
        addTo(second, failed);
        merge(first, second);
        QCOMPARE(first, both);
    }

    void sumsStayAtTheEndOfTheirRange()
    {
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        Rollup bucket;
        for (int i = 0; i < 2; ++i)
            addTo(bucket,
                  {.usage = {.input = most, .output = -3}, .cost_state = CostState::Exact, .cost = {most}});
        QCOMPARE(bucket.tokens_in, most);
        QCOMPARE(bucket.tokens_out, 0);
        QCOMPARE(bucket.cost.value, most);
    }

    void aBucketStartsAtAWholeStep_data()
    {
        QTest::addColumn<qint64>("time");
        QTest::addColumn<int>("step");
        QTest::addColumn<qint64>("start");
        QTest::newRow("start of a minute") << 120'000'000LL << 60 << 120LL;
        QTest::newRow("end of a minute") << 179'999'999LL << 60 << 120LL;
        QTest::newRow("hour") << 7'199'000'000LL << 3'600 << 3'600LL;
        QTest::newRow("day") << 86'400'000'001LL << 86'400 << 86'400LL;
        QTest::newRow("before 1970") << -1LL << 60 << -60LL;
    }

    void aBucketStartsAtAWholeStep()
    {
        QFETCH(qint64, time);
        QFETCH(int, step);
        QFETCH(qint64, start);
        QCOMPARE(bucketStart(time, step), start);
    }
};

QTEST_APPLESS_MAIN(TestRecord)
#include "tst_record.moc"
