// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/conversecodec.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;

namespace {

WireReply replyWith(std::string content, std::string rest = "\"stopReason\":\"end_turn\"")
{
    return {.headers = {{"x-amzn-requestid", "req-1"}},
            .body = R"({"output":{"message":{"role":"assistant","content":)" + content + "}}," + rest + '}'};
}

std::string partText(const Part &part)
{
    if (const auto *text = std::get_if<TextPart>(&part.content))
        return "text:" + text->text;
    if (const auto *call = std::get_if<ToolCallPart>(&part.content))
        return "call:" + call->id + ':' + call->name + ':' + call->arguments
            + (call->custom ? ":custom" : "");
    if (const auto *reasoning = std::get_if<ReasoningPart>(&part.content))
        return "reasoning:" + reasoning->text + ':' + reasoning->signature + ':' + reasoning->redacted;
    return "other";
}

std::string read(const WireReply &reply, Exchange &exchange)
{
    const auto answer = bedrock::providerCodec().decodeReply(reply, exchange);
    if (!answer)
        return "error " + answer.error().code;
    std::string text;
    for (const Part &part : answer->choices.at(0).parts)
        text += (text.empty() ? "" : " ") + partText(part);
    return text;
}

} // namespace

class TestConverseReply : public QObject
{
    Q_OBJECT

private slots:
    void readsContent_data()
    {
        QTest::addColumn<std::string>("content");
        QTest::addColumn<std::string>("parts");
        const auto row = [](const char *name, const char *content, const char *parts) {
            QTest::newRow(name) << std::string(content) << std::string(parts);
        };
        row("nothing", "[]", "");
        row("several texts", R"([{"text":"a"},{"text":"b"}])", "text:a text:b");
        row("a call without input", R"([{"toolUse":{"toolUseId":"t","name":"f"}}])", "call:t:f:{}");
        row("numbers keep their spelling",
            R"([{"toolUse":{"toolUseId":"t","name":"f","input":{ "n" : 12345678901234567890.10 }}}])",
            R"(call:t:f:{"n":12345678901234567890.10})");
        row("a renamed tool", R"([{"toolUse":{"toolUseId":"t","name":"sent","input":{}}}])", "call:t:own:{}");
        row("a custom tool", R"([{"toolUse":{"toolUseId":"t","name":"shell","input":{"input":"ls -l"}}}])",
            "call:t:shell:ls -l:custom");
        row("a schema's answer takes the place of words",
            R"([{"text":"Here:"},{"toolUse":{"toolUseId":"t","name":"json_output","input":{"a":1}}}])",
            R"(text:{"a":1})");
        row("redacted reasoning", R"([{"reasoningContent":{"redactedContent":"ENC"}}])", "reasoning:::ENC");
        row("a signature alone", R"([{"reasoningContent":{"reasoningText":{"text":"","signature":"S"}}}])",
            "reasoning::S:");
        row("cited text", R"([{"citationsContent":{"content":[{"text":"a"}],"citations":[]}}])", "text:a");
        row("what nobody knows", R"([{"video":{}},{"text":"a"}])", "text:a");
        row("a call that is none", R"([{"toolUse":{"toolUseId":"t"}}])", "error upstream_invalid_response");
        row("an input that is no object", R"([{"toolUse":{"toolUseId":"t","name":"f","input":"x"}}])",
            "error upstream_invalid_response");
        row("no array", R"({"text":"a"})", "error upstream_invalid_response");
    }

    void readsContent()
    {
        QFETCH(std::string, content);
        QFETCH(std::string, parts);
        Exchange exchange(1);
        exchange.tool_names = {{"sent", "own"}};
        exchange.custom_tools = {"shell"};
        exchange.schema_tool = "json_output";
        QCOMPARE(read(replyWith(content), exchange), parts);
    }

