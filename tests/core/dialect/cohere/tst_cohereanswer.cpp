// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/coherecodec.h"
#include "tests/core/dialect/gemini/providerside.h"

#include <QTest>

#include <string>

using namespace portolan::dialect;
using namespace portolan::dialect::testing;

namespace {

const ProviderCodec &codec()
{
    return cohere::providerCodec();
}

std::string sse(std::string_view data)
{
    return "data: " + json(data) + "\n\n";
}

const std::string kStart = sse("{'type':'message-start','id':'c1','delta':{'message':{'role':'assistant'}}}");

std::string text(const std::string &words)
{
    return sse("{'type':'content-delta','index':0,'delta':{'message':{'content':{'text':'" + words + "'}}}}");
}

std::string end(const std::string &delta)
{
    return sse("{'type':'message-end','delta':{" + delta + "}}");
}

std::string callStart(const std::string &index, const std::string &call)
{
    return sse("{'type':'tool-call-start','index':" + index + ",'delta':{'message':{'tool_calls':" + call
               + "}}}");
}

std::string arguments(const std::string &index, const std::string &piece)
{
    return sse("{'type':'tool-call-delta','index':" + index
               + ",'delta':{'message':{'tool_calls':{'function':{'arguments':'" + piece + "'}}}}}");
}

std::expected<Reply, ApiError> answered(std::string_view body, Exchange &exchange)
{
    return codec().decodeReply({.body = json(body)}, exchange);
}

} // namespace

class TestCohereAnswer : public QObject
{
    Q_OBJECT

private slots:
    void endingsBecomeReasons_data();
    void endingsBecomeReasons();
    void streamsBecomeEvents_data();
    void streamsBecomeEvents();
    void aCustomToolGetsItsText();
    void errorsKeepTheirMeaning_data();
    void errorsKeepTheirMeaning();
    void usageIsAllTokens_data();
    void usageIsAllTokens();
    void billedUnitsArePaidFor();
    void citationsAreHandedOn();
    void probabilitiesAreInOpenAisForm();
    void hostileAnswersAreErrors_data();
    void hostileAnswersAreErrors();
    void aStreamThatIsCutIsNeverWhole();
    void hostileFramesEndTheStream_data();
    void hostileFramesEndTheStream();
};

void TestCohereAnswer::endingsBecomeReasons_data()
{
    QTest::addColumn<std::string>("word");
    QTest::addColumn<bool>("produced");
    QTest::addColumn<int>("reason"); // -1: an error
    const auto row = [](const char *word, bool produced, int reason) {
        QTest::addRow("%s %d", word, int(produced)) << std::string(word) << produced << reason;
    };
    row("COMPLETE", true, int(FinishReason::Stop));
    row("STOP_SEQUENCE", true, int(FinishReason::StopSequence));
    row("MAX_TOKENS", false, int(FinishReason::Length));
    row("TOOL_CALL", true, int(FinishReason::Stop));
    row("SOMETHING_NEW", true, int(FinishReason::Stop));
    row("ERROR", true, int(FinishReason::Stop));
    row("TIMEOUT", true, int(FinishReason::Stop));
    row("ERROR", false, -1);
    row("TIMEOUT", false, -1);
}

void TestCohereAnswer::endingsBecomeReasons()
{
    QFETCH(std::string, word);
    QFETCH(bool, produced);
    QFETCH(int, reason);
    Exchange exchange(1);
    const std::string content = produced ? "'content':[{'type':'text','text':'x'}]" : "";
    const auto reply
        = answered("{'id':'c','finish_reason':'" + word + "','message':{" + content + "}}", exchange);
    QCOMPARE(reply ? int(reply->choices.front().finish.reason) : -1, reason);
    if (!reply)
        QCOMPARE(reply.error().status, word == "TIMEOUT" ? 504 : 502);
    const std::string lines = streamed(
        codec(), kStart + (produced ? text("x") : std::string()) + end("'finish_reason':'" + word + "'"),
        exchange);
    QCOMPARE(lines.find("failure") != lines.npos, reason == -1);
}

