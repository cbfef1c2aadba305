// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/reasoningdetails.h"
#include "core/dialect/openai/thinksplitter.h"
#include "tests/core/dialect/openai/samples.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::openai;

namespace {

std::expected<Reply, ApiError> answered(std::string_view body, std::string_view provider = "")
{
    Exchange exchange = exchangeWith(provider);
    return chatProviderCodec().decodeReply({.body = std::string(body)}, exchange);
}

std::string withMessage(std::string_view message, std::string_view finish = R"("stop")")
{
    return R"({"choices":[{"message":)" + std::string(message) + R"(,"finish_reason":)" + std::string(finish)
        + "}]}";
}

std::string delta(std::string_view members, std::string_view behind = {})
{
    return R"(data: {"id":"i","model":"m","choices":[{"index":0,"delta":{)" + std::string(members) + "}"
        + std::string(behind) + "}]}\n\n";
}

constexpr std::string_view kDone = "data: [DONE]\n\n";

StreamEvents eventsFrom(std::string_view stream, Exchange &exchange)
{
    const auto splitter = frameSplitter(FrameFormat::Sse);
    const auto decoder = chatProviderCodec().streamDecoder(exchange);
    StreamEvents events;
    Frame frame;
    if (splitter->feed(stream)) {
        for (auto found = splitter->next(frame); found && *found; found = splitter->next(frame))
            decoder->frame(frame, events);
    }
    decoder->end(events);
    return events;
}

/// The events in short: what a table can compare.
std::string told(const StreamEvents &events)
{
    std::string text;
    for (const StreamEvent &event : events) {
        if (const auto *piece = std::get_if<TextDelta>(&event))
            text += "T(" + piece->text + ")";
        else if (const auto *thought = std::get_if<ReasoningDelta>(&event))
            text += "R(" + thought->text + ")";
        else if (const auto *block = std::get_if<ReasoningEnd>(&event))
            text += "RE(" + block->part.text + ")";
        else if (const auto *start = std::get_if<ToolCallStart>(&event))
            text += "C" + std::to_string(start->call) + "(" + start->part.name + ")";
        else if (const auto *arguments = std::get_if<ToolCallDelta>(&event))
            text += "A" + std::to_string(arguments->call) + "(" + arguments->arguments + ")";
        else if (const auto *end = std::get_if<ToolCallEnd>(&event))
            text += "E" + std::to_string(end->call);
        else if (const auto *finish = std::get_if<ChoiceFinish>(&event))
            text += "F" + std::to_string(int(finish->finish.reason));
        else if (const auto *usage = std::get_if<UsageReport>(&event))
            text += "U" + std::to_string(usage->usage.input) + "/" + std::to_string(usage->usage.output);
        else if (const auto *failure = std::get_if<StreamFailure>(&event))
            text += "X(" + failure->error.code + ")";
        else if (std::holds_alternative<StreamEnd>(event))
            text += ".";
    }
    return text;
}

} // namespace

