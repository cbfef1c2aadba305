// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/snippets.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::string_literals;

namespace portolan::ui {

namespace {

const QString kBase = u"http://127.0.0.1:8787/v1"_s;

trace::Record chat(std::string body)
{
    trace::Record record;
    record.id = {17};
    record.method = "POST";
    record.path = "/v1/chat/completions";
    record.request_headers = {{"content-type", "application/json"}, {"authorization", "***"},
                              {"x-portkey-api-key", "pk-canary"},   {"x-portkey-provider", "@openai"},
                              {"x-portkey-config", "[redacted]"},   {"cookie", "session=canary"}};
    const auto size = body.size();
    record.request_body
        = trace::Body{.text = std::move(body), .content_type = "application/json", .full_size = size};
    return record;
}

} // namespace

class TestSnippets : public QObject
{
    Q_OBJECT

private slots:
    void sendsTheRequestAgainWithoutItsSecrets()
    {
        const auto curl = curlFor(chat(R"({"model":"@openai/gpt-4o"})"), kBase);
        QVERIFY(curl);
        QCOMPARE(*curl,
                 u"curl 'http://127.0.0.1:8787/v1/chat/completions' \\\n"
                 "  -H \"Authorization: Bearer $PORTOLAN_KEY\" \\\n"
                 "  -H 'content-type: application/json' \\\n"
                 "  -H 'x-portkey-provider: @openai' \\\n"
                 "  --data-raw '{\"model\":\"@openai/gpt-4o\"}'"_s);
        QVERIFY(!curl->contains(u"canary"));
    }

    void quotesWhatAShellWouldRead_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<QString>("quoted");
        QTest::newRow("quote") << "it's"s << u"'it'\\''s'"_s;
        QTest::newRow("substitution") << "$(reboot) `id`"s << u"'$(reboot) `id`'"_s;
        QTest::newRow("line feed") << "a\nb'\\"s << u"$'a\\nb\\'\\\\'"_s;
        QTest::newRow("escape") << "a\x1b[2J\x03"s << u"$'a\\x1b[2J\\x03'"_s;
        QTest::newRow("a file name is none") << "@/etc/passwd"s << u"'@/etc/passwd'"_s;
    }

    void quotesWhatAShellWouldRead()
    {
        QFETCH(std::string, body);
        QFETCH(QString, quoted);
        const auto curl = curlFor(chat(body), kBase);
        QVERIFY(curl);
        QVERIFY2(curl->endsWith(u"--data-raw "_s + quoted), qPrintable(*curl));
    }

    void aGetNeedsNoBody()
    {
        trace::Record record = chat({});
        record.method = "GET";
        record.path = "/v1/models";
        record.request_body.reset();
        const auto curl = curlFor(record, kBase);
        QVERIFY(curl);
        QVERIFY(curl->startsWith(u"curl 'http://127.0.0.1:8787/v1/models' -X 'GET'"));
        QVERIFY(!curl->contains(u"--data"));
    }

    void saysWhenTheBodyIsNotThere()
    {
        trace::Record record = chat("{}");
        record.request_body->full_size = 4000;
        QCOMPARE(curlFor(record, kBase).error().code, "logs.body_missing"s);
        record.request_body.reset();
        QCOMPARE(curlFor(record, kBase).error().code, "logs.body_missing"s);
    }

    void theTraceAsJsonTellsUnknownFromZero()
    {
        trace::Record record = chat("{}");
        record.cost_state = trace::CostState::Unknown;
        record.attempts.resize(1);
        QJsonObject json = QJsonDocument::fromJson(recordToJson(record)).object();
        QVERIFY(json[u"cost_nano_usd"_s].isNull());
        QVERIFY(json[u"usage"_s].isNull());
        QVERIFY(json[u"first_token_us"_s].isNull());
        QCOMPARE(json[u"id"_s].toString(), u"17"_s);
        QCOMPARE(json[u"outcome"_s].toString(), u"ok"_s);
        record.cost_state = trace::CostState::Exact;
        json = QJsonDocument::fromJson(recordToJson(record)).object();
        QCOMPARE(json[u"cost_nano_usd"_s].toInteger(-1), 0);
    }
};

} // namespace portolan::ui

QTEST_GUILESS_MAIN(portolan::ui::TestSnippets)
#include "tst_snippets.moc"
