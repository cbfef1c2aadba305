// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/codecs.h"
#include "core/dialect/streamtranslator.h"
#include "tests/core/dialect/responses/outline.h"
#include "tests/core/dialect/vectors/clientstream.h"
#include "tests/core/dialect/vectors/jsonmatch.h"

#include <QTest>

#include <string>
#include <vector>

namespace json = boost::json;
using namespace portolan;
using namespace portolan::dialect;
using responses::outline;

Q_DECLARE_METATYPE(portolan::dialect::StreamEvents)

namespace {

/// What a client gets of these events.
std::string written(const StreamEvents &events, Exchange &exchange)
{
    std::string out;
    const auto encoder = responses::clientCodec().streamEncoder(exchange);
    for (const StreamEvent &event : events)
        encoder->event(event, out);
    return out;
}

/// Names of the events without "response.", a run of one name written once.
std::string names(const std::string &stream)
{
    std::string list;
    std::string last;
    for (std::size_t at = stream.find("event: "); at != std::string::npos;
         at = stream.find("event: ", at + 1)) {
        std::string name = stream.substr(at + 7, stream.find('\n', at) - at - 7);
        if (name.starts_with("response."))
            name.erase(0, 9);
        if (name != last)
            list += (list.empty() ? "" : " ") + name;
        last = name;
    }
    return list;
}

std::string sse(std::string_view type, std::string_view members)
{
    std::string text = "event: " + std::string(type) + "\ndata: {\"type\":\"" + std::string(type) + "\"";
    return text.append(members.empty() ? "" : ",").append(members).append("}\n\n");
}

/// What the provider's stream says, whole.
std::string read(const std::string &stream, Exchange &exchange)
{
    const auto splitter = frameSplitter(FrameFormat::Sse);
    const auto decoder = responses::providerCodec().streamDecoder(exchange);
    StreamEvents events;
    Frame frame;
    if (!splitter->feed(stream))
        return "too large";
    while (splitter->next(frame).value_or(false))
        decoder->frame(frame, events);
    decoder->end(events);
    return outline(events);
}

std::string translated(const std::string &stream, std::size_t step)
{
    Exchange exchange(7);
    exchange.created_s = 1;
    StreamTranslator translator(responses::providerCodec(), responses::clientCodec(), exchange);
    std::string out;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        const std::string piece = stream.substr(at, step);
        translator.feed(piece, out);
    }
    translator.end(out);
    return out;
}

const std::string kCreated
    = sse("response.created",
          R"("sequence_number":0,"response":{"id":"resp_1","model":"m","status":"in_progress"})");
const std::string kUsage = R"("usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4})";

std::string completed(std::string_view members = {})
{
    return sse("response.completed",
               R"("response":{"id":"resp_1","status":"completed",)" + std::string(members)
                   + (members.empty() ? "" : ",") + kUsage + '}');
}

std::string added(std::string_view item, int index = 0)
{
    return sse("response.output_item.added",
               "\"output_index\":" + std::to_string(index) + ",\"item\":" + std::string(item));
}

std::string done(std::string_view item, int index = 0)
{
    return sse("response.output_item.done",
               "\"output_index\":" + std::to_string(index) + ",\"item\":" + std::string(item));
}

const std::string kCallAdded
    = "{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"f\","
      "\"arguments\":\"\"}";
const std::string kCallDone
    = "{\"id\":\"fc_1\",\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"f\","
      "\"arguments\":\"{\\\"x\\\":1}\"}";

} // namespace

class TestResponsesStream : public QObject
{
    Q_OBJECT

private slots:
    void clientGetsEventsInTheOfficialOrder_data();
    void clientGetsEventsInTheOfficialOrder();
    void finalEventHasTheWholeAnswer();
    void interleavedCallsKeepTheirIndex();
    void failureLeavesItsCallsOpen();
    void customToolAndNamespaceComeBack();
    void signaturesTravelInReasoningItems();
    void longCallIdsAreMadeToFit();
    void lineBreaksOfTheRequestDoNotBreakEvents();
    void otherChoicesAreNotTold();
    void providersStreamIsUnderstood_data();
    void providersStreamIsUnderstood();
    void brokenStreamsFail_data();
    void brokenStreamsFail();
    void streamCutAnywhereNeverEndsClean();
    void throughBothSidesTheOrderStays();
    void customToolSentAsFunctionComesBack();
};

