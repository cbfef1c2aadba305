// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/errorkinds.h"
#include "core/dialect/responses/codecs.h"
#include "tests/core/dialect/responses/outline.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;
using responses::outline;

namespace {

Result<Request> decoded(const std::string &body)
{
    const auto document = JsonDocument::parse(body);
    if (!document)
        return std::unexpected(document.error());
    return responses::clientCodec().decodeRequest(*document);
}

std::string withInput(std::string_view input)
{
    return R"({"model":"m","input":)" + std::string(input) + '}';
}

/// `decodeRequest(body).error()` as the client sees it: its sentence and param.
ApiError refusal(const std::string &body)
{
    const auto request = decoded(body);
    return request ? ApiError{.status = 200} : toApiError(request.error());
}

} // namespace

class TestResponsesRequest : public QObject
{
    Q_OBJECT

private slots:
    void inputBecomesMessages_data();
    void inputBecomesMessages();
    void toolsAreFlattenedAndKept_data();
    void toolsAreFlattenedAndKept();
    void choiceOfTools_data();
    void choiceOfTools();
    void settings();
    void whatCodexSends();
    void nullsCountAsAbsent();
    void whatIsServedHereIsNotHandedOn();
    void whatNobodyKnowsIsKept();
    void whatCannotBeServedIsRefused_data();
    void whatCannotBeServedIsRefused();
    void echoRepeatsWhatTheRequestSaid();
};

