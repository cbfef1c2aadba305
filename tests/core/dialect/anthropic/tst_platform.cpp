// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/platform.h"

#include "core/dialect/base64.h"
#include "core/dialect/errorkinds.h"
#include "tests/core/dialect/anthropic/codeccase.h"

#include <QTest>

#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::anthropic;

namespace {

std::string edited(const JsonDocument &body, const NativeRequest &request)
{
    std::string out;
    for (const std::string_view piece : applyEdits(body.text(), request.edits))
        out += piece;
    return out;
}

Target target(Platform platform)
{
    return {.dialect = Dialect::Anthropic,
            .platform = platform,
            .model = "claude-x",
            .region = "eu",
            .project = "p"};
}

} // namespace

class TestPlatform : public QObject
{
    Q_OBJECT

private slots:
    void movesMembersAndLeavesTheRest_data();
    void movesMembersAndLeavesTheRest();
    void choosesThePathByStream_data();
    void choosesThePathByStream();
    void putsBetasWhereThePlatformWantsThem();
    void leavesOutWhatOnlyAnthropicHas();
    void keepsTheClientsVersion();
    void asksForACount_data();
    void asksForACount();
    void readsACount_data();
    void readsACount();
    void refusesABodyThatIsNone();
    void readsErrors_data();
    void readsErrors();
    void refusesRepliesThatAreNone_data();
    void refusesRepliesThatAreNone();
    void readsBedrocksChunks_data();
    void readsBedrocksChunks();
    void decodesBase64_data();
    void decodesBase64();
};

void TestPlatform::movesMembersAndLeavesTheRest_data()
{
    QTest::addColumn<Platform>("platform");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("sent");
    const auto row = [](const char *name, Platform platform, std::string body, std::string sent) {
        QTest::newRow(name) << platform << std::move(body) << std::move(sent);
    };
    const auto bedrock = Platform::BedrockInvoke;
    const std::string version = R"("anthropic_version":"bedrock-2023-05-31")";
    row("own", Platform::Own, R"( { "model" : "a" , "x":1.0 })", R"( { "model" : "claude-x" , "x":1.0 })");
    row("both first", bedrock, R"({"model":"a","stream":true,"x":1.0})", "{" + version + R"(,"x":1.0})");
    row("both last", bedrock, R"({"x":1.0 , "model":"a", "stream":false })", "{" + version + R"(,"x":1.0 })");
    row("apart", bedrock, R"({ "model":"a" , "x" : 1.0,"stream":true, "y":[ 2 ]})",
        "{" + version + R"(, "x" : 1.0, "y":[ 2 ]})");
    row("in the middle", bedrock, R"({"x":1,"model":"a","stream":true,"y":2})",
        "{" + version + R"(,"x":1,"y":2})");
    row("nothing else", bedrock, R"({"model":"a","stream":true})", "{" + version + "}");
    row("neither", bedrock, R"({"x":1})", "{" + version + R"(,"x":1})");
    row("empty", bedrock, "{ }", "{" + version + " }");
    row("an escaped name", bedrock, R"({"mod\u0065l":"a","x":1})", "{" + version + R"(,"x":1})");
    row("Vertex keeps stream", Platform::Vertex, R"({"model":"a","stream":true})",
        R"({"anthropic_version":"vertex-2023-10-16","stream":true})");
}

void TestPlatform::movesMembersAndLeavesTheRest()
{
    QFETCH(Platform, platform);
    QFETCH(std::string, body);
    QFETCH(std::string, sent);
    const JsonDocument document = parsed(body);
    const auto request = nativeRequest(document, target(platform), {});
    QVERIFY(request);
    const std::string out = edited(document, *request);
    QVERIFY(validateJson(out));
    QCOMPARE(out, sent);
}

void TestPlatform::choosesThePathByStream_data()
{
    QTest::addColumn<Platform>("platform");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("path");
    const std::string vertex = "/v1/projects/p/locations/eu/publishers/anthropic/models/claude-x";
    QTest::newRow("own") << Platform::Own << std::string(R"({"stream":true})") << std::string("/v1/messages");
    QTest::newRow("Bedrock") << Platform::BedrockInvoke << std::string("{}")
                             << std::string("/model/claude-x/invoke");
    QTest::newRow("Bedrock, streamed") << Platform::BedrockInvoke << std::string(R"({"stream":true})")
                                       << std::string("/model/claude-x/invoke-with-response-stream");
    QTest::newRow("Vertex") << Platform::Vertex << std::string(R"({"stream":false})")
                            << vertex + ":rawPredict";
    QTest::newRow("Vertex, streamed")
        << Platform::Vertex << std::string(R"({"stream":true})") << vertex + ":streamRawPredict";
}

