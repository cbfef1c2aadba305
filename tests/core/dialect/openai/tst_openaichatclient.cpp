// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/openai/samples.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::openai;

namespace {

Result<Request> decoded(std::string_view body)
{
    return chatClientCodec().decodeRequest(document(body));
}

std::string withMessages(std::string_view messages)
{
    return R"({"model":"m","messages":)" + std::string(messages) + '}';
}

std::string encoded(const StreamEvents &events, Exchange &exchange)
{
    const auto encoder = chatClientCodec().streamEncoder(exchange);
    std::string out;
    for (const StreamEvent &event : events)
        encoder->event(event, out);
    return out;
}

/// The data of each event.
std::vector<std::string> chunksOf(std::string_view stream)
{
    std::vector<std::string> chunks;
    while (!stream.empty()) {
        const std::size_t end = stream.find("\n\n");
        chunks.emplace_back(stream.substr(6, end - 6));
        stream.remove_prefix(end + 2);
    }
    return chunks;
}

constexpr std::string_view kRichRequest = R"({"model":"m","messages":[
  {"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
  {"role":"user","name":"ann","content":[{"type":"text","text":"u"},
    {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},
    {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},
    {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}}]},
  {"role":"assistant","content":"a","refusal":"r","reasoning_content":"t",
   "thinking_blocks":[{"type":"thinking","thinking":"t","signature":"s"}],
   "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"},
     "extra_content":{"google":{"thought_signature":"S"}}},
     {"id":"c2","type":"custom","custom":{"name":"p","input":"i"}}]},
  {"role":"tool","tool_call_id":"c1","content":"one"},
  {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"two"}]}],
 "tools":[{"type":"function",
    "function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},
   {"type":"custom",
    "custom":{"name":"p","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}}}}],
 "tool_choice":{"type":"allowed_tools",
   "allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"f"}}]}},
 "response_format":{"type":"json_schema",
   "json_schema":{"name":"n","schema":{"type":"object"},"strict":false}},
 "reasoning_effort":"low","max_completion_tokens":5,"temperature":1,"seed":1,"n":1,"stop":["x"],
 "logit_bias":{"1":1},"logprobs":true,"top_logprobs":2,"stream":true,
 "stream_options":{"include_usage":true},"user":"u","metadata":{"k":"v"},"store":false,
 "service_tier":"auto","verbosity":"low","prediction":{"type":"content","content":"p"},"x":{"y":[1]}})";

template <typename T>
const T &partOf(const Message &message, std::size_t index)
{
    return std::get<T>(message.parts.at(index).content);
}

} // namespace

class TestOpenAiChatClient : public QObject
{
    Q_OBJECT

private slots:
    void refusesWhatCantBeMeant_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("where");
        const auto row = [](const char *name, std::string body, std::string where) {
            QTest::newRow(name) << std::move(body) << std::move(where);
        };
        row("no object", "[]", "");
        row("no messages", R"({"model":"m"})", "/messages");
        row("empty messages", withMessages("[]"), "/messages");
        row("message is a string", withMessages(R"(["hi"])"), "/messages/0");
        row("unknown role", withMessages(R"([{"role":"bot","content":"x"}])"), "/messages/0/role");
        row("content is a number", withMessages(R"([{"role":"user","content":1}])"), "/messages/0/content");
        row("part without a type", withMessages(R"([{"role":"user","content":[{}]}])"),
            "/messages/0/content/0/type");
        row("ftp image",
            withMessages("[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
                         "\"ftp://x\"}}]}]"),
            "/messages/0/content/0/image_url/url");
        row("tool without an id", withMessages(R"([{"role":"tool","content":"x"}])"),
            "/messages/0/tool_call_id");
        row("call without an id",
            withMessages(R"([{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}])"),
            "/messages/0/tool_calls/0/id");
        row("function result out of the blue",
            withMessages(R"([{"role":"function","name":"f","content":"x"}])"), "/messages/0");
        const auto with = [](std::string_view members) {
            return R"({"messages":[{"role":"user","content":"x"}],)" + std::string(members) + '}';
        };
        row("temperature as text", with(R"("temperature":"0")"), "/temperature");
        row("n is 0", with(R"("n":0)"), "/n");
        row("max_tokens is a fraction", with(R"("max_tokens":1.5)"), "/max_tokens");
        row("stop holds a number", with(R"("stop":["a",1])"), "/stop");
        row("effort nobody knows", with(R"("reasoning_effort":"huge")"), "/reasoning_effort");
        row("format nobody knows", with(R"("response_format":{"type":"xml"})"), "/response_format/type");
        row("schema missing", with(R"("response_format":{"type":"json_schema"})"),
            "/response_format/json_schema");
        row("choice of a tool that is not there",
            with(
                R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"g"}})"),
            "/tool_choice/function/name");
        row("tool without a name", with(R"("tools":[{"type":"function","function":{}}])"),
            "/tools/0/function/name");
    }
    void refusesWhatCantBeMeant()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, where);
        const auto request = decoded(body);
        QVERIFY(!request);
        QCOMPARE(request.error().where, where);
        QCOMPARE(request.error().origin, Origin::Client);
        QVERIFY(!request.error().message.empty());
    }

    void nullMeansAbsentAndZeroDoesNot()
    {
        const auto nothing = decoded(
            R"({"messages":[{"role":"user","content":"x"}],"temperature":null,"stop":null,"tools":null,
                "tool_choice":null,"response_format":null,"stream_options":null,"seed":null,"user":null})");
        QVERIFY(nothing);
        QVERIFY(nothing->sampling == Sampling{});
        QVERIFY(nothing->extras.empty());
        const Request zero = chatRequest(
            R"({"messages":[{"role":"user","content":"x"}],"temperature":0,"top_p":0.0,"seed":12345678901234567890,
                "parallel_tool_calls":false,"tools":[]})");
        QCOMPARE(zero.sampling.temperature.text, "0");
        QCOMPARE(zero.sampling.top_p.text, "0.0");
        QCOMPARE(zero.sampling.seed.text, "12345678901234567890");
        QVERIFY(zero.parallel_tool_calls == false);
        QVERIFY(zero.tools.empty());
    }

    void aSchemaLeftAwayMeansAnyObject()
    {
        const auto body = JsonDocument::parse(
            R"({"model":"m","messages":[{"role":"user","content":"u"}],"response_format":{"type":"json_schema","json_schema":{"name":"n"}}})");
        QVERIFY(body);
        const auto request = openai::chatClientCodec().decodeRequest(*body);
        QVERIFY(request);
        QCOMPARE(int(request->response_format.kind), int(ResponseFormat::Kind::JsonObject));
    }

    void resultsOfARunJoinTheUserBehindThem()
    {
        const Request request = chatRequest(withMessages(
            R"([{"role":"user","content":"q"},
                {"role":"assistant","content":"","tool_calls":[
                   {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
                   {"id":"b","type":"custom","custom":{"name":"p","input":"x y"},"extra_content":{}}]},
                {"role":"tool","tool_call_id":"a","content":""},
                {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"t"},
                   {"type":"image_url","image_url":{"url":"data:image/jpg;base64,AAAA"}}]},
                {"role":"user","content":"and?","name":"ann"},
                {"role":"user","content":"next"}])"));
        QCOMPARE(request.messages.size(), std::size_t(4));
        QVERIFY(partOf<ToolCallPart>(request.messages[1], 1).custom);
        const Message &joined = request.messages[2];
        QCOMPARE(joined.parts.size(), std::size_t(3));
        QVERIFY(partOf<ToolResultPart>(joined, 0).parts.empty());
        const auto &image = std::get<ImagePart>(partOf<ToolResultPart>(joined, 1).parts.at(1));
        QCOMPARE(image.media.type, "image/jpeg");
        QCOMPARE(partOf<TextPart>(joined, 2).text, "and?");
        QCOMPARE(joined.name, "ann");
    }

    void deprecatedFunctionsBecomeTools()
    {
        const Request request
            = chatRequest("{\"functions\":[{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}],\"function_"
                          "call\":{\"name\":\"f\"},\n                "
                          "\"messages\":[{\"role\":\"assistant\",\"content\":null,\"function_call\":{"
                          "\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},\n                            "
                          "{\"role\":\"function\",\"name\":\"f\",\"content\":\"r\"}]}");
        QCOMPARE(request.tools.at(0).name, "f");
        QVERIFY(request.tool_choice->mode == ToolChoice::Mode::Named);
        QCOMPARE(partOf<ToolCallPart>(request.messages.at(0), 0).id,
                 partOf<ToolResultPart>(request.messages.at(1), 0).call_id);
    }

    void keepsExtensions()
    {
        const Request request = chatRequest(
            R"({"messages":[{"role":"system","content":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
                 {"role":"user","content":[{"type":"text","text":"u","prompt_cache_breakpoint":{"mode":"explicit"}},
                                           {"type":"file","file":{"filename":"a.pdf","file_data":"JVBERi0x"}},
                                           {"type":"video_url","video_url":{"url":"x"}}]},
                 {"role":"assistant","content":"a","reasoning_content":"r","thinking_blocks":[
                    {"type":"thinking","thinking":"r","signature":"sig"},{"type":"redacted_thinking","data":"d"}]},
                 {"role":"assistant","content":"a","reasoning":"r2","reasoning_details":[{"type":"reasoning.text","text":"r2"}]}],
                "thinking":{"type":"enabled","budget_tokens":2000},"provider":{"order":["x"]}})");
        QVERIFY(request.messages[0].parts.at(0).cache == CacheTtl::OneHour);
        QVERIFY(request.messages[1].parts.at(0).cache == CacheTtl::Default);
        QCOMPARE(partOf<DocumentPart>(request.messages[1], 1).media.type, "application/pdf");
        QCOMPARE(partOf<ForeignPart>(request.messages[1], 2).type, "video_url");
        QCOMPARE(request.messages[2].parts.size(), std::size_t(3));
        QCOMPARE(partOf<ReasoningPart>(request.messages[2], 0).signature, "sig");
        QCOMPARE(partOf<ReasoningPart>(request.messages[2], 1).redacted, "d");
        QCOMPARE(partOf<ReasoningPart>(request.messages[3], 0).details.text,
                 "[{\"type\":\"reasoning.text\",\"text\":\"r2\"}]");
        QVERIFY(request.reasoning.budget_tokens == 2000);
        QCOMPARE(request.extras, (Extras{{"provider", RawJson{"{\"order\":[\"x\"]}"}}}));
    }

    /// Every value of a rich request replaced by every odd one: an error of the client's, or a request that
    /// every kind of provider's codec can write as JSON.
    void survivesAnyValueInAnyPlace_data()
    {
        QTest::addColumn<std::string>("odd");
        for (const char *odd : {"null", "0", "-1", "1e999", "true", "\"\"", "\"\\ud83d\\ude00\"", "[]", "{}",
                                "[[{}]]", "{\"type\":\"text\"}", "[null,1,\"a\",{}]"})
            QTest::newRow(odd) << std::string(odd);
    }
    void survivesAnyValueInAnyPlace()
    {
        QFETCH(std::string, odd);
        const JsonDocument rich = document(kRichRequest);
        const std::size_t values = std::size_t(std::ranges::count(kRichRequest, ':'));
        for (std::uint32_t index = 1; index <= values; ++index) {
            const ByteRange range = rich.node(index).range;
            std::string body(kRichRequest);
            body.replace(range.offset, range.size, odd);
            const auto request = decoded(body);
            if (!request) {
                QCOMPARE(request.error().origin, Origin::Client);
                continue;
            }
            for (const char *provider :
                 {"openai", "mistral-ai", "deepseek", "perplexity-ai", "openrouter", ""}) {
                Exchange exchange = exchangeWith(provider);
                const auto sent = chatProviderCodec().encodeRequest(*request, exchange);
                QVERIFY2(!sent || validateJson(sent->body), body.c_str());
            }
        }
    }

    void streamBeginsWithTheRoleAndEndsWithDone()
    {
        Exchange exchange = exchangeWith("");
        exchange.include_usage = true;
        const auto chunks
            = chunksOf(encoded({StreamStart{.id = "i"}, TextDelta{0, "a"}, TextDelta{0, ""}, ChoiceFinish{},
                                UsageReport{{.input = 3, .output = 2}}, StreamEnd{}},
                               exchange));
        QCOMPARE(chunks.size(), std::size_t(5));
        const std::string head
            = R"({"id":"i","object":"chat.completion.chunk","created":1760000000,"model":"asked","choices":)";
        QCOMPARE(chunks[0],
                 head
                     + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":"
                       "null}],\"usage\":null}");
        QCOMPARE(
            chunks[1],
            head + "[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}],\"usage\":null}");
        QCOMPARE(chunks[2], head + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}");
        QVERIFY(chunks[3].starts_with(
            head + "[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5,"));
        QCOMPARE(chunks[4], "[DONE]");
    }

    void nothingFollowsAFinishOrAFailure()
    {
        Exchange exchange = exchangeWith("");
        const std::string finished = encoded({StreamStart{}, ChoiceFinish{}, TextDelta{0, "late"},
                                              ChoiceFinish{}, StreamEnd{}, TextDelta{0, "x"}},
                                             exchange);
        QVERIFY(finished.find("late") == std::string::npos);
        QCOMPARE(chunksOf(finished).size(), std::size_t(3));
        const std::string failed = encoded({StreamStart{}, TextDelta{0, "a"},
                                            StreamFailure{{.message = "no"}}, TextDelta{0, "x"}, StreamEnd{}},
                                           exchange);
        QVERIFY(chunksOf(failed).back().starts_with("{\"error\":{\"message\":\"no\",\"type\":\"api_error\""));
        QVERIFY(failed.find("[DONE]") == std::string::npos);
    }

    void callsAreWrittenInTheirKind()
    {
        Exchange exchange = exchangeWith("");
        const std::string out
            = encoded({StreamStart{}, ToolCallStart{0, 0, {.id = "a", .name = "f", .signature = "S"}},
                       ToolCallEnd{0, 0}, ToolCallStart{0, 1, {.id = "b", .name = "p", .custom = true}},
                       ToolCallDelta{0, 1, "x"}, ToolCallEnd{0, 1}, ChoiceFinish{}, StreamEnd{}},
                      exchange);
        const auto has = [&](std::string_view text) { return out.find(text) != std::string::npos; };
        QVERIFY(
            has("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":"
                "\"f\",\"arguments\":\"\"},\"extra_content\":{\"google\":{\"thought_signature\":\"S\"}}}]"));
        QVERIFY(has("{\"index\":0,\"function\":{\"arguments\":\"{}\"}}"));
        QVERIFY(
            has("{\"index\":1,\"id\":\"b\",\"type\":\"custom\",\"custom\":{\"name\":\"p\",\"input\":\"\"}}"));
        QVERIFY(has("{\"index\":1,\"custom\":{\"input\":\"x\"}}"));
        QVERIFY(has("\"finish_reason\":\"tool_calls\""));
    }

    void clientsOfFunctionsGetAFunctionCall()
    {
        Exchange exchange = exchangeWith("");
        exchange.echo = chatClientCodec().echo(document(R"({"functions":[{"name":"f"}]})"));
        Reply reply;
        Choice &choice = reply.choices.emplace_back();
        choice.parts.push_back({.content = ToolCallPart{.id = "a", .name = "f", .arguments = "{\"x\":1}"}});
        choice.finish.reason = FinishReason::ToolCalls;
        const std::string body = chatClientCodec().encodeReply(reply, exchange);
        QVERIFY(body.find("\"function_call\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}")
                != std::string::npos);
        QVERIFY(body.find("\"finish_reason\":\"function_call\"") != std::string::npos);
        QVERIFY(body.find("tool_calls") == std::string::npos);
        QVERIFY(chatClientCodec().echo(document("{\"functions\":[]}")).empty());
    }

    void citationsOfAStreamAreInItsDeltas()
    {
        Exchange exchange = exchangeWith("");
        Part citation{.content = ForeignPart{
                          .dialect = Dialect::CohereChat, .type = "citation", .json = {R"({"start":0})"}}};
        const auto chunks = chunksOf(encoded({StreamStart{.id = "r", .model = "m"}, TextDelta{0, "a"},
                                              WholePart{0, std::move(citation)}, ChoiceFinish{}, StreamEnd{}},
                                             exchange));
        QVERIFY(std::ranges::any_of(chunks, [](const std::string &chunk) {
            return chunk.find(R"("delta":{"citations":[{"start":0}]})") != std::string::npos;
        }));
    }

    void replyHasItsPartsInTheirMembers()
    {
        Exchange exchange = exchangeWith("");
        Reply reply{.id = "r", .model = "real", .extras = {{"citations", RawJson{"[1]"}}}};
        Choice &choice = reply.choices.emplace_back();
        choice.parts.push_back({.content = ReasoningPart{.text = "think", .signature = "s"}});
        choice.parts.push_back({.content = ReasoningPart{.text = " on"}});
        choice.parts.push_back({.content = TextPart{.text = "a"}});
        choice.parts.push_back({.content = TextPart{.text = "b"}});
        choice.parts.push_back({.content = ImagePart{.media = {.type = "image/png", .base64 = "AAAA"}}});
        QCOMPARE(chatClientCodec().encodeReply(reply, exchange),
                 "{\"id\":\"r\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"real\","
                 "\"choices\":[{\"index\":0,"
                 "\"message\":{\"role\":\"assistant\",\"content\":\"ab\",\"refusal\":null,\"reasoning_"
                 "content\":\"think on\","
                 "\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"think\",\"signature\":\"s\"}],"
                 "\"images\":[{\"type\":\"image_url\",\"index\":0,\"image_url\":{\"url\":\"data:image/"
                 "png;base64,AAAA\"}}]},"
                 "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"citations\":[1]}");
    }
};

QTEST_APPLESS_MAIN(TestOpenAiChatClient)
#include "tst_openaichatclient.moc"
