// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/scriptedupstream.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <memory>
#include <optional>
#include <string>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using test::Awaited;
using test::PlainClient;
using test::ScriptedUpstream;
using Peer = ScriptedUpstream::Peer;
using Gateway = test::RunningGateway;
using test::kStoredKey;
using test::secret;

std::string bodyOf(const std::string &request)
{
    const auto end = request.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : request.substr(end + 4);
}

std::string chunk(std::string_view text)
{
    return QByteArray::number(qulonglong(text.size()), 16).toStdString() + "\r\n" + std::string(text)
        + "\r\n";
}

const std::string kStreamHead
    = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kFirst = "data: "
                           "{\"id\":\"c\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,"
                           "\"delta\":{\"content\":\"Hel\"}}]}\n\n";
const std::string kSecond = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},"
                            "\"finish_reason\":\"stop\"}]}\n\n";
const std::string kUsage = "data: "
                           "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_"
                           "tokens\":7,\"total_tokens\":18}}\n\n";
const std::string kDone = "data: [DONE]\n\n";
const std::string kJson
    = "{\"id\":\"c\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"message\":"
      "{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
      "\"usage\":{\"prompt_tokens\":10000,\"completion_tokens\":500,\"prompt_tokens_details\":"
      "{\"cached_tokens\":8000}}}";

const QByteArray kChat = "{\"model\":\"@mock/gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
const QByteArray kStream
    = "{\"model\":\"@mock/gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

void answerJson(Peer &peer)
{
    while (peer.readRequest())
        peer.send(test::answer(
            kJson, "Content-Type: application/json\r\nSet-Cookie: a=b\r\nx-request-id: up-1\r\n"));
}