void TestResponsesRequest::inputBecomesMessages_data()
{
    QTest::addColumn<std::string>("input");
    QTest::addColumn<std::string>("messages");
    const auto row = [](const char *name, std::string input, std::string messages) {
        QTest::newRow(name) << input << messages;
    };
    row("a string", R"("Hi")", "U[Hi]");
    row("easy messages", R"([{"role":"system","content":"S"},{"role":"user","content":"U"}])", "S[S] U[U]");
    row("parts", R"([{"type":"message","role":"user","content":[{"type":"input_text","text":"a"},
        {"type":"input_image","image_url":"data:IMAGE/JPG;base64,AA\nAA","detail":"high"},
        {"type":"input_image","file_id":"file_1"},
        {"type":"input_file","file_data":"data:application/pdf;base64,JVBERi0=","filename":"x.pdf"},
        {"type":"input_file","file_data":"JVBERi0="},
        {"type":"input_file","file_url":"https://h/x.pdf"},
        {"type":"input_audio","input_audio":{"data":"QUJD","format":"wav"}}]}])",
        "U[a image(data:image/jpeg;base64,AAAA high) image(file_1) "
        "file(data:application/pdf;base64,JVBERi0= x.pdf) file(data:application/pdf;base64,JVBERi0=) "
        "file(https://h/x.pdf) audio(QUJD wav)]");
    row("a cache breakpoint",
        R"([{"role":"user","content":[{"type":"input_text","text":"a","prompt_cache_breakpoint":{"mode":"explicit"}}]}])",
        "U[a*]");
    row("an assistant's text and refusal", R"([{"role":"assistant","content":[
        {"type":"output_text","text":"a","annotations":[]},{"type":"refusal","refusal":"no"}]}])",
        "A[a refusal(no)]");
    row("two assistant messages stay two",
        R"([{"role":"assistant","content":"a"},{"type":"reasoning","summary":[{"type":"summary_text","text":"r"}]},
            {"role":"assistant","content":"b"}])",
        "A[a] A[think(r) b]");
    row("reasoning, text and calls are one message",
        R"([{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"one"},
              {"type":"summary_text","text":"two"}],"encrypted_content":"gAAA"},
            {"type":"message","role":"assistant","content":[{"type":"output_text","text":"t"}]},
            {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}"},
            {"type":"function_call","id":"fc_2","call_id":"c2","name":"g","arguments":"{\"a\":1}"},
            {"type":"function_call_output","call_id":"c1","output":"1"},
            {"type":"function_call_output","call_id":"c2","output":"2"}])",
        "A[think(one\n\ntwo encrypted=gAAA id=rs_1) t call(c1 f {}) call(c2 g {\"a\":1})] "
        "U[result(c1 1) result(c2 2)]");
    row("raw reasoning is preferred to its summary",
        R"([{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"s"}],
             "content":[{"type":"reasoning_text","text":"raw"}]}])",
        "A[think(raw id=rs_1)]");
    row("reasoning that says nothing", R"([{"type":"reasoning","id":"rs_1","summary":[]},
                                          {"role":"user","content":"u"}])",
        "U[u]");
    row("outputs in another order stand in the order of the calls",
        R"([{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
            {"type":"function_call","call_id":"c2","name":"g","arguments":"{}"},
            {"type":"function_call_output","call_id":"c2","output":"2"},
            {"type":"function_call_output","call_id":"c1","output":"1"}])",
        "A[call(c1 f {}) call(c2 g {})] U[result(c1 1) result(c2 2)]");
    row("outputs that stand apart move behind their calls",
        R"([{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
            {"role":"developer","content":"d"},{"role":"user","content":"u"},
            {"type":"function_call_output","call_id":"c1","output":"1"}])",
        "A[call(c1 f {})] U[result(c1 1)] D[d] U[u]");
    row("a user message behind the outputs joins them",
        R"([{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
            {"type":"function_call_output","call_id":"c1","output":"1"},{"role":"user","content":"u"}])",
        "A[call(c1 f {})] U[result(c1 1) u]");
    row("an output before its call",
        R"([{"type":"function_call_output","call_id":"c1","output":"1"},
            {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}])",
        "A[call(c1 f {})] U[result(c1 1)]");
    row("a text behind the call of the same answer",
        R"([{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
            {"role":"assistant","content":"t"},
            {"type":"function_call_output","call_id":"c1","output":"1"}])",
        "A[call(c1 f {}) t] U[result(c1 1)]");
    row("turns with the same call id",
        R"([{"type":"function_call","call_id":"c","name":"f","arguments":"1"},
            {"type":"function_call_output","call_id":"c","output":"one"},
            {"type":"function_call","call_id":"c","name":"f","arguments":"2"},
            {"type":"function_call_output","call_id":"c","output":"two"}])",
        "A[call(c f 1)] U[result(c one)] A[call(c f 2)] U[result(c two)]");
    row("outputs of parts, empty and null",
        R"([{"type":"function_call","call_id":"c1","name":"f","arguments":""},
            {"type":"function_call","call_id":"c2","name":"f"},
            {"type":"function_call","call_id":"c3","name":"f","arguments":null},
            {"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"a"},
              {"type":"input_image","image_url":"https://h/i.png"}]},
            {"type":"function_call_output","call_id":"c2","output":""},
            {"type":"function_call_output","call_id":"c3","output":null}])",
        "A[call(c1 f ) call(c2 f ) call(c3 f )] "
        "U[result(c1 a image(https://h/i.png)) result(c2) result(c3)]");
    row("a custom tool's call", R"([{"type":"custom_tool_call","call_id":"c1","name":"apply_patch",
             "input":"*** Begin Patch"},
            {"type":"custom_tool_call_output","call_id":"c1","output":"ok"}])",
        "A[custom(c1 apply_patch *** Begin Patch)] U[result(c1 ok)]");
    row("a call in a namespace",
        R"([{"type":"function_call","call_id":"c1","namespace":"mcp__docs__","name":"search","arguments":"{}"},
            {"type":"function_call","call_id":"c2","namespace":"docs","name":"get","arguments":"{}"}])",
        "A[call(c1 mcp__docs__search {}) call(c2 docs__get {})]");
    row("another provider's signature in the encrypted content",
        R"([{"type":"reasoning","summary":[{"type":"summary_text","text":"t"}],
             "encrypted_content":"{\"portolan\":{\"signature\":\"sig\"}}"},
            {"type":"reasoning","summary":[],"encrypted_content":"{\"portolan\":{\"redacted\":\"rd\"}}"},
            {"type":"reasoning","summary":[],
             "encrypted_content":"{\"portolan\":{\"signature\":\"ts\",\"call_id\":\"c1\"}}"},
            {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}])",
        "A[think(t signature=sig) think( redacted=rd) call(c1 f {} ~ts)]");
    row("items that only this API knows",
        R"([{"type":"web_search_call","id":"ws_1","status":"completed"},{"role":"assistant","content":"a"},
            {"type":"local_shell_call_output","id":"x","output":"o"}])",
        "A[foreign(web_search_call) a] U[foreign(local_shell_call_output)]");
}

