// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/anthropic/codeccase.h"

#include <QTest>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::anthropic;

namespace {

constexpr std::string_view kUser = R"("messages":[{"role":"user","content":"q"}])";
constexpr std::string_view kTool
    = R"("tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}])";
constexpr std::string_view kSchema
    = R"("response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}})";

std::string chat(std::string_view members)
{
    return R"({"model":"m","max_tokens":5000,)" + std::string(kUser) + (members.empty() ? "" : ",")
        + std::string(members) + "}";
}

std::string conversation(std::string_view messages)
{
    return R"({"model":"m","messages":[)" + std::string(messages) + "]}";
}

Capabilities adaptive(bool always = false)
{
    return {.thinking = ThinkingStyle::Adaptive, .always_thinking = always};
}

} // namespace

class TestMessagesRequest : public QObject
{
    Q_OBJECT

private slots:
    void mapsMembers_data();
    void mapsMembers();
    void notesWhatItLeavesOut_data();
    void notesWhatItLeavesOut();
    void refusesWhatWouldChangeTheMeaning_data();
    void refusesWhatWouldChangeTheMeaning();
    void beginsWithTheUser();
    void leavesEmptyTurnsOut();
    void wrapsCustomToolsAndRenamesOthers();
    void keepsFourCacheMarks();
    void goesToEachPlatform_data();
    void goesToEachPlatform();
};

void TestMessagesRequest::mapsMembers_data()
{
    QTest::addColumn<Capabilities>("capabilities");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("pointer");
    QTest::addColumn<std::string>("value"); // empty: absent
    const auto row = [](const char *name, Capabilities capabilities, std::string body, const char *pointer,
                        const char *value) {
        QTest::newRow(name) << capabilities << std::move(body) << std::string(pointer) << std::string(value);
    };
    row("temperature clamped", {}, chat(R"("temperature":1.7)"), "/temperature", "1");
    row("temperature as spelled", {}, chat(R"("temperature":0.30)"), "/temperature", "0.30");
    row("zero survives", {}, chat(R"("top_p":0)"), "/top_p", "0");
    row("both of them", {}, chat(R"("temperature":0.5,"top_p":0.5)"), "/top_p", "0.5");
    row("not both", {.temperature_and_top_p = false}, chat(R"("temperature":0.5,"top_p":0.5)"), "/top_p", "");
    row("refused by the model", {.sampling_params = false}, chat(R"("temperature":0.5)"), "/temperature", "");
    row("top_p beside thinking", {.thinking = ThinkingStyle::Budget},
        chat(R"("reasoning_effort":"low","top_p":0.95)"), "/top_p", "0.95");
    row("too little top_p beside thinking", {.thinking = ThinkingStyle::Budget},
        chat(R"("reasoning_effort":"low","top_p":0.9)"), "/top_p", "");
    row("max_tokens clamped", {.max_output_tokens = 100}, chat(""), "/max_tokens", "100");
    row("empty stop dropped", {}, chat(R"("stop":["a"," \n",""])"), "/stop_sequences", R"(["a"," \n"])");
    row("only empty stops", {}, chat(R"("stop":[""])"), "/stop_sequences", "");
    row("tier default", {}, chat(R"("service_tier":"default")"), "/service_tier", R"("standard_only")");
    row("tier auto", {}, chat(R"("service_tier":"auto")"), "/service_tier", R"("auto")");
    row("tier flex", {}, chat(R"("service_tier":"flex")"), "/service_tier", "");
    row("plain user", {}, chat(R"("user":"u-17")"), "/metadata/user_id", R"("u-17")");
    row("no parallel calls without a choice", {},
        chat(std::string(kTool) + R"(,"parallel_tool_calls":false)"), "/tool_choice",
        R"({"type":"auto","disable_parallel_tool_use":true})");
    row("no choice without tools", {}, chat(R"("tool_choice":"auto")"), "/tool_choice", "");
    row("strict with structured outputs", {.structured_outputs = true},
        chat(R"("tools":[{"type":"function","function":{"name":"f","strict":true}}])"), "/tools/0/strict",
        "true");
    row("strict without", {}, chat(R"("tools":[{"type":"function","function":{"name":"f","strict":true}}])"),
        "/tools/0/strict", "");
    row("forced tool on a model that always thinks", adaptive(true),
        chat(std::string(kTool) + R"(,"tool_choice":"required")"), "/tool_choice", R"({"type":"auto"})");
    row("forced tool switches thinking off", adaptive(),
        chat(std::string(kTool) + R"(,"tool_choice":"required","reasoning_effort":"high")"), "/thinking",
        R"({"type":"disabled"})");
    row("JSON mode is a sentence", {}, chat(R"("response_format":{"type":"json_object"})"), "/system/0/text",
        R"("Respond with one JSON object only.")");
    row("open schema closed", {.structured_outputs = true}, chat(kSchema), "/output_config/format/schema",
        R"({"additionalProperties":false,"type":"object"})");
    row("schema beside tools", {}, chat(std::string(kTool) + "," + std::string(kSchema)), "/tool_choice",
        R"({"type":"any"})");
    row("schema beside thinking is not forced", {.thinking = ThinkingStyle::Budget},
        chat(std::string(kSchema) + R"(,"reasoning_effort":"low")"), "/tool_choice", "");
    row("schema beside thinking is asked for", {.thinking = ThinkingStyle::Budget},
        chat(std::string(kSchema) + R"(,"reasoning_effort":"low")"), "/system/0/text",
        R"("Give your answer by calling the tool \"json_output\", and only so.")");
    row("schema where no other tool may be called", {},
        chat(std::string(kTool) + R"(,"tool_choice":"none",)" + std::string(kSchema)), "/tool_choice",
        R"({"type":"tool","name":"json_output"})");
    row("a tool with the emulation's name", {},
        chat(R"("tools":[{"type":"function","function":{"name":"json_output"}}],)" + std::string(kSchema)),
        "/tools/1/name", R"("json_output_")");
    row("foreign call id", {},
        conversation(R"({"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"toolu_1",)"
                     R"("type":"function","function":{"name":"f","arguments":" {\"a\" : 1.0} "}}]},)"
                     R"({"role":"tool","tool_call_id":"toolu_1","content":"r"})"),
        "/messages/1/content/0/input/a", "1.0");
}