/// Opens a raw connection and sends a chat request on it.
std::unique_ptr<QTcpSocket> begin(const Gateway &gateway, const QByteArray &body)
{
    auto socket = std::make_unique<QTcpSocket>();
    socket->connectToHost(u"127.0.0.1"_s, gateway.port());
    if (!socket->waitForConnected(5'000))
        return nullptr;
    socket->write("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:"
                  + QByteArray::number(gateway.port()) + "\r\nAuthorization: Bearer " + gateway.token()
                  + "\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size())
                  + "\r\n\r\n" + body);
    socket->flush();
    return socket;
}

} // namespace

class TestPassthrough : public QObject
{
    Q_OBJECT

private slots:
    void changesNothingInTheBodyButTheModel()
    {
        std::string seen;
        ScriptedUpstream upstream([&](Peer &peer) {
            if (const auto request = peer.readRequest())
                seen = *request;
            peer.send(test::answer(
                kJson, "Content-Type: application/json\r\nSet-Cookie: a=b\r\nx-request-id: up-1\r\n"));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const QByteArray odd
            = "{ \"z\" : 1e400, \"model\":\t\"@mock/ft:gpt-4o:a/b\" ,\n \"n\":12345678901234567890,"
              "\"messages\":[{\"content\":\"\\u00e9 \xC3\xA9\",\"role\":\"user\"}],\"a\":0.10 }";
        const auto reply = gateway.chat(odd);
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.body.toStdString(), kJson);
        auto expected = odd;
        expected.replace("@mock/ft:gpt-4o:a/b", "ft:gpt-4o:a/b");
        QCOMPARE(bodyOf(seen), expected.toStdString());
        QVERIFY(seen.find("POST /v1/chat/completions HTTP/1.1\r\n") == 0);
        QVERIFY(seen.find("Authorization: Bearer " + std::string(kStoredKey)) != std::string::npos);
        QVERIFY(seen.find(gateway.token().toStdString()) == std::string::npos);
        QVERIFY(reply.header("Set-Cookie").isEmpty());
        QCOMPARE(reply.header("x-request-id"), QByteArray("up-1"));
    }

    void recordsTokensCostAndAttempt()
    {
        ScriptedUpstream upstream(answerJson);
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        QCOMPARE(gateway.chat(kChat).status, 200);
        QTRY_VERIFY(gateway.newest().has_value());
        const auto record = *gateway.newest();
        QCOMPARE(record.usage.input, 10000);
        QCOMPARE(record.usage.cache_read, 8000);
        QCOMPARE(record.usage.output, 500);
        QCOMPARE(record.cost_state, trace::CostState::Exact);
        QCOMPARE(record.cost, NanoUsd{20'000'000}); // worked example 1 of the catalog: $0.02
        QCOMPARE(record.model_served, std::string("gpt-4o-2024-08-06"));
        QCOMPARE(record.attempts.size(), std::size_t{1});
        const auto &attempt = record.attempts.front();
        QCOMPARE(attempt.status, 200);
        QCOMPARE(attempt.provider_request_id, std::string("up-1"));
        QVERIFY(attempt.start_us >= 0 && attempt.sent_us >= attempt.start_us
                && attempt.head_us >= attempt.sent_us && attempt.end_us >= attempt.head_us);
        for (const auto &[name, value] : attempt.request_headers)
            QVERIFY2(value.find("sk-stored") == std::string::npos, name.c_str());
    }

    void takesTheUsageChunkItAskedForOutAgain_data()
    {
        QTest::addColumn<bool>("client_asks");
        QTest::newRow("the client does not ask") << false;
        QTest::newRow("the client asks") << true;
    }

    void takesTheUsageChunkItAskedForOutAgain()
    {
        QFETCH(bool, client_asks);
        std::string seen;
        ScriptedUpstream upstream([&](Peer &peer) {
            if (const auto request = peer.readRequest())
                seen = *request;
            // In pieces that fall anywhere, as networks do.
            const auto stream = kFirst + kSecond + kUsage + kDone;
            peer.send(kStreamHead);
            for (std::size_t at = 0; at < stream.size(); at += 17)
                peer.send(chunk(std::string_view(stream).substr(at, 17)));
            peer.send("0\r\n\r\n");
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        auto body = kStream;
        if (client_asks)
            body.replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        const auto reply = gateway.chat(body);
        QCOMPARE(reply.body.toStdString(), kFirst + kSecond + (client_asks ? kUsage : std::string()) + kDone);
        QVERIFY(bodyOf(seen).find("\"include_usage\":true") != std::string::npos);
        QTRY_VERIFY(gateway.newest().has_value());
        const auto record = *gateway.newest();
        QCOMPARE(record.usage.input, 11);
        QCOMPARE(record.usage.output, 7);
        QCOMPARE(record.usage_state, UsageState::Reported);
        QVERIFY(record.first_token_us >= 0);
    }

    void anErrorsBytesAreNoToken_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("an error") << 503 << QByteArray("{\"error\":{\"message\":\"busy\"}}");
        QTest::newRow("no JSON") << 200 << QByteArray("{\"choices\":");
    }

    void anErrorsBytesAreNoToken()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
            while (peer.readRequest())
                peer.send(test::answer(body.toStdString(), "Content-Type: application/json\r\n", status));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        QVERIFY(gateway.chat(kChat).status >= 400);
        QTRY_VERIFY(gateway.newest().has_value());
        QCOMPARE(gateway.newest()->first_token_us, -1);
    }

    void usesARotatedCredentialWithTheNextRequest()
    {
        ScriptedUpstream upstream(answerJson);
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        QCOMPARE(gateway.chat(kChat).status, 200);
        Awaited<void> rotated;
        gateway.control().rotateAccount(gateway.account(), secret("sk-rotated-0123456789abcdef0002"),
                                        rotated.take());
        QVERIFY(rotated.wait() && *rotated);
        const auto before = upstream.received().size();
        QCOMPARE(gateway.chat(kChat).status, 200);
        const auto after = upstream.received().substr(before);
        QVERIFY(after.find("Bearer sk-rotated-0123456789abcdef0002") != std::string::npos);
        QVERIFY(after.find("sk-stored") == std::string::npos);
    }

    // R1
    void answersAFailedCallWithAReason_data()
    {
        QTest::addColumn<QByteArray>("sends");
        QTest::addColumn<bool>("resets");
        QTest::addColumn<int>("status");
        QTest::newRow("closes without an answer") << QByteArray() << false << 502;
        QTest::newRow("resets") << QByteArray() << true << 502;
        QTest::newRow("half a head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le") << false << 502;
        QTest::newRow("garbage") << QByteArray("\x16\x03\x01garbage\r\n\r\n") << false << 502;
        QTest::newRow("cut body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                                "Content-Length: 50\r\n\r\n{\"id\":")
                                  << false << 502;
        QTest::newRow("no JSON") << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                               "Content-Length: 5\r\n\r\n{\"id\"")
                                 << false << 502;
        QTest::newRow("redirect") << QByteArray("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                                                "Content-Length: 0\r\n\r\n")
                                  << false << 502;
    }

    void answersAFailedCallWithAReason()
    {
        QFETCH(QByteArray, sends);
        QFETCH(bool, resets);
        QFETCH(int, status);
        ScriptedUpstream upstream([&](Peer &peer) {
            peer.readRequest();
            if (resets)
                peer.reset();
            else if (!sends.isEmpty())
                peer.send(sends.toStdString());
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kChat);
        QCOMPARE(reply.status, status);
        const auto error = QJsonDocument::fromJson(reply.body).object()["error"_L1].toObject();
        QVERIFY(!error["message"_L1].toString().isEmpty());
        QVERIFY(error["code"_L1].toString().startsWith(u"upstream."));
        QVERIFY(reply.header("Location").isEmpty());
        QTRY_VERIFY(gateway.newest().has_value());
        QCOMPARE(gateway.newest()->outcome, trace::Outcome::Error);
        QCOMPARE(gateway.newest()->attempts.size(), std::size_t{1});
        QCOMPARE(upstream.requests(), 1);
    }

    void saysThatNothingListens()
    {
        quint16 port = 0;
        {
            const ScriptedUpstream gone([](Peer &) { });
            port = gone.port();
        }
        Gateway gateway(port);
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kChat);
        QCOMPARE(reply.status, 502);
        QVERIFY(reply.body.contains("upstream.refused"));
    }

    // R2
    void endsACutStreamWithAnErrorAtEveryByte()
    {
        const auto stream = kFirst + kSecond + kUsage;
        std::atomic<std::size_t> cut{0};
        ScriptedUpstream upstream([&](Peer &peer) {
            peer.readRequest();
            peer.send(kStreamHead);
            if (cut > 0)
                peer.send(chunk(std::string_view(stream).substr(0, cut)));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        std::size_t tries = 0;
        for (std::size_t at = 0; at < stream.size() + 3; at += 3, ++tries) {
            cut = std::min(at, stream.size());
            const auto reply = gateway.chat(kStream);
            QCOMPARE(reply.status, 200);
            QVERIFY2(!reply.body.contains("[DONE]"), reply.body.constData());
            QVERIFY2(reply.body.contains("data: {\"status\":\"failure\""), reply.body.constData());
            QVERIFY(reply.body.endsWith("\n\n"));
        }
        QTRY_COMPARE(gateway.rows().size(), std::min<std::size_t>(tries, 200));
        for (const auto &row : gateway.rows())
            QCOMPARE(row.outcome, trace::Outcome::Truncated);
        QCOMPARE(gateway.rows().front().usage_state, UsageState::Reported); // the whole stream but for [DONE]
        QVERIFY(gateway.rows().back().usage_state != UsageState::Reported);
    }

    void addsNothingToTheErrorThatAProviderEndsItsStreamWith()
    {
        const std::string error
            = "data: {\"error\":{\"message\":\"Slow down\",\"type\":\"server_error\"}}\n\n";
        ScriptedUpstream upstream([&](Peer &peer) {
            peer.readRequest();
            peer.send(kStreamHead + chunk(kFirst + error) + "0\r\n\r\n");
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        QCOMPARE(gateway.chat(kStream).body.toStdString(), kFirst + error);
        QTRY_COMPARE(gateway.rows().size(), 1U);
        QCOMPARE(gateway.rows().front().outcome, trace::Outcome::Error);
    }

    // R4
    void givesUpOnASilentProvider()
    {
        ScriptedUpstream upstream([](Peer &peer) {
            peer.readRequest();
            peer.pause(std::chrono::seconds(30));
        });
        Gateway gateway(upstream.port(), [](control::Settings &settings) {
            settings.limits.first_byte = std::chrono::milliseconds(200);
        });
        QVERIFY(gateway.isReady());
        QElapsedTimer clock;
        clock.start();
        const auto reply = gateway.chat(kChat);
        QCOMPARE(reply.status, 504);
        QVERIFY(clock.elapsed() < 5'000);
        QTRY_VERIFY(gateway.newest().has_value());
        QCOMPARE(gateway.newest()->outcome, trace::Outcome::TimedOut);
    }

    // R6
    void cancelsTheCallOfAClientThatLeavesBeforeTheAnswer()
    {
        std::atomic<bool> closed{false};
        std::atomic<bool> asked{false};
        ScriptedUpstream upstream([&](Peer &peer) {
            peer.readRequest();
            asked = true;
            closed = peer.closesWithin(std::chrono::seconds(10));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const auto socket = begin(gateway, kChat);
        QVERIFY(socket);
        QTRY_VERIFY(asked);
        socket->abort();
        QTRY_VERIFY_WITH_TIMEOUT(closed, 2'000);
        QTRY_COMPARE(gateway.rows().size(), std::size_t{1});
        const auto row = gateway.rows().front();
        QCOMPARE(row.outcome, trace::Outcome::Cancelled);
        QCOMPARE(row.status, 499);
        QVERIFY(row.usage_state != UsageState::Reported);
    }

    // R7
    void cancelsTheCallOfAClientThatLeavesInMidStream()
    {
        std::atomic<bool> closed{false};
        ScriptedUpstream upstream([&](Peer &peer) {
            peer.readRequest();
            peer.send(kStreamHead + chunk(kFirst));
            closed = peer.closesWithin(std::chrono::seconds(10));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const auto socket = begin(gateway, kStream);
        QVERIFY(socket);
        QVERIFY(socket->waitForReadyRead(5'000));
        socket->abort();
        QTRY_VERIFY_WITH_TIMEOUT(closed, 2'000);
        QTRY_COMPARE(gateway.rows().size(), std::size_t{1});
        const auto row = gateway.rows().front();
        QCOMPARE(row.outcome, trace::Outcome::Cancelled);
        QCOMPARE(row.usage_state, UsageState::Estimated);
        QVERIFY(row.tokens_out > 0);
    }

    void breaksALongSilenceWithAComment()
    {
        ScriptedUpstream upstream([](Peer &peer) {
            peer.readRequest();
            peer.send(kStreamHead + chunk(kFirst));
            peer.pause(std::chrono::milliseconds(350));
            peer.send(chunk(kSecond + kDone) + "0\r\n\r\n");
        });
        Gateway gateway(upstream.port(), [](control::Settings &settings) {
            settings.limits.keep_alive_comment = std::chrono::milliseconds(100);
        });
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kStream);
        QVERIFY(reply.body.startsWith(QByteArray::fromStdString(kFirst) + ": keep-alive\n\n"));
        QVERIFY(reply.body.endsWith(QByteArray::fromStdString(kSecond + kDone)));
        QVERIFY(reply.body.count(": keep-alive\n\n") >= 2);
    }

    void masksACredentialThatTheProviderEchoes()
    {
        ScriptedUpstream upstream([](Peer &peer) {
            peer.readRequest();
            peer.send(test::answer("{\"error\":{\"message\":\"Incorrect API key provided: "
                                       + std::string(kStoredKey) + "\",\"code\":\"invalid_api_key\"}}",
                                   "Content-Type: application/json\r\n", 401));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(kChat);
        QCOMPARE(reply.status, 401);
        QVERIFY(!reply.body.contains("sk-stored"));
        QTRY_VERIFY(gateway.newest().has_value());
        const auto record = *gateway.newest();
        QVERIFY(record.error_message.find("sk-stored") == std::string::npos);
        QVERIFY(record.error_message.find("Incorrect API key") != std::string::npos);
        QVERIFY(record.response_body->text.find("sk-stored") == std::string::npos);
        QCOMPARE(record.cost_state, trace::CostState::Free);
    }

    void splicesTheModelOfAFormAndStreamsTheRest_data()
    {
        QTest::addColumn<bool>("model_first");
        QTest::newRow("model before the file") << true;
        QTest::newRow("model after the file") << false;
    }

    void splicesTheModelOfAFormAndStreamsTheRest()
    {
        QFETCH(bool, model_first);
        std::string seen;
        ScriptedUpstream upstream([&](Peer &peer) {
            if (const auto request = peer.readRequest())
                seen = *request;
            peer.send(test::answer("{\"text\":\"hello\"}", "Content-Type: application/json\r\n"));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const QByteArray audio(300'000, '\x7f');
        const QByteArray file
            = "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
              "Content-Type: audio/wav\r\n\r\n"
            + audio + "\r\n";
        const QByteArray model
            = "--xyz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n@mock/whisper-1\r\n";
        const QByteArray body = (model_first ? model + file : file + model) + "--xyz--\r\n";
        const auto reply = gateway.client().send("POST", "/v1/audio/transcriptions",
                                                 {{"Authorization", "Bearer " + gateway.token()},
                                                  {"Content-Type", "multipart/form-data; boundary=xyz"}},
                                                 body);
        QCOMPARE(reply.status, 200);
        auto expected = body;
        expected.replace("@mock/whisper-1", "whisper-1");
        QVERIFY(bodyOf(seen) == expected.toStdString());
    }

    void refusesAnAccountThatLeadsBackToItself()
    {
        ScriptedUpstream upstream(answerJson);
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        Awaited<void> moved;
        gateway.control().editAccount(gateway.account(), {}, u"http://localhost:%1/v1"_s.arg(gateway.port()),
                                      secret(kStoredKey), moved.take());
        QVERIFY(moved.wait() && *moved);
        const auto reply = gateway.chat(kChat);
        QCOMPARE(reply.status, 508);
        QTRY_COMPARE(gateway.rows().size(), std::size_t{1});
    }

    void keepsBodiesAsTheLevelSays_data()
    {
        QTest::addColumn<int>("level");
        QTest::addColumn<bool>("good_kept");
        QTest::addColumn<bool>("bad_kept");
        QTest::addColumn<bool>("headers_kept");
        QTest::newRow("off") << 0 << false << false << false;
        QTest::newRow("metadata") << 1 << false << false << true;
        QTest::newRow("errors") << 2 << false << true << true;
        QTest::newRow("full") << 3 << true << true << true;
    }

    void keepsBodiesAsTheLevelSays()
    {
        QFETCH(int, level);
        QFETCH(bool, good_kept);
        QFETCH(bool, bad_kept);
        QFETCH(bool, headers_kept);
        ScriptedUpstream upstream(answerJson);
        Gateway gateway(upstream.port(),
                        [&](control::Settings &settings) { settings.capture = trace::CaptureLevel(level); });
        QVERIFY(gateway.isReady());
        QCOMPARE(gateway.chat(kChat).status, 200);
        QTRY_COMPARE(gateway.rows().size(), std::size_t{1});
        const auto good = *gateway.newest();
        QCOMPARE(good.request_body.has_value(), good_kept);
        QCOMPARE(good.response_body.has_value(), good_kept);
        QCOMPARE(!good.request_headers.empty(), headers_kept);
        QCOMPARE(gateway.chat("{\"model\":\"@practice/server-error\",\"messages\":[]}").status, 500);
        QTRY_COMPARE(gateway.rows().size(), std::size_t{2});
        const auto bad = *gateway.newest();
        QCOMPARE(bad.request_body.has_value(), bad_kept);
        QCOMPARE(bad.response_body.has_value(), bad_kept);
    }

    void passesALargePrompt()
    {
        std::atomic<std::size_t> size{0};
        ScriptedUpstream upstream([&](Peer &peer) {
            if (const auto request = peer.readRequest())
                size = bodyOf(*request).size();
            peer.send(test::answer(kJson, "Content-Type: application/json\r\n"));
        });
        Gateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const QByteArray body = "{\"model\":\"@mock/gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + QByteArray(1'000'000, 'x') + "\"}]}";
        QCOMPARE(gateway.chat(body).status, 200);
        QCOMPARE(size.load(), std::size_t(body.size() - 6)); // without "@mock/"
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestPassthrough)
#include "tst_passthrough.moc"
