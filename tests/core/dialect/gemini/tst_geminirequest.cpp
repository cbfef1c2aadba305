// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/geminicodec.h"
#include "tests/core/dialect/gemini/providerside.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace portolan::dialect;
using namespace portolan::dialect::testing;

namespace {

const ProviderCodec &codec()
{
    return gemini::providerCodec();
}

Exchange toFlash()
{
    Exchange exchange(7);
    exchange.target = {.dialect = Dialect::Gemini, .model = "gemini-2.5-flash"};
    return exchange;
}

/// A request of one message with further members.
std::string asking(const std::string &members)
{
    return "{'model':'m','messages':[{'role':'user','content':'Q'}]" + members + '}';
}

std::string answering(const std::string &members)
{
    return json("{'contents':[{'role':'user','parts':[{'text':'Q'}]}]" + members + '}');
}

bool isNoted(const Exchange &exchange, std::string_view what)
{
    return std::ranges::find(exchange.notes, what, &Note::what) != exchange.notes.end();
}

const std::string kTool = "{'type':'function','function':{'name':'f','parameters':{'type':'object',"
                          "'properties':{'a':{'type':'integer'}}}}}";
const std::string kDeclared = "{'name':'f','parametersJsonSchema':{'type':'object','properties':{'a':{'type':"
                              "'integer'}}}}";

} // namespace

class TestGeminiRequest : public QObject
{
    Q_OBJECT

private slots:
    void parametersFindTheirPlace_data();
    void parametersFindTheirPlace();
    void whatWouldChangeTheMeaningIsRefused_data();
    void whatWouldChangeTheMeaningIsRefused();
    void whatIsLeftOutIsNoted_data();
    void whatIsLeftOutIsNoted();
    void messagesBecomeContents_data();
    void messagesBecomeContents();
    void thinkingIsToldAsTheModelTakesIt_data();
    void thinkingIsToldAsTheModelTakesIt();
    void aSchemaBesideToolsIsEmulatedWhereItMustBe_data();
    void aSchemaBesideToolsIsEmulatedWhereItMustBe();
    void modelsHaveTheirPaths_data();
    void modelsHaveTheirPaths();
    void namesThatGeminiRefusesComeBackAsTheyWere();
    void aChoiceOfAnUnknownToolIsRefused();
    void resultsThatShowSomethingAreFollowedByIt();
    void vertexGetsNoIdsOfCalls();
};

void TestGeminiRequest::parametersFindTheirPlace_data()
{
    QTest::addColumn<std::string>("client");
    QTest::addColumn<std::string>("sent");
    const auto row = [](const char *name, const std::string &members, const std::string &sent) {
        QTest::newRow(name) << asking(members) << answering(sent);
    };
    row("zeros survive", ",'temperature':0,'top_p':0,'seed':0,'max_tokens':1",
        ",'generationConfig':{'maxOutputTokens':1,'temperature':0,'topP':0,'seed':0}");
    row("numbers keep their spelling", ",'temperature':1.50", ",'generationConfig':{'temperature':1.50}");
    row("one answer needs no word", ",'n':1", "");
    row("logprobs", ",'logprobs':true,'top_logprobs':3",
        ",'generationConfig':{'responseLogprobs':true,'logprobs':3}");
    row("empty and surplus stops", ",'stop':['','a','b','c','d','e','f']",
        ",'generationConfig':{'stopSequences':['a','b','c','d','e']}");
    row("json_object", ",'response_format':{'type':'json_object'}",
        ",'generationConfig':{'responseMimeType':'application/json'}");
    row("images wanted", ",'modalities':['text','image']",
        ",'generationConfig':{'responseModalities':['TEXT','IMAGE']}");
    row("text wanted", ",'modalities':['text']", "");
    row("service tier", ",'service_tier':'flex'", ",'serviceTier':'flex'");
    row("default tier", ",'service_tier':'default'", ",'serviceTier':'standard'");
    row("tools and no choice", ",'tools':[" + kTool + "]",
        ",'tools':[{'functionDeclarations':[" + kDeclared + "]}]");
    row("no call wanted", ",'tool_choice':'none','tools':[" + kTool + "]",
        ",'tools':[{'functionDeclarations':[" + kDeclared
            + "]}],'toolConfig':{'functionCallingConfig':{'mode':'NONE'}}");
    row("a call wanted", ",'tool_choice':'required','tools':[" + kTool + "]",
        ",'tools':[{'functionDeclarations':[" + kDeclared
            + "]}],'toolConfig':{'functionCallingConfig':{'mode':'ANY'}}");
    row("a choice without tools", ",'tool_choice':'auto'", "");
    row("a free-form object keeps its schema",
        ",'tools':[{'type':'function','function':{'name':'g','parameters':{'type':'object',"
        "'additionalProperties':true}}}]",
        ",'tools':[{'functionDeclarations':[{'name':'g','parametersJsonSchema':{'type':'object',"
        "'additionalProperties':true}}]}]");
    row("a custom tool", ",'tools':[{'type':'custom','custom':{'name':'patch'}}]",
        ",'tools':[{'functionDeclarations':[{'name':'patch','parametersJsonSchema':{'type':'object',"
        "'properties':{'input':{'type':'string'}},'required':['input']}}]}]");
}

