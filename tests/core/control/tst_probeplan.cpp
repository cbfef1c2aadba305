// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/probeplan.h"

#include <QTest>

using namespace portolan;
using namespace portolan::control;

class TestProbePlan : public QObject
{
    Q_OBJECT

private slots:
    void asksForWhatCostsNothing_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<catalog::AccountSettings>("settings");
        QTest::addColumn<std::string>("line");
        const auto row = [](const char *id, const catalog::AccountSettings &settings, const char *line) {
            QTest::addRow("%s %d", id, int(settings.size()))
                << std::string(id) << settings << std::string(line);
        };
        row("openai", {}, "GET https://api.openai.com/v1/models");
        row("anthropic", {}, "GET https://api.anthropic.com/v1/models");
        row("google", {}, "GET https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000");
        row("cohere", {}, "GET https://api.cohere.com/v1/models?page_size=1000");
        row("ollama", {}, "GET http://127.0.0.1:11434/v1/models");
        row("bedrock", {{"region", "us-east-1"}},
            "GET https://bedrock.us-east-1.amazonaws.com/foundation-models");
        row("azure-openai", {{"resource", "acme"}}, "GET https://acme.openai.azure.com/openai/v1/models");
        row("azure-openai", {{"resource", "acme"}, {"deployment", "d"}, {"api_version", "2024-10-21"}},
            "GET https://acme.openai.azure.com/openai/models?api-version=2024-10-21");
    }

    void asksForWhatCostsNothing()
    {
        QFETCH(std::string, id);
        QFETCH(catalog::AccountSettings, settings);
        QFETCH(std::string, line);

        const auto shipped = catalog::Catalog::shipped();
        const auto key = std::make_shared<const SecretBytes>(SecretBytes::copy("AKID\nsecret"));
        const auto target = gateway::makeTarget(*shipped, id, {}, key, settings);
        QCOMPARE(target.unusable, "");
        QCOMPARE(planProbe(target, *shipped).line(), line);
    }

    void asksForOneTokenWhereThereIsNoList()
    {
        const auto shipped = catalog::Catalog::shipped();
        const auto key = std::make_shared<const SecretBytes>(SecretBytes::copy("pplx-1"));
        const auto target = gateway::makeTarget(*shipped, "perplexity-ai", {}, key);
        QVERIFY(target.provider);
        const auto plan = planProbe(target, *shipped);
        QVERIFY(plan.method == http::Method::Post);
        QVERIFY(plan.target.ends_with("/chat/completions"));
        QVERIFY(plan.body.starts_with("{\"model\":\"") && !plan.body.starts_with("{\"model\":\"\""));
        QVERIFY(plan.body.contains("\"max_tokens\":1,"));
    }

    void readsEveryFormOfAList_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("ids"); // with blanks between and "=" before a window; "-": no list
        const auto row = [](const char *name, const std::string &body, const char *ids) {
            QTest::newRow(name) << body << std::string(ids);
        };
        row("OpenAI", R"({"object":"list","data":[{"id":"gpt-4o"},{"id":"o3"}]})", "gpt-4o o3");
        row("Gemini", R"({"models":[{"name":"models/gemini-2.5-flash","inputTokenLimit":1048576}]})",
            "gemini-2.5-flash=1048576");
        row("windows", R"({"data":[{"id":"a","context_length":8192},{"id":"b","max_model_len":-1}]})",
            "a=8192 b");
        row("Cohere", R"({"models":[{"name":"command-a-03-2025"}]})", "command-a-03-2025");
        row("Bedrock", R"({"modelSummaries":[{"modelId":"amazon.nova-pro-v1:0"}]})", "amazon.nova-pro-v1:0");
        row("a bare list", R"([{"id":"a/b"}])", "a/b");
        row("an empty list", R"({"data":[]})", "");
        row("ids that are none", R"({"data":[{"id":5},{"id":"a b"},{"id":""},{},7,{"id":"ok"}]})", "ok");
        row("a count of tokens", R"({"totalTokens":1})", "-");
        row("no JSON", "<html>", "-");
        row("an endless id", "{\"data\":[{\"id\":\"" + std::string(300, 'x') + "\"}]}", "");
    }

    void readsEveryFormOfAList()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, ids);

        const auto models = modelsIn(body);
        std::string joined = models ? "" : "-";
        for (const auto &model : models.value_or(std::vector<store::ListedModel>())) {
            joined.append(joined.empty() ? "" : " ").append(model.id);
            if (model.context > 0)
                joined.append("=").append(std::to_string(model.context));
        }
        QCOMPARE(joined, ids);
    }
};

QTEST_APPLESS_MAIN(TestProbePlan)
#include "tst_probeplan.moc"