void TestResponsesStream::clientGetsEventsInTheOfficialOrder_data()
{
    QTest::addColumn<StreamEvents>("events");
    QTest::addColumn<std::string>("order");
    const auto row = [](const char *name, StreamEvents events, std::string order) {
        QTest::newRow(name) << events << "created in_progress " + order;
    };
    const Finish stop;
    row("text", {StreamStart{}, TextDelta{.text = "He"}, TextDelta{.text = "y"}, ChoiceFinish{}, StreamEnd{}},
        "output_item.added content_part.added output_text.delta output_text.done content_part.done "
        "output_item.done completed");
    row("a function call",
        {StreamStart{}, ToolCallStart{.part = {.id = "c", .name = "f"}}, ToolCallDelta{.arguments = "{}"},
         ToolCallEnd{}, ChoiceFinish{}, StreamEnd{}},
        "output_item.added function_call_arguments.delta function_call_arguments.done output_item.done "
        "completed");
    row("a call without arguments",
        {StreamStart{}, ToolCallStart{.part = {.id = "c", .name = "f"}}, ToolCallEnd{}, ChoiceFinish{},
         StreamEnd{}},
        "output_item.added function_call_arguments.delta function_call_arguments.done output_item.done "
        "completed");
    row("a custom call",
        {StreamStart{}, ToolCallStart{.part = {.id = "c", .name = "f", .custom = true}},
         ToolCallDelta{.arguments = "x"}, ToolCallEnd{}, ChoiceFinish{}, StreamEnd{}},
        "output_item.added custom_tool_call_input.delta custom_tool_call_input.done output_item.done "
        "completed");
    row("reasoning, then text",
        {StreamStart{}, ReasoningDelta{.text = "a"}, ReasoningDelta{.text = "b"},
         ReasoningEnd{.part = {.text = "ab", .signature = "s"}}, TextDelta{.text = "t"}, ChoiceFinish{},
         StreamEnd{}},
        "output_item.added reasoning_summary_part.added reasoning_summary_text.delta "
        "reasoning_summary_text.done "
        "reasoning_summary_part.done output_item.done output_item.added content_part.added output_text.delta "
        "output_text.done content_part.done output_item.done completed");
    row("reasoning whose end is not told",
        {StreamStart{}, ReasoningDelta{.text = "a"}, TextDelta{.text = "t"}, ChoiceFinish{}, StreamEnd{}},
        "output_item.added reasoning_summary_part.added reasoning_summary_text.delta "
        "reasoning_summary_text.done "
        "reasoning_summary_part.done output_item.done output_item.added content_part.added output_text.delta "
        "output_text.done content_part.done output_item.done completed");
    row("a refusal", {StreamStart{}, RefusalDelta{.text = "no"}, ChoiceFinish{}, StreamEnd{}},
        "output_item.added content_part.added refusal.delta refusal.done content_part.done output_item.done "
        "completed");
    row("an annotation",
        {StreamStart{}, TextDelta{.text = "t"},
         AnnotationDelta{.annotations = {R"([{"type":"url_citation","url_citation":{"url":"u"}}])"}},
         ChoiceFinish{}, StreamEnd{}},
        "output_item.added content_part.added output_text.delta output_text.annotation.added "
        "output_text.done "
        "content_part.done output_item.done completed");
    row("an empty answer", {StreamStart{}, ChoiceFinish{}, StreamEnd{}},
        "output_item.added content_part.added output_text.done content_part.done output_item.done completed");
    row("cut off by the limit",
        {StreamStart{}, TextDelta{.text = "t"}, ChoiceFinish{.finish = {.reason = FinishReason::Length}},
         StreamEnd{}},
        "output_item.added content_part.added output_text.delta output_text.done content_part.done "
        "output_item.done incomplete");
    row("an end without a finish", {StreamStart{}, TextDelta{.text = "t"}, StreamEnd{}},
        "output_item.added content_part.added output_text.delta output_text.done content_part.done "
        "output_item.done completed");
    row("a failure before the start", {StreamFailure{{.message = "x"}}}, "failed");
    row("a failure in the text", {StreamStart{}, TextDelta{.text = "t"}, StreamFailure{{.message = "x"}}},
        "output_item.added content_part.added output_text.delta failed");
}

void TestResponsesStream::clientGetsEventsInTheOfficialOrder()
{
    QFETCH(StreamEvents, events);
    QFETCH(std::string, order);
    Exchange exchange(1);
    const std::string stream = written(events, exchange);
    QCOMPARE(names(stream), order);
    QCOMPARE(vectors::readResponses(stream).violation, std::string());
}

