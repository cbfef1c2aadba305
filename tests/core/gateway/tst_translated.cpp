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

using test::PlainReply;
using test::RunningGateway;
using test::ScriptedUpstream;
using Peer = ScriptedUpstream::Peer;

const RunningGateway::Account kAnthropic{.provider = u"anthropic"_s};
const RunningGateway::Account kGoogle{.provider = u"google"_s, .path = u"/v1beta"_s};
const RunningGateway::Account kMistral{.provider = u"mistral-ai"_s};

std::string answer(int status, std::string_view body, std::string_view lines = {})
{
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\n"
        + std::string(lines) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n"
        + std::string(body);
}

/// A provider that answers every request with the same bytes.
std::unique_ptr<ScriptedUpstream> provider(std::string bytes)
{
    return std::make_unique<ScriptedUpstream>([bytes = std::move(bytes)](Peer &peer) {
        while (peer.readRequest()) {
            if (!peer.send(bytes))
                return;
            if (bytes.find("Connection: close") != std::string::npos)
                return;
        }
    });
}

/// A stream that ends with its connection, whole or in the middle.
std::unique_ptr<ScriptedUpstream> streaming(std::string events)
{
    return provider("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                    + events);
}

std::string sse(std::string_view name, std::string_view data)
{
    return "event: " + std::string(name) + "\ndata: " + std::string(data) + "\n\n";
}

const std::string kMessageStart = sse(
    "message_start",
    R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":20,"cache_read_input_tokens":5,"output_tokens":1}}})");
const std::string kText
    = sse("content_block_start",
          R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})")
    + sse("content_block_delta",
          R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ahoy"}})");
const std::string kStop = sse("content_block_stop", R"({"type":"content_block_stop","index":0})")
    + sse("message_delta",
          R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":7}})")
    + sse("message_stop", R"({"type":"message_stop"})");
const std::string kMessage
    = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":[{"type":"text","text":"Ahoy"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":20,"cache_read_input_tokens":5,"output_tokens":7}})";

constexpr auto kQuestion
    = R"({"model":"@mock/claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hi"}],"seed":7})";
constexpr auto kStreamQuestion
    = R"({"model":"@mock/claude-haiku-4-5","stream":true,"max_tokens":64,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}]})";

QJsonObject json(const QByteArray &body)
{
    return QJsonDocument::fromJson(body).object();
}

/// The data of each event.
QList<QByteArray> dataOf(const PlainReply &reply)
{
    QList<QByteArray> data;
    for (const QByteArray &line : reply.body.split('\n')) {
        if (line.startsWith("data: "))
            data.append(line.mid(6));
    }
    return data;
}

} // namespace

class TestTranslated : public QObject
{
    Q_OBJECT

private slots:
    void answersAnOpenAiClientFromAnAnthropicProvider()
    {
        const auto upstream = provider(answer(200, kMessage, "request-id: req_9\r\n"));
        RunningGateway gateway(upstream->port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kQuestion);
        QCOMPARE(reply.status, 200);
        const auto choice = json(reply.body)[u"choices"_s][0];
        QCOMPARE(choice[u"message"_s][u"content"_s].toString(), u"Ahoy"_s);
        QCOMPARE(json(reply.body)[u"usage"_s][u"prompt_tokens"_s].toInt(), 25);

        const std::string sent = upstream->received();
        QVERIFY2(sent.starts_with("POST /v1/messages HTTP/1.1"), sent.c_str());
        QVERIFY(sent.find("x-api-key: " + std::string(test::kStoredKey)) != std::string::npos);
        QVERIFY(sent.find("anthropic-version: 2023-06-01") != std::string::npos);
        QVERIFY(sent.find(gateway.token().toStdString()) == std::string::npos);
        QVERIFY(sent.find("@mock") == std::string::npos);

        const auto record = gateway.newest();
        QVERIFY(record);
        QCOMPARE(record->status, 200);
        QCOMPARE(record->usage.input, 25);
        QCOMPARE(record->usage.cache_read, 5);
        QCOMPARE(record->usage.output, 7);
        QVERIFY(record->cost_state == trace::CostState::Exact);
        QCOMPARE(record->model_served, std::string("claude-haiku-4-5-20251001"));
        QVERIFY2(record->note.find("seed left out") != std::string::npos, record->note.c_str());
        QCOMPARE(record->attempts.size(), std::size_t(1));
    }