void TestGeminiRequest::parametersFindTheirPlace()
{
    QFETCH(std::string, client);
    QFETCH(std::string, sent);
    Exchange exchange = toFlash();
    QCOMPARE(sentFor(codec(), client, exchange), sent);
}

void TestGeminiRequest::whatWouldChangeTheMeaningIsRefused_data()
{
    QTest::addColumn<std::string>("client");
    QTest::addColumn<std::string>("where");
    const auto row = [](const char *name, const std::string &members, std::string where) {
        QTest::newRow(name) << asking(members) << std::move(where);
    };
    const auto content = [](const char *name, const std::string &part) {
        QTest::newRow(name) << "{'model':'m','messages':[{'role':'user','content':[" + part + "]}]}"
                            << std::string("/messages");
    };
    row("a call without tools", ",'tool_choice':'required'", "/tool_choice");
    row("too many answers", ",'n':9", "/n");
    row("audio", ",'modalities':['text','audio'],'audio':{'voice':'a','format':'mp3'}", "/modalities");
    content("an image elsewhere", "{'type':'image_url','image_url':{'url':'https://example.org/a.png'}}");
    content("a file elsewhere", "{'type':'file','file':{'file_id':'file-1'}}");
    QTest::newRow("nothing but the system")
        << std::string("{'model':'m','messages':[{'role':'system','content':'S'}]}")
        << std::string("/messages");
    QTest::newRow("nothing said") << std::string("{'model':'m','messages':[{'role':'user','content':''}]}")
                                  << std::string("/messages");
    QTest::newRow("a result without its call")
        << std::string("{'model':'m','messages':[{'role':'user','content':'Q'},{'role':'tool','tool_call_id':"
                       "'c9','content':'r'}]}")
        << std::string("/messages");
    QTest::newRow("arguments that are a list") << std::string(
        "{'model':'m','messages':[{'role':'user','content':'Q'},{'role':'assistant','tool_calls':"
        "[{'id':'c1','type':'function','function':{'name':'f','arguments':'[1]'}}]}]}")
                                               << std::string("/messages");
}

void TestGeminiRequest::whatWouldChangeTheMeaningIsRefused()
{
    QFETCH(std::string, client);
    QFETCH(std::string, where);
    Exchange exchange = toFlash();
    QCOMPARE(sentFor(codec(), client, exchange), "400 " + where);
}

void TestGeminiRequest::whatIsLeftOutIsNoted_data()
{
    QTest::addColumn<std::string>("client");
    QTest::addColumn<std::string>("what");
    const auto row = [](const char *what, const std::string &members) {
        QTest::newRow(what) << asking(members) << std::string(what);
    };
    row("logit_bias", ",'logit_bias':{'1':2}");
    row("seed", ",'seed':99999999999");
    row("parallel_tool_calls", ",'parallel_tool_calls':false,'tools':[" + kTool + "]");
    row("stop", ",'stop':['a','b','c','d','e','f']");
    row("reasoning", ",'reasoning_effort':'high'");
    row("max_tokens", ",'max_tokens':70000");
    row("service_tier", ",'service_tier':'scale'");
    row("web search", ",'web_search_options':{}");
    row("user", ",'user':'u'");
}

void TestGeminiRequest::whatIsLeftOutIsNoted()
{
    QFETCH(std::string, client);
    QFETCH(std::string, what);
    Exchange exchange = toFlash();
    exchange.target.capabilities.max_output_tokens = 65536;
    const std::string body = sentFor(codec(), client, exchange);
    QVERIFY2(body.starts_with('{'), body.c_str());
    QVERIFY(isNoted(exchange, what));
    QCOMPARE(exchange.notes.size(), std::size_t(1));
}