void TestResponsesStream::finalEventHasTheWholeAnswer()
{
    Exchange exchange(1);
    exchange.created_s = 5;
    exchange.requested_model = "mine";
    const std::string stream
        = written({StreamStart{.id = "chatcmpl-1"}, ReasoningDelta{.text = "r"}, TextDelta{.text = "Hey"},
                   ToolCallStart{.part = {.id = "c", .name = "f"}}, ToolCallDelta{.arguments = "{\"a\":1}"},
                   ToolCallEnd{}, ChoiceFinish{.finish = {.reason = FinishReason::ToolCalls}},
                   UsageReport{{.input = 9, .cache_read = 3, .output = 4, .reasoning = 1}}, StreamEnd{}},
                  exchange);
    const auto expected
        = json::parse(R"({"object":"response","created_at":5,"status":"completed","model":"mine",
        "error":null,"incomplete_details":null,"tools":[],"tool_choice":"auto","metadata":{},"store":false,
        "output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"r"}]},
                  {"type":"message","role":"assistant","status":"completed",
                   "content":[{"type":"output_text","text":"Hey","annotations":[]}]},
                  {"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}","status":"completed"}],
        "usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":0},
                 "output_tokens":4,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":13}})");
    const auto view = vectors::readResponses(stream);
    QCOMPARE(vectors::JsonMatcher(vectors::JsonMatcher::Mode::Subset).difference(expected, view.accumulated),
             std::string());
}

void TestResponsesStream::interleavedCallsKeepTheirIndex()
{
    Exchange exchange(1);
    const std::string stream
        = written({StreamStart{}, ToolCallStart{.call = 0, .part = {.id = "a", .name = "f"}},
                   ToolCallDelta{.call = 0, .arguments = "{\"x\""},
                   ToolCallStart{.call = 1, .part = {.id = "b", .name = "g"}},
                   ToolCallDelta{.call = 1, .arguments = "{"}, ToolCallDelta{.call = 0, .arguments = ":1}"},
                   ToolCallDelta{.call = 1, .arguments = "}"}, ChoiceFinish{}, StreamEnd{}},
                  exchange);
    const auto view = vectors::readResponses(stream);
    QCOMPARE(view.violation, std::string());
    const auto expected = json::parse(R"({"output":[{"call_id":"a","arguments":"{\"x\":1}"},
                                                    {"call_id":"b","arguments":"{}"}]})");
    QCOMPARE(vectors::JsonMatcher(vectors::JsonMatcher::Mode::Subset).difference(expected, view.accumulated),
             std::string());
    const std::string second = R"("output_index":1,"delta":"{")";
    QVERIFY(stream.find(second) != std::string::npos);
}

void TestResponsesStream::failureLeavesItsCallsOpen()
{
    Exchange exchange(1);
    const std::string stream
        = written({StreamStart{}, ToolCallStart{.part = {.id = "a", .name = "rm"}},
                   ToolCallDelta{.arguments = "{\"path\":\"/tm"},
                   StreamFailure{{.kind = ErrorKind::RateLimit, .message = "slow down"}}},
                  exchange);
    QVERIFY(stream.find("output_item.done") == std::string::npos);
    const auto expected = json::parse(
        R"({"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow down"},
            "output":[{"status":"incomplete"}]})");
    const auto view = vectors::readResponses(stream);
    QCOMPARE(vectors::JsonMatcher(vectors::JsonMatcher::Mode::Subset).difference(expected, view.accumulated),
             std::string());
}

void TestResponsesStream::customToolAndNamespaceComeBack()
{
    Exchange exchange(1);
    exchange.echo = {{"tools", RawJson{R"([{"type":"namespace","name":"mcp__d__",
                                            "tools":[{"type":"function","name":"get"}]}])"}}};
    const std::string stream = written(
        {StreamStart{}, ToolCallStart{.call = 0, .part = {.id = "a", .name = "patch", .custom = true}},
         ToolCallDelta{.call = 0, .arguments = "*** Begin"}, ToolCallEnd{.call = 0},
         ToolCallStart{.call = 1, .part = {.id = "b", .name = "mcp__d__get"}}, ToolCallEnd{.call = 1},
         ChoiceFinish{}, StreamEnd{}},
        exchange);
    const auto expected = json::parse(
        R"({"output":[{"type":"custom_tool_call","name":"patch","input":"*** Begin"},
                      {"type":"function_call","namespace":"mcp__d__","name":"get","arguments":"{}"}]})");
    const auto view = vectors::readResponses(stream);
    QCOMPARE(vectors::JsonMatcher(vectors::JsonMatcher::Mode::Subset).difference(expected, view.accumulated),
             std::string());
}

