// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalogtext.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <set>

using namespace portolan::catalog;

namespace {

const std::vector<std::string> kProviders = {
    "acme\tAcme\tcloud\topenai\tbase_url=https://acme.test/v1\tauth=bearer\tauth_header=Authorization\t"
    "auth_prefix=Bearer \taliases=ACME-ai,acme.ai\tusage=openai",
};

std::string upper(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size())).toUpper().toStdString();
}

} // namespace

class TestCatalog : public QObject
{
    Q_OBJECT

private slots:
    void shipsAllProvidersAndModels()
    {
        const auto catalog = Catalog::shipped();
        QCOMPARE(catalog->asOf(), std::string_view("2026-08-21"));
        QCOMPARE(catalog->providers().size(), std::size_t{150});
        QCOMPARE(catalog->modelCount(), std::size_t{5351});
        QVERIFY(std::ranges::is_sorted(catalog->providers(), {}, &Provider::id));
        QCOMPARE(Catalog::shipped().get(), catalog.get());
    }

    void listsEveryModelOnceAndById()
    {
        const auto catalog = Catalog::shipped();
        std::size_t models = 0;
        std::set<std::int32_t> entries;
        for (const auto &provider : catalog->providers()) {
            const auto list = catalog->models(provider.id);
            QVERIFY(std::ranges::is_sorted(list, {}, &Model::id));
            for (const auto &model : list) {
                QCOMPARE(model.provider, provider.id);
                entries.insert(model.index);
            }
            models += list.size();
        }
        QCOMPARE(models, catalog->modelCount());
        QCOMPARE(entries.size(), models);
    }

    void findsEveryProviderByIdAndAliasInAnyCase()
    {
        const auto catalog = Catalog::shipped();
        for (const auto &provider : catalog->providers()) {
            QCOMPARE(catalog->provider(provider.id), &provider);
            QCOMPARE(catalog->provider(upper(provider.id)), &provider);
            for (const auto alias : provider.aliases)
                QCOMPARE(catalog->provider(upper(alias)), &provider);
        }
    }

