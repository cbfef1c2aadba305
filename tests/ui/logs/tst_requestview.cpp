// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/logs/rows.h"
#include "ui/logs/requestdelegate.h"
#include "ui/logs/requestfilter.h"
#include "ui/logs/requestlogmodel.h"
#include "ui/logs/requestview.h"
#include "ui/theme/theme.h"

#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <ctime>
#include <memory>

namespace portolan::ui {

namespace {

/// Of this thread alone, so that a busy machine makes nothing longer.
qint64 cpu_us()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return qint64(time.tv_sec) * 1'000'000 + time.tv_nsec / 1'000;
}

} // namespace

class TestRequestView : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<RequestLogModel> m_model;
    std::unique_ptr<RequestFilter> m_filter;
    std::unique_ptr<RequestView> m_view;

    [[nodiscard]] std::int64_t idAt(int y) const
    {
        const QModelIndex index = m_filter->mapToSource(m_view->indexAt({20, y}));
        return index.isValid() ? m_model->entry(index.row()).row.id.value : 0;
    }
    [[nodiscard]] std::int64_t current() const
    {
        const QModelIndex index = m_filter->mapToSource(m_view->currentIndex());
        return index.isValid() ? m_model->entry(index.row()).row.id.value : 0;
    }
    [[nodiscard]] bool atEnd() const
    {
        return m_view->verticalScrollBar()->value() == m_view->verticalScrollBar()->maximum();
    }

