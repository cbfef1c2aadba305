// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/anthropic/codeccase.h"
#include "tests/core/dialect/vectors/clientstream.h"

#include <QTest>

#include <algorithm>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::anthropic;

namespace {

std::string encoded(const StreamEvents &events, Exchange &exchange)
{
    const auto encoder = clientCodec(Dialect::Anthropic)->streamEncoder(exchange);
    std::string out;
    for (const StreamEvent &event : events)
        encoder->event(event, out);
    return out;
}

StreamEvents answered(StreamEvents middle, FinishReason reason = FinishReason::Stop)
{
    StreamEvents events{StreamStart{.id = "chatcmpl-1", .model = "m"}};
    std::ranges::move(middle, std::back_inserter(events));
    events.emplace_back(ChoiceFinish{.finish = {.reason = reason}});
    events.emplace_back(StreamEnd{});
    return events;
}

ToolCallStart call(std::int64_t index, std::string id)
{
    return {.call = index, .part = {.id = std::move(id), .name = "f"}};
}

Reply replyOf(std::vector<Part> parts, Finish finish = {})
{
    Reply reply{.id = "chatcmpl-1", .model = "m"};
    reply.choices.push_back({.parts = std::move(parts), .finish = std::move(finish)});
    return reply;
}

} // namespace

class TestClientReply : public QObject
{
    Q_OBJECT

private slots:
    void writesMessages_data();
    void writesMessages();
    void keepsBlocksOneAfterAnother_data();
    void keepsBlocksOneAfterAnother();
    void tellsUsageAtTheEnd();
    void estimatesTheInputUntilItIsKnown();
    void writesErrors_data();
    void writesErrors();
    void endsAFailedStreamWithAnError();
};