    void knowsNoOtherProvider_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::newRow("empty") << std::string();
        QTest::newRow("prefix") << std::string("open");
        QTest::newRow("longer") << std::string("openai ");
        QTest::newRow("null byte") << std::string("openai\0", 7);
        QTest::newRow("64 KiB") << std::string(65536, 'o');
    }

    void knowsNoOtherProvider()
    {
        QFETCH(std::string, id);
        QCOMPARE(Catalog::shipped()->provider(id), nullptr);
        QVERIFY(Catalog::shipped()->models(id).empty());
    }

    void findsEveryModelByItsOwnName()
    {
        const auto catalog = Catalog::shipped();
        for (const auto &provider : catalog->providers()) {
            if (provider.free_local)
                continue;
            for (const auto &model : catalog->models(provider.id)) {
                const auto found = catalog->resolve(provider.id, upper(model.id));
                QCOMPARE(wordOf(found.match), wordOf(Match::Exact));
                QCOMPARE(found.model->index, model.index);
            }
        }
    }

    void tellsHowTheKeyIsSent_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("scheme");
        QTest::addColumn<std::string>("header");
        QTest::addColumn<std::string>("prefix");
        const auto row
            = [](const char *provider, const char *scheme, const char *header, const char *prefix) {
                  QTest::newRow(provider) << std::string(provider) << std::string(scheme)
                                          << std::string(header) << std::string(prefix);
              };
        row("openai", "bearer", "Authorization", "Bearer ");
        row("anthropic", "x-api-key", "x-api-key", "");
        row("google", "header", "x-goog-api-key", ""); // a header, so that keys stay out of URLs
        row("fal-ai", "authorization-prefix", "Authorization", "Key ");
        row("azure-openai", "api-key", "api-key", "");
        row("bedrock", "aws-sigv4", "", "");
        row("ollama", "none", "", "");
    }

    void tellsHowTheKeyIsSent()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, scheme);
        QFETCH(std::string, header);
        QFETCH(std::string, prefix);
        const auto &auth = Catalog::shipped()->provider(provider)->auth;
        QCOMPARE(auth.scheme, std::string_view(scheme));
        QCOMPARE(auth.header, std::string_view(header));
        QCOMPARE(auth.prefix, std::string_view(prefix));
    }

    void sendsFixedHeadersAndNoOptionalOnes()
    {
        const auto catalog = Catalog::shipped();
        const std::vector<std::pair<std::string_view, std::string_view>> version
            = {{"anthropic-version", "2023-06-01"}};
        QCOMPARE(catalog->provider("anthropic")->headers, version);
        QVERIFY(catalog->provider("openai")->headers.empty());
        QVERIFY(catalog->provider("openrouter")->headers.empty());
    }

    void readsAModelsFacts()
    {
        const SmallCatalog small(
            kProviders,
            {
                "[acme]",
                "big-1\tbig,large\tchat\tname=Big "
                "One\tprice=in:2.5,out:10,cache_read:0.000000001\tctx=200000\tmax_out=8192"
                "\tcaps=tools,vision\tstatus=beta\tsuspect=yes\tdims=3",
                "small\t\tembedding",
            });
        QVERIFY(small.catalog);
        const auto models = small.catalog->models("acme.AI");
        QCOMPARE(models.size(), std::size_t{2});
        const Model &big = models.front();
        QCOMPARE(big.id, std::string_view("big-1"));
        QCOMPARE(big.name, std::string_view("Big One"));
        QCOMPARE(big.mode, std::string_view("chat"));
        QCOMPARE(big.caps, (std::vector<std::string_view>{"tools", "vision"}));
        QCOMPARE(big.context, 200'000);
        QCOMPARE(big.max_output, 8192);
        QCOMPARE(big.in, std::optional<std::int64_t>(2'500'000'000));
        QCOMPARE(big.cache_read, std::optional<std::int64_t>(1));
        QCOMPARE(big.status, std::string_view("beta"));
        QVERIFY(big.suspect);
        QCOMPARE(models.back().in, std::nullopt);
        QCOMPARE(models.back().context, 0);
    }

    void refusesDamagedData_data()
    {
        QTest::addColumn<std::string>("providers");
        QTest::addColumn<std::string>("models");
        QTest::addColumn<std::string>("where");

        const std::string providers
            = "portolan-providers/1\tas_of=2026-08-21\tcount=1\n" + kProviders[0] + '\n';
        const std::string head = "portolan-models/1\tas_of=2026-08-21\tcount=1\n[acme]\n";
        const auto models = [&](const char *name, const std::string &lines, const char *where) {
            QTest::newRow(name) << providers << lines << std::string(where);
        };
        const auto listing = [&](const char *name, const std::string &file, const char *where) {
            QTest::newRow(name) << file << head << std::string(where);
        };
        const std::string provider_head = "portolan-providers/1\tas_of=x\tcount=1\n";
        listing("no providers", "", "providers.txt:1");
        listing("another form", "portolan-providers/2\tas_of=x\tcount=0\n", "providers.txt:1");
        listing("half the providers", provider_head, "providers.txt:1");
        listing("an unknown kind", provider_head + "a\tA\tcloudy\topenai", "providers.txt:2");
        listing("a port beyond the last", provider_head + "a\tA\tlocal\topenai\tports=65536",
                "providers.txt:2");
        models("no models", "", "models.txt:1");
        models("prices of another day", "portolan-models/1\tas_of=2026-08-22\tcount=0\n", "models.txt:1");
        models("half the models", head, "models.txt:2");
        models("a model without a provider", "portolan-models/1\tas_of=2026-08-21\tcount=1\nm\t\tchat\n",
               "models.txt:2");
        models("an unknown provider", "portolan-models/1\tas_of=2026-08-21\tcount=1\n[nobody]\n",
               "models.txt:2");
        models("a provider twice", head + "m\t\tchat\n[acme]\nn\t\tchat\n", "models.txt:4");
        models("an open bracket", "portolan-models/1\tas_of=2026-08-21\tcount=1\n[", "models.txt:2");
        models("no mode", head + "m\n", "models.txt:3");
        models("no id", head + "\t\tchat\n", "models.txt:3");
        models("an empty line", head + "\n", "models.txt:3");
        models("a field without a name", head + "m\t\tchat\t=1\n", "models.txt:3");
        models("an unknown price", head + "m\t\tchat\tprice=in:1,out:2,tea:3\n", "models.txt:3");
        models("a price that is no number", head + "m\t\tchat\tprice=in:1e3,out:2\n", "models.txt:3");
        models("a negative price", head + "m\t\tchat\tprice=in:-1,out:2\n", "models.txt:3");
        models("a price finer than a nano-dollar", head + "m\t\tchat\tprice=in:0.0000000001,out:2\n",
               "models.txt:3");
        models("a price beyond 64 bits", head + "m\t\tchat\tprice=in:99999999999,out:2\n", "models.txt:3");
        models("tiers that fall", head + "m\t\tchat\tprice=in:1,out:2\ttiers=9>in:1,out:1;8>in:1,out:1\n",
               "models.txt:3");
        models("a window that is no number", head + "m\t\tchat\tctx=many\n", "models.txt:3");
    }

    void refusesDamagedData()
    {
        QFETCH(std::string, providers);
        QFETCH(std::string, models);
        QFETCH(std::string, where);
        const auto parsed = Catalog::parse(providers, models);
        QVERIFY(!parsed.has_value());
        QCOMPARE(parsed.error().code, std::string("catalog.bad_data"));
        QCOMPARE(parsed.error().where, where);
    }

    /// Prints how long the shipped data takes (-v2 shows it); a debug build on a busy machine proves nothing.
    void loadsTheWholeData()
    {
        const auto shipped = Catalog::shipped();
        QFile providers(QStringLiteral(PORTOLAN_CATALOG_DATA "/providers.txt"));
        QFile models(QStringLiteral(PORTOLAN_CATALOG_DATA "/models.txt"));
        QVERIFY(providers.open(QIODevice::ReadOnly) && models.open(QIODevice::ReadOnly));
        const std::string provider_text = providers.readAll().toStdString();
        const std::string model_text = models.readAll().toStdString();
        QElapsedTimer timer;
        timer.start();
        const auto parsed = Catalog::parse(provider_text, model_text);
        qInfo("loaded in %.1f ms", double(timer.nsecsElapsed()) / 1e6);
        QVERIFY(parsed.has_value());
        QCOMPARE((*parsed)->modelCount(), shipped->modelCount()); // the program holds these very files
    }
};

QTEST_APPLESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
