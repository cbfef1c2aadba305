// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/logs/rows.h"
#include "ui/logs/requestlogmodel.h"
#include "ui/widgets/delegates.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using Kind = portolan::control::LiveEvent::Kind;

namespace portolan::ui {

namespace {

std::vector<std::int64_t> ids(const RequestLogModel &model)
{
    std::vector<std::int64_t> out;
    for (int row = 0; row < model.rowCount(); ++row)
        out.push_back(model.entry(row).row.id.value);
    return out;
}

QString cell(const RequestLogModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

using Ids = std::vector<std::int64_t>;

} // namespace

class TestRequestLogModel : public QObject
{
    Q_OBJECT

private slots:
    void takesABatchWithOneInsert()
    {
        RequestLogModel model;
        const QAbstractItemModelTester tester(&model);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        model.apply(test::started(1, 20));
        QCOMPARE(inserts.size(), 1);
        QCOMPARE(model.rowCount(), 20);
        QCOMPARE(model.activeCount(), 20);
    }

    void keepsToItsCapacityWithOneRemoveAndOneInsert()
    {
        RequestLogModel model(10);
        const QAbstractItemModelTester tester(&model);
        model.apply(test::finished(1, 8));
        const QSignalSpy removes(&model, &QAbstractItemModel::rowsRemoved);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        model.apply(test::finished(9, 13));
        QCOMPARE(removes.size(), 1);
        QCOMPARE(inserts.size(), 1);
        QCOMPARE(ids(model), (Ids{4, 5, 6, 7, 8, 9, 10, 11, 12, 13}));
        QCOMPARE(model.rowOf({4}), 0);
        QCOMPARE(model.rowOf({13}), 9);
        QCOMPARE(model.rowOf({3}), -1);
    }

    void aBatchLargerThanTheWindowShowsItsTail()
    {
        RequestLogModel model(5);
        const QAbstractItemModelTester tester(&model);
        model.apply(test::finished(1, 50));
        QCOMPARE(ids(model), (Ids{46, 47, 48, 49, 50}));
    }

    void updatesRunningRowsInPlace()
    {
        RequestLogModel model;
        const QAbstractItemModelTester tester(&model);
        model.apply(test::started(1, 6));
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        model.apply(
            {test::event(Kind::Finished, 2), test::event(Kind::Changed, 3), test::event(Kind::Finished, 6)});
        QCOMPARE(inserts.size(), 0);
        QCOMPARE(changes.size(), 2); // rows 2 and 3 are one run
        QCOMPARE(model.activeCount(), 4);
        QVERIFY(!model.entry(1).active);
        QVERIFY(model.entry(2).active);
    }

    void anEndIsFinal()
    {
        RequestLogModel model;
        model.apply(test::finished(1, 1));
        model.apply({test::event(Kind::Changed, 1), test::event(Kind::Started, 1)});
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(!model.entry(0).active);
        QCOMPARE(model.activeCount(), 0);
    }

    void startAndEndInOneBatchMakeOneFinishedRow()
    {
        RequestLogModel model;
        const QAbstractItemModelTester tester(&model);
        model.apply(
            {test::event(Kind::Started, 7), test::event(Kind::Changed, 7), test::event(Kind::Finished, 7)});
        QCOMPARE(ids(model), (Ids{7}));
        QVERIFY(!model.entry(0).active);
    }

    void showsARefusalThatWasNeverAnnounced()
    {
        RequestLogModel model;
        model.apply(test::started(5, 5));
        model.apply({test::event(Kind::Finished, 4)}); // began earlier, known only by its end
        QCOMPARE(ids(model), (Ids{5, 4}));
    }

    void dropsTheEndOfARowThatLeftTheWindow()
    {
        RequestLogModel model(3);
        const QAbstractItemModelTester tester(&model);
        model.apply(test::started(1, 5));
        model.apply({test::event(Kind::Finished, 1)});
        QCOMPARE(ids(model), (Ids{3, 4, 5}));
        QCOMPARE(model.activeCount(), 3);
    }

    void putsPagesOfHistoryInFrontAndSkipsWhatIsHere()
    {
        RequestLogModel model(8);
        const QAbstractItemModelTester tester(&model);
        model.apply(test::started(10, 11));
        model.prependPage({test::row(10), test::row(9), test::row(8), test::row(7)});
        QCOMPARE(ids(model), (Ids{7, 8, 9, 10, 11}));
        QVERIFY(model.entry(3).active); // the live row stays as it is
        QCOMPARE(model.rowOf({7}), 0);
        QCOMPARE(model.rowOf({11}), 4);
        model.prependPage({test::row(6), test::row(5), test::row(4), test::row(3), test::row(2)});
        QCOMPARE(ids(model), (Ids{4, 5, 6, 7, 8, 9, 10, 11}));
        QVERIFY(model.isFull());
        QCOMPARE(model.oldest(), RequestId{4});
    }

