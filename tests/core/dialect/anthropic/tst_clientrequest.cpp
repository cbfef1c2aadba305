// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/tokenestimate.h"
#include "tests/core/dialect/anthropic/codeccase.h"

#include <QTest>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::anthropic;

namespace {

Result<Request> decoded(std::string_view body)
{
    const auto document = JsonDocument::parse(std::string(body));
    if (!document)
        return std::unexpected(document.error());
    return clientCodec(Dialect::Anthropic)->decodeRequest(*document);
}

std::string withMembers(std::string_view members)
{
    return R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"q"}])"
        + std::string(members.empty() ? "" : ",") + std::string(members) + "}";
}

std::string withBlock(std::string_view block)
{
    return R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":[)" + std::string(block)
        + "]}]}";
}

} // namespace

class TestClientRequest : public QObject
{
    Q_OBJECT

private slots:
    void comesBackAsItWas_data();
    void comesBackAsItWas();
    void readsMembers();
    void leavesTheBillingLineOut_data();
    void leavesTheBillingLineOut();
    void refusesWhatIsBroken_data();
    void refusesWhatIsBroken();
    void estimatesTokens_data();
    void estimatesTokens();
};

void TestClientRequest::comesBackAsItWas_data()
{
    QTest::addColumn<std::string>("pointer");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("value");
    const auto block = [](const char *name, std::string value) {
        QTest::newRow(name) << std::string("/messages/0/content/0") << withBlock(value) << value;
    };
    block("text with a mark",
          R"({"type":"text","text":"a\nü","cache_control":{"type":"ephemeral","ttl":"1h"}})");
    block("image bytes",
          R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}})");
    block("image URL", R"({"type":"image","source":{"type":"url","url":"https://a/b.png"}})");
    block("image file", R"({"type":"image","source":{"type":"file","file_id":"file_1"}})");
    block("PDF",
          R"({"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="},)"
          R"("title":"t","context":"c","citations":{"enabled":true}})");
    block("text document",
          R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"}})");
    block("document of blocks",
          R"({"type":"document","source":{"type":"content","content":[{"type":"text","text":"x"}]}})");
    block("search result",
          R"({"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"x"}]})");
    block("a block of later versions", R"({"type":"hologram","n":1.0,"cache_control":{"type":"ephemeral"}})");
    block("tool result", R"({"type":"tool_result","tool_use_id":"toolu_1","content":"x","is_error":true})");
    block("empty tool result", R"({"type":"tool_result","tool_use_id":"toolu_1"})");
    block("tool result of blocks",
          R"({"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"x"},)"
          R"({"type":"image","source":{"type":"url","url":"https://a/b.png"}},)"
          R"({"type":"search_result","source":"s","title":"t","content":[]}]})");

    const auto assistant = [](const char *name, std::string blocks) {
        QTest::newRow(name) << std::string("/messages/1/content")
                            << R"({"model":"m","messages":[{"role":"user","content":"q"},)"
                               R"({"role":"assistant","content":)"
                + blocks + "}]}"
                            << blocks;
    };
    assistant("thinking between calls and its order",
              R"([{"type":"thinking","thinking":"h","signature":"s"},{"type":"text","text":"t"},)"
              R"({"type":"thinking","thinking":"","signature":"s2"},{"type":"redacted_thinking","data":"d"},)"
              R"({"type":"tool_use","id":"toolu_1","name":"f","input":{"b":1.0,"a":12345678901234567890}}])");
    assistant(
        "server tools",
        R"([{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},)"
        R"({"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},)"
        R"({"type":"text","text":"t","citations":[{"type":"web_search_result_location","url":"https://a"}]}])");

    const auto member = [](const char *name, const char *pointer, std::string value) {
        QTest::newRow(name) << std::string(pointer)
                            << withMembers('"' + std::string(pointer + 1) + "\":" + value) << value;
    };
    member(
        "function tool", "/tools",
        R"([{"name":"f","description":"d","input_schema":{"type":"object","x":1.0},"cache_control":{"type":"ephemeral"}}])");
    member("server tool", "/tools", R"([{"type":"web_search_20250305","name":"web_search","max_uses":3}])");
    member("system", "/system",
           R"([{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"5m"}}])");
    member("adaptive", "/thinking", R"({"type":"adaptive","display":"omitted"})");
    member("a kind of thinking to come", "/thinking", R"({"type":"between_tools"})");
    member("effort alone", "/output_config", R"({"effort":"max"})");
    member("user", "/metadata", R"({"user_id":"a@b.c"})");
    member("temperature", "/temperature", "0.70");
    member("top_k", "/top_k", "40");
    member("stop", "/stop_sequences", R"(["a","b"])");
    member("tier", "/service_tier", R"("standard_only")");
    member("something new", "/context_management", R"({"edits":[ 1 ]})");
}

