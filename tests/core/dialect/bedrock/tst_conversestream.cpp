// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/dialect/bedrock/conversecodec.h"
#include "tests/core/dialect/bedrock/eventstreambytes.h"

#include <QTest>

#include <random>
#include <string>

using namespace portolan;
using namespace portolan::dialect;
using eventstreambytes::eventMessage;
using eventstreambytes::exceptionMessage;

namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

std::string wordOf(const StreamEvent &event)
{
    return std::visit(
        Overloaded{
            [](const StreamStart &) { return std::string("start"); },
            [](const TextDelta &delta) { return "text:" + delta.text; },
            [](const ReasoningDelta &delta) { return "thought:" + delta.text; },
            [](const ReasoningEnd &end) {
                return "thoughts:" + end.part.text + ':' + end.part.signature + ':' + end.part.redacted;
            },
            [](const ToolCallStart &start) {
                return "call" + std::to_string(start.call) + ':' + start.part.id + ':' + start.part.name;
            },
            [](const ToolCallDelta &delta) {
                return "input" + std::to_string(delta.call) + ':' + delta.arguments;
            },
            [](const ToolCallEnd &end) { return "end" + std::to_string(end.call); },
            [](const ChoiceFinish &finish) {
                return "finish:" + std::to_string(int(finish.finish.reason)) + finish.finish.stop_sequence;
            },
            [](const UsageReport &report) { return "usage:" + std::to_string(report.usage.input); },
            [](const StreamFailure &failure) { return "failure:" + failure.error.code; },
            [](const StreamEnd &) { return std::string("over"); },
            [](const auto &) { return std::string("other"); },
        },
        event);
}

Exchange plainExchange()
{
    return Exchange(1);
}

/// What the codec makes of the bytes, as one text, however they are cut.
std::string read(std::string_view bytes, Exchange exchange = plainExchange(), std::size_t piece_size = 0)
{
    const ProviderCodec &codec = bedrock::providerCodec();
    const auto splitter = frameSplitter(codec.streamFormat());
    const auto decoder = codec.streamDecoder(exchange);
    StreamEvents events;
    bool damaged = false;
    while (!bytes.empty() && !damaged) {
        const std::string piece(bytes.substr(0, piece_size == 0 ? bytes.size() : piece_size));
        bytes.remove_prefix(piece.size());
        damaged = !splitter->feed(piece);
        Frame frame;
        while (!damaged) {
            const auto found = splitter->next(frame);
            damaged = !found;
            if (damaged || !*found)
                break;
            decoder->frame(frame, events);
        }
    }
    if (!damaged)
        decoder->end(events);
    std::string text;
    for (const StreamEvent &one : events)
        text += (text.empty() ? "" : " ") + wordOf(one);
    return damaged ? text + " damaged" : text;
}

std::string delta(int index, const std::string &member)
{
    return eventMessage("contentBlockDelta",
                        R"({"contentBlockIndex":)" + std::to_string(index) + R"(,"delta":)" + member
                            + R"(,"p":"abc"})");
}
std::string input(int index, std::string_view fragment)
{
    return delta(index, R"({"toolUse":{"input":)" + jsonQuoted(fragment) + "}}");
}
std::string callStart(int index, const std::string &name)
{
    return eventMessage("contentBlockStart",
                        R"({"contentBlockIndex":)" + std::to_string(index)
                            + R"(,"start":{"toolUse":{"toolUseId":"t","name":)" + ('"' + name + '"') + "}}}");
}
std::string blockStop(int index)
{
    return eventMessage("contentBlockStop", R"({"contentBlockIndex":)" + std::to_string(index) + '}');
}
std::string stop(const std::string &reason)
{
    return eventMessage("messageStop", R"({"stopReason":)" + ('"' + reason + '"') + '}');
}

const std::string kStart = eventMessage("messageStart", R"({"role":"assistant"})");
const std::string kUsage = eventMessage("metadata", R"({"usage":{"inputTokens":7,"outputTokens":3}})");
const std::string kWhole = kStart + delta(0, R"({"reasoningContent":{"text":"Hm"}})")
    + delta(0, R"({"reasoningContent":{"signature":"S"}})") + blockStop(0) + delta(1, R"({"text":"Go"})")
    + blockStop(1) + callStart(3, "f") + delta(3, R"({"toolUse":{"input":""}})")
    + delta(3, R"({"toolUse":{"input":"{}"}})") + blockStop(3) + stop("tool_use") + kUsage;

} // namespace