void TestResponsesRequest::inputBecomesMessages()
{
    QFETCH(std::string, input);
    QFETCH(std::string, messages);
    const auto request = decoded(withInput(input));
    QVERIFY2(request, request ? "" : request.error().message.c_str());
    QCOMPARE(outline(request->messages), messages);
}

void TestResponsesRequest::toolsAreFlattenedAndKept_data()
{
    QTest::addColumn<std::string>("tools");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char *name, std::string tools, std::string expected) {
        QTest::newRow(name) << tools << expected;
    };
    row("none", "[]", "");
    row("null", "null", "");
    row("a function", R"([{"type":"function","name":"f","parameters":{"b":1e2,"a":0.10},"strict":false}])",
        R"(F:f-{"b":1e2,"a":0.10})");
    row("strict null", R"([{"type":"function","name":"f","strict":null,"parameters":null}])", "F:f");
    row("a custom tool's grammar is nested as the chat API has it",
        R"([{"type":"custom","name":"c","format":{"type":"grammar","syntax":"lark","definition":"x"}}])",
        R"(C:c{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}})");
    row("a namespace", R"([{"type":"namespace","name":"mcp__d__","tools":[{"type":"function","name":"a"},
                            {"type":"custom","name":"b"}]}])",
        "F:mcp__d__a C:mcp__d__b");
    row("a hosted tool", R"([{"type":"web_search","filters":{"a":1}}])",
        R"(H:web_search{"type":"web_search","filters":{"a":1}})");
}

void TestResponsesRequest::toolsAreFlattenedAndKept()
{
    QFETCH(std::string, tools);
    QFETCH(std::string, expected);
    const auto request = decoded(R"({"model":"m","input":"i","tools":)" + tools + '}');
    QVERIFY(request);
    QCOMPARE(outline(request->tools), expected);
}

void TestResponsesRequest::choiceOfTools_data()
{
    using Mode = ToolChoice::Mode;
    QTest::addColumn<std::string>("json");
    QTest::addColumn<int>("mode");
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("allowed");
    const auto row = [](std::string json, Mode mode, std::string name = {}, std::string allowed = {}) {
        QTest::newRow(json.c_str()) << json << int(mode) << name << allowed;
    };
    row(R"("auto")", Mode::Auto);
    row(R"("none")", Mode::None);
    row(R"("required")", Mode::Required);
    row(R"({"type":"function","name":"f"})", Mode::Named, "f");
    row(R"({"type":"custom","name":"c"})", Mode::Named, "c");
    row(R"({"type":"web_search"})", Mode::Named, "web_search");
    row(R"({"type":"function","namespace":"n","name":"g"})", Mode::Named, "n__g");
    row(R"({"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"},{"type":"web_search"}]})",
        Mode::Required, "", "f web_search ");
}

void TestResponsesRequest::choiceOfTools()
{
    QFETCH(std::string, json);
    QFETCH(int, mode);
    QFETCH(std::string, name);
    QFETCH(std::string, allowed);
    const auto request = decoded(
        R"({"model":"m","input":"i","tools":[{"type":"function","name":"f"},{"type":"custom","name":"c"},
            {"type":"web_search"},{"type":"namespace","name":"n","tools":[{"type":"function","name":"g"}]}],
            "tool_choice":)"
        + json + '}');
    QVERIFY2(request, request ? "" : request.error().message.c_str());
    QVERIFY(request->tool_choice);
    QCOMPARE(int(request->tool_choice->mode), mode);
    QCOMPARE(request->tool_choice->name, name);
    std::string names;
    for (const std::string &tool : request->tool_choice->allowed)
        names += tool + ' ';
    QCOMPARE(names, allowed);
}

