// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/control/plainclient.h"
#include "tests/ui/logs/rows.h"
#include "tests/ui/world.h"
#include "ui/logs/bodyview.h"
#include "ui/logs/logspanel.h"
#include "ui/logs/numberslabel.h"
#include "ui/logs/requestview.h"
#include "ui/logs/routelabel.h"
#include "ui/logs/tracedetail.h"
#include "ui/widgets/emptystate.h"

#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTcpSocket>
#include <QTest>
#include <QTreeView>
#include <QUrl>

#include <memory>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr auto kEcho = R"({"model":"@practice/echo","messages":[{"role":"user","content":"canary prompt"}]})";
constexpr auto kStream
    = R"({"model":"@practice/echo","stream":true,"messages":[{"role":"user","content":"one two three"}]})";
constexpr auto kFails
    = R"({"model":"@practice/server-error","messages":[{"role":"user","content":"hello"}]})";

} // namespace

/// The panel in front of a real gateway with a store of its own; requests go to @practice.
class TestLogsPanel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<World> m_world;
    control::Control *m_control = nullptr; // of the world
    std::unique_ptr<LogsPanel> m_panel;
    QByteArray m_token;

    [[nodiscard]] RequestView *view() const { return m_panel->findChild<RequestView *>(u"requests"_s); }
    [[nodiscard]] TraceDetail *detail() const { return m_panel->findChild<TraceDetail *>(); }
    [[nodiscard]] int rows() const { return view()->model()->rowCount(); }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return view()->model()->index(row, column).data().toString();
    }
    int chat(const char *json)
    {
        return test::PlainClient(m_control->gateway().baseUrl).chat(m_token, json).status;
    }
    [[nodiscard]] bool finished(int row) const { return cell(row, RequestLogModel::Status) != u"active"_s; }
    /// The writer commits in groups: a request that has ended is in the history a moment later.
    bool isStored(std::size_t count)
    {
        const auto found = std::make_shared<std::size_t>(0); // the answer may outlast the wait
        m_control->history({}, [found](auto page) { *found = page ? page->size() : 0; });
        return QTest::qWaitFor([&] { return *found == count; }, 300);
    }
    void trigger(const QString &text) { World::trigger(*m_panel, text); }

