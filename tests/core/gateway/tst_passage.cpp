// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/passage.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::gateway;
using dialect::Dialect;
using dialect::Platform;

class TestPassage : public QObject
{
    Q_OBJECT

private slots:
    void goesNativelyWhereverTheProviderServesIt_data();
    void goesNativelyWhereverTheProviderServesIt();
    void reachesAModelOfTheResponsesApi_data();
    void reachesAModelOfTheResponsesApi();
    void saysWhatAProviderDoesNotHave();
    void joinsPathsAtTheVersion_data();
    void joinsPathsAtTheVersion();
    void tellsTheCodecsWhatTheCatalogKnows();
};

namespace {

const catalog::Catalog &shipped()
{
    static const auto kCatalog = catalog::Catalog::shipped();
    return *kCatalog;
}

Target targetOf(std::string_view provider)
{
    return makeTarget(shipped(), provider, "https://provider.example/v1", nullptr);
}

} // namespace

void TestPassage::goesNativelyWhereverTheProviderServesIt_data()
{
    QTest::addColumn<std::string>("provider");
    QTest::addColumn<std::string>("endpoint");
    QTest::addColumn<std::string>("model");
    QTest::addColumn<bool>("native");
    QTest::addColumn<int>("dialect");
    const auto row = [](const char *provider, const char *endpoint, const char *model, bool native,
                        Dialect dialect) {
        QTest::addRow("%s %s %s", provider, endpoint, model)
            << std::string(provider) << std::string(endpoint) << std::string(model) << native << int(dialect);
    };
    row("openai", "chat", "gpt-4o", true, Dialect::OpenAiChat);
    row("openai", "responses", "gpt-4o", true, Dialect::OpenAiResponses);
    row("openai", "messages", "gpt-4o", false, Dialect::OpenAiChat);
    row("openai", "files", "", true, Dialect::OpenAiChat);
    row("openai", "completions", "gpt-3.5-turbo-instruct", true, Dialect::OpenAiCompletions);
    row("groq", "completions", "llama", false, Dialect::OpenAiChat);
    row("anthropic", "completions", "claude-opus-4-6", false, Dialect::Anthropic);
    row("google", "completions", "gemini-2.5-flash", false, Dialect::Gemini);
    row("bedrock", "completions", "anthropic.claude-haiku-4-5-v1:0", false, Dialect::BedrockConverse);
    row("groq", "responses", "llama", true, Dialect::OpenAiResponses);
    row("mistral-ai", "responses", "mistral-large", false, Dialect::OpenAiChat);
    row("deepseek", "messages", "deepseek-chat", false, Dialect::OpenAiChat);
    row("openrouter", "messages", "anthropic/claude-opus-4.6", true, Dialect::Anthropic);
    row("anthropic", "messages", "claude-opus-4-6", true, Dialect::Anthropic);
    row("anthropic", "chat", "claude-opus-4-6", false, Dialect::Anthropic);
    row("anthropic", "responses", "claude-opus-4-6", false, Dialect::Anthropic);
    row("anthropic", "batch", "", true, Dialect::Anthropic);
    row("google", "chat", "gemini-2.5-flash", false, Dialect::Gemini);
    row("google", "messages", "gemini-2.5-flash", false, Dialect::Gemini);
    row("cohere", "chat", "command-a-03-2025", false, Dialect::CohereChat);
    row("cohere", "embeddings", "embed-v4.0", false, Dialect::CohereChat);
    row("cohere", "rerank", "rerank-v3.5", false, Dialect::CohereChat);
    row("voyage", "rerank", "rerank-2.5", false, Dialect::OpenAiChat);
    row("openai", "embeddings", "text-embedding-3-small", true, Dialect::OpenAiChat);
    row("bedrock", "chat", "anthropic.claude-haiku-4-5-v1:0", false, Dialect::BedrockConverse);
    row("bedrock", "messages", "anthropic.claude-haiku-4-5-v1:0", true, Dialect::Anthropic);
    row("bedrock", "messages", "amazon.nova-pro-v1:0", false, Dialect::BedrockConverse);
    row("vertex-ai", "chat", "gemini-2.5-pro", false, Dialect::Gemini);
    row("vertex-ai", "chat", "claude-sonnet-4-5@20250929", false, Dialect::Anthropic);
    row("vertex-ai", "messages", "claude-sonnet-4-5@20250929", true, Dialect::Anthropic);
    row("vertex-ai", "messages", "gemini-2.5-pro", false, Dialect::Gemini);
}