void TestResponsesRequest::settings()
{
    const auto request = decoded(R"({"model":"m","input":"i","instructions":"be good","temperature":0,
        "top_p":0.10,"top_logprobs":0,"max_output_tokens":5,"parallel_tool_calls":false,"metadata":{"k":"v"},
        "user":"u","safety_identifier":"s","service_tier":"flex","prompt_cache_key":"p","stream":true,
        "include":["message.output_text.logprobs"],"reasoning":{"effort":"xhigh","summary":"auto"},
        "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","description":"d",
                "schema":{"z":1,"a":2},"strict":true}}})");
    QVERIFY(request);
    QCOMPARE(outline(request->messages), std::string("S[be good] U[i]"));
    QCOMPARE(request->sampling.temperature.text, std::string("0"));
    QCOMPARE(request->sampling.top_p.text, std::string("0.10"));
    QCOMPARE(request->sampling.top_logprobs, std::optional<std::int64_t>(0));
    QCOMPARE(request->sampling.logprobs, std::optional(true));
    QCOMPARE(request->max_tokens, std::optional<std::int64_t>(5));
    QCOMPARE(request->parallel_tool_calls, std::optional(false));
    QCOMPARE(request->metadata.text, std::string(R"({"k":"v"})"));
    QCOMPARE(request->user, std::string("s"));
    QCOMPARE(request->service_tier, std::string("flex"));
    QCOMPARE(request->prompt_cache_key, std::string("p"));
    QVERIFY(request->stream);
    QVERIFY(request->reasoning.effort == Effort::XHigh);
    QCOMPARE(request->reasoning.summary, std::string("auto"));
    QCOMPARE(request->verbosity, std::string("low"));
    QVERIFY(request->response_format.kind == ResponseFormat::Kind::JsonSchema);
    QCOMPARE(request->response_format.schema.text, std::string(R"({"z":1,"a":2})"));
    QCOMPARE(request->response_format.strict, std::optional(true));
    QVERIFY(request->extras.empty());
}

void TestResponsesRequest::whatCodexSends()
{
    const auto request = decoded(R"({"model":"gpt-5-codex","instructions":"You are Codex.","input":[
        {"type":"message","role":"developer","content":[{"type":"input_text","text":"<permissions>"}]},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"<environment_context>"}]},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"fix it"}]},
        {"type":"reasoning","summary":[{"type":"summary_text","text":"Looking"}],"content":null,
         "encrypted_content":"gAAAAB"},
        {"type":"function_call","name":"shell_command","arguments":"{\"command\":\"ls\"}","call_id":"call_1"},
        {"type":"custom_tool_call","status":"completed","call_id":"call_2","name":"apply_patch",
         "input":"*** Begin Patch\n*** End Patch"},
        {"type":"function_call_output","call_id":"call_1","output":"a.c"},
        {"type":"custom_tool_call_output","call_id":"call_2","output":"Done"}],
        "tools":[{"type":"function","name":"shell_command","description":"Runs","strict":false,
                  "parameters":{"type":"object","properties":{"command":{"type":"string"}},
                                "required":["command"],"additionalProperties":false}},
                 {"type":"custom","name":"apply_patch","description":"Edit",
                  "format":{"type":"grammar","syntax":"lark","definition":"start: x"}},
                 {"type":"web_search","external_web_access":true}],
        "tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"medium","summary":"auto"},
        "store":false,"stream":true,"include":["reasoning.encrypted_content"],
        "prompt_cache_key":"019a","text":{"verbosity":"medium"}})");
    QVERIFY2(request, request ? "" : request.error().message.c_str());
    QCOMPARE(outline(request->messages),
             std::string("S[You are Codex.] D[<permissions>] U[<environment_context>] U[fix it] "
                         "A[think(Looking encrypted=gAAAAB) call(call_1 shell_command {\"command\":\"ls\"}) "
                         "custom(call_2 apply_patch *** Begin Patch\n*** End Patch)] "
                         "U[result(call_1 a.c) result(call_2 Done)]"));
    QCOMPARE(request->tools.size(), std::size_t(3));
    QVERIFY(request->tools[1].kind == Tool::Kind::Custom);
    QVERIFY(request->tools[2].kind == Tool::Kind::Hosted);
    QVERIFY(request->stream);
    QVERIFY(request->extras.empty());
}

