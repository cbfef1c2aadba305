// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/logs/liveload.h"
#include "tests/ui/world.h"
#include "ui/logs/logspanel.h"
#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/widgets/buttons.h"

#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <ctime>
#include <memory>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kPerBatch = 200; // 2,000 a second, ten batches
constexpr int kBatches = 200;  // of twenty seconds
constexpr int kWindow = 10'000;
constexpr qint64 kBlockMs = 150; // of this thread's own time, some ten times what a batch takes here

qint64 residentKiB()
{
    QFile statm(u"/proc/self/statm"_s);
    if (!statm.open(QIODevice::ReadOnly))
        return -1;
    return statm.readAll().split(' ').value(1).toLongLong() * (sysconf(_SC_PAGESIZE) / 1024);
}

/// What this thread has worked, not how long it waited for a processor: other tests run beside.
qint64 workedMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

} // namespace

/// R33, shortened: 2,000 rows a second into the live view, as fast as the batches are taken. The ten minutes
/// against a real window are tests/look/livefeed.cpp.
class TestLiveFeed : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<World> m_world;
    std::unique_ptr<LogsPanel> m_panel;
    qint64 m_worst = 0;

    [[nodiscard]] RequestView *view() const { return m_panel->findChild<RequestView *>(u"requests"_s); }
    [[nodiscard]] int rows() const { return view()->model()->rowCount(); }
    [[nodiscard]] QString idAt(int row) const
    {
        return view()->model()->index(row, RequestLogModel::Id).data().toString();
    }
    [[nodiscard]] bool atEnd() const
    {
        return view()->verticalScrollBar()->value() == view()->verticalScrollBar()->maximum();
    }
    /// One batch, and all that the event loop does with it.
    void feed(const control::LiveBatch &batch)
    {
        const qint64 before = workedMs();
        emit m_world->control().live(batch);
        QCoreApplication::sendPostedEvents();
        view()->viewport()->repaint();
        m_worst = std::max(m_worst, workedMs() - before);
    }
    void feed(test::LiveLoad &load, int batches)
    {
        for (int i = 0; i < batches; ++i)
            feed(load.next());
    }

private slots:
    void init()
    {
        m_worst = 0;
        m_world = std::make_unique<World>();
        QVERIFY(m_world->open());
        m_panel = m_world->show<LogsPanel>();
        QVERIFY(m_panel);
    }

    void cleanup()
    {
        m_panel.reset();
        m_world.reset();
    }

    void followsWithinItsRowsItsMemoryAndItsTime()
    {
        test::LiveLoad load(kPerBatch);
        feed(load, 60); // the window is full, and so are the caches of what paints
        const qint64 before = residentKiB();
        QSignalSpy inserted(view()->model(), &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(view()->model(), &QAbstractItemModel::rowsRemoved);
        QSignalSpy layouts(view()->model(), &QAbstractItemModel::layoutChanged);
        QSignalSpy resets(view()->model(), &QAbstractItemModel::modelReset);
        feed(load, kBatches);
        QCOMPARE(rows(), kWindow);
        QCOMPARE(idAt(rows() - 1), QString::number(load.lastId()));
        QVERIFY(atEnd());
        // The work of a batch is one insertion and one removal, however many rows it has.
        QCOMPARE(inserted.count(), kBatches);
        QCOMPARE(removed.count(), kBatches);
        QCOMPARE(layouts.count(), 0);
        QCOMPARE(resets.count(), 0);
        QVERIFY2(residentKiB() - before < 32 * 1024,
                 qPrintable(u"%1 KiB more"_s.arg(residentKiB() - before)));
        QVERIFY2(m_worst < kBlockMs, qPrintable(u"a batch took %1 ms"_s.arg(m_worst)));
    }

    void theChosenRowStaysWhereItIs()
    {
        test::LiveLoad load(kPerBatch);
        feed(load, 70);
        const int row = rows() - 2'000;
        view()->setCurrentIndex(view()->model()->index(row, RequestLogModel::Time));
        view()->scrollTo(view()->currentIndex(), QAbstractItemView::PositionAtCenter);
        view()->stopFollowing();
        const QString id = idAt(row);
        const int y = view()->visualRect(view()->currentIndex()).top();
        const int batches = (row - 100) / kPerBatch; // until just before it would leave at the front
        for (int i = 0; i < batches; ++i) {
            feed(load.next());
            QCOMPARE(idAt(view()->currentIndex().row()), id);
            QCOMPARE(view()->visualRect(view()->currentIndex()).top(), y);
        }
        QCOMPARE(view()->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(view()->unseen(), batches * kPerBatch);
        feed(load, 2); // now it has left: nothing else is chosen in its place
        QVERIFY(!view()->currentIndex().isValid());
        QVERIFY(view()->selectionModel()->selectedRows().isEmpty());
        QVERIFY2(m_worst < kBlockMs, qPrintable(u"a batch took %1 ms"_s.arg(m_worst)));
    }

    void aSearchKeepsUp()
    {
        test::LiveLoad load(kPerBatch);
        feed(load, 60);
        auto *search = m_panel->findChild<QLineEdit *>(u"search"_s);
        QTest::keyClicks(search, u"503 overloaded"_s);
        QTest::keyClick(search, Qt::Key_Return);
        const int found = rows();
        QVERIFY(found > 0 && found <= kWindow / 50);
        feed(load, 60);
        QVERIFY(rows() > kWindow / 50 - 2 * kPerBatch / 10 && rows() <= kWindow / 50);
        QVERIFY2(m_worst < kBlockMs, qPrintable(u"a batch took %1 ms"_s.arg(m_worst)));
    }

    void aPauseHoldsABoundedPartAndCountsTheRest()
    {
        test::LiveLoad load(kPerBatch);
        feed(load, 60);
        const QString last = idAt(rows() - 1);
        m_panel->findChild<QPushButton *>(u"pause"_s)->click();
        const qint64 before = residentKiB();
        feed(load, kBatches / 2);
        QCOMPARE(idAt(rows() - 1), last);
        QVERIFY2(residentKiB() - before < 64 * 1024,
                 qPrintable(u"%1 KiB more"_s.arg(residentKiB() - before)));
        const auto *follow = m_panel->findChild<LinkButton *>(u"follow"_s);
        QCOMPARE(follow->text(), u"Paused. 20,000 requests are waiting, resume"_s);
        m_panel->findChild<QPushButton *>(u"pause"_s)->click();
        QCOMPARE(rows(), kWindow);
        QCOMPARE(idAt(rows() - 1), QString::number(load.lastId()));
        QVERIFY2(m_worst < kBlockMs, qPrintable(u"a batch took %1 ms"_s.arg(m_worst)));
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestLiveFeed)
#include "tst_livefeed.moc"
