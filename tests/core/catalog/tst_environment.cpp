// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalogtext.h"
#include "core/catalog/environment.h"

#include <QTest>

#include <algorithm>

using namespace portolan::catalog;

namespace {

using Names = std::vector<std::string>;

std::vector<EnvironmentOffer> offersFor(const Names &names)
{
    std::vector<SetVariable> variables;
    for (const auto &name : names)
        variables.push_back({.name = name, .has_value = true});
    return environmentOffers(*Catalog::shipped(), variables);
}

/// "openai:OPENAI_API_KEY" for each offer.
Names described(const std::vector<EnvironmentOffer> &offers)
{
    Names words;
    for (const auto &offer : offers)
        words.push_back(std::string(offer.provider->id) + ':' + std::string(offer.credential));
    return words;
}

const LocalProbe &probeOf(std::string_view provider, std::string_view path)
{
    const auto &probes = Catalog::shipped()->provider(provider)->local_probes;
    const auto found = std::ranges::find(probes, path, &LocalProbe::path);
    Q_ASSERT(found != probes.end());
    return *found;
}

/// Whom the answers of a server would be taken for: the first step at the port that matches and tells.
std::string serverAt(std::uint16_t port, const std::vector<std::pair<std::string, std::string>> &answers)
{
    for (const auto &step : localProbes(*Catalog::shipped())) {
        if (step.port != port || step.telling == Telling::Alive)
            continue;
        for (const auto &[path, body] : answers) {
            if (step.probe->path == path && matchesProbe(*step.probe, 200, body))
                return std::string(step.provider->id);
        }
    }
    return {};
}

} // namespace