void TestGeminiRequest::messagesBecomeContents_data()
{
    QTest::addColumn<std::string>("messages");
    QTest::addColumn<std::string>("contents");
    const auto row = [](const char *name, std::string messages, std::string contents) {
        QTest::newRow(name) << std::move(messages) << std::move(contents);
    };
    const std::string call
        = "{'role':'assistant','tool_calls':[{'id':'c1','type':'function','function':{'name':'f',"
          "'arguments':'{`a`:1.0}'}}]}";
    const std::string called
        = "{'role':'model','parts':[{'functionCall':{'id':'c1','name':'f','args':{'a':1.0}}}]}";
    const std::string user = "{'role':'user','content':'Q'}";
    const std::string asked = "{'role':'user','parts':[{'text':'Q'}]}";
    row("inline audio and PDF",
        "{'role':'user','content':[{'type':'input_audio','input_audio':{'data':'QUJD','format':'wav'}},{'"
        "type':"
        "'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,QUJD'}}]}",
        "{'role':'user','parts':[{'inlineData':{'mimeType':'audio/"
        "wav','data':'QUJD'}},{'inlineData':{'mimeType':"
        "'application/pdf','data':'QUJD'}}]}");
    row("calls at the end are answered too", user + ',' + call,
        asked + ',' + called
            + ",{'role':'user','parts':[{'functionResponse':{'id':'c1','name':'f','response':{'error':'no "
              "result'}}}]}");
    row("an empty result", user + ',' + call + ",{'role':'tool','tool_call_id':'c1','content':''}",
        asked + ',' + called
            + ",{'role':'user','parts':[{'functionResponse':{'id':'c1','name':'f','response':{'output':''}}}]"
              "}");
    row("a result that is a list", user + ',' + call + ",{'role':'tool','tool_call_id':'c1','content':'[1]'}",
        asked + ',' + called
            + ",{'role':'user','parts':[{'functionResponse':{'id':'c1','name':'f','response':{'output':'[1]'}"
              "}}]}");
    row("big numbers in a result",
        user + ',' + call + ",{'role':'tool','tool_call_id':'c1','content':'{`id`:12345678901234567890}'}",
        asked + ',' + called
            + ",{'role':'user','parts':[{'functionResponse':{'id':'c1','name':'f','response':{'id':"
              "12345678901234567890}}}]}");
    row("two messages of the assistant are one turn",
        user + ",{'role':'assistant','content':'A'}," + call
            + ",{'role':'tool','tool_call_id':'c1','content':'r'}",
        asked
            + ",{'role':'model','parts':[{'text':'A'},{'functionCall':{'id':'c1','name':'f','args':{'a':1.0}}"
              "}]},"
              "{'role':'user','parts':[{'functionResponse':{'id':'c1','name':'f','response':{'output':'r'}}}]"
              "}");
    row("ids used again in a later turn",
        user + ',' + call + ",{'role':'tool','tool_call_id':'c1','content':'1'}," + call
            + ",{'role':'tool','tool_call_id':'c1','content':'2'}",
        asked + ',' + called
            + ",{'role':'user','parts':[{'functionResponse':{'id':'c1','name':'f','response':{'output':'1'}}}"
              "]},"
            + called
            + ",{'role':'user','parts':[{'functionResponse':{'id':'c1','name':'f','response':{'output':'2'}}}"
              "]}");
}

void TestGeminiRequest::messagesBecomeContents()
{
    QFETCH(std::string, messages);
    QFETCH(std::string, contents);
    Exchange exchange = toFlash();
    QCOMPARE(sentFor(codec(), "{'model':'m','messages':[" + messages + "]}", exchange),
             json("{'contents':[" + contents + "]}"));
}

