// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vendors/answers.h"
#include "tests/core/dialect/vendors/clientsees.h"
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/scriptedupstream.h"

#include <QTest>

#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;
using dialect::Dialect;
using test::PlainReply;
using test::RunningGateway;
using test::ScriptedUpstream;
using vendors::Api;
using vendors::Seen;
using Peer = ScriptedUpstream::Peer;

/// A codec, or native passage, with a client in front of it.
struct Column {
    const char *name;
    Api api;
    Dialect client;
    const char *provider;
    const char *model;
    bool native = false;
    const char *path = "";
};
constexpr std::array kColumns{
    Column{"openai chat", Api::Chat, Dialect::Anthropic, "mistral-ai", "mistral-large-latest", false, "/v1"},
    Column{"openai chat, native", Api::Chat, Dialect::OpenAiChat, "openai", "gpt-4o", true, "/v1"},
    Column{"responses", Api::Responses, Dialect::OpenAiChat, "openai", "gpt-5.1-codex-mini", false, "/v1"},
    Column{"responses, native", Api::Responses, Dialect::OpenAiResponses, "openai", "gpt-4o", true, "/v1"},
    Column{"anthropic", Api::Messages, Dialect::OpenAiResponses, "anthropic", "claude-haiku-4-5", false,
           "/v1"},
    Column{"anthropic, native", Api::Messages, Dialect::Anthropic, "anthropic", "claude-haiku-4-5", true,
           "/v1"},
    Column{"gemini", Api::Gemini, Dialect::OpenAiChat, "google", "gemini-2.5-flash", false, "/v1beta"},
    Column{"bedrock converse", Api::Converse, Dialect::OpenAiChat, "bedrock", "amazon.nova-pro-v1:0"},
    Column{"bedrock invoke", Api::InvokeModel, Dialect::Anthropic, "bedrock",
           "anthropic.claude-haiku-4-5-20251001-v1:0", true},
    Column{"cohere", Api::Cohere, Dialect::Anthropic, "cohere", "command-a-03-2025"},
};
constexpr int kColumnCount = int(kColumns.size());

constexpr std::size_t kAnswerLimit = 256U << 10U; // in these tests; 64 MiB as it ships
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kMemoryTells = false; // a sanitizer keeps freed memory
#else
constexpr bool kMemoryTells = true;
#endif
constexpr std::size_t kMayGrow = 16U << 20U; // each gateway; a quarter of what reliability R5 allows

/// What one row does to a connection, once a request was read from it. The connection closes behind it.
using Script = std::function<void(Peer &, const Column &, bool streamed)>;

std::string_view typeFor(const Column &column, bool streamed)
{
    return streamed ? vendors::streamType(column.api) : "application/json";
}

std::string goodBody(const Column &column, bool streamed)
{
    return streamed ? vendors::stream(column.api) : vendors::whole(column.api);
}

std::string http(const Column &column, bool streamed, std::string_view body, std::string_view lines = {})
{
    return ("HTTP/1.1 200 OK\r\nContent-Type: " + std::string(typeFor(column, streamed)) + "\r\n")
        .append(lines)
        .append("Content-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n\r\n")
        .append(body);
}

std::string headOnly(const Column &column, bool streamed, std::string_view framing)
{
    return ("HTTP/1.1 200 OK\r\nContent-Type: " + std::string(typeFor(column, streamed)) + "\r\n")
        .append(framing)
        .append("\r\n");
}

std::string chunk(std::string_view bytes)
{
    return (QByteArray::number(qulonglong(bytes.size()), 16).toStdString() + "\r\n")
        .append(bytes)
        .append("\r\n");
}

QByteArray requestBody(const Column &column, bool streamed)
{
    QByteArray body = R"({"model":"@mock/MODEL","stream":STREAM,)";
    body.replace("MODEL", column.model);
    body.replace("STREAM", streamed ? "true" : "false");
    if (column.client == Dialect::OpenAiResponses)
        return body + R"("max_output_tokens":64,"input":"Hi"})";
    return body + R"("max_tokens":64,"messages":[{"role":"user","content":"Hi"}]})";
}

QByteArray requestPath(Dialect client)
{
    switch (client) {
    case Dialect::Anthropic: return "/v1/messages";
    case Dialect::OpenAiResponses: return "/v1/responses";
    default: return "/v1/chat/completions";
    }
}

std::size_t residentBytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * std::size_t(::sysconf(_SC_PAGESIZE));
}