    void readsBodiesThatAreNone_data()
    {
        QTest::addColumn<std::string>("body");
        const auto row = [](const char *name, std::string body) { QTest::newRow(name) << std::move(body); };
        row("empty", "");
        row("HTML", "<html><body>502</body></html>");
        row("cut off", R"({"output":{"message":{"content":[{"text":"a"})");
        row("wrong UTF-8", "{\"output\":{\"message\":{\"content\":[{\"text\":\"\xff\"}]}}}");
        row("an array", "[]");
        row("null", "null");
        row("no output", R"({"stopReason":"end_turn"})");
        row("mistyped output", R"({"output":[{"message":7}]})");
        row("deep", std::string(200'000, '['));
        row("deep objects", R"({"output":)" + std::string(1000, '[') + std::string(1000, ']') + '}');
    }

    void readsBodiesThatAreNone()
    {
        QFETCH(std::string, body);
        Exchange exchange(1);
        QCOMPARE(read({.body = body}, exchange), "error upstream_invalid_response");
    }

    void makesIdsThatAreMissingOrTaken()
    {
        Exchange exchange(1);
        const auto answer = bedrock::providerCodec().decodeReply(
            replyWith(R"([{"toolUse":{"name":"f"}},{"toolUse":{"toolUseId":"t","name":"f"}},)"
                      R"({"toolUse":{"toolUseId":"t","name":"f"}}])"),
            exchange);
        QVERIFY(answer);
        std::vector<std::string> ids;
        for (const Part &part : answer->choices.at(0).parts)
            ids.push_back(std::get<ToolCallPart>(part.content).id);
        QCOMPARE(ids.size(), 3U);
        QVERIFY(!ids[0].empty() && ids[1] == "t" && ids[2] != "t" && ids[2] != ids[0]);
    }

    void finishes_data()
    {
        QTest::addColumn<std::string>("reason");
        QTest::addColumn<std::string>("content");
        QTest::addColumn<int>("finish"); // -1: an error
        const std::string text = R"([{"text":"a"}])";
        const std::string call = R"([{"toolUse":{"toolUseId":"t","name":"f"}}])";
        const std::string schema = R"([{"toolUse":{"toolUseId":"t","name":"json_output","input":{}}}])";
        const auto row = [](const char *name, const char *reason, const std::string &content, int finish) {
            QTest::newRow(name) << std::string(reason) << content << finish;
        };
        row("end_turn", "end_turn", text, int(FinishReason::Stop));
        row("stop_sequence", "stop_sequence", text, int(FinishReason::StopSequence));
        row("max_tokens", "max_tokens", text, int(FinishReason::Length));
        row("tool_use", "tool_use", call, int(FinishReason::ToolCalls));
        row("end_turn with calls", "end_turn", call, int(FinishReason::ToolCalls));
        row("max_tokens with calls", "max_tokens", call, int(FinishReason::Length));
        row("tool_use without calls", "tool_use", text, int(FinishReason::Stop));
        row("tool_use for the schema", "tool_use", schema, int(FinishReason::Stop));
        row("guardrail", "guardrail_intervened", text, int(FinishReason::ContentFilter));
        row("filtered", "content_filtered", "[]", int(FinishReason::ContentFilter));
        row("context window", "model_context_window_exceeded", text, int(FinishReason::ContextWindow));
        row("malformed with text", "malformed_model_output", text, int(FinishReason::Stop));
        row("malformed and empty", "malformed_tool_use", "[]", -1);
        row("unknown", "tired", text, int(FinishReason::Stop));
    }

    void finishes()
    {
        QFETCH(std::string, reason);
        QFETCH(std::string, content);
        QFETCH(int, finish);
        Exchange exchange(1);
        exchange.schema_tool = "json_output";
        const auto answer = bedrock::providerCodec().decodeReply(
            replyWith(content, R"("stopReason":)" + ('"' + reason + '"')), exchange);
        QCOMPARE(answer ? int(answer->choices.at(0).finish.reason) : -1, finish);
    }

    void countsTokens_data()
    {
        QTest::addColumn<std::string>("usage");
        QTest::addColumn<int>("input"); // -1: none reported
        QTest::addColumn<int>("cache_read");
        QTest::addColumn<int>("written_1h");
        QTest::newRow("plain") << std::string(R"({"inputTokens":5,"outputTokens":2,"totalTokens":7})") << 5
                               << 0 << 0;
        QTest::newRow("cached") << std::string(R"({"inputTokens":5,"outputTokens":2,)"
                                               R"("cacheReadInputTokens":100,"cacheWriteInputTokens":20,)"
                                               R"("cacheDetails":[{"ttl":"1h","inputTokens":20}]})")
                                << 125 << 100 << 20;
        QTest::newRow("missing") << std::string("null") << -1 << 0 << 0;
        QTest::newRow("mistyped") << std::string(R"([1])") << -1 << 0 << 0;
        QTest::newRow("negative and huge")
            << std::string(R"({"inputTokens":-5,"outputTokens":1e300})") << -1 << 0 << 0;
    }

    void countsTokens()
    {
        QFETCH(std::string, usage);
        QFETCH(int, input);
        QFETCH(int, cache_read);
        QFETCH(int, written_1h);
        Exchange exchange(1);
        const auto answer = bedrock::providerCodec().decodeReply(
            replyWith("[]", R"("stopReason":"end_turn","usage":)" + usage), exchange);
        QVERIFY(answer);
        QCOMPARE(answer->usage ? int(answer->usage->input) : -1, input);
        QCOMPARE(answer->usage ? int(answer->usage->cache_read) : 0, cache_read);
        QCOMPARE(answer->usage ? int(answer->usage->cache_write_1h) : 0, written_1h);
    }

    void readsErrors_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<int>("to_client");
        QTest::addColumn<std::string>("code");
        const auto row = [](const char *name, int status, const char *type, const char *body, int to_client,
                            const char *code) {
            QTest::newRow(name) << status << std::string(type) << std::string(body) << to_client
                                << std::string(code);
        };
        const char *words = R"({"message":"words"})";
        row("validation", 400, "ValidationException", words, 400, "");
        row("too long a prompt", 400, "ValidationException",
            R"({"message":"Input is too long for requested model."})", 400, "context_length_exceeded");
        row("quota", 400, "ServiceQuotaExceededException", words, 429, "insufficient_quota");
        row("unknown key", 403, "UnrecognizedClientException", words, 401, "invalid_api_key");
        row("signature", 403, "InvalidSignatureException", words, 401, "invalid_api_key");
        row("expired", 403, "ExpiredTokenException:http://x/", words, 401, "invalid_api_key");
        row("no access", 403, "AccessDeniedException", words, 403, "permission_denied");
        row("no such model", 404, "ResourceNotFoundException", words, 404, "model_not_found");
        row("timeout", 408, "ModelTimeoutException", words, 504, "timeout");
        row("model error", 424, "ModelErrorException", R"({"message":"m","originalStatusCode":429})", 429,
            "upstream_error");
        row("model error without a status", 424, "ModelErrorException", words, 502, "upstream_error");
        row("model error with nonsense", 424, "ModelErrorException",
            R"({"message":"m","originalStatusCode":99999999999})", 502, "upstream_error");
        row("not ready", 429, "ModelNotReadyException", words, 429, "rate_limit_exceeded");
        row("internal", 500, "InternalServerException", words, 502, "upstream_error");
        row("unavailable", 503, "ServiceUnavailableException", words, 503, "overloaded");
        row("type in the body", 400, "", R"({"__type":"com.amazon.coral#ThrottlingException","Message":"m"})",
            429, "rate_limit_exceeded");
        row("no type", 503, "", words, 503, "overloaded");
        row("HTML", 502, "", "<html>secret</html>", 502, "upstream_invalid_response");
        row("nothing", 403, "", "", 403, "upstream_invalid_response");
        row("mistyped words", 400, "ValidationException", R"({"message":{"a":1}})", 400, "");
    }

    void readsErrors()
    {
        QFETCH(int, status);
        QFETCH(std::string, type);
        QFETCH(std::string, body);
        QFETCH(int, to_client);
        QFETCH(std::string, code);
        const ApiError error = bedrock::providerCodec().decodeError(
            {.status = status, .headers = {{"x-amzn-errortype", type}, {"retry-after", "3"}}, .body = body});
        QCOMPARE(error.status, to_client);
        QCOMPARE(error.code, code);
        QCOMPARE(error.upstream_status, status);
        QCOMPARE(error.retry_after_ms, std::optional<std::int64_t>(3000));
        QVERIFY(!error.message.empty());
        QVERIFY(error.message.find("<html>") == std::string::npos);
        if (error.kind == ErrorKind::Authentication)
            QVERIFY(error.message != "words"); // Bedrock's may quote what was signed
    }
};

QTEST_APPLESS_MAIN(TestConverseReply)

#include "tst_conversereply.moc"
