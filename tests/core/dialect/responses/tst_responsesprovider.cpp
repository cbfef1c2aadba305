// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/codecs.h"
#include "tests/core/dialect/responses/outline.h"
#include "tests/core/dialect/vectors/jsonmatch.h"

#include <QTest>

#include <algorithm>
#include <string>

namespace json = boost::json;
using namespace portolan;
using namespace portolan::dialect;
using responses::outline;

Q_DECLARE_METATYPE(portolan::dialect::Request)

namespace {

Exchange exchangeFor(const std::string &model = "gpt-5-pro")
{
    Exchange exchange(3);
    exchange.target.dialect = Dialect::OpenAiResponses;
    exchange.target.model = model;
    exchange.target.capabilities.reasoning_effort = true;
    return exchange;
}

Request asking(std::vector<Message> messages = {{.parts = {{.content = TextPart{.text = "Hi"}}}}})
{
    return {.model = "m", .messages = std::move(messages)};
}

/// How the body differs from what is expected; empty when it does not. Members that every body has need not
/// be said.
std::string difference(const std::string &expected, const std::string &body)
{
    auto whole = json::parse(expected).as_object();
    const auto always = json::parse(
        R"({"model":"gpt-5-pro","store":false,"include":["reasoning.encrypted_content"],
            "input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}]})");
    for (const auto &[name, value] : always.as_object()) {
        if (!whole.contains(name))
            whole[name] = value;
    }
    return vectors::JsonMatcher(vectors::JsonMatcher::Mode::Exact).difference(whole, json::parse(body));
}

std::string noteList(const Exchange &exchange)
{
    std::string list;
    for (const Note &note : exchange.notes)
        list += (list.empty() ? "" : " ") + note.what;
    return list;
}

Part text(std::string words)
{
    return {.content = TextPart{.text = std::move(words)}};
}

} // namespace

class TestResponsesProvider : public QObject
{
    Q_OBJECT

private slots:
    void requestBecomesBody_data();
    void requestBecomesBody();
    void whatIsLeftOutIsNoted();
    void whatWouldChangeTheMeaningIsRefused_data();
    void whatWouldChangeTheMeaningIsRefused();
    void pathsOfAzure();
    void asksForEncryptedReasoningWhereThereIsSome();
    void ownRequestKeepsWhatOnlyThisApiKnows();
    void answerBecomesReply_data();
    void answerBecomesReply();
    void answerThatIsNoneIsAnError_data();
    void answerThatIsNoneIsAnError();
    void errorsAreRead_data();
    void errorsAreRead();
    void replyForTheClient();
};