class TestConverseStream : public QObject
{
    Q_OBJECT

private slots:
    void reads_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("events");
        const auto row = [](const char *name, const std::string &bytes, const char *events) {
            QTest::newRow(name) << bytes << std::string(events);
        };
        row("everything", kWhole,
            "start thought:Hm thoughts:Hm:S: text:Go call0:t:f input0:{} end0 finish:4 usage:7 over");
        row("no start of text", kStart + delta(0, R"({"text":"a"})") + stop("end_turn") + kUsage,
            "start text:a finish:0 usage:7 over");
        row("a signature alone",
            kStart + delta(0, R"({"reasoningContent":{"signature":"S"}})") + blockStop(0) + stop("end_turn"),
            "start thoughts::S: finish:0 over");
        row("redacted reasoning",
            kStart + delta(0, R"({"reasoningContent":{"redactedContent":"EN"}})")
                + delta(0, R"({"reasoningContent":{"redactedContent":"C"}})") + blockStop(0)
                + stop("end_turn"),
            "start thoughts:::ENC finish:0 over");
        row("a call without input", kStart + callStart(5, "f") + blockStop(5) + stop("tool_use") + kUsage,
            "start call0:t:f input0:{} end0 finish:4 usage:7 over");
        row("blocks that are never closed", kStart + callStart(0, "f") + stop("tool_use"),
            "start call0:t:f input0:{} end0 finish:4 over");
        row("a renamed tool", kStart + callStart(0, "sent") + blockStop(0) + stop("tool_use"),
            "start call0:t:own input0:{} end0 finish:4 over");
        row("a custom tool",
            kStart + callStart(0, "shell") + input(0, "{\"input\":") + input(0, "\"ls\"}") + blockStop(0)
                + stop("tool_use"),
            "start call0:t:shell input0:ls end0 finish:4 over");
        row("no usage", kStart + delta(0, R"({"text":"a"})") + stop("max_tokens"),
            "start text:a finish:2 over");
        row("usage before the stop", kStart + kUsage + stop("end_turn"), "start usage:7 finish:0 over");
        row("events that nobody knows", kStart + eventMessage("surprise", "\xff") + stop("end_turn"),
            "start finish:0 over");
        row("which stop sequence",
            kStart
                + eventMessage("messageStop",
                               R"({"stopReason":"stop_sequence","additionalModelResponseFields":)"
                               R"({"stop_sequence":"END"}})"),
            "start finish:1END over");
        row("words behind the stop", kStart + stop("end_turn") + delta(0, R"({"text":"late"})") + kUsage,
            "start finish:0 usage:7 over");
        row("anything behind the end", kWhole + kWhole,
            "start thought:Hm thoughts:Hm:S: text:Go call0:t:f input0:{} end0 finish:4 usage:7 over");
    }

    void reads()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, events);
        Exchange exchange(1);
        exchange.tool_names = {{"sent", "own"}};
        exchange.custom_tools = {"shell"};
        QCOMPARE(read(bytes, exchange), events);
        QCOMPARE(read(bytes, exchange, 1), events);
        QCOMPARE(read(bytes, exchange, 100), events);
    }

    void foldsTheSchemasToolIntoText_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("events");
        const std::string answer
            = callStart(1, "json_output") + input(1, "{\"a\":") + input(1, "1}") + blockStop(1);
        QTest::newRow("forced") << kStart + answer + stop("tool_use") + kUsage
                                << std::string("start text:{\"a\": text:1} finish:0 usage:7 over");
        QTest::newRow("behind other words") << kStart + delta(0, R"({"text":"Here:"})") + blockStop(0)
                + answer + stop("tool_use") << std::string("start text:{\"a\": text:1} finish:0 over");
        QTest::newRow("not called") << kStart + delta(0, R"({"text":"{}"})") + blockStop(0) + stop("end_turn")
                                    << std::string("start text:{} finish:0 over");
    }

    void foldsTheSchemasToolIntoText()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, events);
        Exchange exchange(1);
        exchange.schema_tool = "json_output";
        QCOMPARE(read(bytes, exchange), events);
    }

    void failsOnWhatIsNoAnswer_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("ending");
        const auto row = [](const char *name, const std::string &bytes, const char *ending) {
            QTest::newRow(name) << bytes << std::string(ending);
        };
        const char *invalid = "failure:upstream_invalid_response";
        row("nothing", "", "failure:upstream_incomplete");
        row("only a start", kStart, "failure:upstream_incomplete");
        row("no stop", kStart + delta(0, R"({"text":"a"})") + blockStop(0), "failure:upstream_incomplete");
        row("usage without a stop", kStart + kUsage, "failure:upstream_incomplete");
        row("no JSON", kStart + eventMessage("contentBlockDelta", "<html>"), invalid);
        row("no payload", kStart + eventMessage("messageStop", ""), invalid);
        row("wrong UTF-8", kStart + eventMessage("contentBlockDelta", "{\"a\":\"\xff\"}"), invalid);
        row("no object", kStart + eventMessage("contentBlockDelta", "[]"), invalid);
        row("deep", kStart + eventMessage("contentBlockDelta", std::string(100'000, '[')), invalid);
        row("no index", kStart + eventMessage("contentBlockDelta", R"({"delta":{"text":"a"}})"), invalid);
        row("a huge index",
            kStart + eventMessage("contentBlockDelta", R"({"contentBlockIndex":1e30,"delta":{"text":"a"}})"),
            invalid);
        row("a call without a name",
            kStart + eventMessage("contentBlockStart", R"({"contentBlockIndex":0,"start":{"toolUse":{}}})"),
            invalid);
        row("input without a call", kStart + delta(0, R"({"toolUse":{"input":"{}"}})"), invalid);
        row("input in a text",
            kStart + delta(0, R"({"text":"a"})") + delta(0, R"({"toolUse":{"input":"{}"}})"), invalid);
        row("malformed and empty", kStart + stop("malformed_model_output"),
            "failure:upstream_malformed_output");
        row("throttled", kStart + exceptionMessage("throttlingException", R"({"message":"m"})") + kWhole,
            "failure:rate_limit_exceeded");
        row("throttled without words", exceptionMessage("throttlingException", ""),
            "failure:rate_limit_exceeded");
        row("internal", kStart + exceptionMessage("internalServerException", "{}"), "failure:upstream_error");
        row("model's error",
            kStart
                + exceptionMessage("modelStreamErrorException",
                                   R"({"originalStatusCode":"x","message":["m"]})"),
            "failure:upstream_error");
        row("invalid", exceptionMessage("validationException", R"({"message":"prompt is too long"})"),
            "failure:context_length_exceeded");
        row("overloaded", exceptionMessage("serviceUnavailableException", "\xff"), "failure:overloaded");
        row("timed out", exceptionMessage("modelTimeoutException", "{}"), "failure:timeout");
        row("an exception that nobody knows", exceptionMessage("\xff\xfe", "{}"), "failure:upstream_error");
        row("server-sent events", "data: {\"text\":\"a\"}\n\n", "damaged");
        row("HTML in the middle", kStart + "<html><body>502 Bad Gateway</body></html>", "damaged");
    }

    void failsOnWhatIsNoAnswer()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, ending);
        const std::string events = read(bytes);
        QVERIFY2(events.ends_with(ending), events.c_str());
        QVERIFY(events.find(" over") == std::string::npos);
        QCOMPARE(read(bytes, plainExchange(), 1), events);
    }

    void neverEndsWellBeforeItsStop()
    {
        const std::size_t stopped = kWhole.size() - kUsage.size();
        for (std::size_t size = 0; size < kWhole.size(); ++size)
            QCOMPARE(read(kWhole.substr(0, size)).ends_with("over"), size >= stopped);
    }

    void neverEndsWellWithADamagedByte()
    {
        const std::size_t stopped = kWhole.size() - kUsage.size();
        for (std::size_t at = 0; at < stopped; ++at) {
            std::string bytes = kWhole;
            bytes[at] = char(bytes[at] ^ 0x20);
            QVERIFY(!read(bytes).ends_with("over"));
        }
    }

    void survivesPayloadsThatLie()
    {
        // Right checksums over wrong JSON: each change of the payload reaches the codec.
        std::mt19937 dice(7);
        const std::string payload = R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm"}}})";
        for (int round = 0; round < 3000; ++round) {
            std::string changed = payload;
            for (int i = 0; i < 3; ++i)
                changed[dice() % changed.size()] = char(dice() % 256);
            const std::string events
                = read(kStart + eventMessage("contentBlockDelta", changed) + stop("end_turn"));
            QVERIFY2(events.ends_with("over") || events.find("failure:") != std::string::npos,
                     events.c_str());
            QVERIFY(events.starts_with("start"));
        }
    }
};

QTEST_APPLESS_MAIN(TestConverseStream)

#include "tst_conversestream.moc"
