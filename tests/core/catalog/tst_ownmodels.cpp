// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/ownmodels.h"

#include <QTest>

using namespace portolan;
using namespace portolan::catalog;

namespace {

constexpr std::int64_t kUsd = 1'000'000'000; // also a price: a dollar per million tokens

OwnModels::Said priced(std::string model, std::int64_t in, std::int64_t out)
{
    OwnModels::Said said{.model = std::move(model)};
    auto &price = said.price.emplace();
    price.set(PriceKey::In, in);
    price.set(PriceKey::Out, out);
    return said;
}

} // namespace

class TestOwnModels : public QObject
{
    Q_OBJECT

private slots:
    void knowsWhatWasSaidByTheExactName()
    {
        const OwnModels models({{.model = "b", .own = true}, {.model = "a", .enabled = false}});
        QCOMPARE(models.all().front().model, std::string("a"));
        QVERIFY(models.isOff("a") && !models.isOwn("a"));
        QVERIFY(!models.isOff("b") && models.isOwn("b"));
        QVERIFY(!models.find("c") && !models.isOff("c") && !models.isOwn("A"));
    }

    void costsWhatTheOwnerSaid()
    {
        auto said = priced("m", 2 * kUsd, 8 * kUsd);
        const Usage usage{.input = 1'000'000, .cache_read = 500'000, .output = 250'000};
        const auto plain = ownCost(said, usage);
        QVERIFY(plain && !plain->estimate);
        QCOMPARE(plain->total.value, 4 * kUsd); // cached input at the price of input
        said.price->set(PriceKey::CacheRead, kUsd);
        QCOMPARE(ownCost(said, usage)->total.value, 7 * kUsd / 2);
        QCOMPARE(ownCost(priced("free", 0, 0), usage)->total.value, std::int64_t(0));
    }

    void withoutAPriceOfItsOwnTheCatalogsHolds() { QVERIFY(!ownCost({.model = "m"}, {.input = 1})); }
};

QTEST_GUILESS_MAIN(TestOwnModels)
#include "tst_ownmodels.moc"
