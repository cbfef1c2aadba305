// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/bedrock/eventstreambytes.h"
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/gateway/serviceaccountfile.h"
#include "tests/core/http/scriptedupstream.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <memory>
#include <string>
#include <string_view>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using test::answer;
using test::PlainReply;
using test::RunningGateway;
using test::ScriptedUpstream;
using Peer = ScriptedUpstream::Peer;

constexpr std::string_view kBearer = "ABSKQmVkcm9ja0FQSUtleS1leGFtcGxl";

RunningGateway::Account bedrock(std::string_view credential = kBearer)
{
    return {.provider = u"bedrock"_s,
            .path = {},
            .settings = {{u"region"_s, u"us-east-1"_s}},
            .credential = test::secret(credential)};
}

RunningGateway::Account vertex(quint16 port)
{
    return {.provider = u"vertex-ai"_s,
            .path = {},
            .settings = {{u"location"_s, u"europe-west1"_s},
                         {u"token_uri"_s, u"http://127.0.0.1:%1/token"_s.arg(port)}},
            .credential = test::secret(test::toJsonText(test::serviceAccountFile()))};
}

const std::string kJson = "Content-Type: application/json\r\n";
/// Spaces, an escaped letter, a big number and a member that nobody knows: what is parsed and printed again
/// loses some of it.
const std::string kMessage
    = R"({"id" : "msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"Ah\u006fy"}],"stop_reason":"end_turn","x_new":12345678901234567890.10,"usage":{"input_tokens":20,"cache_read_input_tokens":5,"output_tokens":7}})";

const std::string kEvents[] = {
    R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"usage":{"input_tokens":20,"output_tokens":1}}})",
    R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
    R"({"type":"content_block_delta","index":0, "delta":{"type":"text_delta","text":"Ah\u006fy"}})",
    R"({"type":"content_block_stop","index":0})",
    R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":7}})",
    R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":20,"outputTokenCount":7}})",
};
const std::string kNames[] = {"message_start",      "content_block_start", "content_block_delta",
                              "content_block_stop", "message_delta",       "message_stop"};

std::string events(std::size_t count = std::size(kEvents))
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += "event: " + kNames[i] + "\ndata: " + kEvents[i] + "\n\n";
    return text;
}

/// The same events as Bedrock sends them.
std::string chunks(std::size_t count = std::size(kEvents))
{
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) {
        const auto base64 = QByteArray::fromStdString(kEvents[i]).toBase64().toStdString();
        bytes += eventstreambytes::eventMessage("chunk", R"({"bytes":")" + base64 + R"(","p":"abcd"})");
    }
    return bytes;
}

std::string stream(std::string_view type, std::string_view bytes)
{
    return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type)
        + "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + std::string(bytes);
}

std::string chunkStream(std::string_view bytes)
{
    return stream("application/vnd.amazon.eventstream", bytes);
}

std::string bodyOf(const std::string &request)
{
    return request.substr(request.find("\r\n\r\n") + 4);
}

/// Answers every request with the same bytes, but those for an access token. `first`: so many of them come
/// before the rest.
std::unique_ptr<ScriptedUpstream> cloud(std::string bytes, std::size_t first = 0)
{
    return std::make_unique<ScriptedUpstream>([bytes = std::move(bytes), first](Peer &peer) {
        while (const auto request = peer.readRequest()) {
            if (request->starts_with("POST /token ")) {
                peer.send(
                    answer(R"({"access_token":"ya29.t","expires_in":3600,"token_type":"Bearer"})", kJson));
                continue;
            }
            peer.send(bytes.substr(0, first));
            if (first > 0)
                peer.pause(std::chrono::milliseconds(200)); // the client has its first bytes by then
            if (!peer.send(bytes.substr(first)))
                return;
        }
    });
}

/// What came last: the call behind the one for a token.
std::string lastRequest(const ScriptedUpstream &upstream)
{
    const std::string all = upstream.received();
    return all.substr(all.rfind("POST /"));
}