void TestResponsesProvider::requestBecomesBody_data()
{
    QTest::addColumn<Request>("request");
    QTest::addColumn<std::string>("body");
    const auto row
        = [](const char *name, Request request, std::string body) { QTest::newRow(name) << request << body; };
    row("a question", asking(), "{}");
    row("system texts",
        asking({{.role = Role::System, .parts = {text("Be"), text("good")}},
                {.role = Role::Developer, .parts = {text("d")}},
                {.role = Role::User, .parts = {text("u")}}}),
        R"({"instructions":"Be\n\ngood","input":[
            {"type":"message","role":"developer","content":[{"type":"input_text","text":"d"}]},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"u"}]}]})");
    row("media",
        asking(
            {{.parts = {{.content = ImagePart{.media = {.url = "https://h/i"}, .detail = "low"}},
                        {.content = ImagePart{.media = {.type = "image/jpeg", .base64 = "AAAA"}}},
                        {.content = DocumentPart{.media = {.type = "application/pdf", .base64 = "JVBERi0="},
                                                 .name = "x.pdf"}},
                        {.content = DocumentPart{.plain_text = "plain"}},
                        {.content = AudioPart{.base64 = "QUJD", .format = "wav"}}}}}),
        R"({"input":[{"type":"message","role":"user","content":[
            {"type":"input_image","image_url":"https://h/i","detail":"low"},
            {"type":"input_image","image_url":"data:image/jpeg;base64,AAAA","detail":"auto"},
            {"type":"input_file","file_data":"data:application/pdf;base64,JVBERi0=","filename":"x.pdf"},
            {"type":"input_text","text":"plain"},
            {"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}}]}]})");
    row("a tool loop",
        asking({{.role = Role::Assistant,
                 .parts
                 = {{.content = ReasoningPart{.text = "r", .encrypted = "gA", .item_id = "rs_1"}},
                    text("t"),
                    {.content = ToolCallPart{.id = "c1", .name = "f", .arguments = ""}},
                    {.content = ToolCallPart{.id = "c2", .name = "p", .arguments = "x", .custom = true}}}},
                {.role = Role::User,
                 .parts
                 = {{.content
                     = ToolResultPart{.call_id = "c1", .parts = {TextPart{.text = "1"}}, .is_error = true}},
                    {.content = ToolResultPart{.call_id = "c2",
                                               .parts = {TextPart{.text = "2"},
                                                         ImagePart{.media = {.url = "https://h/i"}}}}},
                    text("go on")}}}),
        R"({"input":[
            {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"r"}],"encrypted_content":"gA"},
            {"type":"message","role":"assistant","content":[{"type":"output_text","text":"t"}]},
            {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
            {"type":"custom_tool_call","call_id":"c2","name":"p","input":"x"},
            {"type":"function_call_output","call_id":"c1","output":"Error: 1"},
            {"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"2"},
              {"type":"input_image","image_url":"https://h/i","detail":"auto"}]},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"go on"}]}]})");
    Request tools = asking();
    tools.tools = {{.name = "f", .description = "F", .parameters = {R"({"type":"object"})"}, .strict = true},
                   {.name = "g"},
                   {.kind = Tool::Kind::Custom,
                    .name = "p",
                    .format = {R"({"type":"grammar","grammar":{"syntax":"lark","definition":"d"}})"}}};
    tools.parallel_tool_calls = false;
    tools.tool_choice = ToolChoice{.mode = ToolChoice::Mode::Named, .name = "p"};
    row("tools are flat, and strict only when the client said so", tools,
        R"({"tools":[{"type":"function","name":"f","description":"F","parameters":{"type":"object"},"strict":true},
                     {"type":"function","name":"g","parameters":{"type":"object","properties":{}},"strict":false},
                     {"type":"custom","name":"p","format":{"type":"grammar","syntax":"lark","definition":"d"}}],
            "tool_choice":{"type":"custom","name":"p"},"parallel_tool_calls":false})");
    tools.tools.resize(2);
    tools.parallel_tool_calls.reset();
    tools.tool_choice = ToolChoice{.mode = ToolChoice::Mode::Required, .allowed = {"g"}};
    row("allowed tools", tools,
        R"({"tools":[{"type":"function","name":"f","description":"F","parameters":{"type":"object"},"strict":true},
                     {"type":"function","name":"g","parameters":{"type":"object","properties":{}},"strict":false}],
            "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}})");
    Request settings = asking();
    settings.max_tokens = 100;
    settings.sampling.temperature = {"0"};
    settings.sampling.top_p = {"0.10"};
    settings.sampling.logprobs = true;
    settings.sampling.top_logprobs = 2;
    settings.stream = true;
    settings.user = "u";
    settings.service_tier = "standard_only";
    settings.verbosity = "low";
    settings.prompt_cache_key = "k";
    settings.metadata = {R"({"a":"b"})"};
    settings.reasoning = {.effort = Effort::High, .summary = "auto"};
    settings.response_format
        = {.kind = ResponseFormat::Kind::JsonSchema, .schema = {R"({"type":"object"})"}, .strict = true};
    row("settings", settings,
        R"({"max_output_tokens":100,"temperature":0,"top_p":0.10,"top_logprobs":2,"stream":true,"user":"u",
            "service_tier":"default","prompt_cache_key":"k","metadata":{"a":"b"},
            "include":["reasoning.encrypted_content","message.output_text.logprobs"],
            "reasoning":{"effort":"high","summary":"auto"},
            "text":{"verbosity":"low","format":{"type":"json_schema","name":"response",
                    "schema":{"type":"object"},"strict":true}}})");
    Request budget = asking();
    budget.reasoning.budget_tokens = 10000;
    row("a thinking budget becomes an effort", budget, R"({"reasoning":{"effort":"medium"}})");
    Request disabled = asking();
    disabled.reasoning.disabled = true;
    row("no thinking", disabled, R"({"reasoning":{"effort":"none"}})");
    Request few = asking();
    few.max_tokens = 1;
    row("fewer tokens than the API takes", few, R"({"max_output_tokens":16})");
    Request object = asking();
    object.response_format.kind = ResponseFormat::Kind::JsonObject;
    row("a JSON object", object, R"({"text":{"format":{"type":"json_object"}}})");
}

void TestResponsesProvider::requestBecomesBody()
{
    QFETCH(Request, request);
    QFETCH(std::string, body);
    Exchange exchange = exchangeFor();
    const auto sent = responses::providerCodec().encodeRequest(request, exchange);
    QVERIFY2(sent, sent ? "" : sent.error().message.c_str());
    QCOMPARE(sent->path, std::string("/v1/responses"));
    const std::string how = difference(body, sent->body);
    QVERIFY2(how.empty(), (how + '\n' + sent->body).c_str());
}