void TestCohereAnswer::streamsBecomeEvents_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("lines");
    QTest::newRow("text") << kStart + text("a") + end("'finish_reason':'COMPLETE'") + "data: [DONE]\n\n"
                          << std::string("start c1 \ntext a\nfinish stop\nend\n");
    QTest::newRow("type in the event's name only")
        << kStart + "event: message-end\n" + sse("{'delta':{'finish_reason':'MAX_TOKENS'}}")
        << std::string("start c1 \nfinish length\nend\n");
    QTest::newRow("a call without arguments")
        << kStart + callStart("0", "{'id':'x','function':{'name':'f','arguments':''}}")
            + sse("{'type':'tool-call-end','index':0}") + end("'finish_reason':'TOOL_CALL'")
        << std::string("start c1 \ncall 0 f\narguments 0 {}\ncalled 0\nfinish tool_calls\nend\n");
    QTest::newRow("arguments in the start, no end of the call")
        << kStart + callStart("3", "{'id':'x','function':{'name':'f','arguments':'[1'}}")
            + arguments("3", "]") + end("'finish_reason':'COMPLETE'")
        << std::string(
               "start c1 \ncall 0 f\narguments 0 [1\narguments 0 ]\ncalled 0\nfinish tool_calls\nend\n");
    QTest::newRow("calls that alternate")
        << kStart + callStart("0", "{'id':'x','function':{'name':'f'}}")
            + callStart("1", "{'id':'y','function':{'name':'g'}}") + arguments("0", "1") + arguments("1", "2")
            + end("'finish_reason':'TOOL_CALL'")
        << std::string(
               "start c1 \ncall 0 f\ncall 1 g\narguments 0 1\narguments 1 2\ncalled 0\ncalled 1\nfinish "
               "tool_calls\nend\n");
    QTest::newRow("a citation") << kStart + text("a")
            + sse("{'type':'citation-start','index':0,'delta':{'message':{'citations':{'start':0}}}}")
            + sse("{'type':'citation-end','index':0}") + end("'finish_reason':'COMPLETE'")
                                << std::string("start c1 \ntext a\nwhole citation\nfinish stop\nend\n");
    QTest::newRow("an error in the middle")
        << kStart + text("a") + end("'finish_reason':'ERROR','error':'model fell over'")
        << std::string("start c1 \ntext a\nfailure 502 upstream_error model fell over\n");
    QTest::newRow("an error's body in the middle")
        << kStart + text("a") + json("{'message':'busy'}\n\n")
        << std::string("start c1 \ntext a\nfailure 502 upstream_error busy\n");
    QTest::newRow("usage before the finish")
        << kStart + text("a")
            + end("'finish_reason':'COMPLETE','usage':{'tokens':{'input_tokens':3.0,'output_tokens':4}}")
        << std::string("start c1 \ntext a\nusage 3 4\nfinish stop\nend\n");
    QTest::newRow("events of tomorrow")
        << kStart + sse("{'type':'debug','delta':5}") + text("a") + end("'finish_reason':'COMPLETE'")
        << std::string("start c1 \ntext a\nfinish stop\nend\n");
}

void TestCohereAnswer::streamsBecomeEvents()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, lines);
    for (const std::size_t piece : {1U, 7U, 4096U}) {
        Exchange exchange(1);
        QCOMPARE(streamed(codec(), bytes, exchange, piece), lines);
    }
}

void TestCohereAnswer::aCustomToolGetsItsText()
{
    Exchange exchange(1);
    exchange.custom_tools = {"patch"};
    const std::string bytes = kStart + callStart("0", "{'id':'x','function':{'name':'patch'}}")
        + arguments("0", "{`inp") + arguments("0", "ut`:`a b`}") + end("'finish_reason':'TOOL_CALL'");
    QCOMPARE(
        streamed(codec(), bytes, exchange),
        std::string("start c1 \ncall 0 patch custom\narguments 0 a b\ncalled 0\nfinish tool_calls\nend\n"));
    const auto reply = answered("{'message':{'tool_calls':[{'id':'x','function':{'name':'patch','arguments':"
                                "'{`input`:`a b`}'}}]}}",
                                exchange);
    QVERIFY(reply);
    QCOMPARE(std::get<ToolCallPart>(reply->choices.front().parts.front().content).arguments,
             std::string("a b"));
}

void TestCohereAnswer::errorsKeepTheirMeaning_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("error");
    const auto row = [](const char *name, int status, const std::string &body, const std::string &error) {
        QTest::newRow(name) << status << json(body) << error;
    };
    row("a listed token", 498, "{'message':'m'}", "400  m");
    row("given up", 499, "{'message':'m'}", "502 upstream_error m");
    row("no credit", 402, "{'message':'m'}", "429 insufficient_quota m");
    row("not made yet", 501, "{'message':'m'}", "502 upstream_error m");
    row("too long", 400, "{'message':'too many tokens: 9'}",
        "400 context_length_exceeded too many tokens: 9");
    row("HTML", 503, "<html>",
        "503 upstream_invalid_response The provider's answer could not be read: the error is not written in "
        "JSON.");
    row("no message", 429, "{}",
        "429 upstream_invalid_response The provider's answer could not be read: the error has no message.");
}

void TestCohereAnswer::errorsKeepTheirMeaning()
{
    QFETCH(int, status);
    QFETCH(std::string, body);
    QFETCH(std::string, error);
    const ApiError read = codec().decodeError({.status = status, .body = body});
    QCOMPARE(told(read), error);
    QCOMPARE(read.upstream_status, status);
}

