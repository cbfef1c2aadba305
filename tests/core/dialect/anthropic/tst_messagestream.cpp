// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/anthropic/codeccase.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::anthropic;

namespace {

const std::string kStart
    = sseEvent("message_start", R"("message":{"id":"msg_1","model":"m","usage":{"input_tokens":3}})");
const std::string kStop = sseEvent("message_stop", "");

std::string blockStart(int index, std::string_view block)
{
    return sseEvent("content_block_start",
                    R"("index":)" + std::to_string(index) + R"(,"content_block":)" + std::string(block));
}

std::string blockDelta(int index, std::string_view delta)
{
    return sseEvent("content_block_delta",
                    R"("index":)" + std::to_string(index) + R"(,"delta":)" + std::string(delta));
}

std::string blockStop(int index)
{
    return sseEvent("content_block_stop", R"("index":)" + std::to_string(index));
}

std::string ending(std::string_view reason, std::string_view usage = R"({"output_tokens":2})")
{
    return sseEvent("message_delta",
                    R"("delta":{"stop_reason":")" + std::string(reason) + R"("},"usage":)"
                        + std::string(usage));
}

std::string textBlock(int index, std::string_view text)
{
    return blockStart(index, R"({"type":"text","text":""})")
        + blockDelta(index, R"({"type":"text_delta","text":")" + std::string(text) + R"("})")
        + blockStop(index);
}

std::string callBlock(int index, std::string_view name, std::string_view escaped_input)
{
    return blockStart(index,
                      R"({"type":"tool_use","id":"t)" + std::to_string(index) + R"(","name":")"
                          + std::string(name) + R"(","input":{}})")
        + blockDelta(index,
                     R"({"type":"input_json_delta","partial_json":")" + std::string(escaped_input) + R"("})")
        + blockStop(index);
}

/// What a decoder makes of a stream.
StreamEvents decoded(std::string_view bytes, Exchange &exchange)
{
    const auto splitter = frameSplitter(FrameFormat::Sse);
    const auto decoder = providerCodec(Dialect::Anthropic, Platform::Own)->streamDecoder(exchange);
    StreamEvents events;
    if (!splitter->feed(bytes))
        return events;
    Frame frame;
    while (splitter->next(frame).value_or(false))
        decoder->frame(frame, events);
    if (splitter->last(frame))
        decoder->frame(frame, events);
    decoder->end(events);
    return events;
}

template <typename Event>
std::vector<Event> all(const StreamEvents &events)
{
    std::vector<Event> found;
    for (const StreamEvent &event : events) {
        if (const auto *one = std::get_if<Event>(&event))
            found.push_back(*one);
    }
    return found;
}

std::string textOf(const StreamEvents &events)
{
    std::string text;
    for (const TextDelta &delta : all<TextDelta>(events))
        text += delta.text;
    return text;
}

std::string argumentsOf(const StreamEvents &events, std::int64_t call)
{
    std::string arguments;
    for (const ToolCallDelta &delta : all<ToolCallDelta>(events))
        arguments += delta.call == call ? delta.arguments : "";
    return arguments;
}

std::size_t endings(const StreamEvents &events)
{
    return all<StreamEnd>(events).size() + all<StreamFailure>(events).size();
}

} // namespace

class TestMessageStream : public QObject
{
    Q_OBJECT

private slots:
    void countsCallsAndNotBlocks();
    void givesWhatCameWithTheStart();
    void foldsTheSchemaToolIntoText_data();
    void foldsTheSchemaToolIntoText();
    void unwrapsCustomTools();
    void keepsServerToolsAndCitations();
    void takesTheLatestCounts();
    void readsErrorEvents_data();
    void readsErrorEvents();
    void failsOnWhatMakesNoSense_data();
    void failsOnWhatMakesNoSense();
    void failsWhereverItIsCut();
    void tellsUsageBeforeItFails();
};

void TestMessageStream::countsCallsAndNotBlocks()
{
    Exchange exchange = exchangeFor();
    const auto events = decoded(kStart + textBlock(0, "hi") + callBlock(3, "f", R"({\"a\":1})")
                                    + callBlock(7, "g", "") + ending("end_turn") + kStop,
                                exchange);
    const auto starts = all<ToolCallStart>(events);
    QCOMPARE(starts.size(), std::size_t{2});
    QCOMPARE(starts.at(0).call, std::int64_t{0});
    QCOMPARE(starts.at(1).call, std::int64_t{1});
    QCOMPARE(argumentsOf(events, 0), R"({"a":1})");
    QCOMPARE(argumentsOf(events, 1), "{}");
    QCOMPARE(all<ToolCallEnd>(events).size(), std::size_t{2});
    QCOMPARE(all<ChoiceFinish>(events).at(0).finish.reason, FinishReason::ToolCalls);
    QCOMPARE(endings(events), std::size_t{1});
}

