// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/geminicodec.h"
#include "tests/core/dialect/gemini/providerside.h"

#include <QTest>

#include <string>

using namespace portolan::dialect;
using namespace portolan::dialect::testing;

namespace {

const ProviderCodec &codec()
{
    return gemini::providerCodec();
}

std::string sse(std::string_view chunk)
{
    return "data: " + json(chunk) + "\r\n\r\n";
}

/// The part of a chunk that is one candidate.
std::string candidate(const std::string &parts, const std::string &more = "")
{
    return "{'candidates':[{'content':{'role':'model','parts':[" + parts + "]}" + more + "}]}";
}

std::expected<Reply, ApiError> answered(std::string_view body, Exchange &exchange)
{
    return codec().decodeReply({.body = json(body)}, exchange);
}

} // namespace

class TestGeminiAnswer : public QObject
{
    Q_OBJECT

private slots:
    void endingsBecomeReasons_data();
    void endingsBecomeReasons();
    void streamsBecomeEvents_data();
    void streamsBecomeEvents();
    void errorsKeepTheirMeaning_data();
    void errorsKeepTheirMeaning();
    void partsThatOnlyGeminiKnowsAreKept();
    void aCallHasAnIdOfItsOwn();
    void anEmulatedSchemaIsTheWholeText();
    void aCustomToolGetsItsText();
    void sourcesAndProbabilitiesAreInOpenAisForm();
    void hostileAnswersAreErrors_data();
    void hostileAnswersAreErrors();
    void aStreamThatIsCutIsNeverWhole();
    void hostileFramesEndTheStream_data();
    void hostileFramesEndTheStream();
};

void TestGeminiAnswer::endingsBecomeReasons_data()
{
    QTest::addColumn<std::string>("word");
    QTest::addColumn<bool>("produced");
    QTest::addColumn<int>("reason"); // -1: an error
    const auto row = [](const char *word, bool produced, int reason) {
        QTest::addRow("%s %d", word, int(produced)) << std::string(word) << produced << reason;
    };
    for (const char *word : {"STOP", "FINISH_REASON_UNSPECIFIED", "LANGUAGE", "OTHER", "NO_IMAGE",
                             "IMAGE_OTHER", "SOMETHING_NEW"})
        row(word, true, int(FinishReason::Stop));
    for (const char *word : {"MAX_TOKENS", "CONTINUATION"})
        row(word, false, int(FinishReason::Length));
    for (const char *word : {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
                             "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"})
        row(word, true, int(FinishReason::ContentFilter));
    for (const char *word : {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"}) {
        row(word, true, int(FinishReason::Stop));
        row(word, false, -1);
    }
}

void TestGeminiAnswer::endingsBecomeReasons()
{
    QFETCH(std::string, word);
    QFETCH(bool, produced);
    QFETCH(int, reason);
    Exchange exchange(1);
    const std::string body = candidate(produced ? "{'text':'x'}" : "", ",'finishReason':'" + word + "'");
    const auto reply = answered(body, exchange);
    QCOMPARE(reply ? int(reply->choices.front().finish.reason) : -1, reason);
    if (!reply)
        QCOMPARE(reply.error().code, std::string("upstream_malformed_output"));
    const std::string lines = streamed(codec(), sse(body), exchange);
    QCOMPARE(lines.find("failure 502 upstream_malformed_output") != lines.npos, reason == -1);
}

void TestGeminiAnswer::streamsBecomeEvents_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("lines");
    QTest::newRow("no word at the end") << sse(candidate("{'text':'a'}")) + sse(candidate("{'text':'b'}"))
                                        << std::string("start  \ntext a\ntext b\nfinish stop\nend\n");
    QTest::newRow("nothing behind a finish") << sse(candidate("{'text':'a'}", ",'finishReason':'STOP'"))
            + sse(candidate("{'text':'b'}", ",'finishReason':'STOP'"))
                                             << std::string("start  \ntext a\nfinish stop\nend\n");
    QTest::newRow("thoughts end where words begin")
        << sse(candidate("{'text':'h','thought':true}")) + sse(candidate("{'text':'m','thought':true}"))
            + sse(candidate("{'text':'a'}"))
        << std::string("start  \nreasoning h\nreasoning m\nreasoned hm\ntext a\nfinish stop\nend\n");
    QTest::newRow("nothing but thoughts")
        << sse(candidate("{'text':'h','thought':true}"))
        << std::string("start  \nreasoning h\nfailure 502 upstream_incomplete The "
                       "provider's stream ended before the answer was complete.\n");
    QTest::newRow("thoughts up to the limit")
        << sse(candidate("{'text':'h','thought':true}", ",'finishReason':'MAX_TOKENS'"))
        << std::string("start  \nreasoning h\nreasoned h\nfinish length\nend\n");
    QTest::newRow("several candidates")
        << sse("{'candidates':[{'content':{'parts':[{'text':'a'}]},'index':1},{'content':{'parts':["
               "{'functionCall':{'name':'f','id':'x'}}]}}]}")
            + sse("{'candidates':[{'index':1,'finishReason':'MAX_TOKENS'}]}")
        << std::string("start  \ntext@1 a\ncall 0 f\narguments 0 {}\ncalled 0\nfinish@1 length\nfinish "
                       "tool_calls\nend\n");
    QTest::newRow("a blocked prompt")
        << sse("{'promptFeedback':{'blockReason':'SAFETY'},'usageMetadata':{'promptTokenCount':4}}")
        << std::string("start  \nfinish content_filter\nusage 4 0\nend\n");
    QTest::newRow("an error in the middle") << sse(candidate("{'text':'a'}"))
            + sse("{'error':{'code':503,'message':'busy','status':'UNAVAILABLE'}}")
            + sse(candidate("{'text':'b'}")) << std::string("start  \ntext a\nfailure 503 overloaded busy\n");
    QTest::newRow("an error as bare JSON")
        << sse(candidate("{'text':'a'}")) + json("[{\n'error':{'code':500,'message':'sorry'}\n}]\n")
        << std::string("start  \ntext a\nfailure 502 upstream_error sorry\n");
    QTest::newRow("an error by its word") << sse("{'error':{'message':'slow','status':'RESOURCE_EXHAUSTED'}}")
                                          << std::string("failure 429 rate_limit_exceeded slow\n");
    QTest::newRow("one array instead of events")
        << json("[" + candidate("{'text':'a'}") + ",\n" + candidate("{'text':'b'}", ",'finishReason':'STOP'")
                + "\n]")
        << std::string("start  \ntext a\ntext b\nfinish stop\nend\n");
    QTest::newRow("an image") << sse(candidate("{'inlineData':{'mimeType':'image/png','data':'QUJD'}}"))
                              << std::string("start  \nwhole image\nfinish stop\nend\n");
    QTest::newRow("nothing at all")
        << std::string()
        << std::string("failure 502 upstream_incomplete The provider's stream ended before the answer was "
                       "complete.\n");
}