void TestClientRequest::comesBackAsItWas()
{
    QFETCH(std::string, pointer);
    QFETCH(std::string, body);
    QFETCH(std::string, value);
    Exchange exchange = exchangeFor({.thinking = ThinkingStyle::Adaptive, .structured_outputs = true});
    const auto wire = sent(Dialect::Anthropic, body, exchange);
    QVERIFY2(wire, wire ? "" : wire.error().message.c_str());
    QCOMPARE(at(wire->body, pointer), value);
}

void TestClientRequest::readsMembers()
{
    const auto request = decoded(withMembers(
        R"("stream":true,"thinking":{"type":"enabled","budget_tokens":4096},"tool_choice":{"type":"any",)"
        R"("disable_parallel_tool_use":true},"output_config":{"format":{"type":"json_schema","schema":{}}})"));
    QVERIFY(request);
    QVERIFY(request->stream);
    QCOMPARE(request->from, Dialect::Anthropic);
    QCOMPARE(request->reasoning.budget_tokens, std::optional<std::int64_t>(4096));
    QCOMPARE(request->tool_choice->mode, ToolChoice::Mode::Required);
    QCOMPARE(request->parallel_tool_calls, std::optional(false));
    QCOMPARE(request->response_format.kind, ResponseFormat::Kind::JsonSchema);
    QVERIFY(request->extras.empty());
}

void TestClientRequest::leavesTheBillingLineOut_data()
{
    QTest::addColumn<std::string>("system");
    QTest::addColumn<std::string>("left"); // texts with '|' between
    const auto row = [](const char *name, std::string system, std::string left) {
        QTest::newRow(name) << std::move(system) << std::move(left);
    };
    row("a block of its own",
        R"([{"type":"text","text":"x-anthropic-billing-header: cc_version=1; x"},{"type":"text","text":"You are"}])",
        "You are");
    row("a line in front", R"("x-anthropic-billing-header: 1\n\nYou are")", "You are");
    row("nothing else", R"("x-anthropic-billing-header: 1")", "");
    row("somewhere else", R"("Not x-anthropic-billing-header: 1")", "Not x-anthropic-billing-header: 1");
}

void TestClientRequest::leavesTheBillingLineOut()
{
    QFETCH(std::string, system);
    QFETCH(std::string, left);
    const auto request = decoded(withMembers("\"system\":" + system));
    QVERIFY(request);
    std::string texts;
    for (const Message &message : request->messages) {
        if (message.role == Role::System) {
            for (const Part &part : message.parts)
                texts += (texts.empty() ? "" : "|") + std::get<TextPart>(part.content).text;
        }
    }
    QCOMPARE(texts, left);
}