void TestPlatform::choosesThePathByStream()
{
    QFETCH(Platform, platform);
    QFETCH(std::string, body);
    QFETCH(std::string, path);
    const auto request = nativeRequest(parsed(body), target(platform), {});
    QVERIFY(request);
    QCOMPARE(request->path, path);
}

void TestPlatform::putsBetasWhereThePlatformWantsThem()
{
    const std::vector<std::string> betas{"a-1", "b-2"};
    const JsonDocument body = parsed(R"({"model":"m"})");
    const auto own = nativeRequest(body, target(Platform::Own), betas);
    QVERIFY(own);
    QCOMPARE(headerValue(own->headers, "anthropic-beta"), "a-1,b-2");
    QCOMPARE(headerValue(own->headers, "anthropic-version"), "2023-06-01");
    const auto vertex = nativeRequest(body, target(Platform::Vertex), betas);
    QVERIFY(vertex);
    QCOMPARE(headerValue(vertex->headers, "anthropic-beta"), "a-1,b-2");
    QCOMPARE(headerValue(vertex->headers, "anthropic-version"), "");
    const auto bedrock = nativeRequest(body, target(Platform::BedrockInvoke), betas);
    QVERIFY(bedrock);
    QCOMPARE(headerValue(bedrock->headers, "anthropic-beta"), "");
    QCOMPARE(at(edited(body, *bedrock), "/anthropic_beta"), R"(["a-1","b-2"])");
}

void TestPlatform::leavesOutWhatOnlyAnthropicHas()
{
    const std::vector<std::string> betas{"claude-code-20250219", "context-1m-2025-08-07"};
    const JsonDocument body = parsed(R"({"model":"m"})");
    const auto own = nativeRequest(body, target(Platform::Own), betas);
    QVERIFY(own && own->notes.empty());
    QCOMPARE(headerValue(own->headers, "anthropic-beta"), "claude-code-20250219,context-1m-2025-08-07");
    const auto vertex = nativeRequest(body, target(Platform::Vertex), betas);
    QVERIFY(vertex);
    QCOMPARE(headerValue(vertex->headers, "anthropic-beta"), "context-1m-2025-08-07");
    QCOMPARE(vertex->notes.size(), std::size_t(1));
    const auto bedrock = nativeRequest(body, target(Platform::BedrockInvoke), betas);
    QVERIFY(bedrock);
    QCOMPARE(at(edited(body, *bedrock), "/anthropic_beta"), R"(["context-1m-2025-08-07"])");
    QCOMPARE(bedrock->notes.front().what, "anthropic-beta claude-code-20250219");
}

void TestPlatform::keepsTheClientsVersion()
{
    const JsonDocument body = parsed(R"({"anthropic_version":"v","anthropic_beta":["c"]})");
    const auto bedrock = nativeRequest(body, target(Platform::BedrockInvoke), std::vector<std::string>{"a"});
    QVERIFY(bedrock);
    QCOMPARE(edited(body, *bedrock), body.text());
    Target newer = target(Platform::Own);
    newer.api_version = "2026-10-21";
    QCOMPARE(headerValue(requestHeaders(newer, {}), "anthropic-version"), "2026-10-21");
    newer.platform = Platform::Vertex;
    const JsonDocument plain = parsed("{}");
    const auto vertex = nativeRequest(plain, newer, {});
    QVERIFY(vertex);
    QCOMPARE(edited(plain, *vertex), R"({"anthropic_version":"2026-10-21"})");
}