void TestResponsesStream::signaturesTravelInReasoningItems()
{
    Exchange exchange(1);
    const std::string stream = written({StreamStart{}, ReasoningDelta{.text = "think"},
                                        ReasoningEnd{.part = {.text = "think", .signature = "sig"}},
                                        ReasoningEnd{.part = {.redacted = "rd"}},
                                        ToolCallStart{.part = {.id = "c", .name = "f", .signature = "ts"}},
                                        ToolCallEnd{}, ChoiceFinish{}, StreamEnd{}},
                                       exchange);
    const auto view = vectors::readResponses(stream);
    QCOMPARE(view.violation, std::string());
    // The client sends the items back as they are.
    const auto body = JsonDocument::parse(R"({"model":"m","input":)"
                                          + json::serialize(view.accumulated.at("output")) + '}');
    const auto request = responses::clientCodec().decodeRequest(*body);
    QVERIFY(request);
    auto parts = request->messages.at(0).parts;
    for (Part &part : parts) {
        if (auto *reasoning = std::get_if<ReasoningPart>(&part.content))
            reasoning->item_id.clear();
    }
    QCOMPARE(outline(parts), std::string("think(think signature=sig) think( redacted=rd) call(c f {} ~ts)"));
}

/// vLLM's have 46 bytes; a client that goes on natively with one is refused.
void TestResponsesStream::longCallIdsAreMadeToFit()
{
    Exchange exchange(1);
    const std::string id = "chatcmpl-tool-" + std::string(32, '0');
    const std::string stream = written({StreamStart{}, ToolCallStart{.part = {.id = id, .name = "f"}},
                                        ToolCallEnd{}, ChoiceFinish{}, StreamEnd{}},
                                       exchange);
    const auto call_id = vectors::readResponses(stream).accumulated.at("output").at(0).at("call_id");
    QCOMPARE(std::string(call_id.as_string()), fittingId(id, IdRule::OpenAi));
    QVERIFY(call_id.as_string().size() <= 40);
}

void TestResponsesStream::lineBreaksOfTheRequestDoNotBreakEvents()
{
    Exchange exchange(1);
    exchange.echo = {{"metadata", RawJson{"{\n\"a\":\r\n\"b\"}"}}};
    const std::string stream
        = written({StreamStart{}, TextDelta{.text = "a\nb"}, ChoiceFinish{}, StreamEnd{}}, exchange);
    const auto view = vectors::readResponses(stream);
    QCOMPARE(view.violation, std::string());
    const auto expected = json::parse(R"({"a":"b"})");
    QVERIFY(view.accumulated.at("metadata") == expected);
}

void TestResponsesStream::otherChoicesAreNotTold()
{
    Exchange one(1);
    Exchange two(1);
    QCOMPARE(written({StreamStart{}, TextDelta{.text = "a"}, TextDelta{.choice = 1, .text = "b"},
                      ChoiceFinish{}, ChoiceFinish{.choice = 1}, StreamEnd{}},
                     one),
             written({StreamStart{}, TextDelta{.text = "a"}, ChoiceFinish{}, StreamEnd{}}, two));
}