class TestEnvironment : public QObject
{
    Q_OBJECT

private slots:
    void offersWhatIsThere_data()
    {
        QTest::addColumn<Names>("variables");
        QTest::addColumn<Names>("offers");
        const auto row = [](const char *name, const Names &variables, const Names &offers) {
            QTest::newRow(name) << variables << offers;
        };
        row("nothing", {}, {});
        row("foreign variables", {"HOME", "PATH", ""}, {});
        row("one key", {"OPENAI_API_KEY"}, {"openai:OPENAI_API_KEY"});
        row("names have a case", {"openai_api_key"}, {});
        row("two names for one key", {"GOOGLE_API_KEY", "GEMINI_API_KEY"}, {"google:GEMINI_API_KEY"});
        row("a key of a retired service too", {"GOOGLE_API_KEY"}, {"google:GOOGLE_API_KEY"});
        row("a key that a local server reads too", {"LLAMA_API_KEY"}, {"meta-llama:LLAMA_API_KEY"});
        row("one reader's address is known", {"ANTHROPIC_API_KEY", "AWS_REGION"},
            {"anthropic:ANTHROPIC_API_KEY"});
        row("certain ones first", {"GITHUB_TOKEN", "OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "VLLM_API_KEY"},
            {"openai:OPENAI_API_KEY", "vllm:VLLM_API_KEY", "github:GITHUB_TOKEN",
             "azure-openai:AZURE_OPENAI_API_KEY"});
        row("other variables decide for Workers AI", {"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID"},
            {"workers-ai:CLOUDFLARE_API_TOKEN"});
        row("other variables decide for the gateway",
            {"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_GATEWAY_ID"},
            {"cloudflare-ai-gateway:CLOUDFLARE_API_TOKEN"});
        row("an address alone, of a local server", {"OLLAMA_HOST"}, {"ollama:"});
        row("an address alone, of a cloud", {"DATABRICKS_HOST", "AZURE_OPENAI_ENDPOINT"}, {});
        row("half a credential that has another",
            {"AWS_ACCESS_KEY_ID", "AWS_BEARER_TOKEN_BEDROCK", "AWS_REGION"},
            {"bedrock:AWS_BEARER_TOKEN_BEDROCK"});
    }

    void offersWhatIsThere()
    {
        QFETCH(Names, variables);
        QFETCH(Names, offers);
        QCOMPARE(described(offersFor(variables)), offers);
    }

    void ignoresEmptyVariables()
    {
        const std::vector<SetVariable> variables = {{.name = "OPENAI_API_KEY", .has_value = false}};
        QVERIFY(environmentOffers(*Catalog::shipped(), variables).empty());
    }

    void tellsKeysFromAddresses()
    {
        const auto offers = offersFor({"AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY"});
        QCOMPARE(offers.size(), std::size_t{1});
        QCOMPARE(offers[0].credential, std::string_view("AZURE_OPENAI_API_KEY"));
        QCOMPARE(offers[0].endpoint, std::string_view("AZURE_OPENAI_ENDPOINT"));
        QVERIFY(offers[0].isComplete());

        const auto local = offersFor({"OLLAMA_HOST"});
        QCOMPARE(local[0].endpoint, std::string_view("OLLAMA_HOST"));
        QVERIFY(local[0].credential.empty());
        QVERIFY(local[0].isComplete());
    }

    void namesWhatIsMissing()
    {
        const auto azure = offersFor({"AZURE_OPENAI_API_KEY"});
        QCOMPARE(azure[0].missing, std::vector<std::string_view>{"AZURE_RESOURCE_NAME"});
        QVERIFY(!azure[0].isComplete());

        const auto aws = offersFor({"AWS_ACCESS_KEY_ID", "AWS_REGION"});
        QCOMPARE(aws[0].secret, std::string_view("AWS_SECRET_ACCESS_KEY"));
        QCOMPARE(aws[0].missing, std::vector<std::string_view>{"AWS_SECRET_ACCESS_KEY"});

        const auto databricks = offersFor({"DATABRICKS_TOKEN", "DATABRICKS_HOST"});
        QVERIFY(databricks[0].isComplete());
    }

    void namesTheOtherReadersOfAVariable()
    {
        const auto offers = offersFor({"GOOGLE_API_KEY"});
        QCOMPARE(offers[0].others.size(), std::size_t{1});
        QCOMPARE(offers[0].others[0]->id, std::string_view("palm"));
        QVERIFY(offersFor({"GEMINI_API_KEY"})[0].others.empty());
    }

    void knowsTheCommonLocalServers_data()
    {
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("server"); // empty: nobody
        const auto row
            = [](const char *name, int port, const char *path, const char *body, const char *server) {
                  QTest::newRow(name) << port << QString::fromLatin1(path) << QString::fromLatin1(body)
                                      << QString::fromLatin1(server);
              };
        row("Ollama", 11434, "/api/tags", R"({"models":[]})", "ollama");
        row("Ollama's greeting", 11434, "/", "Ollama is running", "ollama");
        row("LM Studio", 1234, "/api/v0/models",
            R"({"data":[{"id":"m","type":"llm","arch":"qwen2","quantization":"Q4","state":"loaded"}]})",
            "lm-studio");
        row("LM Studio without models", 1234, "/api/v0/models", R"({"data":[]})", "lm-studio");
        row("llama.cpp", 8080, "/v1/models", R"({"data":[{"id":"m","owned_by":"llamacpp"}]})", "llama-cpp");
        row("llama.cpp by its settings", 8080, "/props", R"({"default_generation_settings":{}})",
            "llama-cpp");
        row("TGI", 8080, "/info", R"({"model_id":"m","docker_label":"l"})", "tgi");
        row("TEI", 8080, "/info", R"({"model_id":"m","model_type":{}})", "tei");
        row("LocalAI", 8080, "/system", R"({"backends":[]})", "localai");
        row("vLLM", 8000, "/v1/models", R"({"data":[{"id":"m","owned_by":"vllm"}]})", "vllm");
        row("Speaches", 8000, "/v1/models", R"({"data":[{"id":"w","task":"automatic-speech-recognition"}]})",
            "speaches");
        row("Triton", 8000, "/v2", R"({"extensions":["classification"]})", "triton");
        row("another web service on 8000", 8000, "/version", R"({"version":"1.0"})", "");
        row("another web service on 8080", 8080, "/health", R"({"status":"ok"})", "");
        row("a page for every path", 8080, "/readyz", "<!doctype html><title>app</title>", "");
    }

    void knowsTheCommonLocalServers()
    {
        QFETCH(int, port);
        QFETCH(QString, path);
        QFETCH(QString, body);
        QFETCH(QString, server);
        const auto found = serverAt(std::uint16_t(port), {{path.toStdString(), body.toStdString()}});
        QCOMPARE(found, server.toStdString());
    }

    void asksTheMostParticularFirst()
    {
        const auto steps = localProbes(*Catalog::shipped());
        QVERIFY(std::ranges::is_sorted(steps, {},
                                       [](const ProbeStep &s) { return std::pair(s.port, s.telling); }));
        std::size_t expected = 0;
        for (const auto &provider : Catalog::shipped()->providers()) {
            const auto ports = provider.local_port_alternatives.size() + (provider.local_port != 0 ? 1 : 0);
            expected += ports * provider.local_probes.size();
        }
        QCOMPARE(steps.size(), expected);
    }

    void checksAnswers_data()
    {
        QTest::addColumn<std::string>("check");
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<bool>("matches");
        const auto row
            = [](const char *name, const char *check, int status, const std::string &body, bool matches) {
                  QTest::newRow(name) << std::string(check) << status << body << matches;
              };
        row("alive", "", 200, "anything", true);
        row("another success", "", 204, "", false);
        row("not found", "key version", 404, R"({"version":"1"})", false);
        row("empty", "empty", 200, "", true);
        row("not empty", "empty", 200, " ", false);
        row("guarded, open", "guarded", 200, "{}", true);
        row("guarded, closed", "guarded", 401, "", true);
        row("guarded, missing", "guarded", 404, "", false);
        row("a text", "body I'm alive!", 200, "\"I'm alive!\"", true);
        row("another text", "body I'm alive!", 200, "hello", false);
        row("JSON", "json", 200, "{}", true);
        row("a JSON number", "json", 200, "1", false);
        row("no JSON", "json", 200, "{", false);
        row("an array", "array", 200, "[]", true);
        row("no array", "array", 200, "{}", false);
        row("a list", "key data[]", 200, R"({"data":[]})", true);
        row("no list", "key data[]", 200, R"({"data":{}})", false);
        row("all keys", "key a b", 200, R"({"a":1,"b":null})", true);
        row("one key of two", "key a b", 200, R"({"a":1})", false);
        row("a key of an array", "key a", 200, R"([{"a":1}])", false);
        row("a value", "value status ok", 200, R"({"status":"ok"})", true);
        row("another value", "value status ok", 200, R"({"status":"okay"})", false);
        row("a value of another type", "value status ok", 200, R"({"status":1})", false);
        row("one item of two", "item data by x", 200, R"({"data":[{"by":"y"},{"by":"x"}]})", true);
        row("no item", "item data by x", 200, R"({"data":[]})", false);
        row("items that are no objects", "item data by x", 200, R"({"data":[1,"x",null]})", false);
        row("items with the keys", "each data a b", 200, R"({"data":[{"a":1,"b":2}]})", true);
        row("an item without a key", "each data a b", 200, R"({"data":[{"a":1,"b":2},{"a":1}]})", false);
        row("an unknown check", "dance", 200, "{}", false);
        row("an empty body", "json", 200, "", false);
        row("not UTF-8", "json", 200, "{\"a\":\"\xff\"}", false);
        row("deep nesting", "json", 200, std::string(100'000, '['), false);
        row("too large", "json", 200, '[' + std::string(2 << 20, ' ') + ']', false);
    }

    void checksAnswers()
    {
        QFETCH(std::string, check);
        QFETCH(int, status);
        QFETCH(std::string, body);
        QFETCH(bool, matches);
        QCOMPARE(matchesProbe({.path = "/", .check = check}, status, body), matches);
    }

    void keepsTheCatalogsWordsBesideTheCheck()
    {
        QCOMPARE(probeOf("vllm", "/v1/models").expect, std::string_view("data[].owned_by == 'vllm'"));
        QCOMPARE(probeOf("vllm", "/v1/models").check, std::string_view("item data owned_by vllm"));
        QVERIFY(probeOf("llamafile", "/v1/models").check.empty());
    }
};

QTEST_APPLESS_MAIN(TestEnvironment)
#include "tst_environment.moc"