void TestClientReply::writesMessages_data()
{
    QTest::addColumn<Reply>("reply");
    QTest::addColumn<std::string>("pointer");
    QTest::addColumn<std::string>("value");
    const auto row = [](const char *name, Reply reply, const char *pointer, const char *value) {
        QTest::newRow(name) << std::move(reply) << std::string(pointer) << std::string(value);
    };
    const Part text{.content = TextPart{.text = "t"}};
    const Part made{.content = ToolCallPart{.id = "call_1", .name = "f", .arguments = R"({"a":1.0})"}};
    row("the name that was asked for", replyOf({text}), "/model", R"("asked-for")");
    row("no empty text", replyOf({{.content = TextPart{}}}), "/content", "[]");
    row("no choice at all", Reply{}, "/stop_reason", R"("end_turn")");
    row("usage even so", replyOf({}), "/usage/input_tokens", "0");
    row("a call", replyOf({made}, {.reason = FinishReason::ToolCalls}), "/content/0",
        R"({"type":"tool_use","id":"call_1","name":"f","input":{"a":1.0}})");
    row("a call that ends in stop", replyOf({made}), "/stop_reason", R"("tool_use")");
    row("a call that was cut", replyOf({made}, {.reason = FinishReason::Length}), "/stop_reason",
        R"("max_tokens")");
    row("tool_calls without a call", replyOf({text}, {.reason = FinishReason::ToolCalls}), "/stop_reason",
        R"("end_turn")");
    row("no arguments", replyOf({{.content = ToolCallPart{.id = "c", .name = "f"}}}), "/content/0/input",
        "{}");
    row("broken arguments", replyOf({{.content = ToolCallPart{.id = "c", .name = "f", .arguments = "{\"a"}}}),
        "/content/0/input", "{}");
    row("arguments that are text",
        replyOf({{.content = ToolCallPart{.id = "c", .name = "f", .arguments = "\"a\""}}}),
        "/content/0/input", "{}");
    row("reasoning", replyOf({{.content = ReasoningPart{.text = "h"}}}), "/content/0",
        R"({"type":"thinking","thinking":"h","signature":""})");
    row("redacted", replyOf({{.content = ReasoningPart{.redacted = "d"}}}), "/content/0",
        R"({"type":"redacted_thinking","data":"d"})");
    row("a filter", replyOf({text}, {.reason = FinishReason::ContentFilter}), "/stop_reason", R"("refusal")");
    row("a refusal's words", replyOf({}, {.reason = FinishReason::Refusal, .explanation = "no"}),
        "/stop_details/explanation", R"("no")");
    row("a stop sequence", replyOf({text}, {.reason = FinishReason::StopSequence, .stop_sequence = "##"}),
        "/stop_sequence", R"("##")");
    Reply counted = replyOf({text});
    counted.usage
        = Usage{.input = 1000, .cache_read = 768, .cache_write = 30, .cache_write_1h = 2, .output = 5};
    row("input without the cached", counted, "/usage/input_tokens", "200");
    row("both lifetimes", counted, "/usage/cache_creation_input_tokens", "32");
    counted.usage->input = 10;
    row("never below zero", counted, "/usage/input_tokens", "0");
}

void TestClientReply::writesMessages()
{
    QFETCH(Reply, reply);
    QFETCH(std::string, pointer);
    QFETCH(std::string, value);
    Exchange exchange = exchangeFor();
    const std::string body = clientCodec(Dialect::Anthropic)->encodeReply(reply, exchange);
    QCOMPARE(at(body, pointer), value);
    QVERIFY(at(body, "/id").starts_with("\"msg_"));
}

void TestClientReply::keepsBlocksOneAfterAnother_data()
{
    QTest::addColumn<StreamEvents>("events");
    QTest::addColumn<std::string>("content");
    QTest::addColumn<std::string>("stop_reason");
    const auto row
        = [](const char *name, StreamEvents middle, std::string content, std::string reason = "end_turn") {
              QTest::newRow(name) << answered(std::move(middle)) << std::move(content) << std::move(reason);
          };
    const auto callBlock = [](std::string id, std::string input) {
        return R"({"type":"tool_use","id":")" + id + R"(","name":"f","input":)" + input + "}";
    };
    const std::string text = R"({"type":"text","text":"ab"})";
    row("nothing", {}, "[]");
    row("empty deltas", {TextDelta{}, ReasoningDelta{}, ReasoningEnd{}}, "[]");
    row("text", {TextDelta{.text = "a"}, TextDelta{.text = "b"}}, "[" + text + "]");
    row("calls that alternate",
        {TextDelta{.text = "ab"}, call(0, "x"), ToolCallDelta{.call = 0, .arguments = "{\"a\":"},
         call(1, "y"), ToolCallDelta{.call = 1, .arguments = "{\"b\":"},
         ToolCallDelta{.call = 0, .arguments = "1}"}, ToolCallDelta{.call = 1, .arguments = "2}"}},
        "[" + text + "," + callBlock("x", R"({"a":1})") + "," + callBlock("y", R"({"b":2})") + "]",
        "tool_use");
    row("text between calls",
        {call(0, "x"), TextDelta{.text = "a"}, ToolCallDelta{.call = 0, .arguments = "{}"},
         TextDelta{.text = "b"}, ToolCallEnd{.call = 0}},
        "[" + callBlock("x", "{}") + "," + text + "]", "tool_use");
    row("a call that ended before the next", {call(0, "x"), ToolCallEnd{.call = 0}, call(1, "y")},
        "[" + callBlock("x", "{}") + "," + callBlock("y", "{}") + "]", "tool_use");
    row("pieces for a call that ended or never began",
        {call(0, "x"), ToolCallEnd{.call = 0}, ToolCallDelta{.call = 0, .arguments = "x"},
         ToolCallDelta{.call = 5, .arguments = "x"}},
        "[" + callBlock("x", "{}") + "]", "tool_use");
    row("reasoning with a signature",
        {ReasoningDelta{.text = "h"}, ReasoningEnd{.part = {.text = "h", .signature = "s"}},
         TextDelta{.text = "ab"}},
        R"([{"type":"thinking","thinking":"h","signature":"s"},)" + text + "]");
    row("reasoning whose end comes late",
        {ReasoningDelta{.text = "h"}, TextDelta{.text = "ab"}, ReasoningEnd{.part = {.text = "h"}}},
        R"([{"type":"thinking","thinking":"h","signature":""},)" + text + "]");
    row("a signature alone", {ReasoningEnd{.part = {.signature = "s"}}, TextDelta{.text = "ab"}},
        R"([{"type":"thinking","thinking":"","signature":"s"},)" + text + "]");
    row("redacted", {ReasoningEnd{.part = {.redacted = "d"}}},
        R"([{"type":"redacted_thinking","data":"d"}])");
    row("a refusal", {RefusalDelta{.text = "ab"}}, "[" + text + "]");
    row("other choices", {TextDelta{.choice = 1, .text = "x"}, TextDelta{.text = "ab"}}, "[" + text + "]");
    row("a part of its own over several lines",
        {WholePart{.part = {.content
                            = ForeignPart{.dialect = Dialect::Anthropic, .json = {"{\n\"type\": \"x\"\n}"}}}},
         WholePart{.part = {.content = ForeignPart{.dialect = Dialect::Gemini, .json = {"{}"}}}}},
        R"([{"type":"x"}])");
}

void TestClientReply::keepsBlocksOneAfterAnother()
{
    QFETCH(StreamEvents, events);
    QFETCH(std::string, content);
    QFETCH(std::string, stop_reason);
    Exchange exchange = exchangeFor();
    const std::string out = encoded(events, exchange);
    const auto view = vectors::readAnthropic(out);
    QVERIFY2(view.violation.empty(), (view.violation + "\n" + out).c_str());
    QCOMPARE(boost::json::value(view.accumulated.at("content")), boost::json::parse(content));
    QCOMPARE(std::string(view.accumulated.at("stop_reason").as_string()), stop_reason);
}

void TestClientReply::tellsUsageAtTheEnd()
{
    Exchange exchange = exchangeFor();
    const Usage usage{.input = 50, .cache_read = 40, .output = 30, .reasoning = 5};
    const std::string out = encoded(
        {StreamStart{}, TextDelta{.text = "x"}, ChoiceFinish{}, UsageReport{usage}, StreamEnd{}}, exchange);
    QVERIFY(out.ends_with("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
    QVERIFY(
        out.find(R"("usage":{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":40,)"
                 R"("output_tokens":30,"output_tokens_details":{"thinking_tokens":5}})")
        != std::string::npos);
}

void TestClientReply::estimatesTheInputUntilItIsKnown()
{
    Exchange exchange = exchangeFor();
    exchange.input_estimate = 77;
    const std::string out = encoded({StreamStart{}}, exchange);
    QVERIFY(out.find(R"("input_tokens":77)") != std::string::npos);
    QVERIFY(encoded({StreamStart{.usage = Usage{.input = 3}}}, exchange).find(R"("input_tokens":3,)")
            != std::string::npos);
}

void TestClientReply::writesErrors_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<int>("status"); // as other dialects say it
    QTest::addColumn<std::string>("type");
    QTest::addColumn<int>("sent");
    const auto row = [](const char *type, ErrorKind kind, int status, int sent) {
        QTest::newRow(type) << kind << status << std::string(type) << sent;
    };
    row("invalid_request_error", ErrorKind::InvalidRequest, 400, 400);
    row("authentication_error", ErrorKind::Authentication, 401, 401);
    row("billing_error", ErrorKind::InsufficientQuota, 429, 402);
    row("permission_error", ErrorKind::Permission, 403, 403);
    row("not_found_error", ErrorKind::NotFound, 404, 404);
    row("conflict_error", ErrorKind::Conflict, 409, 409);
    row("request_too_large", ErrorKind::TooLarge, 413, 413);
    row("rate_limit_error", ErrorKind::RateLimit, 429, 429);
    row("timeout_error", ErrorKind::Timeout, 504, 504);
    row("overloaded_error", ErrorKind::Overloaded, 503, 529);
    row("api_error", ErrorKind::Api, 502, 502);
}

void TestClientReply::writesErrors()
{
    QFETCH(ErrorKind, kind);
    QFETCH(int, status);
    QFETCH(std::string, type);
    QFETCH(int, sent);
    const ApiError error{.kind = kind, .status = status, .message = "m\n\"q\""};
    const ClientCodec &codec = *clientCodec(Dialect::Anthropic);
    QCOMPARE(codec.statusFor(error), sent);
    QCOMPARE(codec.encodeError(error),
             R"({"type":"error","error":{"type":")" + type + R"(","message":"m\n\"q\""}})");
}

void TestClientReply::endsAFailedStreamWithAnError()
{
    Exchange exchange = exchangeFor();
    const std::string out
        = encoded({StreamStart{}, TextDelta{.text = "Half"}, StreamFailure{{.message = "m"}}}, exchange);
    QVERIFY(out.ends_with(
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}\n\n"));
    QVERIFY(out.find("message_delta") == std::string::npos);
}

QTEST_APPLESS_MAIN(TestClientReply)
#include "tst_clientreply.moc"
