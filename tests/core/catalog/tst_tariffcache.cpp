// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/tariffcache.h"
#include "tests/core/catalog/catalogtext.h"

#include <QTest>

using namespace portolan;
using namespace portolan::catalog;

class TestTariffCache : public QObject
{
    Q_OBJECT

private slots:
    void givesWhatTheCatalogGives_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("asked");
        QTest::addColumn<std::string>("answered");
        const auto row = [](const char *name, const char *provider, const char *asked, const char *answered) {
            QTest::newRow(name) << std::string(provider) << std::string(asked) << std::string(answered);
        };
        row("by the request", "openai", "gpt-4o-mini", "");
        row("by the answer", "openai", "mine", "gpt-4o-mini-2024-07-18");
        row("an estimate", "openai", "gpt-4o-2031-01-01", "");
        row("unknown", "openai", "mine", "mine");
        row("an unknown provider", "nobody", "gpt-4o-mini", "");
        row("free", "ollama", "llama3.1:70b", "");
    }

    void givesWhatTheCatalogGives()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, asked);
        QFETCH(std::string, answered);
        const auto catalog = Catalog::shipped();
        const auto found = catalog->resolve(provider, asked, answered);
        const Usage usage{.input = 1'000, .cache_read = 100, .output = 50};
        const auto cost = catalog->price(found, provider, usage, {});

        TariffCache cache;
        for (int i = 0; i < 2; ++i) { // looked up, then known
            const auto &tariff = cache.find(catalog, provider, asked, answered);
            QCOMPARE(wordOf(tariff.resolution().match), wordOf(found.match));
            const auto priced = tariff.price(usage, {});
            QCOMPARE(priced.has_value(), cost.has_value());
            if (cost)
                QVERIFY(priced->total == cost->total && priced->estimate == cost->estimate);
        }
        QCOMPARE(cache.size(), 1U);
    }

    void tellsNamesApartThatReadTheSameTogether()
    {
        const auto catalog = Catalog::shipped();
        TariffCache cache;
        (void)cache.find(catalog, "openai", "gpt-4o", "-mini");
        const auto &other = cache.find(catalog, "openai", "gpt-4o-mini", "");
        QCOMPARE(other.resolution().model->id, "gpt-4o-mini");
        QCOMPARE(cache.size(), 2U);
    }

    void staysSmallWhateverNamesCome()
    {
        const auto catalog = Catalog::shipped();
        TariffCache cache;
        for (std::size_t i = 0; i < 3 * TariffCache::kMost; ++i) {
            (void)cache.find(catalog, "openai", "model-" + std::to_string(i), "");
            QVERIFY(cache.size() <= TariffCache::kMost);
        }
    }

    void forgetsTheLastCatalog()
    {
        const SmallCatalog dear({"maker\tMaker\tcloud\topenai"}, {"[maker]", "m\t\tchat\tprice=in:2,out:4"});
        const SmallCatalog cheap({"maker\tMaker\tcloud\topenai"}, {"[maker]", "m\t\tchat\tprice=in:1,out:2"});
        QVERIFY(dear.catalog && cheap.catalog);
        const Usage usage{.input = 1'000'000};
        TariffCache cache;
        const auto before = cache.find(dear.catalog, "maker", "m", "").price(usage, {});
        const auto after = cache.find(cheap.catalog, "maker", "m", "").price(usage, {});
        QVERIFY(before && after);
        QCOMPARE(before->total.value, 2 * after->total.value);
        QCOMPARE(cache.size(), 1U);
    }
};

QTEST_APPLESS_MAIN(TestTariffCache)
#include "tst_tariffcache.moc"
