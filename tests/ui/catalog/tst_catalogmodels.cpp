// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/accountlistmodel.h"
#include "ui/catalog/modeldialogs.h"
#include "ui/catalog/modeltablemodel.h"
#include "ui/catalog/providerkindmodel.h"
#include "ui/catalog/testcard.h"
#include "ui/widgets/delegates.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;
using Health = portolan::control::AccountHealth::State;

namespace portolan::ui {

namespace {

control::Account account(std::int64_t id, const QString &slug, Health health = Health::Ok)
{
    control::Account out;
    out.id = {id};
    out.slug = slug;
    out.providerName = u"OpenAI"_s;
    out.health = {.state = health, .latencyMs = 1210};
    return out;
}

control::ModelInfo model(const QString &slug, const QString &id, const QStringList &caps,
                         std::optional<qint64> in)
{
    return {.slug = slug, .id = id, .mode = u"chat"_s, .caps = caps, .context = 128'000, .in = in};
}

QStringList shownIds(const ModelFilter &filter)
{
    QStringList out;
    for (int row = 0; row < filter.rowCount(); ++row)
        out += filter.index(row, ModelTableModel::Model).data().toString();
    return out;
}

} // namespace

class TestCatalogModels : public QObject
{
    Q_OBJECT

private slots:
    void saysEveryHealth_data()
    {
        QTest::addColumn<int>("health");
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("note");
        QTest::newRow("ok") << int(Health::Ok) << true << u"ok"_s << u"1,210 ms"_s;
        QTest::newRow("untested") << int(Health::Untested) << true << u"not tested"_s << QString();
        QTest::newRow("rate limited") << int(Health::RateLimited) << true << u"rate limited"_s << QString();
        QTest::newRow("failing") << int(Health::Failing) << true << u"failing"_s << QString();
        QTest::newRow("no key") << int(Health::NoKey) << true << u"no key"_s << QString();
        QTest::newRow("disabled wins") << int(Health::Failing) << false << u"disabled"_s << QString();
    }

    void saysEveryHealth()
    {
        QFETCH(int, health);
        QFETCH(bool, enabled);
        AccountListModel list;
        const QAbstractItemModelTester tester(&list);
        control::Account shown = account(1, u"prod"_s, Health(health));
        shown.enabled = enabled;
        list.setAccounts({shown});
        const QModelIndex index = list.index(0);
        QCOMPARE(index.data().toString(), u"@prod"_s);
        QTEST(index.data(SecondLineRole).toString(), "words");
        QTEST(index.data(SecondNoteRole).toString(), "note");
        QVERIFY(index.data(Qt::AccessibleTextRole).toString().startsWith(u"@prod, OpenAI, "));
    }

    void saysSinceWhenItFails()
    {
        control::Account failing = account(1, u"a"_s, Health::Failing);
        failing.health.since = QDateTime(QDate::currentDate(), QTime(0, 0));
        QCOMPARE(healthText(failing), u"failing since 00:00"_s);
        failing.health.since = QDateTime(QDate(2026, 3, 7), QTime(14, 36));
        QVERIFY(healthText(failing).contains(u"7 Mar"));
    }

    void changesOneAccountInPlace()
    {
        AccountListModel list;
        const QAbstractItemModelTester tester(&list);
        list.setAccounts({account(1, u"a"_s), account(2, u"b"_s)});
        const QSignalSpy resets(&list, &QAbstractItemModel::modelReset);
        const QSignalSpy changes(&list, &QAbstractItemModel::dataChanged);
        list.setAccounts({account(1, u"a"_s), account(2, u"b"_s, Health::Failing)});
        QCOMPARE(resets.size(), 0);
        QCOMPARE(changes.size(), 1);
        list.setAccounts({account(2, u"b"_s, Health::Failing)});
        QCOMPARE(resets.size(), 1);
        QCOMPARE(list.rowOf({1}), -1);
    }