void TestMessageStream::givesWhatCameWithTheStart()
{
    Exchange exchange = exchangeFor();
    const auto events = decoded(
        kStart + blockStart(0, R"({"type":"thinking","thinking":"h","signature":"s"})") + blockStop(0)
            + blockStart(1, R"({"type":"text","text":"all at once"})") + blockStop(1)
            + blockStart(2, R"({"type":"tool_use","id":"t","name":"f","input":{ "a" : 1.50 }})") + kStop,
        exchange);
    QCOMPARE(textOf(events), "all at once");
    QCOMPARE(argumentsOf(events, 0), R"({"a":1.50})");
    const auto reasoning = all<ReasoningEnd>(events);
    QCOMPARE(reasoning.size(), std::size_t{1});
    QCOMPARE(reasoning.at(0).part, (ReasoningPart{.text = "h", .signature = "s"}));
    QCOMPARE(all<StreamEnd>(events).size(), std::size_t{1});
}

void TestMessageStream::foldsTheSchemaToolIntoText_data()
{
    QTest::addColumn<std::string>("blocks");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<FinishReason>("reason");
    const auto row = [](const char *name, std::string blocks, std::string text, FinishReason reason) {
        QTest::newRow(name) << std::move(blocks) << std::move(text) << reason;
    };
    const std::string answer = callBlock(1, "json_output", R"({\"a\":1})");
    row("called", answer, R"({"a":1})", FinishReason::Stop);
    row("other text is dropped", textBlock(0, "Sure: ") + answer + textBlock(2, "!"), R"({"a":1})",
        FinishReason::Stop);
    row("not called", textBlock(0, "just text"), "just text", FinishReason::Stop);
    row("called with nothing", callBlock(0, "json_output", ""), "{}", FinishReason::Stop);
    row("called twice", answer + callBlock(2, "json_output", R"({\"b\":1})"), R"({"a":1})",
        FinishReason::Stop);
    row("beside another tool", answer + callBlock(2, "f", "{}"), R"({"a":1})", FinishReason::ToolCalls);
}

void TestMessageStream::foldsTheSchemaToolIntoText()
{
    QFETCH(std::string, blocks);
    QFETCH(std::string, text);
    QFETCH(FinishReason, reason);
    Exchange exchange = exchangeFor();
    exchange.schema_tool = "json_output";
    const auto events = decoded(kStart + blocks + ending("tool_use") + kStop, exchange);
    QCOMPARE(textOf(events), text);
    QCOMPARE(all<ChoiceFinish>(events).at(0).finish.reason, reason);
    for (const ToolCallStart &start : all<ToolCallStart>(events))
        QVERIFY(start.part.name != "json_output");
}

void TestMessageStream::unwrapsCustomTools()
{
    Exchange exchange = exchangeFor();
    exchange.custom_tools = {"patch"};
    const auto events
        = decoded(kStart + callBlock(0, "patch", R"({\"input\":\"*** \\u00e4\"})") + kStop, exchange);
    QCOMPARE(argumentsOf(events, 0), "*** ä");
    QVERIFY(all<ToolCallStart>(events).at(0).part.custom);
}

void TestMessageStream::keepsServerToolsAndCitations()
{
    Exchange exchange = exchangeFor();
    const auto events = decoded(
        kStart + textBlock(0, "É")
            + blockStart(1, R"({"type":"server_tool_use","id":"s","name":"web_search","input":{}})")
            + blockDelta(1, R"({"type":"input_json_delta","partial_json":"{\"query\":\"x\"}"})")
            + blockStop(1)
            + blockStart(2, R"({"type":"web_search_tool_result","tool_use_id":"s","content":[]})")
            + blockStop(2) + blockStart(3, R"({"type":"text","text":""})")
            + blockDelta(3, R"({"type":"citations_delta","citation":{"url":"https://a","title":"A"}})")
            + blockDelta(3, R"({"type":"text_delta","text":"abc"})") + blockStop(3) + ending("end_turn")
            + kStop,
        exchange);
    const auto wholes = all<WholePart>(events);
    QCOMPARE(wholes.size(), std::size_t{2});
    QCOMPARE(std::get<ForeignPart>(wholes.at(0).part.content).json.text,
             R"({"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"x"}})");
    QVERIFY(all<ToolCallStart>(events).empty());
    const auto annotations = all<AnnotationDelta>(events);
    QCOMPARE(annotations.size(), std::size_t{1});
    QCOMPARE(
        annotations.at(0).annotations.text,
        R"([{"type":"url_citation","url_citation":{"start_index":1,"end_index":4,"url":"https://a","title":"A"}}])");
}