void TestResponsesRequest::nullsCountAsAbsent()
{
    const auto request = decoded(R"({"model":"m","input":"i","instructions":null,"previous_response_id":null,
        "conversation":null,"prompt":null,"background":null,"tools":null,"tool_choice":null,"text":null,
        "reasoning":null,"include":null,"store":null,"stream":null,"temperature":null,"metadata":null,
        "max_output_tokens":null,"truncation":null,"parallel_tool_calls":null,"top_p":null,"user":null})");
    QVERIFY2(request, request ? "" : request.error().message.c_str());
    const auto plain = decoded(withInput(R"("i")"));
    QVERIFY(*request == *plain);
}

void TestResponsesRequest::whatIsServedHereIsNotHandedOn()
{
    const auto request = decoded(R"({"model":"m","input":"i","store":true,"truncation":"disabled",
        "background":false,"stream_options":{"include_obfuscation":false},
        "include":["reasoning.encrypted_content"]})");
    QVERIFY(request);
    QVERIFY(!request->store);
    QVERIFY(request->extras.empty());
}

void TestResponsesRequest::whatNobodyKnowsIsKept()
{
    const auto request = decoded(R"({"model":"m","input":"i","truncation":"auto","max_tool_calls":3,
        "include":["reasoning.encrypted_content","web_search_call.action.sources"],
        "reasoning":{"mode":"pro"},"new_thing":{"a":1.0}})");
    QVERIFY(request);
    const Extras expected{{"reasoning.mode", RawJson{R"("pro")"}},
                          {"include", RawJson{R"(["web_search_call.action.sources"])"}},
                          {"truncation", RawJson{R"("auto")"}},
                          {"max_tool_calls", RawJson{"3"}},
                          {"new_thing", RawJson{R"({"a":1.0})"}}};
    QVERIFY(request->extras == expected);
}