void TestPlatform::asksForACount_data()
{
    QTest::addColumn<Platform>("platform");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("sent"); // of Bedrock: what is inside
    const std::string vertex
        = "/v1/projects/p/locations/eu/publishers/anthropic/models/count-tokens:rawPredict";
    const std::string bedrock = "/model/claude-x/count-tokens";
    QTest::newRow("Vertex")
        << Platform::Vertex << std::string(R"({"model":"a", "messages":[]})") << vertex
        << std::string(R"({"anthropic_version":"vertex-2023-10-16","model":"claude-x", "messages":[]})");
    QTest::newRow("Bedrock")
        << Platform::BedrockInvoke << std::string(R"({"model":"a","messages":[]})") << bedrock
        << std::string(R"({"anthropic_version":"bedrock-2023-05-31","messages":[],"max_tokens":1})");
    QTest::newRow("Bedrock, with a limit")
        << Platform::BedrockInvoke << std::string(R"({"max_tokens":9})") << bedrock
        << std::string(R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":9})");
}

void TestPlatform::asksForACount()
{
    QFETCH(Platform, platform);
    QFETCH(std::string, body);
    QFETCH(std::string, path);
    QFETCH(std::string, sent);
    const auto request = countRequest(parsed(body), target(platform), {});
    QVERIFY(request);
    QCOMPARE(request->path, path);
    std::string out = request->body;
    if (platform == Platform::BedrockInvoke) {
        const std::string base64 = at(out, "/input/invokeModel/body");
        out = bytesOfBase64(base64.substr(1, base64.size() - 2)).value();
    }
    QCOMPARE(out, sent);
}

void TestPlatform::readsACount_data()
{
    QTest::addColumn<std::string>("answer");
    QTest::addColumn<qint64>("tokens"); // -1: none
    QTest::newRow("Vertex") << std::string(R"({"input_tokens":7})") << qint64(7);
    QTest::newRow("Bedrock") << std::string(R"({"inputTokens":7})") << qint64(7);
    for (const char *answer : {"{}", "[]", R"({"inputTokens":-1})", R"({"input_tokens":"7"})", "7"})
        QTest::newRow(answer) << std::string(answer) << qint64(-1);
}

void TestPlatform::readsACount()
{
    QFETCH(std::string, answer);
    QFETCH(qint64, tokens);
    const JsonDocument document = parsed(answer);
    QCOMPARE(qint64(countedTokens(JsonValue(document)).value_or(-1)), tokens);
}

void TestPlatform::refusesABodyThatIsNone()
{
    QVERIFY(!nativeRequest(parsed("[]"), target(Platform::BedrockInvoke), {}));
    Target nowhere = target(Platform::BedrockInvoke);
    nowhere.model = "..";
    QVERIFY(!nativeRequest(parsed("{}"), nowhere, {}));
}

void TestPlatform::readsErrors_data()
{
    QTest::addColumn<Platform>("platform");
    QTest::addColumn<int>("status");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<int>("for_openai");
    QTest::addColumn<std::string>("message");
    const auto row = [](const char *name, Platform platform, int status, std::string body, ErrorKind kind,
                        int for_openai, std::string message) {
        QTest::newRow(name) << platform << status << std::move(body) << kind << for_openai
                            << std::move(message);
    };
    const auto own = Platform::Own;
    row("no credit", own, 400,
        R"({"error":{"type":"invalid_request_error","message":"Your credit balance is too low to go on"}})",
        ErrorKind::InsufficientQuota, 429, "Your credit balance is too low to go on");
    row("overloaded behind a 500", own, 500, R"({"error":{"type":"overloaded_error","message":"m"}})",
        ErrorKind::Overloaded, 503, "m");
    row("no message", own, 404, R"({"error":{}})", ErrorKind::NotFound, 404,
        "The provider answered with status 404.");
    row("null", own, 403, "null", ErrorKind::Permission, 403, "The provider answered with status 403.");
    row("a page", own, 503, "<html>secret</html>", ErrorKind::Api, 503,
        invalidAnswer("its error is no JSON").message);
    row("Google's", Platform::Vertex, 429,
        R"([{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}])", ErrorKind::RateLimit, 429,
        "m");
    row("Amazon's", Platform::BedrockInvoke, 429, R"({"message":"m"})", ErrorKind::RateLimit, 429, "m");
}

void TestPlatform::readsErrors()
{
    QFETCH(Platform, platform);
    QFETCH(int, status);
    QFETCH(std::string, body);
    QFETCH(ErrorKind, kind);
    QFETCH(int, for_openai);
    QFETCH(std::string, message);
    const ApiError error
        = providerCodec(Dialect::Anthropic, platform)
              ->decodeError({.status = status,
                             .headers = {{"x-amzn-errortype", "ThrottlingException:http://x"}},
                             .body = body});
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.status, for_openai);
    QCOMPARE(error.message, message);
    QCOMPARE(error.upstream_status, status);
}