void TestGeminiRequest::thinkingIsToldAsTheModelTakesIt_data()
{
    QTest::addColumn<int>("style");
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("effort");
    QTest::addColumn<std::string>("config");
    const auto row = [](ThinkingStyle style, const std::string &model, const std::string &effort,
                        const std::string &config) {
        QTest::newRow((model + ' ' + effort).c_str()) << int(style) << model << effort << config;
    };
    row(ThinkingStyle::Level, "gemini-3-flash", "none", "'thinkingLevel':'MINIMAL'");
    row(ThinkingStyle::Level, "gemini-3-pro", "none", "'thinkingLevel':'LOW'");
    row(ThinkingStyle::Level, "gemini-3-flash", "minimal",
        "'thinkingLevel':'MINIMAL','includeThoughts':true");
    row(ThinkingStyle::Level, "gemini-3-flash", "medium", "'thinkingLevel':'MEDIUM','includeThoughts':true");
    row(ThinkingStyle::Level, "gemini-3-flash", "xhigh", "'thinkingLevel':'HIGH','includeThoughts':true");
    row(ThinkingStyle::Budget, "gemini-2.5-pro", "none", "'thinkingBudget':128");
    row(ThinkingStyle::Budget, "gemini-2.5-flash", "low", "'thinkingBudget':1024,'includeThoughts':true");
    row(ThinkingStyle::Budget, "gemini-2.5-flash", "medium", "'thinkingBudget':8192,'includeThoughts':true");
    row(ThinkingStyle::Budget, "gemini-2.5-flash", "max", "'thinkingBudget':24576,'includeThoughts':true");
}

void TestGeminiRequest::thinkingIsToldAsTheModelTakesIt()
{
    QFETCH(int, style);
    QFETCH(std::string, model);
    QFETCH(std::string, effort);
    QFETCH(std::string, config);
    Exchange exchange = toFlash();
    exchange.target.model = model;
    exchange.target.capabilities.thinking = ThinkingStyle(style);
    QCOMPARE(sentFor(codec(), asking(",'reasoning_effort':'" + effort + "'"), exchange),
             answering(",'generationConfig':{'thinkingConfig':{" + config + "}}"));
}

void TestGeminiRequest::aSchemaBesideToolsIsEmulatedWhereItMustBe_data()
{
    QTest::addColumn<std::string>("choice");
    QTest::addColumn<std::string>("sent");
    QTest::addColumn<std::string>("tool");
    const std::string format
        = ",'generationConfig':{'responseMimeType':'application/json','responseJsonSchema':{"
          "'type':'object'}}";
    const auto tools = [](const std::string &list, const std::string &mode) {
        return ",'tools':[{'functionDeclarations':[" + list
            + "]}],'toolConfig':{'functionCallingConfig':{'mode':'" + mode + "'}}";
    };
    QTest::newRow("auto") << std::string("auto")
                          << tools(kDeclared
                                       + ",{'name':'json_output','parametersJsonSchema':{'type':'object'}}",
                                   "ANY")
                          << std::string("json_output");
    QTest::newRow("required") << std::string("required") << tools(kDeclared, "ANY") << std::string();
    QTest::newRow("none") << std::string("none") << format << std::string();
}

void TestGeminiRequest::aSchemaBesideToolsIsEmulatedWhereItMustBe()
{
    QFETCH(std::string, choice);
    QFETCH(std::string, sent);
    QFETCH(std::string, tool);
    Exchange exchange = toFlash();
    exchange.target.capabilities.tools_with_json_schema = false;
    const std::string members = ",'tool_choice':'" + choice + "','tools':[" + kTool
        + "],'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':{'type':'object'}}}";
    QCOMPARE(sentFor(codec(), asking(members), exchange), answering(sent));
    QCOMPARE(exchange.schema_tool, tool);
    QCOMPARE(exchange.notes.size(), std::size_t(1));
}

void TestGeminiRequest::modelsHaveTheirPaths_data()
{
    QTest::addColumn<int>("platform");
    QTest::addColumn<std::string>("model");
    QTest::addColumn<std::string>("path"); // empty: refused
    const auto row = [](Platform platform, const std::string &model, const std::string &path) {
        const char *where = platform == Platform::Vertex ? "vertex " : "own ";
        QTest::newRow((where + model).c_str()) << int(platform) << model << path;
    };
    row(Platform::Own, "models/gemini-x", "/v1beta/models/gemini-x:generateContent");
    row(Platform::Own, "tunedModels/mine", "/v1beta/tunedModels/mine:generateContent");
    row(Platform::Own, "../cachedContents/1", "/v1beta/models/..%2FcachedContents%2F1:generateContent");
    row(Platform::Own, "x:countTokens?key=", "/v1beta/models/x%3AcountTokens%3Fkey%3D:generateContent");
    row(Platform::Own, "..", "");
    row(Platform::Own, "tunedModels/..", "");
    row(Platform::Own, "models/", "");
    row(Platform::Vertex, "gemini-x",
        "/v1/projects/p/locations/eu/publishers/google/models/gemini-x:generateContent");
    row(Platform::Vertex, "publishers/google/models/gemini-x",
        "/v1/projects/p/locations/eu/publishers/google/models/gemini-x:generateContent");
    row(Platform::Vertex, "endpoints/12", "/v1/projects/p/locations/eu/endpoints/12:generateContent");
}