private slots:
    void init()
    {
        m_world = std::make_unique<World>();
        QVERIFY(m_world->open());
        m_control = &m_world->control();
        m_control->startGateway();
        QTRY_COMPARE(m_control->gateway().state, control::GatewayStatus::State::Running);
        const SharedSecret token = m_control->takeFirstToken();
        m_token = QByteArray(token->view().data(), qsizetype(token->size()));
        m_panel = m_world->show<LogsPanel>();
        QVERIFY(m_panel);
    }

    void cleanup()
    {
        m_panel.reset();
        m_world.reset();
    }

    void sendsTheFirstRequestFromTheEmptyList()
    {
        auto *empty = m_panel->findChild<EmptyState *>();
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(empty->text().startsWith(u"No requests yet"));
        empty->findChild<QPushButton *>()->click();
        QTRY_COMPARE(rows(), 1);
        QTRY_COMPARE(cell(0, RequestLogModel::Status), u"200 ok"_s);
        QCOMPARE(cell(0, RequestLogModel::ServedBy), u"@practice/echo"_s);
        QVERIFY(!empty->isVisible());
    }

    void saysThatTheGatewayIsStopped()
    {
        m_control->stopGateway();
        auto *empty = m_panel->findChild<EmptyState *>();
        QTRY_COMPARE(empty->text(), u"The gateway is stopped."_s);
        empty->findChildren<QPushButton *>().last()->click();
        QTRY_COMPARE(m_control->gateway().state, control::GatewayStatus::State::Running);
    }

    void showsARequestInFull()
    {
        QCOMPARE(chat(kStream), 200);
        QTRY_COMPARE(rows(), 1);
        QTRY_VERIFY(finished(0));
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_J);
        QTest::keyClick(view(), Qt::Key_Return);
        QVERIFY(detail()->isVisible());
        QTRY_VERIFY(detail()->detail() && detail()->detail()->record.attempts.size() == 1);
        QCOMPARE(detail()->findChild<QTreeView *>(u"attempts"_s)->model()->rowCount(), 1);
        const auto shown
            = [&](const QString &name) { return detail()->findChild<BodyView *>(name)->shownText(); };
        QTRY_VERIFY2(shown(u"requestBody"_s).contains(u"\"content\": \"one two three\""),
                     qPrintable(shown(u"requestBody"_s)));
        QTRY_VERIFY2(shown(u"responseBody"_s).contains(u"three"), qPrintable(shown(u"responseBody"_s)));
        QVERIFY(!shown(u"responseBody"_s).contains(u"data:")); // put together, not raw
        QTest::keyClick(view(), Qt::Key_Escape);
        QVERIFY(!detail()->isVisible());
    }

    void aRunningRequestCanBeAborted()
    {
        const QByteArray body = R"({"model":"@practice/hang","messages":[{"role":"user","content":"x"}]})";
        QTcpSocket client;
        const QUrl url(m_control->gateway().baseUrl);
        client.connectToHost(url.host(), quint16(url.port()));
        client.write("POST /v1/chat/completions HTTP/1.1\r\nHost: " + url.authority().toLatin1()
                     + "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + m_token
                     + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        QTRY_COMPARE(rows(), 1);
        QCOMPARE(cell(0, RequestLogModel::Status), u"active"_s);
        QTest::keyClick(view(), Qt::Key_J);
        QTest::keyClick(view(), Qt::Key_Return);
        auto *abort = detail()->findChild<QPushButton *>(u"abort"_s);
        QVERIFY(abort->isVisible());
        abort->click();
        QTRY_VERIFY(finished(0));
        QVERIFY(!abort->isVisible());
        QTRY_VERIFY(detail()->detail() && !detail()->detail()->record.attempts.empty());
        QTest::keyClick(detail(), Qt::Key_Escape);
        QVERIFY(!detail()->isVisible());
    }

    void wordsNarrowTheListUntilEsc()
    {
        QCOMPARE(chat(kEcho), 200);
        QCOMPARE(chat(kFails), 500);
        QTRY_COMPARE(rows(), 2);
        QTRY_VERIFY(finished(0) && finished(1));
        m_panel->focusFind();
        auto *search = m_panel->findChild<QLineEdit *>(u"search"_s);
        QCOMPARE(QApplication::focusWidget(), search);
        QTest::keyClicks(search, u"SERVER-error 500"_s);
        QTRY_COMPARE(rows(), 1); // by itself, soon after the last key
        QCOMPARE(cell(0, RequestLogModel::Model), u"@practice/server-error"_s);
        QCOMPARE(m_panel->place().query, u"SERVER-error 500"_s);
        QTest::keyClicks(search, u" nowhere"_s);
        auto *empty = m_panel->findChild<EmptyState *>();
        QTRY_VERIFY(empty->isVisible());
        QVERIFY(empty->text().contains(u"nowhere"));
        QTest::keyClick(search, Qt::Key_Escape);
        QCOMPARE(rows(), 2);
        QCOMPARE(QApplication::focusWidget(), view());
    }

    void theStatusBarsWayToWhatRunsShowsOnlyThat()
    {
        QCOMPARE(chat(kEcho), 200);
        QTRY_COMPARE(rows(), 1);
        QTRY_VERIFY(finished(0));
        m_panel->visit({.panel = u"logs"_s, .query = u"is:active last:live"_s});
        QCOMPARE(rows(), 0);
        auto *empty = m_panel->findChild<EmptyState *>();
        QVERIFY(empty->isVisible());
        QCOMPARE(empty->text(), u"No request is running."_s);
        for (auto *button : empty->findChildren<QPushButton *>())
            if (button->text() == u"Show all"_s)
                button->click();
        QCOMPARE(rows(), 1);
    }

    void aWayWithARangeAndErrorsIsTakenAndRemembered()
    {
        QCOMPARE(chat(kEcho), 200);
        QCOMPARE(chat(kFails), 500);
        QTRY_COMPARE(rows(), 2);
        QTRY_VERIFY(finished(0) && finished(1));
        QTRY_VERIFY(isStored(2));
        m_panel->visit({.panel = u"logs"_s, .query = u"is:error last:15m @practice"_s});
        QTRY_COMPARE(rows(), 1);
        QCOMPARE(m_panel->place().query, u"is:error last:15m @practice"_s);
        const QJsonObject state = m_panel->saveState();
        m_panel = m_world->show<LogsPanel>();
        QVERIFY(m_panel);
        m_panel->restoreState(state);
        QTRY_COMPARE(rows(), 1);
        QCOMPARE(m_panel->place().query, u"is:error last:15m @practice"_s);
    }

    void readsTheHistoryAfterARestartOfThePanel()
    {
        QCOMPARE(chat(kEcho), 200);
        QCOMPARE(chat(kFails), 500);
        QTRY_COMPARE(rows(), 2);
        QTRY_VERIFY(finished(0) && finished(1));
        QTRY_VERIFY(isStored(2));
        m_panel.reset();
        m_panel = m_world->show<LogsPanel>();
        QVERIFY(m_panel);
        QTRY_COMPARE(rows(), 2);
        QCOMPARE(cell(1, RequestLogModel::Model), u"@practice/server-error"_s);
    }

    void showsErrorsOnlyHereAndInARange()
    {
        QCOMPARE(chat(kEcho), 200);
        QCOMPARE(chat(kFails), 500);
        QTRY_COMPARE(rows(), 2);
        QTRY_VERIFY(finished(0) && finished(1));
        QTRY_VERIFY(isStored(2));
        m_panel->visit({.panel = u"logs"_s, .query = u"is:error"_s});
        QTRY_COMPARE(rows(), 1);
        m_panel->visit({.panel = u"logs"_s, .query = u"is:error last:15m"_s});
        QTRY_COMPARE(rows(), 1);
        QCOMPARE(cell(0, RequestLogModel::Status), u"500 error"_s);
        QCOMPARE(m_panel->place().query, u"is:error last:15m"_s);
        m_panel->visit({.panel = u"logs"_s, .query = u"last:15m"_s});
        QTRY_COMPARE(rows(), 2);
    }

    void pauseHoldsTheListAndResumeCatchesUp()
    {
        QCOMPARE(chat(kEcho), 200);
        QTRY_COMPARE(rows(), 1);
        QTRY_VERIFY(finished(0));
        QTest::keyClick(view(), Qt::Key_Space);
        QSignalSpy live(m_control, &control::Control::live);
        QCOMPARE(chat(kEcho), 200);
        QTRY_VERIFY(!live.isEmpty());
        QCOMPARE(rows(), 1);
        m_panel->findChild<QPushButton *>(u"pause"_s)->click();
        QTRY_COMPARE(rows(), 2);
    }

    void copiesACurlThatHoldsNoToken()
    {
        QCOMPARE(chat(kEcho), 200);
        QTRY_COMPARE(rows(), 1);
        QTRY_VERIFY(finished(0));
        QTest::keyClick(view(), Qt::Key_J);
        const QSignalSpy toasts(m_panel.get(), &Panel::toast);
        QTRY_VERIFY((trigger(u"Copy as cURL to this gateway"_s),
                     QTest::qWaitFor([&] { return !toasts.isEmpty(); }, 500))
                    && QGuiApplication::clipboard()->text().startsWith(u"curl"));
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY(copied.contains(u"$PORTOLAN_KEY"));
        QVERIFY(copied.contains(u"canary prompt"));
        QVERIFY(!copied.contains(QString::fromLatin1(m_token)));
    }

    void deleteCanBeTakenBackAndIsDoneWhenTheToastGoes()
    {
        QCOMPARE(chat(kEcho), 200);
        QCOMPARE(chat(kEcho), 200);
        QTRY_COMPARE(rows(), 2);
        QTRY_VERIFY(finished(0) && finished(1));
        std::vector<Toast> toasts;
        connect(m_panel.get(), &Panel::toast, m_panel.get(),
                [&](const Toast &toast) { toasts.push_back(toast); });
        view()->selectRow(0);
        trigger(u"Delete from the history"_s);
        QCOMPARE(rows(), 1);
        QCOMPARE(toasts.size(), std::size_t(1));
        toasts[0].undo();
        QCOMPARE(rows(), 2);
        view()->selectAll();
        trigger(u"Delete from the history"_s);
        QCOMPARE(rows(), 0);
        toasts[1].commit();
        bool gone = false;
        QTRY_VERIFY((m_control->history({}, [&](auto page) { gone = page && page->empty(); }),
                     QTest::qWaitFor([&] { return gone; }, 300)));
        m_panel->refresh();
        QCOMPARE(rows(), 0);
    }

    void theDetailNeverTakesAColumnsPlace_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("beside");
        QTest::newRow("a window of 1,440") << 1364 << false;
        QTest::newRow("just too narrow") << 1499 << false;
        QTest::newRow("just wide enough") << 1500 << true;
        QTest::newRow("wide") << 1900 << true;
    }

    void theDetailNeverTakesAColumnsPlace()
    {
        QFETCH(int, width);
        QFETCH(bool, beside);
        QCOMPARE(chat(kStream), 200);
        QTRY_COMPARE(rows(), 1);
        m_panel->resize(width, 800);
        QTest::keyClick(view(), Qt::Key_J);
        QTest::keyClick(view(), Qt::Key_Return);
        QVERIFY(detail()->isVisible());
        QCOMPARE(detail()->mapTo(m_panel.get(), QPoint()).x() > 0, beside);
        QTRY_VERIFY2(
            view()->horizontalHeader()->length() <= view()->viewport()->width(),
            qPrintable(u"%1 in %2, detail %3 of at least %4"_s.arg(view()->horizontalHeader()->length())
                           .arg(view()->viewport()->width())
                           .arg(detail()->width())
                           .arg(detail()->minimumSizeHint().width())));
    }

    void aNarrowerWindowTakesFromTheListAndThenTurns()
    {
        QCOMPARE(chat(kStream), 200);
        QTRY_COMPARE(rows(), 1);
        m_panel->resize(1900, 800);
        QTest::keyClick(view(), Qt::Key_J);
        QTest::keyClick(view(), Qt::Key_Return);
        QTRY_VERIFY(detail()->width() > 0); // laid out
        const int before = detail()->width();
        m_panel->resize(1500, 800);
        QCOMPARE(detail()->width(), before);
        m_panel->resize(1400, 800);
        QVERIFY(detail()->width() > before);
    }

    void theHeaderShortensNamesAndDropsNumbersWhole()
    {
        TraceDetail header;
        RequestEntry entry{.row = test::row(1)};
        entry.row.model_asked = "@a-long-slug-of-a-team/claude-sonnet-4-20250514-with-a-long-name";
        entry.row.status = 502;
        entry.row.total_us = 75'300'000;
        entry.row.first_token_us = 1'200'000;
        header.setEntry(entry, -1);
        header.resize(2000, 400);
        header.show();
        QVERIFY(QTest::qWaitForWindowExposed(&header));
        auto *numbers = header.findChild<NumbersLabel *>();
        auto *route = header.findChild<RouteLabel *>();
        const QStringList all = numbers->shownNumbers();
        QVERIFY(all.size() >= 4);
        QCOMPARE(route->width(), route->sizeHint().width());
        header.resize(header.minimumSizeHint().width() + numbers->sizeHint().width()
                          - numbers->minimumSizeHint().width(),
                      400);
        QTRY_VERIFY(route->width() < route->sizeHint().width());
        QCOMPARE(numbers->shownNumbers(), all);
        // In a narrow pane the numbers have a line of their own, and none goes.
        header.resize(header.minimumSizeHint().width(), 400);
        QTRY_VERIFY(numbers->y() > route->y());
        QCOMPARE(numbers->shownNumbers(), all);

        NumbersLabel alone;
        alone.setNumbers(all, 2);
        alone.resize(alone.minimumSizeHint());
        alone.show();
        QTRY_COMPARE(alone.shownNumbers(), all.first(2));
        QVERIFY(alone.shownNumbers().last().startsWith(u"total"));
        QVERIFY(alone.toolTip().contains(all.last()));
    }

    void keysWorkInTheListThatWasEmpty()
    {
        m_panel->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        QTRY_VERIFY(m_panel->findChild<EmptyState *>()->isVisible());
        m_panel->setFocus();
        QCOMPARE(chat(kStream), 200);
        QCOMPARE(chat(kEcho), 200);
        QTRY_COMPARE(rows(), 2);
        QVERIFY(view()->hasFocus());
        QTest::keyClick(m_panel->focusWidget(), Qt::Key_Return);
        QVERIFY(detail()->isVisible());
        QCOMPARE(view()->currentIndex().row(), 1);
        QTest::keyClick(m_panel->focusWidget(), Qt::Key_Home);
        QCOMPARE(view()->currentIndex().row(), 0);
    }

    void keepsColumnsRangeAndTab()
    {
        view()->setColumnHidden(RequestLogModel::Program, false);
        m_panel->visit({.panel = u"logs"_s, .query = u"last:24h"_s});
        detail()->setCurrentTab(TraceDetail::Headers);
        const QJsonObject state = m_panel->saveState();
        m_panel.reset();
        m_panel = m_world->show<LogsPanel>();
        QVERIFY(m_panel);
        QVERIFY(view()->isColumnHidden(RequestLogModel::Program));
        m_panel->restoreState(state);
        QVERIFY(!view()->isColumnHidden(RequestLogModel::Program));
        QCOMPARE(m_panel->place().query, u"last:24h"_s);
        QCOMPARE(detail()->currentTab(), int(TraceDetail::Headers));
    }

    void everyCommandHasWordsAndEveryButtonAName()
    {
        for (const QAction *command : m_panel->commands())
            QVERIFY(command->isSeparator() || !command->text().isEmpty());
        for (const auto *button : m_panel->findChildren<QAbstractButton *>()) {
            const bool ours = !button->objectName().startsWith(u"qt_") && button->isVisibleTo(m_panel.get());
            QVERIFY2(!ours || !button->text().isEmpty() || !button->accessibleName().isEmpty()
                         || !button->toolTip().isEmpty(),
                     qPrintable(button->objectName()));
        }
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestLogsPanel)
#include "tst_logspanel.moc"
