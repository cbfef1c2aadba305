// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/relativeerrors.h"
#include "tests/core/dialect/openai/samples.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::openai;

namespace {

std::string sentTo(std::string_view provider, std::string_view model, const Request &request)
{
    Exchange exchange = exchangeWith(provider, model);
    return chatProviderCodec().encodeRequest(request, exchange).value().body;
}

/// A request as another dialect's client makes it.
Request foreignRequest()
{
    Request request{.from = Dialect::Anthropic};
    Message message{.role = Role::User};
    message.parts.push_back({.content = TextPart{.text = "q"}});
    request.messages.push_back(std::move(message));
    return request;
}

bool has(std::string_view text, std::string_view piece)
{
    return text.find(piece) != std::string_view::npos;
}

bool notes(const Exchange &exchange, std::string_view what)
{
    return std::ranges::any_of(exchange.notes, [&](const Note &note) { return note.what == what; });
}

} // namespace

class TestOpenAiChatProvider : public QObject
{
    Q_OBJECT

private slots:
    void pathIsThePlatforms_data()
    {
        QTest::addColumn<bool>("azure");
        QTest::addColumn<std::string>("deployment");
        QTest::addColumn<std::string>("version");
        QTest::addColumn<std::string>("path");
        const auto row = [](const char *name, bool azure, std::string deployment, std::string version,
                            std::string path) {
            QTest::newRow(name) << azure << std::move(deployment) << std::move(version) << std::move(path);
        };
        row("own", false, "", "", "/v1/chat/completions");
        row("classic", true, "my dep/1", "2024-10-21",
            "/openai/deployments/my%20dep%2F1/chat/completions?api-version=2024-10-21");
        row("v1", true, "", "", "/openai/v1/chat/completions");
        row("v1 preview", true, "", "preview", "/openai/v1/chat/completions?api-version=preview");
    }
    void pathIsThePlatforms()
    {
        QFETCH(bool, azure);
        QFETCH(std::string, deployment);
        QFETCH(std::string, version);
        QFETCH(std::string, path);
        Exchange exchange = exchangeWith(azure ? "azure-openai" : "openai");
        exchange.target.platform = azure ? Platform::Azure : Platform::Own;
        exchange.target.deployment = deployment;
        exchange.target.api_version = version;
        QCOMPARE(chatProviderCodec().encodeRequest(foreignRequest(), exchange).value().path, path);
    }