void TestGeminiRequest::modelsHaveTheirPaths()
{
    QFETCH(int, platform);
    QFETCH(std::string, model);
    QFETCH(std::string, path);
    Exchange exchange = toFlash();
    exchange.target.platform = Platform(platform);
    exchange.target.model = model;
    exchange.target.project = "p";
    exchange.target.region = "eu";
    const Request request{.messages = {{.parts = {{.content = TextPart{.text = "Q"}}}}}};
    const auto wire = codec().encodeRequest(request, exchange);
    QCOMPARE(wire ? wire->path : std::string(), path);
}

void TestGeminiRequest::namesThatGeminiRefusesComeBackAsTheyWere()
{
    Exchange exchange = toFlash();
    const std::string body
        = sentFor(codec(), asking(",'tools':[{'type':'function','function':{'name':'7zip'}}]"), exchange);
    QCOMPARE(exchange.tool_names.size(), std::size_t(1));
    const std::string sent = exchange.tool_names.front().first;
    QVERIFY(body.find('"' + sent + '"') != std::string::npos);
    QVERIFY(sent.starts_with('_'));
    QCOMPARE(exchange.clientToolName(sent), std::string_view("7zip"));
}

void TestGeminiRequest::aChoiceOfAnUnknownToolIsRefused()
{
    using Mode = ToolChoice::Mode;
    const auto refused = [](const ToolChoice &choice) {
        Exchange exchange = toFlash();
        const Request request{.messages = {{.parts = {{.content = TextPart{.text = "Q"}}}}},
                              .tools = {{.name = "f"}},
                              .tool_choice = choice};
        return !codec().encodeRequest(request, exchange);
    };
    QVERIFY(refused({.mode = Mode::Named, .name = "x"}));
    QVERIFY(refused({.mode = Mode::Required, .allowed = {"f", "x"}}));
    QVERIFY(!refused({.mode = Mode::Named, .name = "f"}));
    QVERIFY(!refused({.mode = Mode::Auto, .allowed = {"f"}}));
}

void TestGeminiRequest::resultsThatShowSomethingAreFollowedByIt()
{
    const ToolResultPart shot{
        .call_id = "c1",
        .parts = {TextPart{.text = "t"}, ImagePart{.media = {.type = "image/png", .base64 = "QUJD"}}}};
    const ToolResultPart failed{.call_id = "c2", .parts = {TextPart{.text = "no"}}, .is_error = true};
    const Request request{
        .messages
        = {{.parts = {{.content = TextPart{.text = "Q"}}}},
           {.role = Role::Assistant,
            .parts = {{.content = ToolCallPart{.id = "c1", .name = "f"}},
                      {.content = ToolCallPart{.id = "c2", .name = "f"}}}},
           {.parts = {{.content = shot}, {.content = failed}, {.content = TextPart{.text = "So?"}}}}}};
    Exchange exchange = toFlash();
    const auto wire = codec().encodeRequest(request, exchange);
    QVERIFY(wire);
    QCOMPARE(wire->body.substr(wire->body.find("{\"functionResponse")),
             json("{'functionResponse':{'id':'c1','name':'f','response':{'output':'t\\n[image]'}}},"
                  "{'functionResponse':{'id':'c2','name':'f','response':{'error':'no'}}}]},{'role':'user','"
                  "parts':[{"
                  "'inlineData':{'mimeType':'image/png','data':'QUJD'}},{'text':'So?'}]}]}"));
}

void TestGeminiRequest::vertexGetsNoIdsOfCalls()
{
    Exchange exchange = toFlash();
    exchange.target.platform = Platform::Vertex;
    const std::string body = sentFor(codec(),
                                     "{'model':'m','messages':[{'role':'user','content':'Q'},{'role':'"
                                     "assistant','tool_calls':[{'id':'c1','type':"
                                     "'function','function':{'name':'f','arguments':''}}]},{'role':'tool','"
                                     "tool_call_id':'c1','content':'r'}]}",
                                     exchange);
    QVERIFY(body.find("functionResponse") != body.npos);
    QVERIFY(body.find("c1") == body.npos);
}

QTEST_APPLESS_MAIN(TestGeminiRequest)
#include "tst_geminirequest.moc"
