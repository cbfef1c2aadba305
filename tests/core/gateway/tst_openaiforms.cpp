// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/scriptedupstream.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <memory>
#include <string>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using test::answer;
using test::RunningGateway;
using test::ScriptedUpstream;
using Peer = ScriptedUpstream::Peer;

const std::string kJson = "Content-Type: application/json\r\n";
const std::string kSse = "Content-Type: text/event-stream\r\n";
constexpr auto kCodex = "gpt-5.1-codex-mini"; // only on the Responses API, says the catalog

/// A provider that answers every request with the same bytes.
std::unique_ptr<ScriptedUpstream> mockOf(std::string bytes)
{
    return std::make_unique<ScriptedUpstream>([bytes = std::move(bytes)](Peer &peer) {
        while (peer.readRequest() && peer.send(bytes)) { }
    });
}

QJsonObject json(const QByteArray &body)
{
    return QJsonDocument::fromJson(body).object();
}

QJsonObject sentBody(const ScriptedUpstream &upstream)
{
    const std::string sent = upstream.received();
    return json(QByteArray::fromStdString(sent.substr(sent.find("\r\n\r\n") + 4)));
}

const std::string kResponse
    = R"({"id":"resp_1","object":"response","status":"completed","model":"gpt-5.1-codex-mini","output":[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Ahoy","annotations":[]}]}],"usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7}})";
const std::string kResponseStream
    = "event: response.created\ndata: "
      R"({"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5.1-codex-mini","output":[]}})"
      "\n\nevent: response.output_item.added\ndata: "
      R"({"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"msg_1","role":"assistant","status":"in_progress","content":[]}})"
      "\n\nevent: response.output_text.delta\ndata: "
      R"({"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Ahoy"})"
      "\n\nevent: response.completed\ndata: "
      R"({"type":"response.completed","response":)"
    + kResponse + "}\n\n";
const std::string kMessage
    = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":[{"type":"text","text":" upon a time"}],"stop_reason":"max_tokens","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":4}})";

} // namespace