    void streamsToAnOpenAiClientFromAnAnthropicProvider()
    {
        const auto upstream = streaming(kMessageStart + kText + kStop);
        RunningGateway gateway(upstream->port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kStreamQuestion);
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.header("Content-Type").startsWith("text/event-stream"));
        const auto data = dataOf(reply);
        QCOMPARE(data.back(), QByteArray("[DONE]"));
        QCOMPARE(json(data[data.size() - 2])[u"usage"_s][u"completion_tokens"_s].toInt(), 7);
        QVERIFY(reply.body.contains("Ahoy"));

        const auto record = gateway.newest();
        QVERIFY(record && record->stream);
        QVERIFY(record->outcome == trace::Outcome::Ok);
        QCOMPARE(record->finish_reason, std::string("stop"));
        QCOMPARE(record->usage.output, 7);
        QVERIFY(record->first_token_us >= 0);
    }

    void givesAProvidersErrorInTheClientsWords_data()
    {
        QTest::addColumn<int>("upstream_status");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");
        QTest::newRow("overloaded") << 529 << QByteArray("overloaded_error") << 503 << u"overloaded"_s;
        QTest::newRow("rate limit") << 429 << QByteArray("rate_limit_error") << 429
                                    << u"rate_limit_exceeded"_s;
        QTest::newRow("not found") << 404 << QByteArray("not_found_error") << 404 << u"model_not_found"_s;
    }
    void givesAProvidersErrorInTheClientsWords()
    {
        QFETCH(int, upstream_status);
        QFETCH(QByteArray, type);
        QFETCH(int, status);
        QFETCH(QString, code);
        QByteArray body = R"({"type":"error","error":{"type":"KIND","message":"No wind"}})";
        body.replace("KIND", type);
        const auto upstream = provider(answer(upstream_status, body.toStdString(), "retry-after: 17\r\n"));
        RunningGateway gateway(upstream->port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kQuestion);
        QCOMPARE(reply.status, status);
        QCOMPARE(json(reply.body)[u"error"_s][u"message"_s].toString(), u"No wind"_s);
        QCOMPARE(json(reply.body)[u"error"_s][u"code"_s].toString(), code);
        QCOMPARE(reply.header("Retry-After"), QByteArray("17"));
        const auto record = gateway.newest();
        QVERIFY(record);
        QVERIFY(record->outcome == trace::Outcome::Error);
        QCOMPARE(record->status, status);
        QCOMPARE(record->attempts.front().status, upstream_status);
    }

    void turnsAnErrorBeforeTheFirstByteIntoARealStatus()
    {
        const auto upstream = streaming(
            sse("error", R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"));
        RunningGateway gateway(upstream->port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kStreamQuestion);
        QCOMPARE(reply.status, 503);
        QCOMPARE(json(reply.body)[u"error"_s][u"message"_s].toString(), u"Overloaded"_s);
    }

    void neverEndsABrokenStreamCleanly_data()
    {
        QTest::addColumn<QByteArray>("events");
        QTest::addColumn<QString>("code");
        QTest::newRow("error in the middle") << QByteArray::fromStdString(
            sse("error", R"({"type":"error","error":{"type":"overloaded_error","message":"Gone"}})"))
                                             << u"overloaded"_s;
        QTest::newRow("cut off") << QByteArray() << u"upstream_incomplete"_s;
        QTest::newRow("cut off in an event")
            << QByteArray::fromStdString(kStop.substr(0, kStop.size() / 2)) << u"upstream_incomplete"_s;
    }
    void neverEndsABrokenStreamCleanly()
    {
        QFETCH(QByteArray, events);
        QFETCH(QString, code);
        ScriptedUpstream upstream([&events](Peer &peer) {
            if (!peer.readRequest())
                return;
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                      + kMessageStart + kText);
            peer.pause(std::chrono::milliseconds(200)); // the client has its first bytes before it breaks
            peer.send(events.toStdString());
        });
        RunningGateway gateway(upstream.port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kStreamQuestion);
        QCOMPARE(reply.status, 200);
        const auto data = dataOf(reply);
        QVERIFY(!data.contains("[DONE]"));
        QCOMPARE(json(data.back())[u"error"_s][u"code"_s].toString(), code);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome != trace::Outcome::Ok);
    }

    void streamsAWholeAnswerToAClientThatAskedForAStream()
    {
        const auto upstream = provider(answer(200, kMessage));
        RunningGateway gateway(upstream->port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kStreamQuestion);
        QCOMPARE(reply.status, 200);
        const auto data = dataOf(reply);
        QCOMPARE(data.back(), QByteArray("[DONE]"));
        QVERIFY(reply.body.contains("Ahoy"));
    }

    void givesTheConnectionBackBehindAStream_data()
    {
        QTest::addColumn<int>("pause_ms"); // between the end mark and the end of the answer
        QTest::addColumn<int>("connections");
        QTest::newRow("the end comes with its mark") << 0 << 1;
        QTest::newRow("the end comes later") << 20 << 1;
        QTest::newRow("the end never comes") << 60'000 << 2;
    }
    void givesTheConnectionBackBehindAStream()
    {
        QFETCH(int, pause_ms);
        QFETCH(int, connections);
        ScriptedUpstream upstream([pause_ms](Peer &peer) {
            const std::string events = kMessageStart + kText + kStop;
            while (peer.readRequest()) {
                const std::string end = "0\r\n\r\n";
                const auto size = QByteArray::number(qulonglong(events.size()), 16).toStdString();
                std::string bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                    "Transfer-Encoding: chunked\r\n\r\n"
                    + size + "\r\n" + events + "\r\n";
                if (!peer.send(pause_ms > 0 ? bytes : bytes + end))
                    return;
                if (pause_ms == 0)
                    continue;
                peer.pause(std::chrono::milliseconds(pause_ms));
                if (!peer.send(end))
                    return;
            }
        });
        RunningGateway gateway(upstream.port(), kAnthropic);
        QVERIFY(gateway.isReady());
        for (int i = 0; i < 2; ++i) {
            const auto reply = gateway.chat(kStreamQuestion);
            QCOMPARE(reply.status, 200);
            QCOMPARE(dataOf(reply).back(), QByteArray("[DONE]"));
        }
        QCOMPARE(upstream.requests(), 2);
        QCOMPARE(upstream.connections(), connections);
    }

    void refusesWhatTheTargetCannotTakeWithoutACall()
    {
        const auto upstream = provider(answer(200, kMessage));
        RunningGateway gateway(upstream->port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(
            R"({"model":"@mock/claude-haiku-4-5","messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"broken"}}]}]})");
        QCOMPARE(reply.status, 400);
        QVERIFY2(!json(reply.body)[u"error"_s][u"param"_s].toString().isEmpty(), reply.body.constData());
        QCOMPARE(upstream->requests(), 0);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Refused);
    }

    void answersAnAnthropicClientFromAnOpenAiRelative()
    {
        const auto upstream = provider(answer(
            200,
            R"({"id":"x","object":"chat.completion","created":1,"model":"mistral-large-2411","choices":[{"index":0,"message":{"role":"assistant","content":"Salut"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}})"));
        RunningGateway gateway(upstream->port(), kMistral);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.post(
            "/v1/messages",
            R"({"model":"@mock/mistral-large-latest","max_tokens":64,"messages":[{"role":"user","content":"Hi"}]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(json(reply.body)[u"type"_s].toString(), u"message"_s);
        QCOMPARE(json(reply.body)[u"content"_s][0][u"text"_s].toString(), u"Salut"_s);
        QCOMPARE(json(reply.body)[u"usage"_s][u"input_tokens"_s].toInt(), 9);
        QVERIFY(upstream->received().starts_with("POST /v1/chat/completions HTTP/1.1"));
    }

    void asksForEmbeddingsInAsManyCallsAsTheProviderNeeds()
    {
        // 100 texts: Cohere takes 96 at once.
        QJsonArray texts;
        for (int i = 0; i < 100; ++i)
            texts.append(QString::number(i));
        ScriptedUpstream upstream([](Peer &peer) {
            while (const auto request = peer.readRequest()) {
                const auto body = request->substr(request->find("\r\n\r\n") + 4);
                const auto count
                    = QJsonDocument::fromJson(QByteArray::fromStdString(body))[u"texts"_s].toArray().size();
                QJsonArray vectors;
                for (qsizetype i = 0; i < count; ++i)
                    vectors.append(QJsonArray{0.5, double(i)});
                const QJsonObject reply{
                    {u"id"_s, u"e"_s},
                    {u"embeddings"_s, QJsonObject{{u"float"_s, vectors}}},
                    {u"meta"_s,
                     QJsonObject{{u"billed_units"_s, QJsonObject{{u"input_tokens"_s, int(count)}}}}}};
                if (!peer.send(
                        answer(200, QJsonDocument(reply).toJson(QJsonDocument::Compact).toStdString())))
                    return;
            }
        });
        RunningGateway gateway(upstream.port(), {.provider = u"cohere"_s, .path = {}});
        QVERIFY(gateway.isReady());
        const auto reply = gateway.post(
            "/v1/embeddings",
            QJsonDocument(QJsonObject{{u"model"_s, u"@mock/embed-v4.0"_s}, {u"input"_s, texts}}).toJson());
        QCOMPARE(reply.status, 200);
        const QJsonArray data = json(reply.body)[u"data"_s].toArray();
        QCOMPARE(data.size(), 100);
        QCOMPARE(data[99][u"index"_s].toInt(), 99);
        QCOMPARE(data[99][u"embedding"_s][1].toDouble(), 3.0); // the fourth of the second call
        QCOMPARE(json(reply.body)[u"usage"_s][u"prompt_tokens"_s].toInt(), 100);
        QCOMPARE(upstream.requests(), 2);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QCOMPARE(record->usage.input, 100);
        QCOMPARE(record->attempts.size(), std::size_t(1));
    }

    void endsEmbeddingsAtTheFirstCallThatFails()
    {
        const auto upstream = provider(answer(429, R"({"message":"Slow down"})"));
        RunningGateway gateway(upstream->port(), {.provider = u"cohere"_s, .path = {}});
        QVERIFY(gateway.isReady());
        const auto reply
            = gateway.post("/v1/embeddings", R"({"model":"@mock/embed-v4.0","input":["a","b"]})");
        QCOMPARE(reply.status, 429);
        QCOMPARE(json(reply.body)[u"error"_s][u"message"_s].toString(), u"Slow down"_s);
        QCOMPARE(upstream->requests(), 1);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Error);
    }

    void ranksInTheFormOfCohere()
    {
        const auto upstream = provider(answer(
            200,
            R"({"id":"r","results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}],"meta":{"billed_units":{"search_units":1}}})"));
        RunningGateway gateway(upstream->port(), {.provider = u"cohere"_s, .path = {}});
        QVERIFY(gateway.isReady());
        const auto reply = gateway.post("/v1/rerank",
                                        R"({"model":"@mock/rerank-v3.5","query":"q","documents":["a","b"]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(json(reply.body)[u"results"_s][0][u"index"_s].toInt(), 1);
        QVERIFY(upstream->received().starts_with("POST /v2/rerank HTTP/1.1"));
    }

    /// A caller whose earlier turns came from another account or model (architecture 9.13).
    void asksAgainWithoutReasoningThatTheProviderCannotVerify()
    {
        const std::string refusal
            = R"({"type":"error","error":{"type":"invalid_request_error","message":"messages.1.content.0: Invalid `signature` in `thinking` block"}})";
        ScriptedUpstream upstream([&](Peer &peer) {
            for (int i = 0; peer.readRequest(); ++i)
                peer.send(i == 0 ? answer(400, refusal) : answer(200, kMessage));
        });
        RunningGateway gateway(upstream.port(), kAnthropic);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(
            R"({"model":"@mock/claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","thinking_blocks":[{"type":"thinking","thinking":"t","signature":"Zm9yZWlnbg=="}]},{"role":"user","content":"c"}]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(upstream.requests(), 2);
        const auto sent = upstream.received();
        const auto second = sent.substr(sent.rfind("POST "));
        QVERIFY(sent.find("Zm9yZWlnbg==") != std::string::npos);
        QVERIFY(second.find("Zm9yZWlnbg==") == std::string::npos);
        const auto record = gateway.recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), std::size_t(2));
        QCOMPARE(record->attempts[0].status, 400);
        QVERIFY(record->attempts[1].kind == trace::AttemptKind::Repair);
    }

    void estimatesACountWithoutACall()
    {
        const auto upstream = provider(answer(200, kMessage));
        RunningGateway gateway(upstream->port(), kMistral);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.post(
            "/v1/messages/count_tokens",
            R"({"model":"@mock/mistral-large-latest","messages":[{"role":"user","content":"Hello there, how are you?"}]})");
        QCOMPARE(reply.status, 200);
        QVERIFY(json(reply.body)[u"input_tokens"_s].toInt() > 3);
        QCOMPARE(upstream->requests(), 0);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QVERIFY(record->cost_state == trace::CostState::Free);
        QVERIFY(record->attempts.empty());
    }

    void changesOnlyWhatARelativeOfOpenAiWouldRefuse()
    {
        const auto upstream = provider(answer(200, R"({"id":"x","choices":[]})"));
        RunningGateway gateway(upstream->port(), kMistral);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(
            R"({"model":"@mock/mistral-large-latest", "temperature": 0.70, "logit_bias":{"5":1},  "messages":[{"role":"user","content":"Hi"}]})");
        QCOMPARE(reply.status, 200);
        const std::string sent = upstream->received();
        QVERIFY2(sent.find("\"temperature\": 0.70,") != std::string::npos, sent.c_str());
        QVERIFY(sent.find("logit_bias") == std::string::npos);
        const auto record = gateway.newest();
        QVERIFY(record);
        QVERIFY2(record->note.find("logit_bias") != std::string::npos, record->note.c_str());
    }

    void answersAnAnthropicClientFromThePracticeProvider()
    {
        const auto unused = provider({});
        RunningGateway gateway(unused->port());
        QVERIFY(gateway.isReady());
        const auto reply = gateway.post(
            "/v1/messages",
            R"({"model":"@practice/echo","max_tokens":64,"messages":[{"role":"user","content":"Hi"}]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(json(reply.body)[u"type"_s].toString(), u"message"_s);
    }

    void sendsGooglesKeyInItsOwnLine()
    {
        const auto upstream = provider(answer(
            200,
            R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Ciao"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1,"totalTokenCount":4}})"));
        RunningGateway gateway(upstream->port(), kGoogle);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(
            R"({"model":"@mock/gemini-2.5-flash","messages":[{"role":"user","content":"Hi"}]})");
        QCOMPARE(reply.status, 200);
        const std::string sent = upstream->received();
        QVERIFY2(sent.starts_with("POST /v1beta/models/gemini-2.5-flash:generateContent HTTP/1.1"),
                 sent.c_str());
        QVERIFY(sent.find("x-goog-api-key: " + std::string(test::kStoredKey)) != std::string::npos);
        QVERIFY(sent.find("uthorization:") == std::string::npos);
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestTranslated)
#include "tst_translated.moc"
