// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/errorkinds.h"

#include <QTest>

#include <optional>
#include <string>

using namespace portolan;
using namespace portolan::dialect;

class TestErrorKinds : public QObject
{
    Q_OBJECT

private slots:
    void turnsAStatusIntoTheFieldsWords_data();
    void turnsAStatusIntoTheFieldsWords();
    void takesTheLongerOfTwoRetryHeaders_data();
    void takesTheLongerOfTwoRetryHeaders();
    void knowsAPromptThatIsTooLong_data();
    void knowsAPromptThatIsTooLong();
    void spellsAPointerAsAParameter();
    void keepsTheStatusOfAnErrorItCannotRead();
};

void TestErrorKinds::turnsAStatusIntoTheFieldsWords_data()
{
    QTest::addColumn<int>("upstream");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    QTest::addColumn<std::string>("code");
    const auto row = [](int upstream, int status, ErrorKind kind, const char *code) {
        QTest::addRow("%d", upstream) << upstream << status << int(kind) << std::string(code);
    };
    row(400, 400, ErrorKind::InvalidRequest, "");
    row(401, 401, ErrorKind::Authentication, "invalid_api_key");
    row(402, 429, ErrorKind::InsufficientQuota, "insufficient_quota");
    row(403, 403, ErrorKind::Permission, "permission_denied");
    row(404, 404, ErrorKind::NotFound, "model_not_found");
    row(408, 504, ErrorKind::Timeout, "timeout");
    row(413, 413, ErrorKind::TooLarge, "request_too_large");
    row(418, 418, ErrorKind::InvalidRequest, "");
    row(422, 400, ErrorKind::InvalidRequest, "");
    row(429, 429, ErrorKind::RateLimit, "rate_limit_exceeded");
    row(500, 502, ErrorKind::Api, "upstream_error");
    row(503, 503, ErrorKind::Overloaded, "overloaded");
    row(529, 503, ErrorKind::Overloaded, "overloaded");
    row(599, 502, ErrorKind::Api, "upstream_error");
    row(777, 502, ErrorKind::Api, "upstream_error");
}

void TestErrorKinds::turnsAStatusIntoTheFieldsWords()
{
    QFETCH(int, upstream);
    QFETCH(int, status);
    QFETCH(int, kind);
    QFETCH(std::string, code);
    const ApiError error = errorOfStatus(upstream, "words");
    QCOMPARE(error.status, status);
    QCOMPARE(int(error.kind), kind);
    QCOMPARE(error.code, code);
    QCOMPARE(error.upstream_status, upstream);
    QCOMPARE(error.message, std::string("words"));
}

void TestErrorKinds::takesTheLongerOfTwoRetryHeaders_data()
{
    QTest::addColumn<std::string>("seconds");
    QTest::addColumn<std::string>("milliseconds");
    QTest::addColumn<std::optional<std::int64_t>>("wait_ms");
    const auto row = [](const char *name, const char *seconds, const char *milliseconds,
                        std::optional<std::int64_t> wait_ms) {
        QTest::newRow(name) << std::string(seconds) << std::string(milliseconds) << wait_ms;
    };
    row("none", "", "", std::nullopt);
    row("seconds", "17", "", 17000);
    row("a fraction", "", "1500.5", 1501);
    row("both", "1", "2500", 2500);
    row("a date is for the gateway's clock", "Wed, 21 Oct 2026 07:28:00 GMT", "", std::nullopt);
    row("negative", "-5", "", std::nullopt);
    row("absurd", "1e300", "", 86'400'000);
    row("not a number", "nan", "inf", std::nullopt);
}

void TestErrorKinds::takesTheLongerOfTwoRetryHeaders()
{
    QFETCH(std::string, seconds);
    QFETCH(std::string, milliseconds);
    QFETCH(std::optional<std::int64_t>, wait_ms);
    Headers headers;
    if (!seconds.empty())
        headers.emplace_back("retry-after", seconds);
    if (!milliseconds.empty())
        headers.emplace_back("retry-after-ms", milliseconds);
    QCOMPARE(retryAfterMs(headers), wait_ms);
}

void TestErrorKinds::knowsAPromptThatIsTooLong_data()
{
    QTest::addColumn<std::string>("words");
    QTest::addColumn<bool>("too_long");
    QTest::newRow("anthropic") << std::string("prompt is too long: 210000 tokens > 200000 maximum") << true;
    QTest::newRow("openai") << std::string("This model's Maximum Context Length is 8192 tokens") << true;
    QTest::newRow("something else") << std::string("max_tokens is too large") << false;
    QTest::newRow("nothing") << std::string() << false;
}

void TestErrorKinds::knowsAPromptThatIsTooLong()
{
    QFETCH(std::string, words);
    QFETCH(bool, too_long);
    QCOMPARE(saysContextTooLong(words), too_long);
}

void TestErrorKinds::spellsAPointerAsAParameter()
{
    const auto error = badRequest("/messages/2/content/0/type", "Use text.");
    const ApiError shown = toApiError(error.error());
    QCOMPARE(shown.param, std::string("messages[2].content[0].type"));
    QCOMPARE(shown.status, 400);
    QCOMPARE(int(shown.kind), int(ErrorKind::InvalidRequest));
}

void TestErrorKinds::keepsTheStatusOfAnErrorItCannotRead()
{
    QCOMPARE(invalidAnswer("it is HTML", 503).status, 503);
    QCOMPARE(invalidAnswer("it is HTML", 200).status, 502);
    QCOMPARE(invalidAnswer("it is HTML").code, std::string("upstream_invalid_response"));
}

QTEST_GUILESS_MAIN(TestErrorKinds)
#include "tst_errorkinds.moc"