void TestResponsesProvider::whatIsLeftOutIsNoted()
{
    Request request = asking(
        {{.role = Role::Assistant,
          .parts = {{.content = ReasoningPart{.text = "r", .signature = "s"}},
                    {.content = ForeignPart{.dialect = Dialect::Anthropic, .type = "server_tool_use"}}}},
         {.parts = {{.content = TextPart{.text = "Hi"}, .cache = CacheTtl::Default}}, .name = "Ann"}});
    request.sampling = {.top_k = {"1"},
                        .seed = {"2"},
                        .frequency_penalty = {"0"},
                        .presence_penalty = {"0"},
                        .logit_bias = {"{}"},
                        .stop = {"x"}};
    request.prediction = {"{}"};
    request.extras = {{"new_thing", RawJson{"1"}}};
    request.tools
        = {{.kind = Tool::Kind::Hosted, .name = "web_search_20250305", .dialect = Dialect::Anthropic}};
    Exchange exchange = exchangeFor();
    const auto sent = responses::providerCodec().encodeRequest(request, exchange);
    QVERIFY(sent);
    QCOMPARE(difference("{}", sent->body), std::string());
    QCOMPARE(
        noteList(exchange),
        std::string("reasoning server_tool_use cache_control tools.web_search_20250305 new_thing top_k seed "
                    "frequency_penalty presence_penalty logit_bias stop prediction messages.name"));
}

void TestResponsesProvider::whatWouldChangeTheMeaningIsRefused_data()
{
    QTest::addColumn<Request>("request");
    QTest::addColumn<std::string>("where");
    Request several = asking();
    several.sampling.n = 2;
    QTest::newRow("several answers") << several << std::string("/n");
    Request audio = asking();
    audio.modalities = {R"(["text","audio"])"};
    QTest::newRow("audio") << audio << std::string("/modalities");
    Request hosted = asking();
    hosted.tools = {{.kind = Tool::Kind::Hosted, .name = "code_execution", .dialect = Dialect::Gemini}};
    QTest::newRow("another provider's tool") << hosted << std::string("/tools");
    Request choice = asking();
    choice.tool_choice = ToolChoice{.mode = ToolChoice::Mode::Named, .name = "f"};
    QTest::newRow("a tool that is not there") << choice << std::string("/tool_choice");
    Request required = asking();
    required.tool_choice = ToolChoice{.mode = ToolChoice::Mode::Required};
    QTest::newRow("a call without tools") << required << std::string("/tool_choice");
}

void TestResponsesProvider::whatWouldChangeTheMeaningIsRefused()
{
    QFETCH(Request, request);
    QFETCH(std::string, where);
    Exchange exchange = exchangeFor();
    const auto sent = responses::providerCodec().encodeRequest(request, exchange);
    QVERIFY(!sent);
    QCOMPARE(sent.error().where, where);
    QVERIFY(sent.error().origin == Origin::Client);
}

void TestResponsesProvider::pathsOfAzure()
{
    Exchange exchange = exchangeFor();
    exchange.target.platform = Platform::Azure;
    QCOMPARE(responses::providerCodec().encodeRequest(asking(), exchange)->path,
             std::string("/v1/responses"));
    exchange.target.deployment = "mine";
    exchange.target.api_version = "2025-04-01-preview";
    const auto sent = responses::providerCodec().encodeRequest(asking(), exchange);
    QCOMPARE(sent->path, std::string("/responses?api-version=2025-04-01-preview"));
    QCOMPARE(difference(R"({"model":"mine"})", sent->body), std::string());
}

void TestResponsesProvider::asksForEncryptedReasoningWhereThereIsSome()
{
    Request request = asking();
    request.from = Dialect::OpenAiResponses;
    request.extras.emplace_back("include", RawJson{R"(["reasoning.encrypted_content","x"])"});
    Exchange thinks = exchangeFor();
    const auto once = responses::providerCodec().encodeRequest(request, thinks);
    QVERIFY(once->body.find(R"("include":["reasoning.encrypted_content","x"])") != std::string::npos);
    Exchange talks = exchangeFor();
    talks.target.capabilities.reasoning_effort = false;
    const auto none = responses::providerCodec().encodeRequest(asking(), talks);
    QVERIFY2(none->body.find("include") == std::string::npos, none->body.c_str());
}