void TestResponsesRequest::whatCannotBeServedIsRefused_data()
{
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("param");
    const auto row
        = [](const char *name, std::string body, std::string param) { QTest::newRow(name) << body << param; };
    row("no object", "[]", "");
    row("no input", R"({"model":"m"})", "input");
    row("an input of another kind", R"({"model":"m","input":5})", "input");
    row("a stored response", R"({"model":"m","input":"i","previous_response_id":"resp_1"})",
        "previous_response_id");
    row("a stored conversation", R"({"model":"m","input":"i","conversation":{"id":"c"}})", "conversation");
    row("a stored prompt", R"({"model":"m","input":"i","prompt":{"id":"p"}})", "prompt");
    row("work in the background", R"({"model":"m","input":"i","background":true})", "background");
    row("a reference to an item",
        withInput(R"([{"role":"user","content":"u"},{"type":"item_reference","id":"x"}])"), "input[1]");
    row("an item that is none", withInput(R"([5])"), "input[0]");
    row("an item without a type", withInput(R"([{"id":"x"}])"), "input[0].type");
    row("a role nobody knows", withInput(R"([{"role":"robot","content":"x"}])"), "input[0].role");
    row("a content of another kind", withInput(R"([{"role":"user","content":{"a":1}}])"), "input[0].content");
    row("a part nobody knows", withInput(R"([{"role":"user","content":[{"type":"video"}]}])"),
        "input[0].content[0].type");
    row("a part without its text", withInput(R"([{"role":"user","content":[{"type":"input_text"}]}])"),
        "input[0].content[0].text");
    row("an image as the chat API has it",
        withInput(R"([{"role":"user","content":[{"type":"input_image","image_url":{"url":"https://h"}}]}])"),
        "input[0].content[0]");
    row("an image from a file",
        withInput(R"([{"role":"user","content":[{"type":"input_image","image_url":"file:///etc/passwd"}]}])"),
        "input[0].content[0].image_url");
    row("a call without call_id", withInput(R"([{"type":"function_call","id":"fc_1","name":"f"}])"),
        "input[0].call_id");
    row("a call without name", withInput(R"([{"type":"function_call","call_id":"c"}])"), "input[0].name");
    row("arguments that are no string",
        withInput(R"([{"type":"function_call","call_id":"c","name":"f","arguments":{}}])"),
        "input[0].arguments");
    row("an output without its call",
        withInput(R"([{"type":"function_call_output","call_id":"c","output":"x"}])"), "input[0].call_id");
    row("two outputs of one call", withInput(R"([{"type":"function_call","call_id":"c","name":"f"},
        {"type":"function_call_output","call_id":"c","output":"1"},
        {"type":"function_call_output","call_id":"c","output":"2"}])"),
        "input[2].call_id");
    row("a choice of no tool", R"({"model":"m","input":"i","tool_choice":{"type":"function","name":"f"}})",
        "tool_choice");
    row("allowed tools without one",
        R"({"model":"m","input":"i","tool_choice":{"type":"allowed_tools","mode":"auto"}})",
        "tool_choice.tools");
    row("a choice nobody knows", R"({"model":"m","input":"i","tool_choice":"any"})", "tool_choice");
    row("a tool without a type", R"({"model":"m","input":"i","tools":[{"name":"f"}]})", "tools[0].type");
    row("a nested tool", R"({"model":"m","input":"i","tools":[{"type":"function","function":{"name":"f"}}]})",
        "tools[0].name");
    row("a hosted tool in a namespace",
        R"({"model":"m","input":"i","tools":[{"type":"namespace","name":"n","tools":[{"type":"mcp"}]}]})",
        "tools[0].tools[0].type");
    row("a format nobody knows", R"({"model":"m","input":"i","text":{"format":{"type":"xml"}}})",
        "text.format.type");
    row("a schema format without schema",
        R"({"model":"m","input":"i","text":{"format":{"type":"json_schema"}}})", "text.format.schema");
    row("an effort nobody knows", R"({"model":"m","input":"i","reasoning":{"effort":"huge"}})",
        "reasoning.effort");
    row("no tokens", R"({"model":"m","input":"i","max_output_tokens":0})", "max_output_tokens");
    row("a huge number of tokens", R"({"model":"m","input":"i","max_output_tokens":1e400})",
        "max_output_tokens");
    row("a temperature in words", R"({"model":"m","input":"i","temperature":"hot"})", "temperature");
    row("stream in words", R"({"model":"m","input":"i","stream":"yes"})", "stream");
}

void TestResponsesRequest::whatCannotBeServedIsRefused()
{
    QFETCH(std::string, body);
    QFETCH(std::string, param);
    const ApiError error = refusal(body);
    QCOMPARE(error.status, 400);
    QCOMPARE(error.param, param);
    QVERIFY(error.message.ends_with('.'));
}

void TestResponsesRequest::echoRepeatsWhatTheRequestSaid()
{
    const auto body = JsonDocument::parse(
        R"({"model":"m","input":"i","temperature":0.50,"tools":[{"type":"function","name":"f"}],"user":null})");
    const Extras expected{{"temperature", RawJson{"0.50"}},
                          {"tools", RawJson{R"([{"type":"function","name":"f"}])"}}};
    QVERIFY(responses::clientCodec().echo(*body) == expected);
}

QTEST_GUILESS_MAIN(TestResponsesRequest)
#include "tst_responsesrequest.moc"