void TestGeminiAnswer::streamsBecomeEvents()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, lines);
    for (const std::size_t piece : {1U, 7U, 4096U}) {
        Exchange exchange(1);
        QCOMPARE(streamed(codec(), bytes, exchange, piece), lines);
    }
}

void TestGeminiAnswer::errorsKeepTheirMeaning_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("error");
    QTest::addColumn<qint64>("retry_ms");
    const auto row
        = [](const char *name, int status, const std::string &body, const std::string &error,
             qint64 retry_ms = -1) { QTest::newRow(name) << status << json(body) << error << retry_ms; };
    row("a prompt too long", 400,
        "{'error':{'code':400,'message':'The input token count (9) exceeds the maximum number of tokens "
        "allowed "
        "(8).','status':'INVALID_ARGUMENT'}}",
        "400 context_length_exceeded The input token count (9) exceeds the maximum number of tokens allowed "
        "(8).");
    row("given up", 499, "{'error':{'message':'m','status':'CANCELLED'}}", "502 upstream_error m");
    row("the longest delay", 429,
        "{'error':{'message':'m','details':[{'retryDelay':'2s'},{'retryDelay':'9s'},{'retryDelay':'-1s'},"
        "{'retryDelay':'soon'}]}}",
        "429 rate_limit_exceeded m", 9000);
    row("a delay without end", 429, "{'error':{'message':'m','details':[{'retryDelay':'1e300s'}]}}",
        "429 rate_limit_exceeded m", qint64(24) * 3600 * 1000);
    row("HTML", 503, "<html>secret</html>",
        "503 upstream_invalid_response The provider's answer could not be read: the error is not written in "
        "JSON.");
    row("no members", 404, "{}",
        "404 upstream_invalid_response The provider's answer could not be read: the error has none of "
        "Google's "
        "members.");
}

void TestGeminiAnswer::errorsKeepTheirMeaning()
{
    QFETCH(int, status);
    QFETCH(std::string, body);
    QFETCH(std::string, error);
    QFETCH(qint64, retry_ms);
    const ApiError read = codec().decodeError({.status = status, .body = body});
    QCOMPARE(told(read), error);
    QCOMPARE(read.upstream_status, status);
    QCOMPARE(qint64(read.retry_after_ms.value_or(-1)), retry_ms);
}

void TestGeminiAnswer::partsThatOnlyGeminiKnowsAreKept()
{
    Exchange exchange(1);
    const auto reply = answered(
        candidate("{'executableCode':{'language':'PYTHON','code':'1'}},{'videoMetadata':{}},{'text':''}"),
        exchange);
    QVERIFY(reply);
    QCOMPARE(reply->choices.front().parts.size(), std::size_t(1));
    const auto *part = std::get_if<ForeignPart>(&reply->choices.front().parts.front().content);
    QVERIFY(part);
    QCOMPARE(part->type, std::string("executableCode"));
}

