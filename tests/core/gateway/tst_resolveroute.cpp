// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/resolve.h"

#include <QTest>

#include <string>

namespace portolan::gateway {

namespace {

SharedSecret secret(std::string_view text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
}

void addTarget(Snapshot &snapshot, std::string slug, std::string_view provider,
               std::string_view base_url = {})
{
    auto target = makeTarget(*snapshot.catalog, provider, base_url, secret("sk-stored-credential"));
    target.slug = slug;
    snapshot.targets.emplace(std::move(slug), std::make_shared<const Target>(std::move(target)));
}

Snapshot makeSnapshot()
{
    Snapshot snapshot;
    snapshot.catalog = catalog::Catalog::shipped();
    addTarget(snapshot, "oai", "openai");
    addTarget(snapshot, "groq", "groq");
    addTarget(snapshot, "replicate", "replicate");
    addTarget(snapshot, "loop", "openai", "http://127.0.0.1:8787/v1");
    snapshot.targets.emplace("practice", std::make_shared<const Target>(practiceTarget()));
    snapshot.own_address = "127.0.0.1";
    snapshot.own_port = 8787;
    return snapshot;
}

} // namespace

class TestResolveRoute : public QObject
{
    Q_OBJECT

private slots:
    void findsTheTarget_data()
    {
        QTest::addColumn<QString>("provider");
        QTest::addColumn<QString>("virtual_key");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("query_model");
        QTest::addColumn<QString>("slug"); // or the code of the refusal
        QTest::addColumn<QString>("sent_model");
        QTest::addColumn<int>("status"); // 0: found

        const auto row
            = [](const char *name, const char *provider, const char *virtual_key, const char *model,
                 const char *query, const char *slug, const char *sent, int status = 0) {
                  QTest::newRow(name) << QString::fromLatin1(provider) << QString::fromLatin1(virtual_key)
                                      << QString::fromLatin1(model) << QString::fromLatin1(query)
                                      << QString::fromLatin1(slug) << QString::fromLatin1(sent) << status;
              };
        row("slug in the model", "", "", "@oai/gpt-4o", "", "oai", "gpt-4o");
        row("slash in the model id", "", "", "@groq/openai/gpt-oss-20b", "", "groq", "openai/gpt-oss-20b");
        row("provider header with slug", "@oai", "", "gpt-4o", "", "oai", "gpt-4o");
        row("provider header uses its first segment", "@oai/x/y", "", "gpt-4o", "", "oai", "gpt-4o");
        row("header wins over the model's slug", "@oai", "", "@groq/gpt-4o", "", "oai", "gpt-4o");
        row("virtual key header", "", "oai", "gpt-4o", "", "oai", "gpt-4o");
        row("virtual key header with at sign", "", "@oai", "gpt-4o", "", "oai", "gpt-4o");
        row("provider header wins over virtual key", "@groq", "oai", "m", "", "groq", "m");
        row("plain provider beside a slug model", "openai", "", "@groq/m", "", "groq", "m");
        row("model in the query", "", "", "", "@oai/gpt-4o", "oai", "gpt-4o");
        row("practice", "", "", "@practice/echo", "", "practice", "echo");
        row("bare name of one offer", "", "", "echo", "", "practice", "echo");
        row("unknown slug", "", "", "@nobody/gpt-4o", "", "route.unknown_slug", "", 400);
        row("unknown slug in the header", "@nobody", "", "gpt-4o", "", "route.unknown_slug", "", 400);
        row("unknown provider", "nobody", "", "gpt-4o", "", "route.unknown_provider", "", 400);
        row("bare name that nobody offers", "", "", "my-own-model", "", "route.no_target", "", 400);
        row("nothing at all", "", "", "", "", "route.no_target", "", 400);
        row("workers ai names are no slugs", "", "", "@cf/meta/llama", "", "route.no_target", "", 400);
        row("provider with an API of its own", "", "", "@replicate/llama", "", "route.target_unusable", "",
            501);
        row("our own listener", "", "", "@loop/gpt-4o", "", "route.loop", "", 508);
        row("plain provider without a credential", "openai", "", "gpt-4o", "", "route.no_credential", "",
            401);
    }

    void findsTheTarget()
    {
        QFETCH(QString, provider);
        QFETCH(QString, virtual_key);
        QFETCH(QString, model);
        QFETCH(QString, query_model);
        QFETCH(QString, slug);
        QFETCH(QString, sent_model);
        QFETCH(int, status);

        const auto snapshot = makeSnapshot();
        const auto texts
            = std::to_array({provider.toStdString(), virtual_key.toStdString(), model.toStdString()});
        RouteQuestion question;
        if (!provider.isEmpty())
            question.provider_header = texts[0];
        if (!virtual_key.isEmpty())
            question.virtual_key_header = texts[1];
        if (!model.isEmpty())
            question.model = texts[2];
        if (!query_model.isEmpty())
            question.model_query = query_model.toStdString();

        const auto route = resolveRoute(snapshot, question);
        QCOMPARE(route.has_value(), status == 0);
        if (!route) {
            QCOMPARE(QString::fromStdString(route.error().code), slug);
            QCOMPARE(route.error().status, status);
            return;
        }
        QCOMPARE(QString::fromStdString(route->target->slug), slug);
        QCOMPARE(QString::fromStdString(route->model), sent_model);
    }

    void sendsTheClientsOwnCredentialToAPlainProvider()
    {
        const auto snapshot = makeSnapshot();
        RouteQuestion question;
        question.provider_header = "openai";
        question.model = "gpt-4o";
        question.upstream_credential = "Bearer sk-mine";
        const auto route = resolveRoute(snapshot, question);
        QVERIFY(route.has_value());
        QVERIFY(route->target->slug.empty());
        QVERIFY(route->target->credential->secret->equals("sk-mine"));
        QCOMPARE(route->target->credential->header, std::string("Authorization"));
    }

    void refusesEveryCallWhileTheProxyCannotBeUsed()
    {
        auto snapshot = makeSnapshot();
        snapshot.proxies
            = std::make_shared<const http::ProxyRules>(http::ProxyRules{.problem = "Mend the proxy."});
        RouteQuestion question;
        question.model = "@oai/gpt-4o";
        QCOMPARE(resolveRoute(snapshot, question).error().code, std::string("route.proxy_unusable"));
        question.model = "@practice/echo";
        QVERIFY(resolveRoute(snapshot, question).has_value());
    }

    void neverEchoesForeignTextAsASlug()
    {
        const auto snapshot = makeSnapshot();
        RouteQuestion question;
        question.model = "@<img src=x>/gpt-4o";
        const auto route = resolveRoute(snapshot, question);
        QVERIFY(!route.has_value());
        QVERIFY(route.error().message.find('<') == std::string::npos);
    }
};

} // namespace portolan::gateway

QTEST_APPLESS_MAIN(portolan::gateway::TestResolveRoute)
#include "tst_resolveroute.moc"