void TestClientRequest::refusesWhatIsBroken_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("where");
    const auto row = [](const char *name, std::string body, const char *where) {
        QTest::newRow(name) << std::move(body) << std::string(where);
    };
    row("an array", "[]", "");
    row("no model", R"({"messages":[{"role":"user","content":"q"}]})", "/model");
    row("no messages", R"({"model":"m"})", "/messages");
    row("empty messages", R"({"model":"m","messages":[]})", "/messages");
    row("messages of another kind", R"({"model":"m","messages":{"0":1}})", "/messages");
    row("a message that is a number", R"({"model":"m","messages":[1]})", "/messages/0/role");
    row("an unknown role", R"({"model":"m","messages":[{"role":"tool","content":"q"}]})", "/messages/0/role");
    row("no content", R"({"model":"m","messages":[{"role":"user"}]})", "/messages/0/content");
    row("a block without a type", withBlock("{}"), "/messages/0/content/0/type");
    row("a block that is a string", withBlock("\"x\""), "/messages/0/content/0/type");
    row("text that is a number", withBlock(R"({"type":"text","text":1})"), "/messages/0/content/0/text");
    row("an image that is no base64",
        withBlock(R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"é"}})"),
        "/messages/0/content/0/source/data");
    row("an image of a file URL",
        withBlock(R"({"type":"image","source":{"type":"url","url":"file:///etc/passwd"}})"),
        "/messages/0/content/0/source/url");
    row("a call whose input is text", withBlock(R"({"type":"tool_use","id":"1","name":"f","input":"{}"})"),
        "/messages/0/content/0/input");
    row("a result without its call", withBlock(R"({"type":"tool_result","content":"x"})"),
        "/messages/0/content/0/tool_use_id");
    row("a result in a result",
        withBlock(
            R"({"type":"tool_result","tool_use_id":"1","content":[{"type":"tool_result","tool_use_id":"2"}]})"),
        "/messages/0/content/0/content/0/type");
    row("a tool that is text", withMembers(R"("tools":["f"])"), "/tools/0");
    row("a tool without a name", withMembers(R"("tools":[{"input_schema":{}}])"), "/tools/0/name");
    row("a schema that is none", withMembers(R"("tools":[{"name":"f","input_schema":[]}])"),
        "/tools/0/input_schema");
    row("an unknown choice", withMembers(R"("tool_choice":{"type":"some"})"), "/tool_choice/type");
    row("a choice of nothing", withMembers(R"("tool_choice":{"type":"tool"})"), "/tool_choice/name");
    row("a budget that is text", withMembers(R"("thinking":{"type":"enabled","budget_tokens":"1"})"),
        "/thinking/budget_tokens");
    row("an effort to come", withMembers(R"("output_config":{"effort":"heroic"})"), "/output_config/effort");
    row("a format without a schema", withMembers(R"("output_config":{"format":{"type":"json_schema"}})"),
        "/output_config/format");
    row("a temperature that is text", withMembers(R"("temperature":"hot")"), "/temperature");
    row("a number beyond all", withMembers(R"("top_p":1e999)"), "/top_p");
    row("stop that is text", withMembers(R"("stop_sequences":"x")"), "/stop_sequences");
    row("half a token", R"({"model":"m","max_tokens":1.5,"messages":[{"role":"user","content":"q"}]})",
        "/max_tokens");
}

void TestClientRequest::refusesWhatIsBroken()
{
    QFETCH(std::string, body);
    QFETCH(std::string, where);
    const auto request = decoded(body);
    QVERIFY(!request);
    QCOMPARE(request.error().origin, Origin::Client);
    QCOMPARE(request.error().where, where);
    QVERIFY(request.error().message.ends_with('.'));
}

void TestClientRequest::estimatesTokens_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<qint64>("least");
    QTest::addColumn<qint64>("most");
    const auto row = [](const char *name, std::string body, qint64 least, qint64 most) {
        QTest::newRow(name) << std::move(body) << least << most;
    };
    const std::string page(4000, 'x');
    row("a word", withMembers(""), 1, 10);
    row("a page", withBlock(R"({"type":"text","text":")" + page + R"("})"), 1000, 1010);
    row("Chinese", withBlock(R"({"type":"text","text":"你好世界"})"), 4, 10);
    row("system", withMembers(R"("system":")" + page + '"'), 1000, 1020);
    row("a tool", withMembers(R"("tools":[{"name":"f","description":")" + page + R"(","input_schema":{}}])"),
        1300, 1400);
    row("an image", withBlock(R"({"type":"image","source":{"type":"url","url":"https://a/b.png"}})"), 1600,
        1610);
    row("an image in a result",
        withBlock(
            R"({"type":"tool_result","tool_use_id":"1","content":[{"type":"image","source":{"type":"base64",)"
            R"("media_type":"image/png","data":"AAAA"}}]})"),
        1600, 1620);
    row("a PDF",
        withBlock(R"({"type":"document","source":{"type":"base64","media_type":"application/pdf","data":")"
                  + std::string(200'000, 'A') + R"("}})"),
        6000, 10000);
}

void TestClientRequest::estimatesTokens()
{
    QFETCH(std::string, body);
    QFETCH(qint64, least);
    QFETCH(qint64, most);
    const auto request = decoded(body);
    QVERIFY2(request, request ? "" : request.error().message.c_str());
    const std::int64_t tokens = estimateTokens(*request);
    QVERIFY2(tokens >= least && tokens <= most, std::to_string(tokens).c_str());
    QCOMPARE(countReply(tokens), R"({"input_tokens":)" + std::to_string(tokens) + "}");
}

QTEST_APPLESS_MAIN(TestClientRequest)
#include "tst_clientrequest.moc"