PlainReply ask(const RunningGateway &gateway, const QByteArray &body,
               const QByteArray &path = "/v1/messages?beta=true")
{
    return gateway.client().send("POST", path,
                                 {{"x-api-key", gateway.token()},
                                  {"Content-Type", "application/json"},
                                  {"anthropic-version", "2023-06-01"},
                                  {"anthropic-beta", "context-1m-2025-08-07, claude-code-20250219"},
                                  {"anthropic-beta", "interleaved-thinking-2025-05-14"}},
                                 body);
}

QJsonObject json(const QByteArray &body)
{
    return QJsonDocument::fromJson(body).object();
}

} // namespace

/// An Anthropic client in front of Claude on Bedrock and on Vertex: the bytes are its own (anthropic.md 12).
class TestClaudeElsewhere : public QObject
{
    Q_OBJECT

private slots:
    void passesABodyToBedrockByteForByte()
    {
        const auto upstream = cloud(answer(kMessage, kJson + "x-amzn-requestid: r-1\r\n"));
        RunningGateway gateway(upstream->port(), bedrock());
        QVERIFY(gateway.isReady());
        const auto reply = ask(
            gateway,
            R"({ "model":"@mock/us.anthropic.claude-haiku-4-5-20251001-v1:0" , "max_tokens": 6.4e1,"stream":false, "messages":[{"role":"user","content":"H\u0069"}],"x":1.0 })");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body.toStdString(), kMessage);

