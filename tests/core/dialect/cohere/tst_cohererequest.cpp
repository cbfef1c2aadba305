// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/coherecodec.h"
#include "tests/core/dialect/gemini/providerside.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace portolan::dialect;
using namespace portolan::dialect::testing;

namespace {

const ProviderCodec &codec()
{
    return cohere::providerCodec();
}

Exchange toCommand()
{
    Exchange exchange(7);
    exchange.target = {.dialect = Dialect::CohereChat, .model = "command-a"};
    return exchange;
}

std::string asking(const std::string &members)
{
    return "{'model':'m','messages':[{'role':'user','content':'Q'}]" + members + '}';
}

std::string sending(const std::string &messages, const std::string &members)
{
    return json("{'model':'command-a','messages':[" + messages + "]" + members + '}');
}

const std::string kQuestion = "{'role':'user','content':'Q'}";
const std::string kTool = "{'type':'function','function':{'name':'f'}}";
const std::string kSentTool
    = "{'type':'function','function':{'name':'f','parameters':{'type':'object','properties':{}}}}";

} // namespace

class TestCohereRequest : public QObject
{
    Q_OBJECT

private slots:
    void parametersFindTheirPlace_data();
    void parametersFindTheirPlace();
    void messagesKeepTheirOrder_data();
    void messagesKeepTheirOrder();
    void whatWouldChangeTheMeaningIsRefused_data();
    void whatWouldChangeTheMeaningIsRefused();
    void whatIsLeftOutIsNoted_data();
    void whatIsLeftOutIsNoted();
    void thinkingIsToldInTokens_data();
    void thinkingIsToldInTokens();
    void aFormatBesideToolsIsAskedForInWords();
    void aFormatWithoutACallWantedDropsTheTools();
};

void TestCohereRequest::parametersFindTheirPlace_data()
{
    QTest::addColumn<std::string>("client");
    QTest::addColumn<std::string>("sent");
    const auto row = [](const char *name, const std::string &members, const std::string &sent) {
        QTest::newRow(name) << asking(members) << sending(kQuestion, sent);
    };
    row("inside of the ranges", ",'temperature':0.50,'top_p':0.9,'frequency_penalty':0,'presence_penalty':1",
        ",'temperature':0.50,'p':0.9,'frequency_penalty':0,'presence_penalty':1");
    row("outside of the ranges", ",'temperature':2,'top_p':0,'frequency_penalty':2,'presence_penalty':-2",
        ",'temperature':1,'p':0.01,'frequency_penalty':1,'presence_penalty':0");
    row("logprobs", ",'logprobs':true", ",'logprobs':true");
    row("surplus stops", ",'stop':['','a','b','c','d','e','f']", ",'stop_sequences':['a','b','c','d','e']");
    row("json_object", ",'response_format':{'type':'json_object'}",
        ",'response_format':{'type':'json_object'}");
    row("tools without a schema", ",'tools':[" + kTool + "],'tool_choice':'auto'",
        ",'tools':[" + kSentTool + "]");
    row("a call wanted", ",'tools':[" + kTool + "],'tool_choice':'required'",
        ",'tools':[" + kSentTool + "],'tool_choice':'REQUIRED'");
    row("no call wanted", ",'tools':[" + kTool + "],'tool_choice':'none'",
        ",'tools':[" + kSentTool + "],'tool_choice':'NONE'");
    row("all tools strict", ",'tools':[{'type':'function','function':{'name':'f','strict':true}}]",
        ",'tools':[" + kSentTool + "],'strict_tools':true");
    row("some tools strict",
        ",'tools':[{'type':'function','function':{'name':'f','strict':true}},{'type':'function',"
        "'function':{'name':'g'}}]",
        ",'tools':[" + kSentTool
            + ",{'type':'function','function':{'name':'g','parameters':{'type':'object','properties':{}}}}]");
    row("a custom tool", ",'tools':[{'type':'custom','custom':{'name':'patch'}}]",
        ",'tools':[{'type':'function','function':{'name':'patch','parameters':{'type':'object','properties':{"
        "'input':{'type':'string'}},'required':['input']}}}]");
}

void TestCohereRequest::parametersFindTheirPlace()
{
    QFETCH(std::string, client);
    QFETCH(std::string, sent);
    Exchange exchange = toCommand();
    QCOMPARE(sentFor(codec(), client, exchange), sent);
}

void TestCohereRequest::messagesKeepTheirOrder_data()
{
    QTest::addColumn<std::string>("messages");
    QTest::addColumn<std::string>("sent");
    const auto row = [](const char *name, std::string messages, std::string sent) {
        QTest::newRow(name) << std::move(messages) << std::move(sent);
    };
    const std::string call = "{'id':'c1','type':'function','function':{'name':'f','arguments':'{`a`:1}'}}";
    row("a late system message", kQuestion + ",{'role':'system','content':'S'}",
        kQuestion + ",{'role':'system','content':'S'}");
    row("an image by its address",
        "{'role':'user','content':[{'type':'text','text':'Q'},{'type':'image_url','image_url':{'url':"
        "'https://e.org/a.png'}}]}",
        "{'role':'user','content':[{'type':'text','text':'Q'},{'type':'image_url','image_url':{'url':"
        "'https://e.org/a.png'}}]}");
    row("text beside calls",
        kQuestion + ",{'role':'assistant','content':'A','tool_calls':[" + call
            + "]},{'role':'tool','tool_call_id':'c1','content':''}",
        kQuestion + ",{'role':'assistant','content':'A','tool_calls':[" + call
            + "]},{'role':'tool','tool_call_id':'c1','content':''}");
    row("reasoning is the plan of calls",
        kQuestion + ",{'role':'assistant','reasoning_content':'R','tool_calls':[" + call
            + "]},{'role':'tool','tool_call_id':'c1','content':'r'}",
        kQuestion + ",{'role':'assistant','tool_plan':'R','tool_calls':[" + call
            + "]},{'role':'tool','tool_call_id':'c1','content':'r'}");
    row("an empty message of the assistant", kQuestion + ",{'role':'assistant','content':''}," + kQuestion,
        kQuestion + ',' + kQuestion);
}