    void saysWhatIsOnWhatIsUsedAndWhosePriceItIs()
    {
        ModelTableModel table;
        const QAbstractItemModelTester tester(&table);
        auto plain = model(u"a"_s, u"plain"_s, {}, 1'000'000'000);
        auto changed = model(u"a"_s, u"changed"_s, {u"tools"_s}, 2'500'000'000);
        changed.ownPrice = changed.own = true;
        changed.priceSource = u"<b>contract</b>"_s;
        changed.priceSince = QDateTime(QDate(2026, 5, 3), QTime(9, 0));
        changed.enabled = false;
        changed.usedBy = {u"nightly"_s, u"prod"_s};
        table.setModels({plain, changed});
        using Table = ModelTableModel;
        QCOMPARE(table.index(0, Table::UsedBy).data().toString(), u"-"_s);
        QCOMPARE(table.index(1, Table::UsedBy).data().toString(), u"2 configs"_s);
        QCOMPARE(table.index(0, Table::On).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
        QCOMPARE(table.index(1, Table::On).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        QCOMPARE(table.index(1, Table::On).data(Qt::AccessibleTextRole).toString(), u"off"_s);
        QVERIFY(!table.index(0, Table::In).data(Table::OwnPriceRole).toBool());
        QVERIFY(table.index(1, Table::In).data(Table::OwnPriceRole).toBool());
        QVERIFY(!table.index(1, Table::Out).data(Table::OwnPriceRole).toBool()); // one mark is enough
        QVERIFY(table.index(1, Table::Model).data(MutedRole).toBool());
        QCOMPARE(table.index(1, Table::Model).data(SecondLineRole).toString(), u"tools, added here"_s);
        QCOMPARE(table.ownPrices(), 1);
        const QString why = priceWords(changed, {});
        QVERIFY2(why.startsWith(u"Your own price since ") && why.endsWith(u": <b>contract</b>."),
                 qPrintable(why));
        QVERIFY(table.index(1, Table::In).data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;"));
        QCOMPARE(priceWords(plain, u"2026-08-21"_s), u"Prices of 2026-08-21 from the built-in list."_s);
    }

    void readsPricesAsTheyAreWritten_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("nanoUsd"); // -1: no price
        QTest::addColumn<QString>("again");
        const auto row = [](const QString &text, qint64 nano, const QString &again) {
            QTest::newRow(qPrintable(text)) << text << nano << again;
        };
        row(u"2.5"_s, 2'500'000'000, u"2.5"_s);
        row(u" 13,50 "_s, 13'500'000'000, u"13.5"_s);
        row(u"0"_s, 0, u"0"_s);
        row(u"0.00001"_s, 10'000, u"0.00001"_s);
        row(u"1000"_s, 1'000'000'000'000, u"1000"_s);
        row(u"-1"_s, -1, {});
        row(u"1,000.5"_s, -1, {});
        row(u"free"_s, -1, {});
        row(u"$2"_s, -1, {});
    }

    void readsPricesAsTheyAreWritten()
    {
        QFETCH(QString, text);
        QFETCH(qint64, nanoUsd);
        const auto price = dollarsPerMillion(text);
        QCOMPARE(price.value_or(-1), nanoUsd);
        QTEST(typedPrice(price), "again");
    }

    void writesContextLengths_data()
    {
        QTest::addColumn<qint64>("tokens");
        QTest::addColumn<QString>("text");
        QTest::newRow("unknown") << qint64(0) << u"-"_s;
        QTest::newRow("small") << qint64(512) << u"512"_s;
        QTest::newRow("decimal") << qint64(128'000) << u"128k"_s;
        QTest::newRow("binary") << qint64(131'072) << u"128k"_s;
        QTest::newRow("a million") << qint64(1'000'000) << u"1M"_s;
        QTest::newRow("binary million") << qint64(1'048'576) << u"1M"_s;
        QTest::newRow("two million") << qint64(2'000'000) << u"2M"_s;
    }

    void writesContextLengths()
    {
        QFETCH(qint64, tokens);
        QTEST(contextText(tokens), "text");
    }

    void pricesTellUnknownFromFree()
    {
        ModelTableModel models;
        const QAbstractItemModelTester tester(&models);
        control::ModelInfo estimate = model(u"a"_s, u"c"_s, {}, qint64(75'000'000));
        estimate.estimate = true;
        models.setModels({model(u"a"_s, u"a"_s, {}, {}), model(u"a"_s, u"b"_s, {}, 0), estimate});
        const auto price = [&](int row) { return models.index(row, ModelTableModel::In).data().toString(); };
        QCOMPARE(price(0), u"-"_s);
        QVERIFY(!models.index(0, ModelTableModel::In).data(RawRole).isValid());
        QCOMPARE(price(1), u"0.00"_s);
        QCOMPARE(price(2), u"~0.075"_s);
        QCOMPARE(models.index(2, ModelTableModel::Slug).data().toString(), u"@a/c"_s);
    }

    void findsByWordsAbilitiesAndAccount()
    {
        ModelTableModel models;
        ModelFilter filter(&models);
        const QAbstractItemModelTester tester(&filter);
        models.setModels({model(u"openai"_s, u"gpt-4o"_s, {u"vision"_s, u"tools"_s}, 2'500'000'000),
                          model(u"openai"_s, u"gpt-4o-mini"_s, {u"tools"_s}, 150'000'000),
                          model(u"local"_s, u"llama3.1:8b"_s, {}, {})});
        filter.setSearch(u"OPENAI mini"_s);
        QCOMPARE(shownIds(filter), QStringList{u"gpt-4o-mini"_s});
        filter.setSearch({});
        filter.setCapabilities({u"vision"_s, u"tools"_s});
        QCOMPARE(shownIds(filter), QStringList{u"gpt-4o"_s});
        filter.setCapabilities({});
        filter.setSlug(u"local"_s);
        QCOMPARE(shownIds(filter), QStringList{u"llama3.1:8b"_s});
        filter.setSlug({});
        filter.sort(ModelTableModel::In);
        QCOMPARE(shownIds(filter), (QStringList{u"gpt-4o-mini"_s, u"gpt-4o"_s, u"llama3.1:8b"_s}));
    }

    void listsEveryProviderThoseWithPricesOnlyLast()
    {
        const auto catalog = catalog::Catalog::shipped();
        const auto kinds = providerKinds(*catalog);
        QCOMPARE(kinds.front().id, u"openai"_s);
        std::set<QString> ids;
        for (const ProviderKind &kind : kinds)
            ids.insert(kind.id);
        QCOMPARE(ids.size(), kinds.size());
        QVERIFY(ids.contains(u"ollama"_s));
        QCOMPARE(kinds.size(), catalog->providers().size());
        const auto first_without = std::ranges::find_if_not(kinds, &ProviderKind::canBeCalled);
        QVERIFY(first_without - kinds.begin() > 50);
        QVERIFY(
            std::none_of(first_without, kinds.end(), [](const auto &kind) { return kind.canBeCalled(); }));
        ProviderKindModel list(kinds);
        const QAbstractItemModelTester tester(&list);
        const auto kind = [&](const QString &id) { return list.kind(list.rowOf(id)); };
        QVERIFY(!kind(u"ollama"_s).needs_key);
        QVERIFY(kind(u"ollama"_s).asksForAddress());
        QVERIFY(!kind(u"azure-openai"_s).asksForAddress());
        QVERIFY(kind(u"claude-platform-aws"_s).asksForAddress());
        QVERIFY(kind(u"vertex-ai"_s).canBeCalled());
        const QModelIndex dear = list.index(list.rowOf(u"sagemaker"_s));
        QCOMPARE(dear.data(CornerRole).toString(), u"prices only"_s);
        QVERIFY(dear.data(MutedRole).toBool());
        QVERIFY(dear.data(Qt::AccessibleTextRole).toString().endsWith(u", prices only"));
    }

    void asksForAProfileOnlyAsACredential()
    {
        const auto catalog = catalog::Catalog::shipped();
        const auto names = [](const std::vector<catalog::AccountField> &fields) {
            QStringList out;
            for (const auto &field : fields)
                out += QString::fromUtf8(field.name.data(), qsizetype(field.name.size()));
            return out;
        };
        QCOMPARE(names(kindOf(*catalog->provider("bedrock")).fields), QStringList{u"region"_s});
        QCOMPARE(names(kindOf(*catalog->provider("vertex-ai")).fields),
                 (QStringList{u"location"_s, u"project"_s}));
        QCOMPARE(names(kindOf(*catalog->provider("vertex-ai")).rare), QStringList{u"token_uri"_s});
    }

    void namesTheModelsATestFound()
    {
        QCOMPARE(modelsFound({.models = 12, .firstModels = {u"a"_s, u"b"_s, u"c"_s}}),
                 u"a, b, c and 9 more"_s);
        QCOMPARE(modelsFound({.models = 1, .firstModels = {u"a"_s}}), u"a"_s);
        QCOMPARE(modelsFound({.models = -1}), QString());
    }

    void wordsATest_data()
    {
        QTest::addColumn<bool>("ok");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("ms");
        QTest::addColumn<int>("models");
        QTest::addColumn<QString>("words");
        QTest::newRow("works") << true << 200 << 412 << 11 << u"Works: 200 in 412 ms, 11 models found"_s;
        QTest::newRow("one model") << true << 200 << 412 << 1 << u"Works: 200 in 412 ms, 1 model found"_s;
        QTest::newRow("lists none") << true << 200 << 90 << -1 << u"Works: 200 in 90 ms"_s;
        QTest::newRow("refused") << false << 401 << 210 << -1 << u"Failed: 401 in 210 ms"_s;
        QTest::newRow("no answer") << false << 0 << 5000 << -1 << u"Failed: no answer after 5.00 s"_s;
        QTest::newRow("refused at once") << false << 0 << 1 << -1 << u"Failed: no answer"_s;
        QTest::newRow("nothing at all") << false << 0 << -1 << -1 << u"Failed: no answer"_s;
    }

    void wordsATest()
    {
        QFETCH(bool, ok);
        QFETCH(int, status);
        QFETCH(int, ms);
        QFETCH(int, models);
        QTEST(testHeadline({.ok = ok, .status = status, .ms = ms, .models = models}), "words");
    }
};

} // namespace portolan::ui

QTEST_GUILESS_MAIN(portolan::ui::TestCatalogModels)
#include "tst_catalogmodels.moc"