        const std::string sent = lastRequest(*upstream);
        QVERIFY2(
            sent.starts_with("POST /model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/invoke HTTP/1.1\r\n"),
            sent.c_str());
        QCOMPARE(
            bodyOf(sent),
            R"({"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["context-1m-2025-08-07","interleaved-thinking-2025-05-14"], "max_tokens": 6.4e1, "messages":[{"role":"user","content":"H\u0069"}],"x":1.0 })");
        QVERIFY(sent.find("uthorization: Bearer " + std::string(kBearer)) != std::string::npos);
        QVERIFY(sent.find(gateway.token().toStdString()) == std::string::npos);
        QVERIFY(sent.find("anthropic-beta:") == std::string::npos);

        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QCOMPARE(record->usage.input, 25);
        QCOMPARE(record->usage.output, 7);
        QVERIFY(record->cost_state == trace::CostState::Exact);
        QVERIFY2(record->note.find("anthropic-beta claude-code-20250219 left out") != std::string::npos,
                 record->note.c_str());
    }

    void signsWhatItSendsToBedrock()
    {
        const auto upstream = cloud(answer(kMessage, kJson));
        RunningGateway gateway(upstream->port(),
                               bedrock("AKIDEXAMPLE\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
        QVERIFY(gateway.isReady());
        QCOMPARE(ask(gateway, R"({"model":"@mock/anthropic.claude-x","messages":[]})").status, 200);
        QVERIFY(upstream->received().find("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") != std::string::npos);
    }

    void unpacksBedrocksStreamIntoClaudesEvents()
    {
        const auto upstream = cloud(chunkStream(chunks()));
        RunningGateway gateway(upstream->port(), bedrock());
        QVERIFY(gateway.isReady());
        const auto reply = ask(
            gateway,
            R"({"model":"@mock/anthropic.claude-haiku-4-5-20251001-v1:0","stream":true,"messages":[]})");
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.header("Content-Type").startsWith("text/event-stream"));
        QCOMPARE(reply.body.toStdString(), events());
        const std::string sent = lastRequest(*upstream);
        QVERIFY2(sent.find("/invoke-with-response-stream HTTP/1.1\r\n") != std::string::npos, sent.c_str());
        QVERIFY(bodyOf(sent).find("stream") == std::string::npos);

        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QVERIFY(record->stream);
        QCOMPARE(record->usage.input, 20);
        QCOMPARE(record->usage.output, 7);
        QCOMPARE(record->finish_reason, std::string("end_turn"));
        QVERIFY(record->first_token_us >= 0);
    }

    void passesABodyToVertexByteForByte()
    {
        const auto upstream = cloud(answer(kMessage, kJson));
        RunningGateway gateway(upstream->port(), vertex(upstream->port()));
        QVERIFY(gateway.isReady());
        const auto reply = ask(
            gateway,
            R"({"model":"@mock/claude-haiku-4-5@20251001", "max_tokens":64 ,"messages":[{"role":"user","content":"H\u0069"}]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body.toStdString(), kMessage);
        const std::string sent = lastRequest(*upstream);
        QVERIFY2(
            sent.starts_with("POST "
                             "/v1/projects/my-project-123/locations/europe-west1/publishers/anthropic/models/"
                             "claude-haiku-4-5@20251001:rawPredict HTTP/1.1\r\n"),
            sent.c_str());
        QCOMPARE(
            bodyOf(sent),
            R"({"anthropic_version":"vertex-2023-10-16","max_tokens":64 ,"messages":[{"role":"user","content":"H\u0069"}]})");
        QVERIFY(sent.find("anthropic-beta: context-1m-2025-08-07,interleaved-thinking-2025-05-14")
                != std::string::npos);
        QVERIFY(sent.find("uthorization: Bearer ya29.t") != std::string::npos);
        const auto record = gateway.newest();
        QVERIFY(record);
        QCOMPARE(record->usage.input, 25);
    }

    void passesVertexsStreamByteForByte()
    {
        const std::string sent_events = ": hello\n\n" + events();
        const auto upstream = cloud(stream("text/event-stream", sent_events));
        RunningGateway gateway(upstream->port(), vertex(upstream->port()));
        QVERIFY(gateway.isReady());
        const auto reply
            = ask(gateway, R"({"model":"@mock/claude-haiku-4-5@20251001","stream":true,"messages":[]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body.toStdString(), sent_events);
        const std::string sent = lastRequest(*upstream);
        QVERIFY(sent.find(":streamRawPredict HTTP/1.1\r\n") != std::string::npos);
        QVERIFY(bodyOf(sent).find("\"stream\":true") != std::string::npos);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QCOMPARE(record->usage.output, 7);
    }

    void keepsTheClientsNewerVersion()
    {
        const auto upstream = cloud(answer(kMessage, kJson));
        RunningGateway gateway(upstream->port(), bedrock());
        QVERIFY(gateway.isReady());
        const auto reply = gateway.client().send("POST", "/v1/messages",
                                                 {{"x-api-key", gateway.token()},
                                                  {"Content-Type", "application/json"},
                                                  {"anthropic-version", "2026-10-21"}},
                                                 R"({"model":"@mock/anthropic.claude-x","messages":[]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(bodyOf(lastRequest(*upstream)), R"({"anthropic_version":"2026-10-21","messages":[]})");
    }

    void countsTokensWithoutPayingForThem_data()
    {
        QTest::addColumn<bool>("on_vertex");
        QTest::addColumn<std::string>("answered");
        QTest::addColumn<int>("tokens"); // 0: estimated
        QTest::newRow("Bedrock") << false << answer(R"({"inputTokens":17})", kJson) << 17;
        QTest::newRow("Vertex") << true << answer(R"({"input_tokens":17})", kJson) << 17;
        QTest::newRow("a model that Bedrock cannot count for")
            << false << answer(R"({"message":"not supported"})", kJson, 400) << 0;
        QTest::newRow("no count") << true << answer("{}", kJson) << 0;
    }
    void countsTokensWithoutPayingForThem()
    {
        QFETCH(bool, on_vertex);
        QFETCH(std::string, answered);
        QFETCH(int, tokens);
        const auto upstream = cloud(answered);
        RunningGateway gateway(upstream->port(), on_vertex ? vertex(upstream->port()) : bedrock());
        QVERIFY(gateway.isReady());
        const auto reply
            = ask(gateway, R"({"model":"@mock/claude-x","messages":[{"role":"user","content":"Hi there"}]})",
                  "/v1/messages/count_tokens");
        QCOMPARE(reply.status, 200);
        const int counted = json(reply.body)[u"input_tokens"_s].toInt();
        QVERIFY2(tokens > 0 ? counted == tokens : counted > 0, reply.body.constData());
        const std::string sent = lastRequest(*upstream);
        const std::string body = bodyOf(sent);
        if (on_vertex) {
            QVERIFY2(sent.find("/publishers/anthropic/models/count-tokens:rawPredict ") != std::string::npos,
                     sent.c_str());
            QCOMPARE(
                body,
                R"({"anthropic_version":"vertex-2023-10-16","model":"claude-x","messages":[{"role":"user","content":"Hi there"}]})");
        } else {
            QVERIFY2(sent.starts_with("POST /model/claude-x/count-tokens "), sent.c_str());
            const auto wrapped
                = json(QByteArray::fromStdString(body))[u"input"_s][u"invokeModel"_s][u"body"_s].toString();
            QCOMPARE(
                QByteArray::fromBase64(wrapped.toLatin1()),
                R"({"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["context-1m-2025-08-07","interleaved-thinking-2025-05-14"],"messages":[{"role":"user","content":"Hi there"}],"max_tokens":1})");
        }
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QVERIFY(record->cost_state == trace::CostState::Free);
        QCOMPARE(record->usage.input, 0);
        QCOMPARE(record->note.find("estimated") != std::string::npos, tokens == 0);
    }

    void asksOnceMoreWithoutThinkingThatIsRefused()
    {
        ScriptedUpstream upstream([](Peer &peer) {
            while (const auto request = peer.readRequest()) {
                const bool thinks = request->find("c2ln") != std::string::npos;
                peer.send(
                    thinks
                        ? answer(
                              R"({"message":"messages.1.content.0: Invalid `signature` in `thinking` block"})",
                              kJson + "x-amzn-ErrorType: ValidationException\r\n", 400)
                        : answer(kMessage, kJson));
            }
        });
        RunningGateway gateway(upstream.port(), bedrock());
        QVERIFY(gateway.isReady());
        const auto reply = ask(
            gateway,
            R"({"model":"@mock/claude-x","messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"a","signature":"c2ln"},{"type":"text","text":"b"}]},{"role":"user","content":"c"}]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body.toStdString(), kMessage);
        QCOMPARE(upstream.requests(), 2);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Ok);
        QCOMPARE(record->attempts.size(), std::size_t(2));
    }

    void asksOnceMoreWithoutBetasThatAreRefused()
    {
        ScriptedUpstream upstream([](Peer &peer) {
            while (const auto request = peer.readRequest()) {
                const bool has_betas = request->find("anthropic_beta") != std::string::npos;
                peer.send(has_betas ? answer(R"({"message":"invalid beta flag"})", kJson, 400)
                                    : answer(kMessage, kJson));
            }
        });
        RunningGateway gateway(upstream.port(), bedrock());
        QVERIFY(gateway.isReady());
        const auto reply = ask(gateway, R"({"model":"@mock/claude-x","messages":[]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(upstream.requests(), 2);
    }

    void saysErrorsInClaudesWords_data()
    {
        QTest::addColumn<bool>("on_vertex");
        QTest::addColumn<std::string>("answered");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("message");
        QTest::newRow("Bedrock throttles")
            << false
            << answer(R"({"message":"Too many requests"})",
                      kJson + "x-amzn-ErrorType: ThrottlingException:http://internal.amazon.com/x\r\n", 429)
            << 429 << u"rate_limit_error"_s << u"Too many requests"_s;
        QTest::newRow("Bedrock throttles in the stream")
            << false
            << chunkStream(eventstreambytes::exceptionMessage("throttlingException", R"({"message":"Slow"})"))
            << 429 << u"rate_limit_error"_s << u"Slow"_s;
        QTest::newRow("Vertex in Google's words")
            << true
            << answer(R"([{"error":{"code":403,"message":"No","status":"PERMISSION_DENIED"}}])", kJson, 403)
            << 403 << u"permission_error"_s << u"No"_s;
        QTest::newRow("Vertex in Claude's words")
            << true
            << answer(R"({"type":"error","error":{"type":"overloaded_error","message":"Full"}})", kJson, 529)
            << 529 << u"overloaded_error"_s << u"Full"_s;
        QTest::newRow("a page") << true << answer("<html>", "Content-Type: text/html\r\n", 503) << 503
                                << u"api_error"_s << QString();
    }
    void saysErrorsInClaudesWords()
    {
        QFETCH(bool, on_vertex);
        QFETCH(std::string, answered);
        QFETCH(int, status);
        QFETCH(QString, type);
        QFETCH(QString, message);
        const auto upstream = cloud(answered);
        RunningGateway gateway(upstream->port(), on_vertex ? vertex(upstream->port()) : bedrock());
        QVERIFY(gateway.isReady());
        const auto reply = ask(gateway, R"({"model":"@mock/claude-x","stream":true,"messages":[]})");
        QCOMPARE(reply.status, status);
        QCOMPARE(json(reply.body)[u"type"_s].toString(), u"error"_s);
        QCOMPARE(json(reply.body)[u"error"_s][u"type"_s].toString(), type);
        if (!message.isEmpty())
            QCOMPARE(json(reply.body)[u"error"_s][u"message"_s].toString(), message);
        QVERIFY(!reply.body.contains("<html>"));
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome == trace::Outcome::Error);
        QCOMPARE(record->status, status);
    }

    void neverEndsABrokenStreamCleanly_data()
    {
        QTest::addColumn<bool>("on_vertex");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("type");
        const auto row = [](const char *name, bool on_vertex, const std::string &bytes, const QString &type) {
            QTest::newRow(name) << on_vertex << QByteArray::fromStdString(bytes) << type;
        };
        const std::string damaged = [] {
            std::string bytes = chunks(4);
            bytes.back() = char(bytes.back() ^ 1);
            return bytes;
        }();
        row("Bedrock, cut between events", false, chunks(4), u"api_error"_s);
        row("Bedrock, cut inside of one", false, chunks().substr(0, chunks().size() - 9), u"api_error"_s);
        row("Bedrock, a wrong checksum", false, damaged, u"api_error"_s);
        row("Bedrock, a chunk of nothing", false,
            chunks(3) + eventstreambytes::eventMessage("chunk", R"({"bytes":"AAAA"})"), u"api_error"_s);
        row("Bedrock, an exception", false,
            chunks(3) + eventstreambytes::exceptionMessage("serviceUnavailableException", "{}"),
            u"overloaded_error"_s);
        row("Vertex, cut between events", true, events(4), u"api_error"_s);
        row("Vertex, cut inside of one", true, events().substr(0, events().size() - 60), u"api_error"_s);
        row("Vertex, no JSON", true, events(3) + "event: content_block_stop\ndata: {\"type\n\n",
            u"api_error"_s);
        row("Vertex, an error", true,
            events(3)
                + "event: error\ndata: "
                  R"({"type":"error","error":{"type":"overloaded_error","message":"Full"}})"
                  "\n\n",
            u"overloaded_error"_s);
    }
    void neverEndsABrokenStreamCleanly()
    {
        QFETCH(bool, on_vertex);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, type);
        const std::string sent
            = on_vertex ? stream("text/event-stream", bytes.toStdString()) : chunkStream(bytes.toStdString());
        const std::size_t good = (on_vertex ? events(3) : chunks(3)).size();
        const auto upstream = cloud(sent, sent.find("\r\n\r\n") + 4 + good);
        RunningGateway gateway(upstream->port(), on_vertex ? vertex(upstream->port()) : bedrock());
        QVERIFY(gateway.isReady());
        const auto reply = ask(gateway, R"({"model":"@mock/claude-x","stream":true,"messages":[]})");
        QCOMPARE(reply.status, 200);
        QVERIFY2(reply.body.startsWith(QByteArray::fromStdString(events(3))), reply.body.constData());
        QVERIFY(!reply.body.contains("message_stop"));
        const auto last = reply.body.lastIndexOf("event: error\ndata: ");
        QVERIFY2(last > 0, reply.body.constData());
        const auto error = json(reply.body.mid(last + 19).trimmed());
        QCOMPARE(error[u"error"_s][u"type"_s].toString(), type);
        const auto record = gateway.newest();
        QVERIFY(record && record->outcome != trace::Outcome::Ok);
        QCOMPARE(record->usage.input, 20);
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestClaudeElsewhere)
#include "tst_claudeelsewhere.moc"