void TestResponsesStream::providersStreamIsUnderstood_data()
{
    QTest::addColumn<std::string>("stream");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char *name, const std::string &stream, std::string expected) {
        QTest::newRow(name) << kCreated + stream << "start(resp_1 m) " + expected;
    };
    const std::string message = R"({"id":"msg_1","type":"message","role":"assistant",
        "content":[{"type":"output_text","text":"Hey","annotations":[]}]})";
    std::string one_line = message;
    one_line.erase(one_line.find('\n'), 9);
    const auto text = [](std::string_view words) {
        return sse("response.output_text.delta",
                   R"("item_id":"msg_1","output_index":0,"content_index":0,"delta":")" + std::string(words)
                       + "\"");
    };
    const auto arguments = [](std::string_view piece, std::string_view id = "fc_1", int index = 0) {
        return sse("response.function_call_arguments.delta",
                   "\"item_id\":\"" + std::string(id) + "\",\"output_index\":" + std::to_string(index)
                       + ",\"delta\":\"" + std::string(piece) + "\"");
    };
    const std::string tail = "finish(stop) usage(3/1) end";
    const std::string called = "finish(tool_calls) usage(3/1) end";

    row("text",
        added(R"({"id":"msg_1","type":"message","content":[]})") + text("He") + text("y") + done(one_line)
            + completed(),
        "text(He) text(y) " + tail);
    row("text without deltas", done(one_line) + completed(), "text(Hey) " + tail);
    row("text in the final event alone", completed("\"output\":[" + one_line + ']'), "text(Hey) " + tail);
    row("text whose deltas stop early",
        text("H") + done(one_line) + completed("\"output\":[" + one_line + ']'), "text(H) text(ey) " + tail);
    row("text of a done event",
        sse("response.output_text.done", R"("item_id":"msg_1","output_index":0,"text":"Hey")") + completed(),
        "text(Hey) " + tail);
    row("nothing at all", completed(), tail);
    row("a call",
        added(kCallAdded) + arguments("{\\\"x\\\"") + arguments(":1}") + done(kCallDone) + completed(),
        "call0(call_1 f) args0({\"x\") args0(:1}) end0 " + called);
    row("a call without deltas",
        added(kCallAdded)
            + sse("response.function_call_arguments.done",
                  R"("item_id":"fc_1","output_index":0,"arguments":"{\"x\":1}")")
            + completed(),
        "call0(call_1 f) args0({\"x\":1}) end0 " + called);
    row("a call that only its end tells", done(kCallDone) + completed(),
        "call0(call_1 f) args0({\"x\":1}) end0 " + called);
    row("a call that only the final event tells", completed("\"output\":[" + kCallDone + ']'),
        "call0(call_1 f) args0({\"x\":1}) end0 " + called);
    row("deltas behind the end of the arguments",
        added(kCallAdded)
            + sse("response.function_call_arguments.done",
                  R"("item_id":"fc_1","output_index":0,"arguments":"{\"x\":1}")")
            + arguments("{\\\"x\\\":1}") + done(kCallDone) + completed(),
        "call0(call_1 f) args0({\"x\":1}) end0 " + called);
    row("parallel calls, routed by id",
        added(kCallAdded, 0)
            + added(R"({"id":"fc_2","type":"function_call","call_id":"call_2","name":"g","arguments":""})", 1)
            + arguments("{}", "fc_2", 0) + arguments("{\\\"x\\\":1}", "fc_1", 0) + done(kCallDone)
            + done(R"({"id":"fc_2","type":"function_call","call_id":"call_2","name":"g","arguments":"{}"})",
                   1)
            + completed(),
        "call0(call_1 f) call1(call_2 g) args1({}) args0({\"x\":1}) end0 end1 " + called);
    row("calls that only their ends tell",
        done(kCallDone)
            + done(R"({"id":"fc_2","type":"function_call","call_id":"call_x","name":"g","arguments":"{}"})",
                   1)
            + completed(),
        "call0(call_1 f) args0({\"x\":1}) end0 call1(call_x g) args1({}) end1 " + called);
    row("a custom call",
        added(R"({"id":"ctc_1","type":"custom_tool_call","call_id":"c","name":"patch","input":""})")
            + sse("response.custom_tool_call_input.delta",
                  R"("item_id":"ctc_1","output_index":0,"delta":"ab")")
            + done(R"({"id":"ctc_1","type":"custom_tool_call","call_id":"c","name":"patch","input":"abc"})")
            + completed(),
        "custom0(c patch) args0(ab) args0(c) end0 " + called);
    row("reasoning",
        added(R"({"id":"rs_1","type":"reasoning","summary":[]})")
            + sse("response.reasoning_summary_text.delta",
                  R"("item_id":"rs_1","output_index":0,"summary_index":0,"delta":"a")")
            + sse("response.reasoning_summary_text.delta",
                  R"("item_id":"rs_1","output_index":0,"summary_index":1,"delta":"b")")
            + done(R"({"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"gA"})") + completed(),
        "reason(a) reason(\n\nb) think(a\n\nb encrypted=gA id=rs_1) " + tail);
    row("reasoning without deltas",
        done(
            R"({"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"s"}],"encrypted_content":"gA"})")
            + completed(),
        "reason(s) think(s encrypted=gA id=rs_1) " + tail);
    row("encrypted reasoning alone",
        done(R"({"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"gA"})") + completed(),
        "think( encrypted=gA id=rs_1) " + tail);
    row("raw reasoning and its summary are told once",
        sse("response.reasoning_text.delta",
            R"("item_id":"rs_1","output_index":0,"content_index":0,"delta":"raw")")
            + sse("response.reasoning_summary_text.delta",
                  R"("item_id":"rs_1","output_index":0,"summary_index":0,"delta":"sum")")
            + completed(),
        "reason(raw) think(raw) " + tail);
    row("a refusal",
        sse("response.refusal.delta", R"("item_id":"msg_1","output_index":0,"content_index":0,"delta":"no")")
            + done(R"({"id":"msg_1","type":"message","content":[{"type":"refusal","refusal":"no"}]})")
            + completed(),
        "refuse(no) " + tail);
    row("a citation",
        text("Hey")
            + sse(
                "response.output_text.annotation.added",
                R"("item_id":"msg_1","output_index":0,"annotation":{"type":"url_citation","url":"u","title":"t"})")
            + completed(),
        R"(text(Hey) cite([{"type":"url_citation","url_citation":{"url":"u","title":"t"}}]) )" + tail);
    row("an image",
        done(R"({"id":"ig_1","type":"image_generation_call","status":"completed","result":"AAAA"})")
            + completed(),
        "whole(image(data:image/png;base64,AAAA)) " + tail);
    row("an item that only this API knows", done(R"({"id":"ws_1","type":"web_search_call"})") + completed(),
        "whole(foreign(web_search_call)) " + tail);
    row("events that nobody knows", sse("response.fancy.delta", R"("x":1)") + sse("ping", "") + completed(),
        tail);
    row("cut off by the limit",
        text("He")
            + sse(
                "response.incomplete",
                R"("response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}})"),
        "text(He) finish(length) end");
    row("filtered",
        sse("response.incomplete",
            R"("response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}})"),
        "finish(content_filter) end");
    row("a usage that is none",
        sse("response.completed",
            R"("response":{"status":"completed","usage":{"input_tokens":-5,"output_tokens":1e300}})"),
        "finish(stop) end");
    row("deltas behind the end of their item", done(one_line) + text("Hey") + completed(),
        "text(Hey) " + tail);
    row("more behind the end", completed() + text("x") + completed(), tail);
}