void TestMessagesRequest::mapsMembers()
{
    QFETCH(Capabilities, capabilities);
    QFETCH(std::string, body);
    QFETCH(std::string, pointer);
    QFETCH(std::string, value);
    Exchange exchange = exchangeFor(capabilities);
    const auto wire = sent(Dialect::OpenAiChat, body, exchange);
    QVERIFY2(wire, wire ? "" : wire.error().message.c_str());
    QCOMPARE(at(wire->body, pointer), value);
}

void TestMessagesRequest::notesWhatItLeavesOut_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("what");
    const auto row = [](const char *members, const char *what) {
        QTest::newRow(members) << chat(members) << std::string(what);
    };
    row(R"("seed":7)", "seed");
    row(R"("frequency_penalty":0.5)", "frequency_penalty");
    row(R"("presence_penalty":0.5)", "presence_penalty");
    row(R"("logit_bias":{"1":2})", "logit_bias");
    row(R"("logprobs":true)", "logprobs");
    row(R"("store":true)", "store");
    row(R"("verbosity":"low")", "verbosity");
    row(R"("prediction":{"type":"content","content":"x"})", "prediction");
    row(R"("prompt_cache_key":"k")", "prompt_cache_key");
    row(R"("reasoning_effort":"high")", "reasoning_effort");
    row(R"("service_tier":"flex")", "service_tier");
    row(R"("web_search_options":{})", "web_search_options");
    row(R"("tools":[{"type":"web_search"}])", "tools.web_search");
    row(R"("something_new":1)", "something_new");
}

void TestMessagesRequest::notesWhatItLeavesOut()
{
    QFETCH(std::string, body);
    QFETCH(std::string, what);
    Exchange exchange = exchangeFor();
    QVERIFY(sent(Dialect::OpenAiChat, body, exchange));
    QVERIFY(hasNote(exchange, Note::Kind::Dropped, what));
}