/// A vendor whose manners can be changed, and a gateway in front of it.
class Stage
{
public:
    explicit Stage(const Column &column)
        : m_column(column)
        , m_upstream([this](Peer &peer) { serve(peer); })
        , m_gateway(m_upstream.port(),
                    {.provider = QString::fromLatin1(column.provider),
                     .path = QString::fromLatin1(column.path),
                     .settings = std::string_view(column.provider) == "bedrock"
                         ? QMap<QString, QString>{{u"region"_s, u"us-east-1"_s}}
                         : QMap<QString, QString>{}},
                    [](control::Settings &settings) {
                        // What is kept of answers for the log would hide what is held.
                        settings.capture = trace::CaptureLevel::Metadata;
                        settings.limits.reply_json_bytes = kAnswerLimit;
                        settings.limits.first_byte = 3s;
                        settings.limits.stream_idle = 700ms;
                    })
    { }

    [[nodiscard]] bool isReady() const { return m_gateway.isReady(); }

    PlainReply ask(bool streamed, Script script)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_script = std::move(script);
            m_streamed = streamed;
        }
        return m_gateway.post(requestPath(m_column.client), requestBody(m_column, streamed));
    }

    /// A good request that nothing of what went before may reach.
    PlainReply askWell(bool streamed)
    {
        return ask(streamed, [](Peer &peer, const Column &column, bool as_stream) {
            peer.send(http(column, as_stream, goodBody(column, as_stream)));
        });
    }

    std::optional<trace::Record> record(const PlainReply &reply)
    {
        const RequestId id{reply.header("x-portolan-request-id").toLongLong()};
        std::optional<trace::Record> found;
        const bool there = QTest::qWaitFor(
            [&] {
                test::Awaited<std::optional<control::Detail>> detail;
                m_gateway.control().detail(id, detail.take());
                if (!detail.wait() || !*detail || !**detail)
                    return false;
                found = (**detail)->record;
                return true;
            },
            10'000);
        return there ? found : std::nullopt;
    }

    std::vector<std::pair<std::string, PlainReply>> failed{};   ///< by row: to be found in the log later
    std::vector<std::pair<std::string, PlainReply>> answered{}; ///< likewise

private:
    void serve(Peer &peer)
    {
        if (!peer.readRequest())
            return;
        Script script;
        bool streamed = false;
        {
            const std::lock_guard lock(m_mutex);
            script = m_script;
            streamed = m_streamed;
        }
        script(peer, m_column, streamed);
    }

    const Column &m_column;
    std::mutex m_mutex; // guards the next two
    Script m_script{};
    bool m_streamed = false;
    ScriptedUpstream m_upstream;
    RunningGateway m_gateway;
};

Seen seen(const Column &column, const PlainReply &reply)
{
    const bool stream = reply.header("Content-Type").startsWith("text/event-stream");
    const std::string_view body(reply.body.constData(), std::size_t(reply.body.size()));
    if (stream)
        return reply.status == 200 ? vendors::streamSeen(column.client, body) : Seen::Neither;
    return vendors::bodySeen(column.client, reply.status, body);
}

} // namespace

/// Threat-model D10 and reliability R1, R2, R5 over real connections, for each codec and each native passage,
/// streamed and not. A row is what a vendor does; behind each comes a good request. What is inside of a body
/// is in tests/core/dialect/tst_hostileanswers.
class TestHostileVendors : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void hostileAnswersAreErrors_data();
    void hostileAnswersAreErrors();
    void refusedConnectionsAreErrors_data();
    void refusedConnectionsAreErrors();
    void everyFailureIsInTheLog_data();
    void everyFailureIsInTheLog();
    void memoryDidNotGrow();

private:
    Stage &stage(int column);

    std::map<int, std::unique_ptr<Stage>> m_stages;
    std::size_t m_resident = 0;
};

void TestHostileVendors::initTestCase()
{
    for (int column = 0; column < kColumnCount; ++column) {
        QVERIFY2(stage(column).isReady(), kColumns[std::size_t(column)].name);
        for (const bool streamed : {false, true}) {
            const auto reply = stage(column).askWell(streamed);
            QVERIFY2(seen(kColumns[std::size_t(column)], reply) == Seen::Answer, reply.body.constData());
            stage(column).answered.emplace_back(streamed ? "good stream" : "good answer", reply);
        }
    }
    m_resident = residentBytes();
}

Stage &TestHostileVendors::stage(int column)
{
    auto &found = m_stages[column];
    if (!found)
        found = std::make_unique<Stage>(kColumns[std::size_t(column)]);
    return *found;
}