private slots:
    void initTestCase() { m_theme = std::make_unique<Theme>(); }

    void init()
    {
        m_model = std::make_unique<RequestLogModel>(500);
        m_filter = std::make_unique<RequestFilter>();
        m_filter->setSourceModel(m_model.get());
        m_view = std::make_unique<RequestView>();
        m_view->setModel(m_filter.get());
        m_view->setItemDelegate(new RequestDelegate(m_view.get()));
        m_view->resize(900, 400);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        m_model->apply(test::finished(1, 300));
    }

    void cleanup()
    {
        m_view.reset();
        m_filter.reset();
        m_model.reset();
    }

    void cleanupTestCase() { m_theme.reset(); }

    void followsTheNewestRow()
    {
        QVERIFY(m_view->isFollowing());
        QVERIFY(atEnd());
        m_model->apply(test::finished(301, 340));
        QVERIFY(atEnd());
        QCOMPARE(idAt(m_view->viewport()->height() - 4), 340);
    }

    void scrollingUpStopsFollowingAndCounts()
    {
        m_view->verticalScrollBar()->setValue(1000);
        QVERIFY(!m_view->isFollowing());
        const auto top = idAt(2);
        m_model->apply(test::finished(301, 314));
        QCOMPARE(m_view->unseen(), 14);
        QCOMPARE(idAt(2), top);
        m_view->jumpToEnd();
        QVERIFY(m_view->isFollowing());
        QVERIFY(atEnd());
        QCOMPARE(m_view->unseen(), 0);
    }

    void whatIsOnScreenStaysWhenOldRowsLeave()
    {
        m_model->apply(test::finished(301, 500)); // full now
        m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->maximum() / 2);
        const auto top = idAt(2);
        QVERIFY(top > 100);
        m_model->apply(test::finished(501, 560));
        QCOMPARE(idAt(2), top);
        QCOMPARE(m_view->unseen(), 60);
    }

    void whatIsOnScreenStaysWhenHistoryComesInFront()
    {
        m_model->clear();
        m_model->apply(test::finished(1001, 1300));
        m_view->verticalScrollBar()->setValue(100);
        const auto top = idAt(2);
        std::vector<trace::RequestRow> page;
        for (std::int64_t id = 1000; id > 900; --id)
            page.push_back(test::row(id));
        m_model->prependPage(page);
        QCOMPARE(idAt(2), top);
    }

    void reachingTheTopAsksForEarlierRows()
    {
        const QSignalSpy top(m_view.get(), &RequestView::topReached);
        m_view->verticalScrollBar()->setValue(0);
        QCOMPARE(top.size(), 1);
    }

    void theSelectionNeverMovesByItself()
    {
        QTest::keyClick(m_view.get(), Qt::Key_J);
        QCOMPARE(current(), 300);
        QTest::keyClick(m_view.get(), Qt::Key_K);
        QCOMPARE(current(), 299);
        QVERIFY(!m_view->isFollowing());
        m_model->apply(test::finished(301, 450));
        QCOMPARE(current(), 299);
        m_model->apply(test::finished(451, 600)); // 1 to 100 leave
        QCOMPARE(current(), 299);
        m_model->apply(test::finished(601, 900)); // the current row leaves with them
        QCOMPARE(current(), 0);
        QVERIFY(m_view->selectionModel()->selectedRows().isEmpty());
    }

    void aRowThatChangesStaysSelected()
    {
        m_model->apply(test::started(301, 301));
        m_view->jumpToEnd();
        QTest::keyClick(m_view.get(), Qt::Key_J);
        QCOMPARE(current(), 301);
        m_model->apply(test::finished(301, 301));
        QCOMPARE(current(), 301);
    }

    void keysOfTheList_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("modifiers");
        QTest::addColumn<qint64>("current");
        QTest::addColumn<int>("selected");
        QTest::newRow("next") << int(Qt::Key_J) << int(Qt::NoModifier) << qint64(151) << 1;
        QTest::newRow("previous") << int(Qt::Key_K) << int(Qt::NoModifier) << qint64(149) << 1;
        QTest::newRow("down") << int(Qt::Key_Down) << int(Qt::NoModifier) << qint64(151) << 1;
        QTest::newRow("extend") << int(Qt::Key_J) << int(Qt::ShiftModifier) << qint64(151) << 2;
        QTest::newRow("first") << int(Qt::Key_Home) << int(Qt::NoModifier) << qint64(1) << 1;
        QTest::newRow("newest") << int(Qt::Key_End) << int(Qt::NoModifier) << qint64(300) << 1;
        QTest::newRow("a letter is no search") << int(Qt::Key_W) << int(Qt::NoModifier) << qint64(150) << 1;
    }

    void keysOfTheList()
    {
        QFETCH(int, key);
        QFETCH(int, modifiers);
        m_view->selectRow(149);
        QTest::keyClick(m_view.get(), Qt::Key(key), Qt::KeyboardModifiers(modifiers));
        QTEST(qint64(current()), "current");
        QTEST(int(m_view->selectionModel()->selectedRows().size()), "selected");
    }

    void spaceEnterAndEscapeAreAskedFor()
    {
        const QSignalSpy pause(m_view.get(), &RequestView::pauseRequested);
        const QSignalSpy open(m_view.get(), &RequestView::openRequested);
        const QSignalSpy close(m_view.get(), &RequestView::closeRequested);
        QTest::keyClick(m_view.get(), Qt::Key_Space);
        QTest::keyClick(m_view.get(), Qt::Key_Return);
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(pause.size(), 1);
        QCOMPARE(open.size(), 1);
        QCOMPARE(close.size(), 1);
    }

    void errorsOnlyHidesTheRest()
    {
        auto batch = test::finished(301, 303);
        batch[1].row.outcome = trace::Outcome::Error;
        m_model->apply(batch);
        m_filter->setShow(RequestFilter::Show::Errors);
        QCOMPARE(m_filter->rowCount(), 1);
        auto running = test::started(304, 304);
        m_model->apply(running);
        QCOMPARE(m_filter->rowCount(), 1);
        running = test::finished(304, 304);
        running[0].row.outcome = trace::Outcome::TimedOut;
        m_model->apply(running);
        QCOMPARE(m_filter->rowCount(), 2); // it is an error from its end on
    }

    // 200 requests a second: twenty begin and twenty end in each batch of 100 ms, in a full window.
    void followsTwoHundredRequestsPerSecondWithinAFrame()
    {
        RequestLogModel full(10'000);
        m_filter->setSourceModel(&full);
        full.apply(test::finished(1, 10'000));
        qint64 worst = 0;
        for (std::int64_t batch = 0; batch < 30; ++batch) {
            const std::int64_t first = 10'001 + 20 * batch;
            auto events = test::started(first, first + 19);
            const auto ends = test::finished(first - 20, first - 1);
            if (batch > 0)
                events.insert(events.end(), ends.begin(), ends.end());
            const auto begun = cpu_us();
            full.apply(events);
            full.tick(first + 5'000'000);
            m_view->viewport()->repaint();
            worst = std::max(worst, cpu_us() - begun);
        }
        QVERIFY(atEnd());
        QCOMPARE(full.rowCount(), 10'000);
        QVERIFY2(worst < 50'000, qPrintable(QString::number(worst)));
        m_filter->setSourceModel(m_model.get());
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestRequestView)
#include "tst_requestview.moc"