void TestMessagesRequest::refusesWhatWouldChangeTheMeaning_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("where");
    const auto row = [](const char *name, std::string body, const char *where) {
        QTest::newRow(name) << std::move(body) << std::string(where);
    };
    row("several choices", chat(R"("n":2)"), "/n");
    row("audio wanted", chat(R"("modalities":["text","audio"])"), "/modalities");
    row("no user", conversation(R"({"role":"system","content":"s"})"), "/messages");
    row("unknown tool named",
        chat(std::string(kTool) + R"(,"tool_choice":{"type":"function","function":{"name":"g"}})"),
        "/tool_choice");
    row("none of the tools allowed",
        chat(std::string(kTool)
             + R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":)"
               R"([{"type":"function","function":{"name":"g"}}]}})"),
        "/tool_choice");
    row("nothing to call", chat(R"("tool_choice":"required")"), "/tool_choice");
    row("arguments that are no JSON",
        conversation(R"({"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a",)"
                     R"("type":"function","function":{"name":"f","arguments":"{"}}]})"),
        "/messages");
    row("arguments that are no object",
        conversation(R"({"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"a",)"
                     R"("type":"function","function":{"name":"f","arguments":"[1]"}}]})"),
        "/messages");
    row("an image of another kind",
        conversation(R"({"role":"user","content":[{"type":"image_url","image_url":)"
                     R"({"url":"data:image/tiff;base64,AAAA"}}]})"),
        "/messages");
    row("sound",
        conversation(R"({"role":"user","content":[{"type":"input_audio","input_audio":)"
                     R"({"data":"AAAA","format":"wav"}}]})"),
        "/messages");
    row("somebody else's file",
        conversation(R"({"role":"user","content":[{"type":"file","file":{"file_id":"file-abc"}}]})"),
        "/messages");
}

void TestMessagesRequest::refusesWhatWouldChangeTheMeaning()
{
    QFETCH(std::string, body);
    QFETCH(std::string, where);
    Exchange exchange = exchangeFor();
    const auto wire = sent(Dialect::OpenAiChat, body, exchange);
    QVERIFY(!wire);
    QCOMPARE(wire.error().origin, Origin::Client);
    QVERIFY2(wire.error().where.starts_with(where), wire.error().where.c_str());
}

void TestMessagesRequest::beginsWithTheUser()
{
    Exchange exchange = exchangeFor();
    const auto wire
        = sent(Dialect::OpenAiChat,
               conversation(R"({"role":"assistant","content":"a"},{"role":"user","content":"q"})"), exchange);
    QVERIFY(wire);
    QCOMPARE(at(wire->body, "/messages/0"), R"({"role":"user","content":[{"type":"text","text":"."}]})");
    QVERIFY(hasNote(exchange, Note::Kind::Changed, "messages"));
}

void TestMessagesRequest::leavesEmptyTurnsOut()
{
    Exchange exchange = exchangeFor();
    const auto wire = sent(Dialect::OpenAiChat,
                           conversation(R"({"role":"user","content":"q"},{"role":"assistant","content":"",)"
                                        R"("reasoning_content":"hm"},{"role":"user","content":"r"})"),
                           exchange);
    QVERIFY(wire);
    QVERIFY(wire->body.find("assistant") == std::string::npos);
    QVERIFY(wire->body.find("\"text\":\"\"") == std::string::npos);
    QVERIFY(hasNote(exchange, Note::Kind::Dropped, "reasoning"));
}