void TestMessageStream::takesTheLatestCounts()
{
    Exchange exchange = exchangeFor();
    const auto events = decoded(
        sseEvent(
            "message_start",
            R"("message":{"usage":{"input_tokens":5,"cache_read_input_tokens":100,"cache_creation_input_tokens":10,"output_tokens":1}})")
            + ending("end_turn", R"({"input_tokens":5,"cache_read_input_tokens":null,"output_tokens":20})")
            + ending("end_turn", R"({"output_tokens":33})") + kStop,
        exchange);
    const Usage usage = all<UsageReport>(events).back().usage;
    QCOMPARE(usage.input, std::int64_t{115});
    QCOMPARE(usage.cache_read, std::int64_t{100});
    QCOMPARE(usage.output, std::int64_t{33});
}

void TestMessageStream::readsErrorEvents_data()
{
    QTest::addColumn<std::string>("error");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("code");
    const auto row
        = [](const char *type, ErrorKind kind, int status, std::string code, const char *message = "m") {
              QTest::newRow(type) << R"("error":{"type":")" + std::string(type) + R"(","message":")" + message
                      + R"("})" << kind
                                  << status << std::move(code);
          };
    row("overloaded_error", ErrorKind::Overloaded, 503, "overloaded");
    row("rate_limit_error", ErrorKind::RateLimit, 429, "rate_limit_exceeded");
    row("invalid_request_error", ErrorKind::InvalidRequest, 400, "context_length_exceeded",
        "prompt is too long: 2 tokens > 1 maximum");
    row("timeout_error", ErrorKind::Timeout, 504, "timeout");
    row("billing_error", ErrorKind::InsufficientQuota, 429, "insufficient_quota");
    row("api_error", ErrorKind::Api, 502, "upstream_error");
    row("brand_new_error", ErrorKind::Api, 502, "upstream_error");
}

void TestMessageStream::readsErrorEvents()
{
    QFETCH(std::string, error);
    QFETCH(ErrorKind, kind);
    QFETCH(int, status);
    QFETCH(std::string, code);
    for (const std::string &before : {std::string(), kStart + textBlock(0, "x")}) {
        Exchange exchange = exchangeFor();
        const auto events = decoded(before + sseEvent("error", error) + kStop, exchange);
        QCOMPARE(endings(events), std::size_t{1});
        const ApiError failure = all<StreamFailure>(events).at(0).error;
        QCOMPARE(failure.kind, kind);
        QCOMPARE(failure.status, status);
        QCOMPARE(failure.code, code);
    }
}