/// OpenAI's other forms: models that only the Responses API has, and clients of the legacy completions.
class TestOpenAiForms : public QObject
{
    Q_OBJECT

private slots:
    void aModelOfTheResponsesApiAnswersEveryClient_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("streamed");
        for (const char *path :
             {"/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/completions"}) {
            QTest::addRow("%s", path) << QByteArray(path) << false;
            QTest::addRow("%s, streamed", path) << QByteArray(path) << true;
        }
    }
    void aModelOfTheResponsesApiAnswersEveryClient()
    {
        QFETCH(QByteArray, path);
        QFETCH(bool, streamed);
        const auto upstream = mockOf(streamed ? answer(kResponseStream, kSse) : answer(kResponse, kJson));
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        QJsonObject body{{u"model"_s, u"@mock/%1"_s.arg(QLatin1StringView(kCodex))},
                         {u"stream"_s, streamed},
                         {u"max_tokens"_s, 64}};
        if (path.endsWith("/responses"))
            body = {{u"model"_s, body[u"model"_s]}, {u"stream"_s, streamed}, {u"input"_s, u"Hi"_s}};
        else if (path == "/v1/completions")
            body[u"prompt"_s] = u"Hi"_s;
        else
            body[u"messages"_s] = QJsonArray{QJsonObject{{u"role"_s, u"user"_s}, {u"content"_s, u"Hi"_s}}};
        const auto reply = gateway.post(path, QJsonDocument(body).toJson());
        QCOMPARE(reply.status, 200);
        QVERIFY2(reply.body.contains("Ahoy"), reply.body.constData());
        QVERIFY2(upstream->received().starts_with("POST /v1/responses HTTP/1.1"),
                 upstream->received().c_str());
        QCOMPARE(sentBody(*upstream)[u"model"_s].toString(), QLatin1StringView(kCodex));
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QCOMPARE(record->usage.output, 2);
        QVERIFY(record->cost_state == trace::CostState::Exact);
    }

    void aModelOfBothApisKeepsItsChat()
    {
        const auto upstream = mockOf(answer(R"({"id":"x","choices":[]})", kJson));
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        const std::string body = R"({"model":"@mock/gpt-4o","messages":[], "x": 1.0})";
        QCOMPARE(gateway.chat(QByteArray::fromStdString(body)).status, 200);
        QVERIFY(upstream->received().starts_with("POST /v1/chat/completions HTTP/1.1"));
        QVERIFY(upstream->received().ends_with(R"({"model":"gpt-4o","messages":[], "x": 1.0})"));
    }

    void anotherProvidersReasoningStaysBehind_data()
    {
        QTest::addColumn<QString>("provider");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body"); // behind the model
        QTest::addColumn<QByteArray>("sent");
        QTest::newRow("Responses")
            << u"openai"_s << QByteArray("/v1/responses")
            << QByteArray(
                   R"("input":[{"role":"user","content":"a"}, {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"{\u0022portolan\u0022:{}}"} , {"role":"user","content":"b"}])")
            << QByteArray(R"("input":[{"role":"user","content":"a"} , {"role":"user","content":"b"}])");
        QTest::newRow("Responses, its own")
            << u"openai"_s << QByteArray("/v1/responses")
            << QByteArray(R"("input":[{"type":"reasoning","id":"rs_1","encrypted_content":"gAAA portolan"}])")
            << QByteArray(
                   R"("input":[{"type":"reasoning","id":"rs_1","encrypted_content":"gAAA portolan"}])");
        const char *const signed_thinking = R"({"type":"thinking","thinking":"x","signature":"EqQB"})";
        QTest::newRow("Messages")
            << u"anthropic"_s << QByteArray("/v1/messages")
            << QByteArray(
                   R"("max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":""},)")
                + signed_thinking + R"(,{"type":"text","text":"a"}]}])"
            << QByteArray(R"("max_tokens":9,"messages":[{"role":"assistant","content":[)") + signed_thinking
                + R"(,{"type":"text","text":"a"}]}])";
        QTest::newRow("Messages, nothing else")
            << u"anthropic"_s << QByteArray("/v1/messages")
            << QByteArray(
                   R"("messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":"portolan:e30="}]}])")
            << QByteArray(R"("messages":[{"role":"assistant","content":[{"type":"text","text":"."}]}])");
        QTest::newRow("a chat")
            << u"openai"_s << QByteArray("/v1/chat/completions")
            << QByteArray(
                   R"("messages":[{"role":"assistant","thinking_blocks":[], "content":"a","reasoning_content":"x"}])")
            << QByteArray(R"("messages":[{"role":"assistant", "content":"a"}])");
    }
    void anotherProvidersReasoningStaysBehind()
    {
        QFETCH(QString, provider);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, sent);
        const auto upstream = mockOf(answer("{}", kJson));
        RunningGateway gateway(upstream->port(), {.provider = provider});
        QVERIFY(gateway.isReady());
        QCOMPARE(gateway.post(path, R"({"model":"@mock/m",)" + body + '}').status, 200);
        const std::string all = upstream->received();
        QCOMPARE(QByteArray::fromStdString(all.substr(all.find("\r\n\r\n") + 4)),
                 QByteArray(R"({"model":"m",)" + sent + '}'));
    }

    void completionsPassToAProviderThatHasThem()
    {
        const std::string text
            = R"({"id":"cmpl-1","object":"text_completion","choices":[{"text":"x" ,"index":0,"finish_reason":"stop"}]})";
        const auto upstream = mockOf(answer(text, kJson));
        RunningGateway gateway(upstream->port());
        QVERIFY(gateway.isReady());
        const auto reply = gateway.post(
            "/v1/completions",
            R"({"model":"@mock/gpt-3.5-turbo-instruct","prompt":["a","b"],"echo":true,"best_of":2})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body.toStdString(), text);
        QVERIFY(upstream->received().starts_with("POST /v1/completions HTTP/1.1"));
        QVERIFY(upstream->received().ends_with(
            R"({"model":"gpt-3.5-turbo-instruct","prompt":["a","b"],"echo":true,"best_of":2})"));
    }

    void completionsAreAMessageElsewhere()
    {
        const auto upstream = mockOf(answer(kMessage, kJson));
        RunningGateway gateway(upstream->port(), {.provider = u"anthropic"_s});
        QVERIFY(gateway.isReady());
        const auto reply = gateway.post(
            "/v1/completions", R"({"model":"@mock/claude-haiku-4-5","prompt":"Once","max_tokens":4})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(json(reply.body)[u"object"_s].toString(), u"text_completion"_s);
        const auto choice = json(reply.body)[u"choices"_s][0];
        QCOMPARE(choice[u"text"_s].toString(), u" upon a time"_s);
        QCOMPARE(choice[u"finish_reason"_s].toString(), u"length"_s);
        QCOMPARE(json(reply.body)[u"usage"_s][u"total_tokens"_s].toInt(), 7);
        const auto sent = sentBody(*upstream);
        QCOMPARE(sent[u"max_tokens"_s].toInt(), 4);
        QCOMPARE(sent[u"messages"_s].toArray().size(), 1);
        const auto record = gateway.newest();
        QVERIFY(record);
        QCOMPARE(record->endpoint, std::string("completions"));
        QCOMPARE(record->usage.output, 4);
    }

    void completionsAreRefusedInWords_data()
    {
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QString>("param");
        QTest::newRow("echo") << QByteArray(R"("prompt":"a","echo":true)") << u"echo"_s;
        QTest::newRow("suffix") << QByteArray(R"("prompt":"a","suffix":"z")") << u"suffix"_s;
        QTest::newRow("best_of") << QByteArray(R"("prompt":"a","best_of":3)") << u"best_of"_s;
        QTest::newRow("logprobs") << QByteArray(R"("prompt":"a","logprobs":2)") << u"logprobs"_s;
        QTest::newRow("tokens") << QByteArray(R"("prompt":[1,2])") << u"prompt"_s;
        QTest::newRow("two prompts") << QByteArray(R"("prompt":["a","b"])") << u"prompt"_s;
    }
    void completionsAreRefusedInWords()
    {
        QFETCH(QByteArray, member);
        QFETCH(QString, param);
        const auto upstream = mockOf(answer(kMessage, kJson));
        RunningGateway gateway(upstream->port(), {.provider = u"anthropic"_s});
        QVERIFY(gateway.isReady());
        const auto reply
            = gateway.post("/v1/completions", R"({"model":"@mock/claude-haiku-4-5",)" + member + '}');
        QCOMPARE(reply.status, 400);
        QCOMPARE(json(reply.body)[u"error"_s][u"param"_s].toString(), param);
        QVERIFY(!json(reply.body)[u"error"_s][u"message"_s].toString().isEmpty());
        QCOMPARE(upstream->requests(), 0);
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestOpenAiForms)
#include "tst_openaiforms.moc"