    void removesScatteredRowsAndPutsThemBack()
    {
        RequestLogModel model;
        const QAbstractItemModelTester tester(&model);
        model.apply(test::finished(1, 8));
        const std::vector<RequestEntry> gone{model.entry(1), model.entry(2), model.entry(7)};
        model.remove({{2}, {3}, {8}, {99}});
        QCOMPARE(ids(model), (Ids{1, 4, 5, 6, 7}));
        QCOMPARE(model.rowOf({6}), 3);
        model.restore(gone);
        QCOMPARE(ids(model), (Ids{1, 2, 3, 4, 5, 6, 7, 8}));
        QCOMPARE(model.rowOf({8}), 7);
    }

    void countsTheTimeOfRunningRowsOnly()
    {
        RequestLogModel model;
        model.apply(test::started(1'000'000, 1'000'000));
        model.apply(test::finished(1'000'001, 1'000'001));
        QCOMPARE(cell(model, 0, RequestLogModel::Total), u"-"_s);
        const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.tick(3'600'000);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(changes[0][0].toModelIndex().row(), 0);
        QCOMPARE(changes[0][1].toModelIndex().row(), 0);
        QCOMPARE(cell(model, 0, RequestLogModel::Total), u"2.60 s"_s);
        QCOMPARE(cell(model, 1, RequestLogModel::Total), u"1.92 s"_s);
    }

    void saysEachCell_data()
    {
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QVariant>("raw");
        const auto add = [](const char *name, RequestLogModel::Column column, const QString &text,
                            const QVariant &raw) { QTest::newRow(name) << int(column) << text << raw; };
        add("client key", RequestLogModel::ClientKey, u"web-app"_s, u"web-app"_s);
        add("model", RequestLogModel::Model, u"@openai/gpt-4o"_s, u"@openai/gpt-4o"_s);
        add("served by", RequestLogModel::ServedBy, u"@openai/gpt-4o"_s, u"@openai/gpt-4o"_s);
        add("status", RequestLogModel::Status, u"200 ok"_s, 200);
        add("first token", RequestLogModel::FirstToken, u"0.41 s"_s, qint64(410'000));
        add("total", RequestLogModel::Total, u"1.92 s"_s, qint64(1'920'000));
        add("tokens", RequestLogModel::Tokens, u"1,204+312"_s, qint64(1516));
        add("cost", RequestLogModel::Cost, u"$0.006130"_s, qint64(6'130'000));
        add("id", RequestLogModel::Id, u"42"_s, qint64(42));
        add("no config", RequestLogModel::Config, u"-"_s, u"-"_s);
    }

    void saysEachCell()
    {
        QFETCH(int, column);
        RequestLogModel model;
        model.apply(test::finished(42, 42));
        QTEST(cell(model, 0, column), "text");
        QTEST(model.index(0, column).data(RawRole), "raw");
    }

    void unknownCostIsNoNumber()
    {
        RequestLogModel model;
        auto batch = test::finished(1, 3);
        batch[0].row.cost_state = trace::CostState::Unknown;
        batch[1].row.cost_state = trace::CostState::Estimated;
        batch[2].row.cost_state = trace::CostState::Free;
        batch[2].row.cost = {};
        model.apply(batch);
        QCOMPARE(cell(model, 0, RequestLogModel::Cost), u"-"_s);
        QVERIFY(!model.index(0, RequestLogModel::Cost).data(RawRole).isValid());
        QCOMPARE(cell(model, 1, RequestLogModel::Cost), u"~$0.006130"_s);
        QCOMPARE(cell(model, 2, RequestLogModel::Cost), u"$0"_s);
    }

    void iconOnlyCellsHaveWords()
    {
        RequestLogModel model;
        auto batch = test::finished(1, 1);
        batch[0].row.attempt_marks = "xx-o";
        model.apply(batch);
        QCOMPARE(cell(model, 0, RequestLogModel::State), QString());
        const auto words
            = [&](int column) { return model.index(0, column).data(Qt::AccessibleTextRole).toString(); };
        QCOMPARE(words(RequestLogModel::State), u"rescued"_s);
        QCOMPARE(words(RequestLogModel::Attempts), u"2 failed, 1 skipped, 1 ok"_s);
        QCOMPARE(model.headerData(RequestLogModel::State, Qt::Horizontal, Qt::AccessibleTextRole).toString(),
                 u"State"_s);
    }

    void everyColumnHasATitle()
    {
        const RequestLogModel model;
        for (int column = RequestLogModel::Time; column < RequestLogModel::kColumns; ++column)
            QVERIFY2(!model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty(),
                     qPrintable(QString::number(column)));
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestRequestLogModel)
#include "tst_requestlogmodel.moc"
