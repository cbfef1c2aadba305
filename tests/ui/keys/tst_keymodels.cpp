// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/clientkeymodel.h"
#include "ui/keys/virtualkeymodel.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kMany = 3000;

std::vector<control::VirtualKey> slugs(int count)
{
    std::vector<control::VirtualKey> keys;
    for (int i = 0; i < count; ++i) {
        control::VirtualKey key{.id = {i + 1},
                                .slug = u"slug-%1"_s.arg(i, 4, 10, QChar(u'0')),
                                .accountSlug = u"openai"_s,
                                .providerName = u"OpenAI"_s};
        if (i % 2 == 0)
            key.limits.budget = admission::Budget{.limit = 50'000'000'000};
        key.use.spent = i * 10'000'000LL;
        keys.push_back(key);
    }
    return keys;
}

} // namespace

class TestKeyModels : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void aChangeOfAKeyKeepsTheRows()
    {
        VirtualKeyModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setKeys(slugs(3));
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        auto keys = slugs(3);
        keys[1].use.spent += 1;
        model.setKeys(keys);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes[0][0].toModelIndex().row(), 1);
        keys.pop_back();
        model.setKeys(keys);
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.rowCount(), 2);
    }

    void cellsSayInWordsWhatIsPainted()
    {
        VirtualKeyModel model;
        auto keys = slugs(1);
        keys[0].state = control::KeyState::LimitReached;
        keys[0].limits.rates = {{.most = 20}, {.unit = admission::RateLimit::Unit::Tokens, .most = 400'000}};
        keys[0].models = {u"gpt-4o"_s, u"gpt-4.1"_s};
        model.setKeys(keys);
        const auto said
            = [&](int column) { return model.index(0, column).data(Qt::AccessibleTextRole).toString(); };
        QCOMPARE(said(VirtualKeyModel::Slug), u"@slug-0000"_s);
        QCOMPARE(said(VirtualKeyModel::Budget), u"$0 of $50 in total, does not reset"_s);
        QCOMPARE(said(VirtualKeyModel::Limits), u"20/min, 400k tokens/min"_s);
        QCOMPARE(said(VirtualKeyModel::State), u"limit reached"_s);
        QCOMPARE(said(VirtualKeyModel::Models), u"2 models"_s);
        QCOMPARE(said(VirtualKeyModel::UsedBy), u"-"_s);
    }

    void aClientKeySaysWhatItMayCall()
    {
        ClientKeyModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setKeys(
            {{.id = {1}, .name = u"laptop"_s, .lastFour = u"...9f2c"_s},
             {.id = {2}, .name = u"ci"_s, .slugs = {u"openai"_s}, .state = control::KeyState::Off}});
        const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(text(0, ClientKeyModel::Slugs), u"all"_s);
        QCOMPARE(text(1, ClientKeyModel::Slugs), u"@openai"_s);
        QCOMPARE(text(0, ClientKeyModel::LastUsed), u"never"_s);
        QCOMPARE(text(0, ClientKeyModel::Config), u"-"_s);
        QVERIFY(!model.index(0, 0).data(MutedRole).toBool());
        QVERIFY(model.index(1, 0).data(MutedRole).toBool());
    }

    void whatHasNoBudgetIsSortedBehindAllThatHave()
    {
        VirtualKeyModel model;
        KeyFilter found(&model);
        model.setKeys(slugs(4)); // 0 and 2 have one
        found.sort(VirtualKeyModel::Budget, Qt::AscendingOrder);
        QCOMPARE(found.index(0, 0).data().toString(), u"@slug-0000"_s);
        QCOMPARE(found.index(1, 0).data().toString(), u"@slug-0002"_s);
    }

    void theSearchTakesEveryWord()
    {
        VirtualKeyModel model;
        KeyFilter found(&model);
        auto keys = slugs(3);
        keys[2].note = u"Nightly batch"_s;
        model.setKeys(keys);
        found.setSearch(u"OPENAI night"_s);
        QCOMPARE(found.rowCount(), 1);
        QCOMPARE(found.index(0, 0).data().toString(), u"@slug-0002"_s);
        found.setSearch(u"night openrouter"_s);
        QCOMPARE(found.rowCount(), 0);
    }

    void threeThousandKeysAreTakenWithinAFrameOrTwo()
    {
        VirtualKeyModel model;
        KeyFilter found(&model);
        model.setKeys(slugs(kMany));
        auto keys = slugs(kMany);
        keys[kMany / 2].use.spent += 1;
        QElapsedTimer timer;
        timer.start();
        model.setKeys(std::move(keys));
        found.setSearch(u"slug-29"_s);
        QCOMPARE(found.rowCount(), 100);
        // A frame and more on an idle computer; the rest is for a busy one.
        QVERIFY2(timer.elapsed() < 500, qPrintable(u"%1 ms"_s.arg(timer.elapsed())));
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestKeyModels)
#include "tst_keymodels.moc"