void TestResponsesStream::providersStreamIsUnderstood()
{
    QFETCH(std::string, stream);
    QFETCH(std::string, expected);
    Exchange exchange(1);
    QCOMPARE(read(stream, exchange), expected);
}

void TestResponsesStream::brokenStreamsFail_data()
{
    QTest::addColumn<std::string>("stream");
    QTest::addColumn<std::string>("failure");
    const auto row = [](const char *name, std::string stream, std::string failure) {
        QTest::newRow(name) << stream << failure;
    };
    row("nothing", "", "fail(502 upstream_incomplete)");
    row("no end", kCreated, "fail(502 upstream_incomplete)");
    row("the chat API's end", kCreated + "data: [DONE]\n\n", "fail(502 upstream_incomplete)");
    row("no JSON", "data: <html>\n\n", "fail(502 upstream_invalid_response)");
    row("no object", "data: [1]\n\n", "fail(502 upstream_invalid_response)");
    row("broken JSON", "data: {\"type\":\n\n", "fail(502 upstream_invalid_response)");
    row("wrong UTF-8", "data: {\"type\":\"\xff\xfe\"}\n\n", "fail(502 upstream_invalid_response)");
    row("deep", "data: " + std::string(5000, '[') + std::string(5000, ']') + "\n\n",
        "fail(502 upstream_invalid_response)");
    row("failed",
        sse("response.failed",
            R"("response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"}})"),
        "fail(429 rate_limit_exceeded)");
    row("failed without a reason", sse("response.failed", R"("response":{"status":"failed","error":null})"),
        "fail(502 upstream_error)");
    row("failed without anything", sse("response.failed", ""), "fail(502 upstream_error)");
    row("failed for the server's fault",
        sse("response.failed", R"("response":{"error":{"code":"server_error","message":"x"}})"),
        "fail(502 upstream_error)");
    row("cancelled", sse("response.cancelled", R"("response":{"status":"cancelled"})"),
        "fail(502 upstream_error)");
    row("a failure that is called complete", sse("response.completed", R"("response":{"status":"failed"})"),
        "fail(502 upstream_error)");
    row("an error event",
        sse("error", R"("code":"context_length_exceeded","message":"too long","param":null)"),
        "fail(400 context_length_exceeded)");
    row("a nested error",
        sse("error", R"("error":{"type":"invalid_request_error","code":"x","message":"m"})"), "fail(400 x)");
    row("an error without a type", "data: {\"error\":{\"message\":\"boom\",\"code\":503}}\n\n",
        "fail(503 overloaded)");
    row("members of other kinds",
        sse("response.output_text.delta", R"("item_id":5,"output_index":"x","delta":{})")
            + sse("response.output_item.done", R"("item":[])") + sse("response.output_item.added", ""),
        "fail(502 upstream_incomplete)");
    row("a call without a name", done(R"({"id":"fc_1","type":"function_call","call_id":"c"})") + completed(),
        "fail(502 upstream_invalid_response)");
    row("arguments without a call",
        sse("response.function_call_arguments.delta", R"("item_id":"fc_1","output_index":0,"delta":"{}")")
            + completed(),
        "fail(502 upstream_invalid_response)");
    row("huge indices",
        sse("response.output_item.added", R"("output_index":9223372036854775807,"item":{"type":"message"})")
            + sse("response.output_item.added", R"("output_index":-1,"item":{"type":"message"})"),
        "fail(502 upstream_incomplete)");
    std::string many;
    for (int i = 0; i < 5000; ++i)
        many += sse("response.output_item.added", R"("item":{"type":"message"})");
    row("too many items", many, "fail(502 upstream_invalid_response)");
}