void TestPassage::goesNativelyWhereverTheProviderServesIt()
{
    QFETCH(std::string, provider);
    QFETCH(std::string, endpoint);
    QFETCH(std::string, model);
    QFETCH(bool, native);
    QFETCH(int, dialect);
    const auto passage = passageOf(endpoint, targetOf(provider), model, false);
    QVERIFY(passage);
    QCOMPARE(passage->kind == Passage::Kind::Native, native);
    QCOMPARE(int(passage->provider), dialect);
}

void TestPassage::reachesAModelOfTheResponsesApi_data()
{
    QTest::addColumn<std::string>("provider");
    QTest::addColumn<std::string>("endpoint");
    QTest::addColumn<bool>("native");
    QTest::addColumn<int>("dialect");
    const auto row = [](const char *provider, const char *endpoint, bool native, Dialect dialect) {
        QTest::addRow("%s %s", provider, endpoint)
            << std::string(provider) << std::string(endpoint) << native << int(dialect);
    };
    row("openai", "chat", false, Dialect::OpenAiResponses);
    row("openai", "messages", false, Dialect::OpenAiResponses);
    row("openai", "completions", false, Dialect::OpenAiResponses);
    row("openai", "responses", true, Dialect::OpenAiResponses);
    row("openai", "files", true, Dialect::OpenAiChat);
    row("azure-openai", "chat", false, Dialect::OpenAiResponses);
    row("mistral-ai", "chat", true, Dialect::OpenAiChat); // has no such API, whatever the catalog says
}

void TestPassage::reachesAModelOfTheResponsesApi()
{
    QFETCH(std::string, provider);
    QFETCH(std::string, endpoint);
    QFETCH(bool, native);
    QFETCH(int, dialect);
    const auto passage = passageOf(endpoint, targetOf(provider), "m", true);
    QVERIFY(passage);
    QCOMPARE(passage->kind == Passage::Kind::Native, native);
    QCOMPARE(int(passage->provider), dialect);
}

void TestPassage::saysWhatAProviderDoesNotHave()
{
    const auto passage = passageOf("files", targetOf("google"), "", false);
    QVERIFY(!passage);
    QVERIFY2(passage.error().find("files") != std::string::npos, passage.error().c_str());
}

void TestPassage::joinsPathsAtTheVersion_data()
{
    QTest::addColumn<std::string>("base");
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("joined");
    QTest::addColumn<int>("dialect");
    const auto row
        = [](const char *base, const char *path, const char *joined, Dialect dialect = Dialect::Anthropic) {
              QTest::addRow("%s + %s", base, path)
                  << std::string(base) << std::string(path) << std::string(joined) << int(dialect);
          };
    row("", "/v1/chat/completions", "/chat/completions", Dialect::OpenAiChat);
    row("/v1", "/v1/responses", "/v1/responses", Dialect::OpenAiResponses);
    row("/v1", "/v1/messages", "/v1/messages");
    row("", "/v2/chat", "/v2/chat");
    row("/v1", "/v2/chat", "/v1/chat");
    row("/openai/v1", "/v1/chat/completions", "/openai/v1/chat/completions");
    row("/v1beta", "/v1beta/models/g:generateContent", "/v1beta/models/g:generateContent");
    row("/proxy", "/model/a%3A0/converse", "/proxy/model/a%3A0/converse");
    row("/v1/projects/p/locations/l", "/v1/projects/p/locations/l/publishers/google/models/g:generateContent",
        "/v1/projects/p/locations/l/publishers/google/models/g:generateContent");
}

void TestPassage::joinsPathsAtTheVersion()
{
    QFETCH(std::string, base);
    QFETCH(std::string, path);
    QFETCH(std::string, joined);
    QFETCH(int, dialect);
    QCOMPARE(joinedPath(base, path, Dialect(dialect)), joined);
}

void TestPassage::tellsTheCodecsWhatTheCatalogKnows()
{
    const Target target = targetOf("anthropic");
    const auto passage = passageOf("chat", target, "claude-haiku-4-5", false);
    QVERIFY(passage);
    const dialect::Target wire = wireTarget(*passage, target, "claude-haiku-4-5", shipped());
    QCOMPARE(wire.model, std::string("claude-haiku-4-5"));
    QCOMPARE(int(wire.capabilities.thinking), int(dialect::ThinkingStyle::Budget));
    QVERIFY(wire.capabilities.max_output_tokens.value_or(0) >= 8192);
    QCOMPARE(wire.default_max_tokens, *wire.capabilities.max_output_tokens);
}

QTEST_GUILESS_MAIN(TestPassage)
#include "tst_passage.moc"