void TestMessageStream::failsOnWhatMakesNoSense_data()
{
    QTest::addColumn<std::string>("bytes");
    const auto row = [](const char *name, std::string bytes) { QTest::newRow(name) << std::move(bytes); };
    const std::string open = kStart + blockStart(0, R"({"type":"text","text":""})");
    row("no JSON", kStart + "event: ping\ndata: {\n\n");
    row("HTML", "<html></html>\n\ndata: <b>\n\n");
    row("bytes that are no UTF-8", kStart + "data: {\"type\":\"\xff\"}\n\n");
    row("no type", kStart + "data: {}\n\n");
    row("a number as type", kStart + "data: {\"type\":1}\n\n");
    row("an array", kStart + "data: []\n\n");
    row("null", kStart + "data: null\n\n");
    row("nested too deeply", kStart + "data: " + std::string(10000, '[') + "\n\n");
    row("a block before the start", blockStart(0, R"({"type":"text"})"));
    row("an end before the start", kStop);
    row("a start without a message", sseEvent("message_start", "") + kStop);
    row("a delta of no block", kStart + blockDelta(0, R"({"type":"text_delta","text":"x"})") + kStop);
    row("a delta of a block that ended",
        kStart + textBlock(0, "x") + blockDelta(0, R"({"type":"text_delta","text":"x"})") + kStop);
    row("an end of no block", kStart + blockStop(0) + kStop);
    row("one block twice", open + blockStart(0, R"({"type":"text","text":""})") + kStop);
    row("no index", kStart + sseEvent("content_block_start", R"("content_block":{"type":"text"})") + kStop);
    row("an index beyond all numbers",
        kStart + sseEvent("content_block_start", R"("index":1e400,"content_block":{"type":"text"})") + kStop);
    row("a block without a type", kStart + blockStart(0, "{}") + kStop);
    row("a block that is text", kStart + blockStart(0, "\"text\"") + kStop);
    row("a call without a name",
        kStart + blockStart(0, R"({"type":"tool_use","id":"x","input":{}})") + kStop);
    row("text that is a number", open + blockDelta(0, R"({"type":"text_delta","text":1})") + kStop);
    row("input for a text",
        open + blockDelta(0, R"({"type":"input_json_delta","partial_json":"{}"})") + kStop);
    row("text for a call",
        kStart + blockStart(0, R"({"type":"tool_use","id":"x","name":"f","input":{}})")
            + blockDelta(0, R"({"type":"text_delta","text":"x"})") + kStop);
    row("a message_delta without a delta", kStart + sseEvent("message_delta", "") + kStop);
    std::string many = kStart;
    for (int index = 0; index < 1000; ++index)
        many += blockStart(index, R"({"type":"text","text":""})");
    row("more open blocks than anyone needs", many + kStop);
    row("nothing", "");
    row("only pings", sseEvent("ping", ""));
    row("[DONE] instead of an end", open + "data: [DONE]\n\n");
}

void TestMessageStream::failsOnWhatMakesNoSense()
{
    QFETCH(std::string, bytes);
    Exchange exchange = exchangeFor();
    const auto events = decoded(bytes, exchange);
    QCOMPARE(all<StreamEnd>(events).size(), std::size_t{0});
    QCOMPARE(all<StreamFailure>(events).size(), std::size_t{1});
    QVERIFY(std::holds_alternative<StreamFailure>(events.back()));
    const std::string out = streamed(Dialect::Anthropic, bytes, exchange);
    QVERIFY(out.find("event: error") != std::string::npos);
    QVERIFY(out.find("message_stop") == std::string::npos);
}

void TestMessageStream::failsWhereverItIsCut()
{
    const std::string whole = kStart + blockStart(0, R"({"type":"thinking","thinking":""})")
        + blockDelta(0, R"({"type":"thinking_delta","thinking":"hm"})")
        + blockDelta(0, R"({"type":"signature_delta","signature":"s"})") + blockStop(0)
        + textBlock(1, "Größe") + callBlock(2, "f", R"({\"a\":\"b\"})") + ending("tool_use") + kStop;
    // Behind the JSON of the last event the stream is complete, whatever of its line ends is missing.
    const std::size_t complete = whole.size() - 2;
    for (std::size_t cut = 0; cut < complete; ++cut) {
        Exchange exchange = exchangeFor();
        const auto events = decoded(std::string_view(whole).substr(0, cut), exchange);
        QVERIFY2(all<StreamEnd>(events).empty() && endings(events) == 1, std::to_string(cut).c_str());
    }
    Exchange exchange = exchangeFor();
    QCOMPARE(all<StreamEnd>(decoded(whole, exchange)).size(), std::size_t{1});
}

void TestMessageStream::tellsUsageBeforeItFails()
{
    Exchange exchange = exchangeFor();
    const auto events = decoded(kStart + textBlock(0, "x") + ending("end_turn"), exchange);
    QCOMPARE(all<UsageReport>(events).back().usage.output, std::int64_t{2});
    QVERIFY(std::holds_alternative<StreamFailure>(events.back()));
    QCOMPARE(all<StreamFailure>(events).at(0).error.code, "upstream_incomplete");

    // The start's output_tokens is a placeholder: the gateway's own estimate is better.
    const auto early = decoded(kStart + textBlock(0, "x"), exchange);
    QVERIFY(all<UsageReport>(early).empty());
    QCOMPARE(all<StreamStart>(early).at(0).usage->input, std::int64_t{3});
}

QTEST_APPLESS_MAIN(TestMessageStream)
#include "tst_messagestream.moc"