void TestMessagesRequest::wrapsCustomToolsAndRenamesOthers()
{
    Exchange exchange = exchangeFor();
    const auto wire = sent(Dialect::OpenAiChat,
                           chat(R"("tools":[{"type":"custom","custom":{"name":"patch"}},)"
                                R"({"type":"function","function":{"name":"fs.read"}}])"),
                           exchange);
    QVERIFY(wire);
    QCOMPARE(at(wire->body, "/tools/0/input_schema/required"), R"(["input"])");
    QVERIFY(exchange.isCustomTool("patch"));
    QCOMPARE(exchange.tool_names.size(), std::size_t{1});
    const std::string renamed = exchange.tool_names.front().first;
    QCOMPARE(at(wire->body, "/tools/1/name"), '"' + renamed + '"');

    const auto reply
        = providerCodec(Dialect::Anthropic, Platform::Own)
              ->decodeReply(
                  {.body = R"({"content":[)"
                           R"({"type":"tool_use","id":"1","name":"patch","input":{"input":"*** x"}},)"
                           R"({"type":"tool_use","id":"1","name":")"
                       + renamed + R"(","input":{"a" : 1.0}}],"stop_reason":"end_turn"})"},
                  exchange);
    QVERIFY(reply);
    const auto &parts = reply->choices.front().parts;
    const auto &patch = std::get<ToolCallPart>(parts.at(0).content);
    QCOMPARE(patch.arguments, "*** x");
    QVERIFY(patch.custom);
    const auto &read = std::get<ToolCallPart>(parts.at(1).content);
    QCOMPARE(read.name, "fs.read");
    QCOMPARE(read.arguments, R"({"a":1.0})");
    QVERIFY(read.id != patch.id);
    QCOMPARE(reply->choices.front().finish.reason, FinishReason::ToolCalls);
}

void TestMessagesRequest::keepsFourCacheMarks()
{
    std::string messages;
    for (const char *text : {"1", "2", "3", "4", "5", "6"}) {
        messages += messages.empty() ? "" : ",";
        messages += R"({"type":"text","text":")" + std::string(text)
            + R"(","cache_control":{"type":"ephemeral"}})";
    }
    Exchange exchange = exchangeFor();
    const auto wire
        = sent(Dialect::Anthropic,
               R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":[)" + messages + "]}]}",
               exchange);
    QVERIFY(wire);
    for (const int index : {0, 3, 4, 5})
        QVERIFY(!at(wire->body, "/messages/0/content/" + std::to_string(index) + "/cache_control").empty());
    for (const int index : {1, 2})
        QVERIFY(at(wire->body, "/messages/0/content/" + std::to_string(index) + "/cache_control").empty());
    QVERIFY(hasNote(exchange, Note::Kind::Dropped, "cache_control"));
}

void TestMessagesRequest::goesToEachPlatform_data()
{
    QTest::addColumn<Platform>("platform");
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("version");
    QTest::addColumn<bool>("says_stream");
    const auto row = [](const char *name, Platform platform, std::string model, std::string path,
                        std::string version, bool says_stream) {
        QTest::newRow(name) << platform << std::move(model) << std::move(path) << std::move(version)
                            << says_stream;
    };
    row("own", Platform::Own, "claude-x", "/v1/messages", "", true);
    row("Bedrock", Platform::BedrockInvoke, "us.anthropic.claude-x-v1:0",
        "/model/us.anthropic.claude-x-v1%3A0/invoke-with-response-stream", "\"bedrock-2023-05-31\"", false);
    row("Vertex", Platform::Vertex, "claude-x@20250101",
        "/v1/projects/p/locations/eu/publishers/anthropic/models/claude-x@20250101:streamRawPredict",
        "\"vertex-2023-10-16\"", true);
    row("a path out of Bedrock's", Platform::BedrockInvoke, "../x",
        "/model/..%2Fx/invoke-with-response-stream", "\"bedrock-2023-05-31\"", false);
}

void TestMessagesRequest::goesToEachPlatform()
{
    QFETCH(Platform, platform);
    QFETCH(std::string, model);
    QFETCH(std::string, path);
    QFETCH(std::string, version);
    QFETCH(bool, says_stream);
    Exchange exchange = exchangeFor({}, platform);
    exchange.target.model = model;
    exchange.target.project = "p";
    exchange.target.region = "eu";
    const auto wire = sent(Dialect::OpenAiChat, chat(R"("stream":true)"), exchange);
    QVERIFY(wire);
    QCOMPARE(wire->path, path);
    QCOMPARE(at(wire->body, "/anthropic_version"), version);
    QCOMPARE(at(wire->body, "/stream").empty(), !says_stream);
    QCOMPARE(at(wire->body, "/model").empty(), platform != Platform::Own);
    exchange.target.model = "..";
    QVERIFY(!sent(Dialect::OpenAiChat, chat(""), exchange));
}

QTEST_APPLESS_MAIN(TestMessagesRequest)
#include "tst_messagesrequest.moc"
