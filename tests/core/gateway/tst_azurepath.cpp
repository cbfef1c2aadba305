// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/azurepath.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::gateway;

class TestAzurePath : public QObject
{
    Q_OBJECT

private slots:
    void findsTheApiBelowAnAddress_data()
    {
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("v1");
        QTest::addColumn<std::string>("classic");
        const auto row = [](const char *path, const char *v1, const char *classic) {
            QTest::newRow(path) << std::string(path) << std::string(v1) << std::string(classic);
        };
        row("", "/openai/v1", "/openai");
        row("/openai", "/openai/v1", "/openai");
        row("/openai/v1", "/openai/v1", "/openai");
        row("/team/openai", "/team/openai/v1", "/team/openai");
        row("/team", "/team", "/team");
    }

    void findsTheApiBelowAnAddress()
    {
        QFETCH(std::string, path);
        QFETCH(std::string, v1);
        QFETCH(std::string, classic);
        QCOMPARE(azureBase(path, false), v1);
        QCOMPARE(azureBase(path, true), classic);
    }

    void namesTheDeploymentWhereTheClassicApiWantsIt_data()
    {
        QTest::addColumn<catalog::AccountSettings>("settings");
        QTest::addColumn<std::string>("endpoint");
        QTest::addColumn<std::string>("query");
        QTest::addColumn<std::string>("path");

        const catalog::AccountSettings v1{{"resource", "acme"}};
        const catalog::AccountSettings preview{{"resource", "acme"}, {"api_version", "preview"}};
        const catalog::AccountSettings classic{
            {"resource", "acme"}, {"deployment", "gpt:4o"}, {"api_version", "2024-10-21"}};
        const auto row = [](const char *name, const catalog::AccountSettings &settings, const char *endpoint,
                            const char *query, const char *path) {
            QTest::newRow(name) << settings << std::string(endpoint) << std::string(query)
                                << std::string(path);
        };
        row("v1", v1, "/chat/completions", "", "/openai/v1/chat/completions");
        row("v1 keeps the query", v1, "/files", "?after=x", "/openai/v1/files?after=x");
        row("v1 preview", preview, "/responses", "", "/openai/v1/responses?api-version=preview");
        row("chat", classic, "/chat/completions", "",
            "/openai/deployments/gpt%3A4o/chat/completions?api-version=2024-10-21");
        row("embeddings", classic, "/embeddings", "?x=1",
            "/openai/deployments/gpt%3A4o/embeddings?x=1&api-version=2024-10-21");
        row("responses", classic, "/responses", "", "/openai/responses?api-version=2024-10-21");
        row("models", classic, "/models", "", "/openai/models?api-version=2024-10-21");
        row("the client's version", classic, "/models", "?api-version=2025-01-01",
            "/openai/models?api-version=2025-01-01");
        row("a bare question mark", classic, "/models", "?", "/openai/models?api-version=2024-10-21");
    }

    void namesTheDeploymentWhereTheClassicApiWantsIt()
    {
        QFETCH(catalog::AccountSettings, settings);
        QFETCH(std::string, endpoint);
        QFETCH(std::string, query);
        QFETCH(std::string, path);

        const auto key = std::make_shared<const SecretBytes>(SecretBytes::copy("azure-key"));
        const auto shipped = catalog::Catalog::shipped();
        const auto target = makeTarget(*shipped, "azure-openai", {}, key, settings);
        QCOMPARE(target.unusable, "");
        QCOMPARE(azurePath(target, endpoint, query), path);
        QCOMPARE(target.base.endpoint.host, "acme.openai.azure.com");
        QCOMPARE(target.credential->header, "api-key");
    }
};

QTEST_APPLESS_MAIN(TestAzurePath)
#include "tst_azurepath.moc"