void TestPlatform::refusesRepliesThatAreNone_data()
{
    QTest::addColumn<std::string>("body");
    for (const char *body :
         {"", "{", "null", "[]", "{}", "<html>", "\xff", R"({"content":"x"})", R"({"content":[1]})",
          R"({"content":[{}]})", R"({"content":[{"type":"text"}]})",
          R"({"content":[{"type":"tool_use","id":"1"}]})",
          R"({"content":[{"type":"tool_use","id":"1","name":"f","input":[]}]})",
          R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})", R"({"error":"m"})"})
        QTest::newRow(body) << std::string(body);
    QTest::newRow("deep") << R"({"content":)" + std::string(100'000, '[');
}

void TestPlatform::refusesRepliesThatAreNone()
{
    QFETCH(std::string, body);
    Exchange exchange = exchangeFor();
    const auto reply
        = providerCodec(Dialect::Anthropic, Platform::Own)->decodeReply({.body = body}, exchange);
    QVERIFY(!reply);
    QVERIFY(reply.error().status >= 400);
    QVERIFY(!reply.error().message.empty());
}

void TestPlatform::readsBedrocksChunks_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("data");
    QTest::addColumn<bool>("exception");
    QTest::addColumn<bool>("fails");
    QTest::newRow("an event") << std::string("chunk")
                              << std::string(R"({"bytes":"eyJ0eXBlIjoicGluZyJ9","p":"abc"})") << false
                              << false;
    QTest::newRow("an unknown frame") << std::string("other") << std::string("{}") << false << false;
    QTest::newRow("no bytes") << std::string("chunk") << std::string("{}") << false << true;
    QTest::newRow("no base64") << std::string("chunk") << std::string(R"({"bytes":"é"})") << false << true;
    QTest::newRow("no JSON inside") << std::string("chunk") << std::string(R"({"bytes":"AAAA"})") << false
                                    << true;
    QTest::newRow("no JSON") << std::string("chunk") << std::string("{") << false << true;
    QTest::newRow("an exception") << std::string("throttlingException") << std::string(R"({"message":"m"})")
                                  << true << true;
    QTest::newRow("an exception without a body")
        << std::string("modelTimeoutException") << std::string() << true << true;
}

void TestPlatform::readsBedrocksChunks()
{
    QFETCH(std::string, name);
    QFETCH(std::string, data);
    QFETCH(bool, exception);
    QFETCH(bool, fails);
    Exchange exchange = exchangeFor({}, Platform::BedrockInvoke);
    const auto decoder = providerCodec(Dialect::Anthropic, Platform::BedrockInvoke)->streamDecoder(exchange);
    StreamEvents events;
    decoder->frame({.name = name, .data = data, .exception = exception}, events);
    QCOMPARE(events.size(), std::size_t(fails ? 1 : 0));
    decoder->end(events);
    QCOMPARE(events.size(), std::size_t{1});
    QVERIFY(std::holds_alternative<StreamFailure>(events.front()));
}

void TestPlatform::decodesBase64_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("bytes"); // "-": none
    const auto row = [](const char *text, std::string bytes) {
        QTest::newRow(text) << std::string(text) << std::move(bytes);
    };
    row("", "");
    row("YQ==", "a");
    row("YWI=", "ab");
    row("YWJj", "abc");
    row("YWJjZA", "abcd");
    row("/+8=", "\xff\xef");
    row("Y", "-");
    row("YQ=", "-");
    row("YQ===", "-");
    row("=", "-");
    row("Y=Q=", "-");
    row("YW J", "-");
    row("YW-_", "-");
}

void TestPlatform::decodesBase64()
{
    QFETCH(std::string, text);
    QFETCH(std::string, bytes);
    QCOMPARE(bytesOfBase64(text).value_or("-"), bytes);
    if (bytes != "-" && text.size() % 4 == 0)
        QCOMPARE(base64Of(bytes), text);
}

QTEST_APPLESS_MAIN(TestPlatform)
#include "tst_platform.moc"