void TestGeminiAnswer::aCallHasAnIdOfItsOwn()
{
    Exchange exchange(1);
    const auto reply
        = answered(candidate("{'functionCall':{'name':'f','id':'a'}},{'functionCall':{'name':'f','id':"
                             "'a'}},{'functionCall':{'name':'f'}}"),
                   exchange);
    QVERIFY(reply);
    const auto &parts = reply->choices.front().parts;
    QCOMPARE(parts.size(), std::size_t(3));
    const std::string first = std::get<ToolCallPart>(parts[0].content).id;
    const std::string second = std::get<ToolCallPart>(parts[1].content).id;
    QCOMPARE(first, std::string("a"));
    QVERIFY(second.starts_with("call_"));
    QVERIFY(std::get<ToolCallPart>(parts[2].content).id != second);
}

void TestGeminiAnswer::anEmulatedSchemaIsTheWholeText()
{
    Exchange exchange(1);
    exchange.schema_tool = "json_output";
    const std::string parts = "{'text':'Here: '},{'functionCall':{'name':'json_output','args':{ 'a' : 1 }}}";
    const auto reply = answered(candidate(parts, ",'finishReason':'STOP'"), exchange);
    QVERIFY(reply);
    QCOMPARE(reply->choices.front().parts.size(), std::size_t(1));
    QCOMPARE(std::get<TextPart>(reply->choices.front().parts.front().content).text, json("{'a':1}"));
    QCOMPARE(int(reply->choices.front().finish.reason), int(FinishReason::Stop));
    QCOMPARE(streamed(codec(), sse(candidate(parts)), exchange),
             "start  \ntext " + json("{'a':1}") + "\nfinish stop\nend\n");
    QCOMPARE(streamed(codec(), sse(candidate("{'text':'no'}")), exchange),
             std::string("start  \ntext no\nfinish stop\nend\n"));
}

void TestGeminiAnswer::aCustomToolGetsItsText()
{
    Exchange exchange(1);
    exchange.custom_tools = {"patch"};
    QCOMPARE(
        streamed(codec(), sse(candidate("{'functionCall':{'name':'patch','args':{'input':'a b'}}}")),
                 exchange),
        std::string("start  \ncall 0 patch custom\narguments 0 a b\ncalled 0\nfinish tool_calls\nend\n"));
}

void TestGeminiAnswer::sourcesAndProbabilitiesAreInOpenAisForm()
{
    Exchange exchange(1);
    const auto reply = answered(
        candidate(
            "{'text':'a'}",
            ",'groundingMetadata':{'groundingChunks':[{'web':{'uri':'https://"
            "e.org','title':'E'}},{'maps':{}}]},"
            "'logprobsResult':{'chosenCandidates':[{'token':'a','logProbability':-0.50}],'topCandidates':[{"
            "'candidates':[{'token':'b','logProbability':-1}]}]}"),
        exchange);
    QVERIFY(reply);
    QCOMPARE(reply->choices.front().annotations.text,
             json("[{'type':'url_citation','url_citation':{'url':'https://e.org','title':'E'}}]"));
    QCOMPARE(
        reply->choices.front().logprobs.text,
        json(
            "{'content':[{'token':'a','logprob':-0.50,'bytes':null,'top_logprobs':[{'token':'b','logprob':-1,"
            "'bytes':null}]}]}"));
}

void TestGeminiAnswer::hostileAnswersAreErrors_data()
{
    QTest::addColumn<std::string>("body");
    int number = 0;
    for (const std::string &body : hostileJson(json(candidate("{'text':'a'}", ",'finishReason':'STOP'"))))
        QTest::addRow("json %d", number++) << body;
    for (const char *body :
         {"{}", "{'candidates':{}}", "{'candidates':[5]}", "{'candidates':[{'index':-1}]}",
          "{'candidates':[{'index':1e99}]}", "{'candidates':[{'index':'0'}]}", "{'candidates':[{},{}]}",
          "{'candidates':[{'content':{'parts':[{'functionCall':{}}]}}]}",
          "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f','args':[1]}}]}}]}",
          "{'error':{'code':200,'message':'m'}}", "{'error':'m'}", "[{'error':{'code':'x'}}]"})
        QTest::newRow(body) << json(body);
}

void TestGeminiAnswer::hostileAnswersAreErrors()
{
    QFETCH(std::string, body);
    QVERIFY(isRefused(codec(), body));
}

void TestGeminiAnswer::aStreamThatIsCutIsNeverWhole()
{
    const std::string whole = sse(candidate("{'text':'a','thought':true}"))
        + sse(candidate("{'functionCall':{'name':'f','args':{'a':1}}}", ",'finishReason':'STOP'"));
    QCOMPARE(looksWholeAt(codec(), whole), std::string());
}

void TestGeminiAnswer::hostileFramesEndTheStream_data()
{
    hostileAnswersAreErrors_data();
}

void TestGeminiAnswer::hostileFramesEndTheStream()
{
    QFETCH(std::string, body);
    QVERIFY(failsFor(codec(), body, json(candidate("{'text':'late'}"))));
}

QTEST_APPLESS_MAIN(TestGeminiAnswer)
#include "tst_geminianswer.moc"