void TestCohereRequest::messagesKeepTheirOrder()
{
    QFETCH(std::string, messages);
    QFETCH(std::string, sent);
    Exchange exchange = toCommand();
    QCOMPARE(sentFor(codec(), "{'model':'m','messages':[" + messages + "]}", exchange), sending(sent, ""));
}

void TestCohereRequest::whatWouldChangeTheMeaningIsRefused_data()
{
    QTest::addColumn<std::string>("client");
    QTest::addColumn<std::string>("where");
    QTest::newRow("several answers") << asking(",'n':2") << std::string("/n");
    QTest::newRow("a call without tools")
        << asking(",'tool_choice':'required'") << std::string("/tool_choice");
    QTest::newRow("audio to come") << asking(",'modalities':['audio'],'audio':{'voice':'a','format':'mp3'}")
                                   << std::string("/modalities");
    QTest::newRow("audio") << std::string("{'model':'m','messages':[{'role':'user','content':[{'type':"
                                          "'input_audio','input_audio':{'data':'QUJD','format':'wav'}}]}]}")
                           << std::string("/messages");
    QTest::newRow("a file") << std::string(
        "{'model':'m','messages':[{'role':'user','content':[{'type':'file',"
        "'file':{'file_data':'data:application/pdf;base64,QUJD'}}]}]}")
                            << std::string("/messages");
}

void TestCohereRequest::whatWouldChangeTheMeaningIsRefused()
{
    QFETCH(std::string, client);
    QFETCH(std::string, where);
    Exchange exchange = toCommand();
    QCOMPARE(sentFor(codec(), client, exchange), "400 " + where);
}

void TestCohereRequest::whatIsLeftOutIsNoted_data()
{
    QTest::addColumn<std::string>("client");
    QTest::addColumn<std::string>("what");
    const auto row = [](const char *what, const std::string &members) {
        QTest::newRow(what) << asking(members) << std::string(what);
    };
    row("temperature", ",'temperature':1.5");
    row("top_logprobs", ",'top_logprobs':2");
    row("logit_bias", ",'logit_bias':{'1':2}");
    row("reasoning", ",'reasoning_effort':'high'");
    row("service_tier", ",'service_tier':'flex'");
    row("web_search_options", ",'web_search_options':{}");
    row("max_tokens", ",'max_tokens':9000");
}

void TestCohereRequest::whatIsLeftOutIsNoted()
{
    QFETCH(std::string, client);
    QFETCH(std::string, what);
    Exchange exchange = toCommand();
    exchange.target.capabilities.max_output_tokens = 8000;
    const std::string body = sentFor(codec(), client, exchange);
    QVERIFY2(body.starts_with('{'), body.c_str());
    QCOMPARE(exchange.notes.size(), std::size_t(1));
    QCOMPARE(exchange.notes.front().what, what);
}

void TestCohereRequest::thinkingIsToldInTokens_data()
{
    QTest::addColumn<std::string>("effort");
    QTest::addColumn<std::string>("thinking");
    const auto row = [](const char *effort, std::string thinking) {
        QTest::newRow(effort) << std::string(effort) << std::move(thinking);
    };
    row("none", "{'type':'disabled'}");
    row("minimal", "{'type':'enabled','token_budget':1024}");
    row("low", "{'type':'enabled','token_budget':2048}");
    row("medium", "{'type':'enabled','token_budget':8192}");
    row("high", "{'type':'enabled','token_budget':16384}");
    row("xhigh", "{'type':'enabled','token_budget':24576}");
}

void TestCohereRequest::thinkingIsToldInTokens()
{
    QFETCH(std::string, effort);
    QFETCH(std::string, thinking);
    Exchange exchange = toCommand();
    exchange.target.capabilities.thinking = ThinkingStyle::Budget;
    QCOMPARE(sentFor(codec(), asking(",'reasoning_effort':'" + effort + "'"), exchange),
             sending(kQuestion, ",'thinking':" + thinking));
}

void TestCohereRequest::aFormatBesideToolsIsAskedForInWords()
{
    Exchange exchange = toCommand();
    const std::string sent
        = sentFor(codec(),
                  asking(",'tools':[" + kTool
                         + "],'response_format':{'type':'json_schema','json_schema':{'name':'s',"
                           "'schema':{'type':'object'}}}"),
                  exchange);
    QVERIFY(sent.find("response_format") == sent.npos);
    QVERIFY(sent.find("It must fit this JSON schema: {\\\"type\\\":\\\"object\\\"}") != sent.npos);
    QCOMPARE(exchange.notes.size(), std::size_t(1));
    QVERIFY(exchange.notes.front().kind == Note::Kind::Emulated);
}

void TestCohereRequest::aFormatWithoutACallWantedDropsTheTools()
{
    Exchange exchange = toCommand();
    QCOMPARE(sentFor(codec(),
                     asking(",'tool_choice':'none','tools':[" + kTool
                            + "],'response_format':{'type':'json_object'}"),
                     exchange),
             sending(kQuestion, ",'response_format':{'type':'json_object'}"));
}

QTEST_APPLESS_MAIN(TestCohereRequest)
#include "tst_cohererequest.moc"