void TestResponsesStream::brokenStreamsFail()
{
    QFETCH(std::string, stream);
    QFETCH(std::string, failure);
    Exchange exchange(1);
    std::string events = read(stream, exchange);
    if (events.starts_with("start"))
        events.erase(0, events.find(") ") + 2);
    QCOMPARE(events, failure);
}

void TestResponsesStream::streamCutAnywhereNeverEndsClean()
{
    const std::string whole = kCreated + added(kCallAdded) + done(kCallDone) + completed();
    for (std::size_t size = 0; size + 2 < whole.size();
         ++size) { // without its blank line the end is understood
        const auto view = vectors::readResponses(translated(whole.substr(0, size), 4096));
        QVERIFY2(view.accumulated.at("status") == "failed", std::to_string(size).c_str());
    }
}

void TestResponsesStream::throughBothSidesTheOrderStays()
{
    const std::string stream
        = kCreated + sse("response.in_progress", R"("response":{"id":"resp_1"})")
        + added(R"({"id":"msg_1","type":"message","role":"assistant","status":"in_progress","content":[]})")
        + sse("response.content_part.added",
              R"("item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":""})")
        + sse("response.output_text.delta",
              R"("item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hey")")
        + sse("response.output_text.done",
              R"("item_id":"msg_1","output_index":0,"content_index":0,"text":"Hey")")
        + sse("response.content_part.done",
              R"("item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hey"})")
        + done(
              R"({"id":"msg_1","type":"message","content":[{"type":"output_text","text":"Hey","annotations":[]}]})")
        + completed();
    const std::string out = translated(stream, stream.size());
    QCOMPARE(names(out), names(stream));
    QCOMPARE(vectors::readResponses(out).violation, std::string());
    for (std::size_t step = 1; step < 64; ++step)
        QCOMPARE(translated(stream, step), out);
}

void TestResponsesStream::customToolSentAsFunctionComesBack()
{
    Exchange exchange(1);
    exchange.custom_tools = {"patch"};
    const std::string call
        = R"({"id":"fc_1","type":"function_call","call_id":"c","name":"patch","arguments":"{\"input\":\"a\\nb\"}"})";
    const std::string stream = kCreated
        + added(R"({"id":"fc_1","type":"function_call","call_id":"c","name":"patch","arguments":""})")
        + sse("response.function_call_arguments.delta",
              R"("item_id":"fc_1","output_index":0,"delta":"{\"input\":\"a")")
        + done(call) + completed();
    const std::string expected
        = "start(resp_1 m) custom0(c patch) args0(a\nb) end0 finish(tool_calls) usage(3/1) end";
    QCOMPARE(read(stream, exchange), expected);
}

QTEST_GUILESS_MAIN(TestResponsesStream)
#include "tst_responsesstream.moc"
