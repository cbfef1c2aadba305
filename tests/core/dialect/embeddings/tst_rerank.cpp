// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/embeddings/rerank.h"

#include <QTest>

#include <stdexcept>
#include <string>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::rerank;

namespace {

RerankRequest requestOf(const std::string &text)
{
    const auto document = JsonDocument::parse(text);
    if (!document)
        throw std::runtime_error(document.error().message);
    auto request = rerank::decodeRequest(*document);
    if (!request)
        throw std::runtime_error(request.error().where);
    return *std::move(request);
}

Exchange exchangeTo(const std::string &provider)
{
    Exchange exchange(1);
    exchange.target = {.dialect = provider == "cohere" ? Dialect::CohereChat : Dialect::OpenAiChat,
                       .flavour = {.provider = provider},
                       .model = "m"};
    return exchange;
}

const std::string kAsked
    = R"({"model":"x","query":"q","documents":["a",{"text":"b"},"c"],"top_n":2,"return_documents":true})";

} // namespace

class TestRerank : public QObject
{
    Q_OBJECT

private slots:
    void asksEachProviderInItsWords_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("body");
        const auto row = [](const char *provider, const char *path, const char *rest) {
            QTest::newRow(provider) << std::string(provider) << std::string(path)
                                    << R"({"model":"m","query":"q","documents":["a","b","c"],)"
                    + std::string(rest) + '}';
        };
        row("cohere", "/v2/rerank", R"("top_n":2)");
        row("voyage", "/v1/rerank", R"("top_k":2,"return_documents":false)");
        row("jina", "/v1/rerank", R"("top_n":2,"return_documents":false)");
        row("together-ai", "/v1/rerank", R"("top_n":2,"return_documents":false)");
    }

    void asksEachProviderInItsWords()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, path);
        QFETCH(std::string, body);
        Exchange exchange = exchangeTo(provider);
        const auto wire = encodeCall(requestOf(kAsked), exchange);
        QVERIFY(wire);
        QCOMPARE(wire->path, path);
        QCOMPARE(wire->body, body);
    }

    void refusesProvidersThatRankNothing()
    {
        for (const char *provider : {"openai", "groq", ""}) {
            Exchange exchange = exchangeTo(provider);
            QVERIFY(!encodeCall(requestOf(kAsked), exchange));
        }
    }

    void answersAsCohereDoes_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("meta");
        QTest::newRow("Cohere") << std::string(
            R"({"results":[{"index":2,"relevance_score":0.90},)"
            R"({"index":1,"relevance_score":1e-3}],"meta":{"billed_units":{"search_units":1}}})")
                                << std::string(R"("billed_units":{"search_units":1})");
        QTest::newRow("Voyage") << std::string(
            R"({"object":"list","data":[{"index":2,"relevance_score":0.90},)"
            R"({"index":1,"relevance_score":1e-3}],"usage":{"total_tokens":26}})")
                                << std::string(R"("tokens":{"input_tokens":26})");
        QTest::newRow("Jina") << std::string(
            R"({"model":"j","results":[{"index":2,"relevance_score":0.90,"document":{"text":"z"}},)"
            R"({"index":1,"relevance_score":1e-3}],"usage":{"prompt_tokens":26,"total_tokens":26}})")
                              << std::string(R"("tokens":{"input_tokens":26})");
    }

    void answersAsCohereDoes()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, meta);
        const RerankRequest request = requestOf(kAsked);
        const auto reply = decodeCall({.body = body}, request);
        QVERIFY(reply);
        QCOMPARE(encodeReply(*reply, request),
                 R"({"results":[{"index":2,"relevance_score":0.90,"document":{"text":"c"}},)"
                 R"({"index":1,"relevance_score":1e-3,"document":{"text":"b"}}],)"
                 R"("meta":{"api_version":{"version":"2"},)"
                     + meta + "}}");
    }

    void refusesRequestsThatAreNone_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("where");
        const auto row = [](const char *name, const char *body, const char *where) {
            QTest::newRow(name) << std::string(body) << std::string(where);
        };
        row("an array", "[]", "/model");
        row("no query", R"({"model":"m","documents":["a"]})", "/query");
        row("no documents", R"({"model":"m","query":"q","documents":[]})", "/documents");
        row("documents that are none", R"({"model":"m","query":"q","documents":["a",{"title":"b"}]})",
            "/documents/1");
        row("top_n of nothing", R"({"model":"m","query":"q","documents":["a"],"top_n":0})", "/top_n");
        row("top_n in words", R"({"model":"m","query":"q","documents":["a"],"top_n":"2"})", "/top_n");
    }

    void refusesRequestsThatAreNone()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, where);
        const auto document = JsonDocument::parse(body);
        QVERIFY(document);
        const auto request = rerank::decodeRequest(*document);
        QVERIFY(!request);
        QCOMPARE(request.error().where, where);
    }

    void refusesAnswersThatAreNone_data()
    {
        QTest::addColumn<std::string>("body");
        const auto row = [](const char *name, std::string body) { QTest::newRow(name) << std::move(body); };
        row("empty", "");
        row("HTML", "<html>");
        row("no results", "{}");
        row("mistyped results", R"({"results":{"index":0}})");
        row("an index out of range", R"({"results":[{"index":3,"relevance_score":1}]})");
        row("a negative index", R"({"results":[{"index":-1,"relevance_score":1}]})");
        row("a huge index", R"({"results":[{"index":1e300,"relevance_score":1}]})");
        row("one document twice",
            R"({"results":[{"index":0,"relevance_score":1},{"index":0,"relevance_score":1}]})");
        row("no score", R"({"results":[{"index":0}]})");
        row("a score in words", R"({"results":[{"index":0,"relevance_score":"1"}]})");
        row("deep", std::string(100'000, '['));
    }

    void refusesAnswersThatAreNone()
    {
        QFETCH(std::string, body);
        const auto reply = decodeCall({.body = body}, requestOf(kAsked));
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, "upstream_invalid_response");
    }
};

QTEST_APPLESS_MAIN(TestRerank)

#include "tst_rerank.moc"