class TestOpenAiAnswers : public QObject
{
    Q_OBJECT

private slots:
    void answersOfRelativesAreRead_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("reasoning");
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("calls");
        QTest::addColumn<int>("finish");
        const auto row = [](const char *name, std::string body, const char *reasoning, const char *text,
                            int calls, FinishReason finish) {
            QTest::newRow(name) << std::move(body) << std::string(reasoning) << std::string(text) << calls
                                << int(finish);
        };
        row("bare", withMessage(R"({"content":"a"})", "null"), "", "a", 0, FinishReason::Stop);
        row("blank lines first", "\n\n\n" + withMessage(R"({"content":"a"})"), "", "a", 0,
            FinishReason::Stop);
        row("reasoning_content", withMessage(R"({"content":"a","reasoning_content":"r"})"), "r", "a", 0,
            FinishReason::Stop);
        row("reasoning", withMessage(R"({"content":"a","reasoning":"r"})"), "r", "a", 0, FinishReason::Stop);
        row("details alone",
            withMessage(R"({"content":"a","reasoning_details":[{"type":"reasoning.text","text":"r"}]})"), "r",
            "a", 0, FinishReason::Stop);
        row("Mistral's chunks",
            withMessage(
                R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"r"}]},{"type":"text","text":"a"}]})"),
            "r", "a", 0, FinishReason::Stop);
        row("calls but stop",
            withMessage(R"({"content":null,"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]})"),
            "", "", 1, FinishReason::ToolCalls);
        row("same id twice",
            withMessage(
                R"({"tool_calls":[{"id":"x","function":{"name":"f"}},{"id":"x","function":{"name":"g"}}]})"),
            "", "", 2, FinishReason::ToolCalls);
        row("no calls", withMessage(R"({"content":"a","tool_calls":null})", R"("")"), "", "a", 0,
            FinishReason::Stop);
        row("eos", withMessage(R"({"content":"a"})", R"("eos")"), "", "a", 0, FinishReason::Stop);
        row("model_length", withMessage(R"({"content":"a"})", R"("model_length")"), "", "a", 0,
            FinishReason::Length);
        row("cut off in a call",
            withMessage("{\"tool_calls\":[{\"id\":\"x\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}",
                        R"("length")"),
            "", "", 1, FinishReason::Length);
        row("function_call",
            withMessage(R"({"function_call":{"name":"f","arguments":"{}"}})", R"("function_call")"), "", "",
            1, FinishReason::ToolCalls);
    }
    void answersOfRelativesAreRead()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, reasoning);
        QFETCH(std::string, text);
        QFETCH(int, calls);
        QFETCH(int, finish);
        const auto reply = answered(body);
        QVERIFY(reply);
        std::string thought;
        std::string said;
        std::vector<std::string> ids;
        for (const Part &part : reply->choices.at(0).parts) {
            if (const auto *piece = std::get_if<TextPart>(&part.content))
                said += piece->text;
            else if (const auto *block = std::get_if<ReasoningPart>(&part.content))
                thought += block->text;
            else if (const auto *call = std::get_if<ToolCallPart>(&part.content))
                ids.push_back(call->id);
        }
        QCOMPARE(thought, reasoning);
        QCOMPARE(said, text);
        QCOMPARE(int(ids.size()), calls);
        std::ranges::sort(ids);
        QVERIFY(std::ranges::adjacent_find(ids) == ids.end());
        QVERIFY(std::ranges::find(ids, std::string()) == ids.end());
        QCOMPARE(int(reply->choices.at(0).finish.reason), finish);
    }

    void okThatIsAnErrorIsOne_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, std::string body, int status) {
            QTest::newRow(name) << std::move(body) << status;
        };
        row("OpenRouter", R"({"error":{"code":429,"message":"slow"}})", 429);
        row("text", R"({"error":"no"})", 502);
        row("Groq", R"({"x_groq":{"error":{"message":"x"}},"choices":[]})", 502);
        row("in a choice", R"({"choices":[{"error":{"code":503,"message":"x"},"message":{}}]})", 503);
        row("finish error", withMessage(R"({"content":"a"})", R"("error")"), 502);
        row("DeepSeek is out of it", withMessage("{}", R"("insufficient_system_resource")"), 502);
        row("older vLLM", R"({"object":"error","message":"x","code":400})", 400);
        row("no JSON", "<html>", 502);
        row("a number", "12", 502);
        row("no choices", "{}", 502);
        row("no message", R"({"choices":[1]})", 502);
        row("cut off", "{\"choices\":[{\"mess", 502);
        row("wrong UTF-8", "{\"choices\":\"\xff\"}", 502);
        row("deep", std::string(100'000, '['), 502);
    }
    void okThatIsAnErrorIsOne()
    {
        QFETCH(std::string, body);
        QFETCH(int, status);
        const auto reply = answered(body);
        QVERIFY(!reply);
        QCOMPARE(reply.error().status, status);
        QVERIFY(!reply.error().message.empty());
    }

    void usageIsCountedAsTheProviderMeansIt()
    {
        const std::string usage
            = R"({"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":10,)"
              R"("completion_tokens":5,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":20}}})";
        QCOMPARE(answered(usage, "x-ai")->usage->output, std::int64_t(25));
        QCOMPARE(answered(usage, "openai")->usage->output, std::int64_t(5));
        const std::string deepseek
            = R"({"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":10,)"
              R"("completion_tokens":5,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}})";
        QCOMPARE(answered(deepseek, "deepseek")->usage->cache_read, std::int64_t(4));
        QVERIFY(!answered("{\"choices\":[{\"message\":{}}]}")->usage);
        QVERIFY(!answered("{\"choices\":[{\"message\":{}}],\"usage\":{\"prompt_tokens\":-1}}")->usage);
    }

    void streamsOfRelativesAreRead_data()
    {
        QTest::addColumn<std::string>("stream");
        QTest::addColumn<std::string>("events");
        const auto row = [](const char *name, std::string stream, const char *events) {
            QTest::newRow(name) << std::move(stream) << std::string(events);
        };
        const std::string stop = delta("", R"(,"finish_reason":"stop")");
        const std::string done(kDone);
        row("text", delta(R"("content":"a")") + stop + done, "T(a)F0.");
        row("no [DONE]", delta(R"("content":"a")") + stop, "T(a)F0.");
        row("no finish but [DONE]", delta(R"("content":"a")") + done, "T(a)F0.");
        row("cut off", delta(R"("content":"a")"), "T(a)X(upstream_incomplete)");
        row("nothing", "", "X(upstream_incomplete)");
        row("[DONE] alone", done, "X(upstream_incomplete)");
        row("Azure's first chunk",
            R"(data: {"id":"","model":"","choices":[],"prompt_filter_results":[]})"
            "\n\n"
                + delta(R"("content":"a")") + stop + done,
            "T(a)F0.");
        row("reasoning closes before text",
            delta(R"("reasoning":"r")") + delta(R"("reasoning":"s","content":"a")") + stop + done,
            "R(r)R(s)RE(rs)T(a)F0.");
        row("Mistral's chunks",
            delta(R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"r"}]}])")
                + delta(R"("content":"a")") + stop + done,
            "R(r)RE(r)T(a)F0.");
        row("usage on the last chunk",
            delta(R"("content":"a")")
                + "data: "
                  "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_"
                  "tokens\":3,\"completion_tokens\":2}}\n\n"
                + done,
            "T(a)F0U3/2.");
        row("Groq's usage",
            delta(R"("content":"a")")
                + "data: "
                  "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"x_groq\":{"
                  "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}}\n\n"
                + done,
            "T(a)F0U3/2.");
        row("Perplexity repeats the message",
            delta(R"("content":"a")", R"(,"message":{"role":"assistant","content":"a"})")
                + delta(R"("content":"b")", R"(,"message":{"role":"assistant","content":"ab"})") + stop
                + done,
            "T(a)T(b)F0.");
        row("a whole message in one chunk",
            R"(data: {"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]})"
            "\n\n"
                + done,
            "T(a)F0.");
        row("interleaved calls",
            delta(R"("tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":""}}])")
                + delta("\"tool_calls\":[{\"index\":1,\"id\":\"y\",\"function\":{\"name\":\"g\","
                        "\"arguments\":\"{\"}}]")
                + delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}},{\"index\":1,"
                        "\"function\":{\"arguments\":\"}\"}}]")
                + delta("", R"(,"finish_reason":"tool_calls")") + done,
            "C0(f)C1(g)A1({)A0({})A1(})E0E1F4.");
        row("all with index 0, new ids",
            delta(R"("tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{}"}}])")
                + delta(R"("tool_calls":[{"index":0,"id":"y","function":{"name":"g","arguments":"{}"}}])")
                + stop + done,
            "C0(f)A0({})C1(g)A1({})E0E1F4.");
        row("no index, no id, whole calls",
            delta(
                R"("tool_calls":[{"function":{"name":"f","arguments":{"a":1}}},{"function":{"name":"g","arguments":"{}"}}])")
                + stop + done,
            "C0(f)A0({\"a\":1})C1(g)A1({})E0E1F4.");
        row("id and name with every fragment",
            delta("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{\"name\":\"f\",\"arguments\":\"{"
                  "\"}}]")
                + delta("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{\"name\":\"f\","
                        "\"arguments\":\"}\"}}]")
                + stop + done,
            "C0(f)A0({)A0(})E0F4.");
        row("name behind arguments",
            delta("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{\"arguments\":\"{\"}}]")
                + delta("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"}\"}}]")
                + stop + done,
            "C0(f)A0({})E0F4.");
        row("empty lists and null",
            delta(R"("content":null,"tool_calls":[])") + delta(R"("content":"a","tool_calls":null)") + stop
                + done,
            "T(a)F0.");
        row("finished twice", delta(R"("content":"a")") + stop + stop + delta(R"("content":"b")") + done,
            "T(a)F0.");
        row("error chunk",
            delta(R"("content":"a")")
                + R"(data: {"error":{"code":429,"message":"x"}})"
                  "\n\n"
                + done,
            "T(a)X(rate_limit_exceeded)");
        row("error finish", delta(R"("content":"a")") + delta("", R"(,"finish_reason":"error")") + done,
            "T(a)X(upstream_error)");
        row("error as text",
            R"(data: {"error":"boom"})"
            "\n\n",
            "X(upstream_error)");
        row("no error", delta(R"("content":"a")", R"(,"error":null)") + stop + done, "T(a)F0.");
        row("no JSON", delta(R"("content":"a")") + "data: {\"choices\":[\n\n" + done,
            "T(a)X(upstream_invalid_response)");
        row("wrong UTF-8", "data: {\"choices\":[{\"delta\":{\"content\":\"\xff\"}}]}\n\n" + done,
            "X(upstream_invalid_response)");
        row("mistyped",
            R"(data: {"id":7,"choices":[1,{"index":"x","delta":{"content":5,"tool_calls":[3,{"index":1e99}]}},{"index":-4,"delta":{"content":"n"}},{"index":99999999999,"delta":{"content":"n"}}]})"
            "\n\n"
                + delta(R"("content":"a")") + stop,
            "T(a)F0X(upstream_incomplete)");
        row("deep", "data: " + std::string(5000, '[') + "\n\n", "X(upstream_invalid_response)");
    }
    void streamsOfRelativesAreRead()
    {
        QFETCH(std::string, stream);
        QFETCH(std::string, events);
        Exchange exchange = exchangeWith("");
        QCOMPARE(told(eventsFrom(stream, exchange)), events);
        Exchange first = exchangeWith("");
        Exchange second = exchangeWith("");
        QCOMPARE(translated(stream, second, 1), translated(stream, first));
    }

    void aStreamCutBeforeItsFinishNeverEndsWell()
    {
        const std::string begin = delta(R"("role":"assistant","reasoning_content":"r")")
            + delta(R"("content":"a")")
            + delta(R"("tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{}"}}])");
        const std::string finish = delta("", R"(,"finish_reason":"tool_calls")");
        const std::string whole = begin + finish + std::string(kDone);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            Exchange exchange = exchangeWith("");
            const std::string out = translated(std::string_view(whole).substr(0, size), exchange);
            // The last event may lack its blank line.
            const bool finished = size + 2 >= begin.size() + finish.size();
            QCOMPARE(out.ends_with("data: [DONE]\n\n"), finished);
            QCOMPARE(out.find("\"error\"") == std::string::npos, finished);
        }
    }

    void moreCallsThanAnyModelMakesAreNotRead()
    {
        std::string calls;
        for (int i = 0; i < 1002; ++i)
            calls += std::string(i > 0 ? "," : "") + "{\"id\":\"c" + std::to_string(i)
                + "\",\"function\":{\"name\":\"f\"}}";
        Exchange exchange = exchangeWith("");
        const auto events = eventsFrom(delta("\"tool_calls\":[" + calls + "]"), exchange);
        QVERIFY(std::holds_alternative<StreamFailure>(events.back()));
        QVERIFY(!answered(withMessage("{\"tool_calls\":[" + calls + "]}")));
    }

    void wrappedCustomCallsComeBackAsText()
    {
        Exchange exchange = exchangeWith("");
        exchange.custom_tools = {"patch"};
        const auto events = eventsFrom(
            delta("\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{\"name\":\"patch\",\"arguments\":"
                  "\"{\\\"inp\"}}]")
                + delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"ut\\\":\\\"a b\\\"}\"}}]")
                + delta("", R"(,"finish_reason":"tool_calls")"),
            exchange);
        QCOMPARE(told(events), "C0(patch)A0(a b)E0F4.");
        const auto start = std::ranges::find_if(
            events, [](const StreamEvent &event) { return std::holds_alternative<ToolCallStart>(event); });
        QVERIFY(std::get<ToolCallStart>(*start).part.custom);
    }

    void thinkTagsAreSplitWhereTheOwnerSaysSo()
    {
        Exchange exchange = exchangeWith("");
        exchange.target.flavour.think_tags = true;
        const std::string stream = delta(R"("content":"\n<th")") + delta(R"("content":"ink>r</thi")")
            + delta(R"("content":"nk>\n\na")") + delta("", R"(,"finish_reason":"stop")");
        QCOMPARE(told(eventsFrom(stream, exchange)), "R(r)RE(r)T(a)F0.");
        Exchange plain = exchangeWith("");
        QVERIFY(told(eventsFrom(stream, plain)).starts_with("T(\n<th)"));
        const auto reply
            = chatProviderCodec().decodeReply({.body = withMessage(R"({"content":"r</think>a"})")}, exchange);
        QCOMPARE(std::get<ReasoningPart>(reply->choices[0].parts.at(0).content).text, "r");
        QCOMPARE(std::get<TextPart>(reply->choices[0].parts.at(1).content).text, "a");
    }

    void thinkTagsSplitTheSameHoweverTheyAreCut_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("reasoning");
        QTest::addColumn<std::string>("rest");
        const auto row = [](const char *name, const char *text, const char *reasoning, const char *rest) {
            QTest::newRow(name) << std::string(text) << std::string(reasoning) << std::string(rest);
        };
        row("usual", "<think>a</think>\n\nb", "a", "b");
        row("none", "a <think>b</think>", "", "a <think>b</think>");
        row("never closed", "<think>a</thin", "a</thin", "");
        row("begun only", " <thi", "", " <thi");
        row("blanks only", " \n", "", " \n");
        row("empty thought", "<think></think>b", "", "b");
        row("nothing behind", "<think>a</think>\n", "a", "");
        row("a tag inside", "<think>a<b</think>c</think>", "a<b", "c</think>");
    }
    void thinkTagsSplitTheSameHoweverTheyAreCut()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, reasoning);
        QFETCH(std::string, rest);
        for (std::size_t size = 1; size <= text.size(); ++size) {
            ThinkSplitter splitter;
            ThinkSplitter::Piece whole;
            const auto take = [&](const ThinkSplitter::Piece &piece) {
                whole.reasoning += piece.reasoning;
                whole.text += piece.text;
            };
            for (std::size_t at = 0; at < text.size(); at += size)
                take(splitter.feed(std::string_view(text).substr(at, size)));
            take(splitter.finish());
            QCOMPARE(whole.reasoning, reasoning);
            QCOMPARE(whole.text, rest);
        }
    }

    void reasoningDetailsAreJoined()
    {
        ReasoningDetails details;
        details.add(JsonValue(document(R"([{"type":"reasoning.text","index":0,"text":"a","format":"x"}])")));
        details.add(JsonValue(
            document(R"([{"type":"reasoning.text","index":0,"text":"b","signature":"s","format":null},7])")));
        details.add(JsonValue(document(R"([{"type":"reasoning.encrypted","index":1,"data":"d"}])")));
        QCOMPARE(
            details.json().text,
            "[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"ab\",\"format\":\"x\",\"signature\":\"s\"},"
            "{\"type\":\"reasoning.encrypted\",\"index\":1,\"data\":\"d\"}]");
    }
};

QTEST_APPLESS_MAIN(TestOpenAiAnswers)
#include "tst_openaianswers.moc"