void TestCohereAnswer::usageIsAllTokens_data()
{
    QTest::addColumn<std::string>("usage");
    QTest::addColumn<std::string>("counts");
    const auto row = [](const char *name, std::string usage, std::string counts) {
        QTest::newRow(name) << std::move(usage) << std::move(counts);
    };
    row("tokens before billed units",
        "{'billed_units':{'input_tokens':1,'output_tokens':2},'tokens':{'input_tokens':70.0,'output_tokens':"
        "4}}",
        "70 4 0");
    row("billed units alone", "{'billed_units':{'input_tokens':1,'output_tokens':2}}", "1 2 0");
    row("cached ones", "{'tokens':{'input_tokens':70,'output_tokens':4},'cached_tokens':64}", "70 4 64");
    row("null", "null", "none");
    row("of wrong kinds", "{'tokens':{'input_tokens':'9','output_tokens':-1}}", "none");
    row("huge", "{'tokens':{'input_tokens':1e300}}", "none");
}

void TestCohereAnswer::usageIsAllTokens()
{
    QFETCH(std::string, usage);
    QFETCH(std::string, counts);
    Exchange exchange(1);
    const auto reply = answered("{'message':{},'usage':" + usage + '}', exchange);
    QVERIFY(reply);
    const auto &read = reply->usage;
    QCOMPARE(read ? std::to_string(read->input) + ' ' + std::to_string(read->output) + ' '
                     + std::to_string(read->cache_read)
                  : std::string("none"),
             counts);
}

void TestCohereAnswer::billedUnitsArePaidFor()
{
    Exchange exchange(1);
    const auto reply = answered("{'message':{},'usage':{'billed_units':{'input_tokens':1,'output_tokens':2},"
                                "'tokens':{'input_tokens':70,'output_tokens':4}}}",
                                exchange);
    QVERIFY(reply && reply->billed);
    QCOMPARE(reply->billed->input, 1);
    QCOMPARE(reply->billed->output, 2);
    QVERIFY(!answered("{'message':{},'usage':{'tokens':{'input_tokens':70}}}", exchange)->billed);
}

void TestCohereAnswer::citationsAreHandedOn()
{
    Exchange exchange(1);
    const auto reply = answered(
        "{'message':{'content':[{'type':'text','text':'a'}],'citations':[{'start':0}]}}", exchange);
    QVERIFY(reply);
    const Extras expected{{"citations", {.text = json("[{'start':0}]")}}};
    QVERIFY(reply->extras == expected);
}

void TestCohereAnswer::probabilitiesAreInOpenAisForm()
{
    Exchange exchange(1);
    const auto reply = answered(
        "{'message':{},'logprobs':[{'text':'a','token_ids':[1,2],'logprobs':[-0.25,-0.5]}]}", exchange);
    QVERIFY(reply);
    QCOMPARE(reply->choices.front().logprobs.text,
             json("{'content':[{'token':'a','logprob':-0.75,'bytes':null,'top_logprobs':[]}]}"));
}

void TestCohereAnswer::hostileAnswersAreErrors_data()
{
    QTest::addColumn<std::string>("body");
    int number = 0;
    for (const std::string &body :
         hostileJson(json("{'message':{'content':[{'type':'text','text':'a'}]},'finish_reason':'COMPLETE'}")))
        QTest::addRow("json %d", number++) << body;
    for (const char *body : {"{}", "{'message':'m'}", "{'message':[]}", "{'message':{'tool_calls':[{}]}}",
                             "{'message':{'tool_calls':[5]}}"})
        QTest::newRow(body) << json(body);
}

void TestCohereAnswer::hostileAnswersAreErrors()
{
    QFETCH(std::string, body);
    QVERIFY(isRefused(codec(), body));
}

void TestCohereAnswer::aStreamThatIsCutIsNeverWhole()
{
    const std::string whole = kStart + text("a") + callStart("0", "{'id':'x','function':{'name':'f'}}")
        + arguments("0", "{}") + end("'finish_reason':'TOOL_CALL'");
    QCOMPARE(looksWholeAt(codec(), whole), std::string());
}

void TestCohereAnswer::hostileFramesEndTheStream_data()
{
    QTest::addColumn<std::string>("body");
    int number = 0;
    for (const std::string &body :
         hostileJson(json("{'type':'message-end','delta':{'finish_reason':'COMPLETE'}}")))
        QTest::addRow("json %d", number++) << body;
    for (const char *body :
         {"{}", "{'type':5}", "{'message':'m'}", "{'type':'tool-call-start'}",
          "{'type':'tool-call-start','delta':{'message':{'tool_calls':[{'function':{'name':'f'}}]}}}",
          "{'type':'tool-call-delta','index':0}", "{'type':'content-delta','delta':[]}",
          "{'type':'message-end','delta':{'finish_reason':'ERROR'}}"})
        QTest::newRow(body) << json(body);
}

void TestCohereAnswer::hostileFramesEndTheStream()
{
    QFETCH(std::string, body);
    QVERIFY(failsFor(codec(), body, json("{'type':'message-end','delta':{}}")));
}

QTEST_APPLESS_MAIN(TestCohereAnswer)
#include "tst_cohereanswer.moc"