void TestResponsesProvider::ownRequestKeepsWhatOnlyThisApiKnows()
{
    const auto body = JsonDocument::parse(R"({"model":"m","input":[
        {"type":"web_search_call","id":"ws_1","status":"completed"},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"Hi","prompt_cache_breakpoint":{"mode":"explicit"}}]}],
        "tools":[{"type":"web_search","filters":{"x":1}},{"type":"function","name":"f"}],
        "tool_choice":{"type":"web_search"},"reasoning":{"mode":"pro"},"max_tool_calls":2,
        "include":["web_search_call.action.sources"]})");
    const auto request = responses::clientCodec().decodeRequest(*body);
    QVERIFY(request);
    Exchange exchange = exchangeFor();
    const auto sent = responses::providerCodec().encodeRequest(*request, exchange);
    QVERIFY(sent);
    const std::string how = difference(R"({"input":[
        {"type":"web_search_call","id":"ws_1","status":"completed"},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"Hi","prompt_cache_breakpoint":{"mode":"explicit"}}]}],
        "tools":[{"type":"web_search","filters":{"x":1}},
                 {"type":"function","name":"f","parameters":{"type":"object","properties":{}}}],
        "tool_choice":{"type":"web_search"},"reasoning":{"mode":"pro"},"max_tool_calls":2,
        "include":["reasoning.encrypted_content","web_search_call.action.sources"]})",
                                       sent->body);
    QVERIFY2(how.empty(), (how + '\n' + sent->body).c_str());
    QCOMPARE(noteList(exchange), std::string());
}

void TestResponsesProvider::answerBecomesReply_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("parts");
    QTest::addColumn<int>("reason");
    const auto row = [](const char *name, std::string output, std::string parts, FinishReason reason,
                        std::string members = R"("status":"completed")") {
        QTest::newRow(name) << R"({"id":"resp_1","object":"response","model":"m",)" + members
                + R"(,"output":)" + output + '}'
                            << parts << int(reason);
    };
    row("nothing", "[]", "", FinishReason::Stop);
    row("reasoning, text and calls",
        R"([{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"s"}],"encrypted_content":"gA"},
            {"type":"message","content":[{"type":"output_text","text":"a","annotations":[]},
                                         {"type":"output_text","text":"b"}]},
            {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\"a\":1}"},
            {"type":"custom_tool_call","id":"ctc_1","call_id":"c2","name":"p","input":"x"}])",
        "think(s encrypted=gA id=rs_1) ab call(c1 f {\"a\":1}) custom(c2 p x)", FinishReason::ToolCalls);
    row("a refusal", R"([{"type":"message","content":[{"type":"refusal","refusal":"no"}]}])", "refusal(no)",
        FinishReason::Stop);
    row("an image and a search",
        R"([{"type":"web_search_call","id":"ws_1"},{"type":"image_generation_call","result":"AAAA","output_format":"webp"}])",
        "foreign(web_search_call) image(data:image/webp;base64,AAAA)", FinishReason::Stop);
    row("cut off by the limit", R"([{"type":"message","content":[{"type":"output_text","text":"a"}]}])", "a",
        FinishReason::Length, R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"})");
    row("filtered", "[]", "", FinishReason::ContentFilter,
        R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})");
    row("without a status", R"([{"type":"message","content":[{"type":"output_text","text":"a"}]}])", "a",
        FinishReason::Stop, R"("error":null)");
}

void TestResponsesProvider::answerBecomesReply()
{
    QFETCH(std::string, body);
    QFETCH(std::string, parts);
    QFETCH(int, reason);
    Exchange exchange = exchangeFor();
    const auto reply = responses::providerCodec().decodeReply({.body = body}, exchange);
    QVERIFY2(reply, reply ? "" : reply.error().message.c_str());
    QCOMPARE(outline(reply->choices.at(0).parts), parts);
    QCOMPARE(int(reply->choices.at(0).finish.reason), reason);
    QCOMPARE(reply->model, std::string("m"));
}

void TestResponsesProvider::answerThatIsNoneIsAnError_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<int>("status");
    const auto row
        = [](const char *name, std::string body, int status) { QTest::newRow(name) << body << status; };
    row("nothing", "", 502);
    row("HTML", "<html>", 502);
    row("another kind", "[]", 502);
    row("half of it", R"({"output":[)", 502);
    row("wrong UTF-8", "{\"output\":[\"\xff\"]}", 502);
    row("deep", std::string(5000, '[') + std::string(5000, ']'), 502);
    row("no output", R"({"id":"resp_1","status":"completed"})", 502);
    row("an output of another kind", R"({"output":{}})", 502);
    row("items that are none", R"({"output":[1]})", 502);
    row("a call without a name", R"({"output":[{"type":"function_call","call_id":"c"}]})", 502);
    row("not done yet", R"({"status":"queued","output":[]})", 502);
    row("cancelled", R"({"status":"cancelled","output":[]})", 502);
    row("failed", R"({"status":"failed","output":[],"error":{"code":"rate_limit_exceeded","message":"m"}})",
        429);
    row("an error that says 200", R"({"error":{"message":"m","code":503}})", 503);
}