    void eachRelativeGetsItsOwnWords_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("model");
        QTest::addColumn<std::string>("there");  // in the body
        QTest::addColumn<std::string>("absent"); // not in it
        const auto row = [](const char *name, const char *provider, const char *model, const char *there,
                            const char *absent) {
            QTest::newRow(name) << std::string(provider) << std::string(model) << std::string(there)
                                << std::string(absent);
        };
        row("OpenAI's limit", "openai", "gpt-4o", R"("max_completion_tokens":9)", R"("max_tokens")");
        row("a reasoner's sampling", "openai", "o3", R"("reasoning_effort":"xhigh")", R"("temperature")");
        row("a chat variant samples", "openai", "gpt-5-chat-latest", R"("temperature":0.5)",
            "reasoning_effort");
        row("Mistral's limit", "mistral-ai", "mistral-large", R"("max_tokens":9)", R"("stream_options")");
        row("Mistral's seed", "mistral-ai", "mistral-large", R"("random_seed":3)", R"("seed":3)");
        row("Mistral refuses user", "mistral-ai", "mistral-large", R"("model")", R"("user":)");
        row("Groq refuses logit_bias", "groq", "llama", R"("seed":3)", R"("logit_bias")");
        row("Groq's efforts", "groq", "openai/gpt-oss-120b", R"("reasoning_effort":"high")", "xhigh");
        row("DeepSeek's switch", "deepseek", "deepseek-v4-pro",
            R"("thinking":{"type":"enabled"},"reasoning_effort":"max")", R"("top_k")");
        row("OpenRouter's object", "openrouter", "x/y", R"("reasoning":{"effort":"xhigh"})",
            "reasoning_effort");
        row("OpenRouter's top_k", "openrouter", "x/y", R"("top_k":40)", R"("metadata")");
        row("Ollama ignores user", "ollama", "llama3", R"("reasoning_effort":"max")", R"("user":)");
        row("an unknown one", "chutes", "m", R"("max_tokens":9)", "reasoning");
    }
    void eachRelativeGetsItsOwnWords()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, model);
        QFETCH(std::string, there);
        QFETCH(std::string, absent);
        Request request = foreignRequest();
        request.max_tokens = 9;
        request.stream = true;
        request.user = "u";
        request.reasoning.effort = Effort::XHigh;
        request.metadata = {R"({"a":"b"})"};
        request.sampling
            = {.temperature = {"0.5"}, .top_k = {"40"}, .seed = {"3"}, .logit_bias = {R"({"1":2})"}};
        const std::string body = sentTo(provider, model, request);
        QVERIFY2(has(body, there), body.c_str());
        QVERIFY2(!has(body, absent), body.c_str());
        QVERIFY(validateJson(body));
    }

    void whatIsLeftOutIsNoted()
    {
        Request request = foreignRequest();
        request.sampling.top_k = {"40"};
        request.sampling.stop = {"1", "2", "3", "4", "5"};
        request.verbosity = "low";
        request.reasoning.effort = Effort::High;
        Exchange exchange = exchangeWith("groq", "llama");
        const auto sent = chatProviderCodec().encodeRequest(request, exchange);
        QVERIFY(sent && has(sent->body, "\"stop\":[\"1\",\"2\",\"3\",\"4\"]"));
        for (const char *what : {"top_k", "stop", "verbosity", "reasoning"})
            QVERIFY2(notes(exchange, what), what);
    }

    void whatWouldChangeTheMeaningIsRefused_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<Request>("request");
        Request several = foreignRequest();
        several.sampling.n = 2;
        QTest::newRow("several answers") << std::string("deepseek") << several;
        Request hosted = foreignRequest();
        hosted.tools.push_back(
            {.kind = Tool::Kind::Hosted, .name = "image_generation", .dialect = Dialect::OpenAiResponses});
        QTest::newRow("a tool of another provider") << std::string("openai") << hosted;
        Request forced = foreignRequest();
        forced.tools.push_back(
            {.kind = Tool::Kind::Hosted, .name = "web_search", .dialect = Dialect::Anthropic});
        forced.tool_choice = ToolChoice{.mode = ToolChoice::Mode::Named, .name = "web_search"};
        QTest::newRow("a forced tool that is left out") << std::string("openai") << forced;
        Request tools = foreignRequest();
        tools.tools.push_back({.name = "f"});
        QTest::newRow("tools where there are none") << std::string("perplexity-ai") << tools;
        Request image = foreignRequest();
        image.messages[0].parts.push_back({.content = ImagePart{.media = {.url = "https://x/y.png"}}});
        QTest::newRow("an image's URL") << std::string("ollama") << image;
    }
    void whatWouldChangeTheMeaningIsRefused()
    {
        QFETCH(std::string, provider);
        QFETCH(Request, request);
        Exchange exchange = exchangeWith(provider);
        const auto sent = chatProviderCodec().encodeRequest(request, exchange);
        QVERIFY(!sent);
        QCOMPARE(sent.error().origin, Origin::Client);
    }

    void historyFromAnotherProviderFits()
    {
        Request request = foreignRequest();
        Message assistant{.role = Role::Assistant};
        assistant.parts.push_back({.content = ReasoningPart{.text = "hm", .signature = "s"}});
        assistant.parts.push_back(
            {.content = ToolCallPart{.id = "toolu_012345678901234567890123456789012345", .name = "a.b"}});
        request.messages.push_back(std::move(assistant));
        Message results{.role = Role::User};
        results.parts.push_back(
            {.content
             = ToolResultPart{.call_id = "toolu_012345678901234567890123456789012345", .is_error = true}});
        results.parts.push_back({.content = TextPart{.text = "so?"}});
        request.messages.push_back(std::move(results));
        request.tools.push_back({.name = "a.b"});
        Exchange exchange = exchangeWith("mistral-ai");
        const std::string body = chatProviderCodec().encodeRequest(request, exchange).value().body;
        const std::string id = fittingId("toolu_012345678901234567890123456789012345", IdRule::Mistral);
        const std::string name = fittingToolName("a.b");
        QCOMPARE(id.size(), std::size_t(9));
        QVERIFY(has(body,
                    "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"" + id
                        + "\",\"type\":\"function\",\"function\":{\"name\":\"" + name
                        + "\",\"arguments\":\"{}\"}}]}"));
        QVERIFY(has(body,
                    "{\"role\":\"tool\",\"tool_call_id\":\"" + id
                        + "\",\"content\":\"Error: \"},{\"role\":\"user\",\"content\":\"so?\"}"));
        QCOMPARE(exchange.clientToolName(name), "a.b");
        QVERIFY(notes(exchange, "thinking"));
        QVERIFY(has(sentTo("deepseek", "deepseek-chat", request), "\"reasoning_content\":\"hm\""));
    }

    void customToolsAreWrappedWhereThereAreNone()
    {
        Request request = foreignRequest();
        request.from = Dialect::OpenAiResponses;
        request.tools.push_back({.kind = Tool::Kind::Custom,
                                 .name = "apply_patch",
                                 .format = {R"({"type":"grammar","syntax":"lark","definition":"start: x"})"},
                                 .dialect = Dialect::OpenAiResponses});
        Exchange wrapped = exchangeWith("groq");
        const std::string body = chatProviderCodec().encodeRequest(request, wrapped).value().body;
        QVERIFY(has(body, "\"required\":[\"input\"]"));
        QVERIFY(has(body, "start: x"));
        QVERIFY(wrapped.isCustomTool("apply_patch"));
        QVERIFY(has(sentTo("openai", "gpt-5", request),
                    "\"format\":{\"type\":\"grammar\",\"grammar\":{\"syntax\":\"lark\",\"definition\":"
                    "\"start: x\"}}"));
    }

    void turnsAlternateWhereTheyMust()
    {
        Request request = foreignRequest();
        request.messages.push_back(request.messages.front());
        QVERIFY(has(sentTo("perplexity-ai", "sonar", request),
                    "\"messages\":[{\"role\":\"user\",\"content\":\"q\\n\\nq\"}]"));
        QVERIFY(has(sentTo("openai", "gpt-4o", request),
                    "[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"user\",\"content\":\"q\"}]"));
    }

    void claudeCodesBillingBlockIsLeftOut()
    {
        Request request = foreignRequest();
        Message system{.role = Role::System};
        system.parts.push_back({.content = TextPart{.text = "x-anthropic-billing-header: cc=1;"}});
        system.parts.push_back({.content = TextPart{.text = "Rules"}, .cache = CacheTtl::OneHour});
        request.messages.insert(request.messages.begin(), system);
        QVERIFY(has(sentTo("groq", "m", request), "[{\"role\":\"system\",\"content\":\"Rules\"},"));
        QVERIFY(has(sentTo("openrouter", "m", request),
                    "[{\"type\":\"text\",\"text\":\"Rules\",\"cache_control\":{\"type\":\"ephemeral\","
                    "\"ttl\":\"1h\"}}]"));
    }

    void errorsAreReadInEveryShape_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<int>("client_status");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("message"); // empty: any
        const auto row = [](const char *name, int status, const char *body, int client_status,
                            const char *code, const char *message) {
            QTest::newRow(name) << status << std::string(body) << client_status << std::string(code)
                                << std::string(message);
        };
        row("OpenAI", 404,
            R"({"error":{"message":"no","type":"invalid_request_error","param":null,"code":"model_not_found"}})",
            404, "model_not_found", "no");
        row("text alone", 404, R"({"error":"model 'x' not found"})", 404, "model_not_found",
            "model 'x' not found");
        row("xAI", 400,
            R"({"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***"})",
            401, "invalid_api_key", "");
        row("flat vLLM", 400,
            "{\"object\":\"error\",\"message\":\"This model's maximum context length is 10 "
            "tokens.\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
            400, "context_length_exceeded", "");
        row("llama.cpp", 400,
            R"({"error":{"code":400,"message":"too big","type":"exceed_context_size_error"}})", 400,
            "context_length_exceeded", "too big");
        row("Mistral's validation", 422,
            R"({"detail":[{"loc":["body","x"],"msg":"Extra inputs","type":"extra_forbidden"}]})", 400, "",
            "x: Extra inputs");
        row("Mistral's 401", 401, R"({"detail":"Unauthorized"})", 401, "invalid_api_key", "");
        row("Azure's numeric code", 429,
            R"({"error":{"code":"429","message":"Please retry after 12 seconds."}})", 429,
            "rate_limit_exceeded", "");
        row("Azure's filter", 400,
            R"({"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{}}})",
            400, "content_filter", "filtered");
        row("Azure's deployment", 404, R"({"error":{"code":"DeploymentNotFound","message":"no"}})", 404,
            "model_not_found", "no");
        row("APIM", 403, R"({"statusCode":403,"message":"blocked"})", 403, "permission_denied", "blocked");
        row("no balance", 402,
            R"({"error":{"message":"Insufficient Balance","code":"invalid_request_error"}})", 429,
            "insufficient_quota", "Insufficient Balance");
        row("quota", 429,
            R"({"error":{"message":"q","type":"insufficient_quota","code":"insufficient_quota"}})", 429,
            "insufficient_quota", "q");
        row("OpenRouter's upstream", 502,
            "{\"error\":{\"code\":502,\"message\":\"Provider returned "
            "error\",\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"why\\\"}}\"}}}",
            502, "upstream_error", "why");
        row("OpenRouter's upstream says the key", 401,
            R"({"error":{"code":401,"message":"Provider returned error","metadata":{"raw":"bad key xa***"}}})",
            401, "invalid_api_key", "");
        row("Groq's flex", 498, R"({"error":{"message":"capacity"}})", 503, "overloaded", "capacity");
        row("Google's list", 400, R"([{"error":{"code":400,"message":"bad","status":"INVALID_ARGUMENT"}}])",
            400, "", "bad");
        row("a page", 502, "<html>bad gateway</html>", 502, "upstream_invalid_response", "");
        row("nothing", 503, "", 503, "overloaded", "");
    }
    void errorsAreReadInEveryShape()
    {
        QFETCH(int, status);
        QFETCH(std::string, body);
        QFETCH(int, client_status);
        QFETCH(std::string, code);
        QFETCH(std::string, message);
        const ApiError error = chatProviderCodec().decodeError({.status = status, .body = body});
        QCOMPARE(error.status, client_status);
        QCOMPARE(error.code, code);
        if (!message.empty())
            QCOMPARE(error.message, message);
        QVERIFY(!error.message.empty());
        QVERIFY(!has(error.message, "html"));
        QVERIFY(!has(error.message, "xa***"));
        QCOMPARE(error.upstream_status, status);
    }

    void waitsAreFoundInWords_data()
    {
        QTest::addColumn<std::string>("words");
        QTest::addColumn<int>("wait_ms"); // -1: none
        QTest::newRow("Azure") << std::string("Please retry after 12 seconds.") << 12000;
        QTest::newRow("OpenAI") << std::string("Please try again in 1.5s. Visit") << 1500;
        QTest::newRow("milliseconds") << std::string("Please try again in 250ms.") << 250;
        QTest::newRow("minutes") << std::string("Please try again in 2m30s.") << -1;
        QTest::newRow("no number") << std::string("try again in a while") << -1;
        QTest::newRow("absurd") << std::string("retry after 1e300 seconds") << 86'400'000;
    }
    void waitsAreFoundInWords()
    {
        QFETCH(std::string, words);
        QFETCH(int, wait_ms);
        const ApiError error = chatProviderCodec().decodeError(
            {.status = 429, .body = "{\"error\":{\"message\":\"" + words + "\"}}"});
        QCOMPARE(error.retry_after_ms.value_or(-1), std::int64_t(wait_ms));
    }
};

QTEST_APPLESS_MAIN(TestOpenAiChatProvider)
#include "tst_openaichatprovider.moc"