void TestHostileVendors::hostileAnswersAreErrors_data()
{
    enum Form { Both, Whole, Streamed };
    QTest::addColumn<int>("column");
    QTest::addColumn<bool>("streamed");
    QTest::addColumn<Script>("script");
    const auto row = [](const char *name, Form form, const Script &script,
                        const std::function<bool(const Column &)> &holds = {}) {
        for (int column = 0; column < kColumnCount; ++column) {
            if (holds && !holds(kColumns[std::size_t(column)]))
                continue;
            for (const bool streamed : {false, true}) {
                if ((form == Whole && streamed) || (form == Streamed && !streamed))
                    continue;
                QTest::addRow("%s | %s%s", name, kColumns[std::size_t(column)].name,
                              streamed ? " | streamed" : "")
                    << column << streamed << script;
            }
        }
    };
    /// An answer with these lines in its head and good bytes behind it.
    const auto lines = [&](const char *name, const std::string &more) {
        row(name, Both, [more](Peer &peer, const Column &column, bool streamed) {
            peer.send(http(column, streamed, goodBody(column, streamed), more));
        });
    };
    const auto bytes = [&](const char *name, const std::string &raw) {
        row(name, Both, [raw](Peer &peer, const Column &, bool) { peer.send(raw); });
    };

    // R1: it does not answer.
    row("R1 closes without a word", Both, [](Peer &, const Column &, bool) { });
    row("R1 resets", Both, [](Peer &peer, const Column &, bool) { peer.reset(); });
    bytes("R1 half a head", "HTTP/1.1 200 OK\r\nContent-Ty");
    bytes("R1 garbage", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03garbage\r\n\r\n", 22));
    bytes("R1 a page without a head", "<html>hello</html>\r\n\r\n");
    row("R1 resets in its head", Both, [](Peer &peer, const Column &, bool) {
        peer.send("HTTP/1.1 200 OK\r\nContent-");
        peer.reset();
    });

    // D10: heads and framing.
    bytes("D10 another version", "HTTP/3.0 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    bytes("D10 a status that is none", "HTTP/1.1 42 What\r\nContent-Length: 2\r\n\r\n{}");
    bytes("D10 a status in words", "HTTP/1.1 OK 200\r\nContent-Length: 2\r\n\r\n{}");
    bytes("D10 an upgrade nobody asked for",
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n");
    lines("D10 a head of 70 KiB", "X-Long: " + std::string(70U << 10U, 'x') + "\r\n");
    std::string many;
    for (int i = 0; i < 120; ++i)
        many += "X-" + std::to_string(i) + ": y\r\n";
    lines("D10 120 lines", many);
    lines("D10 a folded line", "X-A: b\r\n c\r\n");
    lines("D10 a line without a name", ": b\r\n");
    lines("D10 a line without a colon", "nothing\r\n");
    lines("D10 a zero in a line", std::string("X-A: b\0c\r\n", 10));
    lines("D10 two lengths", "Content-Length: 3\r\n");
    lines("D10 a length and chunks", "Transfer-Encoding: chunked\r\n");
    lines("D10 an encoding of the transfer", "Transfer-Encoding: gzip, chunked\r\n");
    std::string interim;
    for (int i = 0; i < 20; ++i)
        interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
    row("D10 20 interim answers", Both, [interim](Peer &peer, const Column &column, bool streamed) {
        peer.send(interim + http(column, streamed, goodBody(column, streamed)));
    });
    for (const auto &[name, length] : {std::pair{"D10 a negative length", "-1"},
                                       {"D10 a length in hex", "0x20"},
                                       {"D10 a length beyond 64 bits", "99999999999999999999999"}}) {
        row(name, Both, [spelled = std::string(length)](Peer &peer, const Column &column, bool streamed) {
            peer.send(headOnly(column, streamed, "Content-Length: " + spelled + "\r\n")
                      + goodBody(column, streamed));
        });
    }
    for (const auto &[name, size] : {std::pair<const char *, std::string>{"D10 a chunk of no size", "zz"},
                                     {"D10 a chunk beyond 64 bits", "fffffffffffffffffff"},
                                     {"D10 a chunk line of 8 KiB", "5;" + std::string(8U << 10U, 'x')}}) {
        row(name, Both, [size](Peer &peer, const Column &column, bool streamed) {
            peer.send(headOnly(column, streamed, "Transfer-Encoding: chunked\r\n") + size + "\r\nhello\r\n");
        });
    }
    row("D10 a body beyond the limit", Whole, [](Peer &peer, const Column &column, bool) {
        std::string body = vendors::whole(column.api);
        body.insert(1, "\"padding\":\"" + std::string(2 * kAnswerLimit, 'x') + "\",");
        peer.send(http(column, false, body));
    });
    row(
        "D10 a compressed answer", Both,
        [](Peer &peer, const Column &column, bool streamed) {
            peer.send(http(column, streamed, std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10),
                           "Content-Encoding: gzip\r\n"));
        },
        [](const Column &column) { return !column.native; });
    row("D10 an event of 5 MiB", Streamed, [](Peer &peer, const Column &column, bool) {
        peer.send(headOnly(column, true, "Connection: close\r\n") + vendors::frames(column.api).front());
        const std::string piece(64U << 10U, 'x');
        bool taken = peer.send(vendors::isEventStream(column.api)
                                   ? std::string("\x00\x50\x00\x00\x00\x00\x00\x57\x1b\x8d\x5c\x5b", 12)
                                   : "data: ");
        for (int i = 0; i < 80 && taken; ++i)
            taken = peer.send(piece);
    });

    // R2: it breaks off.
    for (const auto &[name, framing] :
         {std::pair{"R2 cut in a frame, by length", "Content-Length: 100000\r\n"},
          {"R2 cut in a frame, chunked", "Transfer-Encoding: chunked\r\n"},
          {"R2 cut in a frame, by the connection", "Connection: close\r\n"}}) {
        const bool chunked = std::string_view(framing).starts_with("Transfer");
        row(name, Both,
            [framed_by = std::string(framing), chunked](Peer &peer, const Column &column, bool streamed) {
                std::string half = goodBody(column, streamed);
                if (streamed)
                    half = vendors::frames(column.api).front() + vendors::frames(column.api).at(1);
                half.resize(half.size() - 9);
                peer.send(headOnly(column, streamed, framed_by) + (chunked ? chunk(half) : half));
            });
    }
    const auto between = [&](const char *name, bool reset, std::size_t frames) {
        row(
            name, Streamed,
            [reset, frames](Peer &peer, const Column &column, bool) {
                std::string bytes = headOnly(column, true, "Transfer-Encoding: chunked\r\n");
                const auto all = vendors::frames(column.api);
                for (std::size_t i = 0; i < std::min(frames, all.size() - 1); ++i)
                    bytes += chunk(all[i]);
                peer.send(bytes);
                peer.pause(20ms); // it is on its way to the client by now
                if (reset)
                    peer.reset();
                else
                    peer.send("0\r\n\r\n");
            },
            // Gemini ends without a mark (mapping.md 0.5).
            [reset](const Column &column) { return reset || column.api != Api::Gemini; });
    };
    between("R2 reset behind the first frame", true, 1);
    between("R2 reset behind the second frame", true, 2);
    between("R2 ended behind the first frame", false, 1);
    between("R2 ended behind the second frame", false, 2);
    row("R2 silent for too long", Streamed, [](Peer &peer, const Column &column, bool) {
        peer.send(headOnly(column, true, "Connection: close\r\n") + vendors::frames(column.api).front());
        peer.pause(20s);
    });

    // R5: bytes that are no answer. Native passage hands on any JSON.
    const auto body = [&](const char *name, const std::string &text, bool native_too = true) {
        row(
            name, Both,
            [text](Peer &peer, const Column &column, bool streamed) {
                peer.send(http(column, streamed, text));
            },
            [native_too](const Column &column) { return native_too || !column.native; });
    };
    body("R5 an empty body", "");
    body("R5 a page that says it is JSON", "<!DOCTYPE html><html></html>");
    body("R5 half of it", R"({"id":"x","choices":[{"index")");
    body("R5 200,000 levels", std::string(200'000, '['));
    body("R5 zeros", std::string(100'000, '\0'));
    body("R5 no object", "[7]", false);
    body("R5 an empty object", "{}", false);
    body("R5 an error that says 200", R"({"error":{"message":"Out of coal","type":"server_error"}})", false);
    row(
        "R5 a page", Both,
        [](Peer &peer, const Column &, bool) {
            peer.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>");
        },
        [](const Column &column) { return !column.native; });
    row(
        "R5 nothing to say", Both,
        [](Peer &peer, const Column &, bool) { peer.send("HTTP/1.1 204 No Content\r\n\r\n"); },
        [](const Column &column) { return !column.native; });
    row("R5 another address", Both, [](Peer &peer, const Column &, bool) {
        peer.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    });
    row(
        "R5 an error as a page", Both,
        [](Peer &peer, const Column &, bool) {
            peer.send(
                "HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>");
        },
        [](const Column &column) { return !column.native; });
    row("R5 comments alone", Streamed,
        [](Peer &peer, const Column &column, bool) { peer.send(http(column, true, ": a\n\n: b\n\n")); });
}

void TestHostileVendors::hostileAnswersAreErrors()
{
    QFETCH(int, column);
    QFETCH(bool, streamed);
    QFETCH(Script, script);
    const Column &at = kColumns[std::size_t(column)];
    const auto reply = stage(column).ask(streamed, script);
    QVERIFY2(seen(at, reply) == Seen::Failure, (reply.head + reply.body.left(4000)).constData());
    stage(column).failed.emplace_back(QTest::currentDataTag(), reply);

    const auto good = stage(column).askWell(streamed);
    QVERIFY2(seen(at, good) == Seen::Answer, good.body.constData());
    QVERIFY(good.body.contains(vendors::kText.data()) || streamed);
}

void TestHostileVendors::refusedConnectionsAreErrors_data()
{
    QTest::addColumn<int>("column");
    for (int column = 0; column < kColumnCount; ++column)
        QTest::addRow("R1 refused | %s", kColumns[std::size_t(column)].name) << column;
}

void TestHostileVendors::refusedConnectionsAreErrors()
{
    QFETCH(int, column);
    const Column &at = kColumns[std::size_t(column)];
    quint16 closed = 0;
    {
        const ScriptedUpstream gone([](Peer &) { });
        closed = gone.port();
    }
    RunningGateway gateway(closed,
                           {.provider = QString::fromLatin1(at.provider),
                            .path = QString::fromLatin1(at.path),
                            .settings = std::string_view(at.provider) == "bedrock"
                                ? QMap<QString, QString>{{u"region"_s, u"us-east-1"_s}}
                                : QMap<QString, QString>{}});
    QVERIFY(gateway.isReady());
    for (const bool streamed : {false, true}) {
        const auto reply = gateway.post(requestPath(at.client), requestBody(at, streamed));
        QCOMPARE(reply.status, 502);
        QVERIFY2(seen(at, reply) == Seen::Failure, reply.body.constData());
    }
    const auto record = gateway.newest();
    QVERIFY(record);
    QVERIFY(record->outcome == trace::Outcome::Error);
    QVERIFY(record->cost_state == trace::CostState::Free);
}

void TestHostileVendors::everyFailureIsInTheLog_data()
{
    QTest::addColumn<int>("column");
    for (int column = 0; column < kColumnCount; ++column)
        QTest::addRow("%s", kColumns[std::size_t(column)].name) << column;
}

void TestHostileVendors::everyFailureIsInTheLog()
{
    QFETCH(int, column);
    QVERIFY(stage(column).failed.size() > 40);
    for (const auto &[row, reply] : stage(column).failed) {
        const auto record = stage(column).record(reply);
        QVERIFY2(record, row.c_str());
        QVERIFY2(record->outcome != trace::Outcome::Ok && record->outcome != trace::Outcome::Cancelled,
                 row.c_str());
        QVERIFY2(!record->error_code.empty() && !record->error_message.empty(), row.c_str());
        QVERIFY2(record->cost >= NanoUsd{0}, row.c_str());
        QVERIFY2(record->usage_state != UsageState::Reported, row.c_str());
        QVERIFY2(record->cost_state != trace::CostState::Exact, row.c_str());
        // A kept connection that was gone already is an attempt of its own.
        QVERIFY2(!record->attempts.empty() && record->attempts.size() <= 2, row.c_str());
    }
    for (const auto &[row, reply] : stage(column).answered) {
        const auto record = stage(column).record(reply);
        QVERIFY2(record && record->outcome == trace::Outcome::Ok, row.c_str());
        QVERIFY2(record->usage_state == UsageState::Reported, row.c_str());
        QCOMPARE(record->usage.input, 20);
        QCOMPARE(record->usage.output, 7);
    }
}

void TestHostileVendors::memoryDidNotGrow()
{
    const auto resident = residentBytes();
    QVERIFY2(!kMemoryTells || resident < m_resident + kColumns.size() * kMayGrow,
             (std::to_string(m_resident) + " > " + std::to_string(resident)).c_str());
}

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestHostileVendors)
#include "tst_hostilevendors.moc"