void TestResponsesProvider::answerThatIsNoneIsAnError()
{
    QFETCH(std::string, body);
    QFETCH(int, status);
    Exchange exchange = exchangeFor();
    const auto reply = responses::providerCodec().decodeReply({.body = body}, exchange);
    QVERIFY(!reply);
    QCOMPARE(reply.error().status, status);
    QVERIFY(!reply.error().message.empty());
}

void TestResponsesProvider::errorsAreRead_data()
{
    QTest::addColumn<int>("upstream");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("code");
    const auto row = [](const char *name, int upstream, std::string body, int status, std::string code) {
        QTest::newRow(name) << upstream << body << status << code;
    };
    row("too long", 400,
        R"({"error":{"message":"Your input exceeds the context window","code":"context_length_exceeded"}})",
        400, "context_length_exceeded");
    row("no credential", 401,
        R"({"error":{"message":"Incorrect API key provided: sk-abc","code":"invalid_api_key"}})", 401,
        "invalid_api_key");
    row("no money", 429,
        R"({"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}})", 429,
        "insufficient_quota");
    row("too fast", 429, R"({"error":{"message":"m","type":"requests","code":"rate_limit_exceeded"}})", 429,
        "rate_limit_exceeded");
    row("HTML", 502, "<html>bad gateway</html>", 502, "upstream_invalid_response");
    row("overloaded", 503, R"({"error":{"message":"m","code":"server_is_overloaded"}})", 503, "overloaded");
}

void TestResponsesProvider::errorsAreRead()
{
    QFETCH(int, upstream);
    QFETCH(std::string, body);
    QFETCH(int, status);
    QFETCH(std::string, code);
    const ApiError error = responses::providerCodec().decodeError(
        {.status = upstream, .headers = {{"retry-after", "3"}}, .body = body});
    QCOMPARE(error.status, status);
    QCOMPARE(error.code, code);
    QCOMPARE(error.retry_after_ms, std::optional<std::int64_t>(3000));
    const std::string told = responses::clientCodec().encodeError(error);
    QVERIFY(told.find("sk-abc") == std::string::npos);
    QVERIFY(told.find("<html>") == std::string::npos);
    QVERIFY(json::parse(told).at("error").as_object().contains("param"));
}

void TestResponsesProvider::replyForTheClient()
{
    Exchange exchange = exchangeFor();
    exchange.echo = {{"temperature", RawJson{"0.50"}}, {"metadata", RawJson{R"({"k":"v"})"}}};
    Reply reply{.model = "served", .usage = Usage{.input = 5, .output = 2}, .service_tier = "flex"};
    reply.choices.push_back({.parts = {{.content = ReasoningPart{.text = "r", .encrypted = "gA"}},
                                       text("a"),
                                       text("b"),
                                       {.content = ToolCallPart{.id = "c", .name = "f"}}},
                             .finish = {.reason = FinishReason::Length},
                             .annotations = {R"([{"type":"url_citation","url_citation":{"url":"u"}}])"}});
    const auto body = json::parse(responses::clientCodec().encodeReply(reply, exchange));
    const auto expected = json::parse(R"({"object":"response","model":"served","status":"incomplete",
        "incomplete_details":{"reason":"max_output_tokens"},"temperature":0.5,"metadata":{"k":"v"},"top_p":1,
        "service_tier":"flex","output":[
          {"type":"reasoning","status":"completed","summary":[{"type":"summary_text","text":"r"}],"encrypted_content":"gA"},
          {"type":"message","status":"completed","content":[{"type":"output_text","text":"ab",
            "annotations":[{"type":"url_citation","url":"u"}]}]},
          {"type":"function_call","status":"incomplete","call_id":"c","name":"f","arguments":"{}"}],
        "usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7}})");
    const std::string how
        = vectors::JsonMatcher(vectors::JsonMatcher::Mode::Subset).difference(expected, body);
    QVERIFY2(how.empty(), (how + '\n' + json::serialize(body)).c_str());
}

QTEST_GUILESS_MAIN(TestResponsesProvider)
#include "tst_responsesprovider.moc"
