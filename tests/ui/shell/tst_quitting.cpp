// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/world.h"
#include "ui/shell/actions.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/tray.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace portolan;
using namespace portolan::ui;

namespace {

using State = control::GatewayStatus::State;

/// A tray for a platform that has none.
class PlainTray : public Tray
{
public:
    PlainTray()
        : Tray(nullptr)
    { }
    void setStatus(const control::GatewayStatus &status) override { state = status.state; }
    void setCostToday(NanoUsd) override { }

    State state = State::Stopped;
};

} // namespace

/// How the window goes: with and without a tray, with and without requests that run.
class TestQuitting : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void closingWithoutATrayEnds();
    void closingWithATrayAsksOnceAndStays();
    void closingWithATrayCanQuitForGood();
    void theTrayMirrorsTheGatewayAndCommandsIt();
    void quittingWithoutRequestsAsksNothing();
    void quittingWithARequestAsksFirst();
    void quittingLetsARequestEndWithoutAFreeze();
    void whatStillRunsCanBeEndedAtOnce();
    void anEndOfSessionAsksNothing();

private:
    void begin(std::unique_ptr<Tray> tray = nullptr);
    void startGateway();
    void sendRequest(const char *model);
    [[nodiscard]] QDialog *question() const
    {
        const auto dialogs = m_window->findChildren<QDialog *>();
        const auto shown
            = std::ranges::find_if(dialogs, [](const QDialog *each) { return each->isVisible(); });
        return shown == dialogs.end() ? nullptr : *shown;
    }
    void answer(const QString &word)
    {
        QVERIFY(question());
        for (auto *button : question()->findChildren<QPushButton *>())
            if (button->text() == word)
                button->click();
    }
    [[nodiscard]] QDialog *note() const
    {
        for (QWidget *widget : QApplication::topLevelWidgets())
            if (widget->objectName() == u"finishing"_s)
                return qobject_cast<QDialog *>(widget);
        return nullptr;
    }

    std::unique_ptr<World> m_world;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<QTcpSocket> m_client;
    QByteArray m_token;
};

void TestQuitting::init()
{
    m_world = std::make_unique<World>();
    QVERIFY(m_world->open());
    const SharedSecret token = m_world->control().takeFirstToken();
    m_token = QByteArray(token->view().data(), qsizetype(token->size()));
    control::Settings settings = m_world->control().settings();
    settings.captureAsked = true;
    settings.startWithProgram = false;
    settings.limits.drain = 500ms;
    m_world->control().changeSettings(settings, [](const Result<> &) { });
    QTRY_VERIFY(m_world->control().settings().captureAsked);
}

void TestQuitting::cleanup()
{
    m_client.reset();
    m_window.reset();
    m_world.reset();
}

void TestQuitting::begin(std::unique_ptr<Tray> tray)
{
    m_window = std::make_unique<MainWindow>(m_world->control(), m_world->theme(), std::move(tray));
    m_window->begin();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestQuitting::startGateway()
{
    m_world->control().startGateway();
    QTRY_COMPARE(m_world->control().gateway().state, State::Running);
}

void TestQuitting::sendRequest(const char *model)
{
    const QByteArray body
        = QByteArray(R"({"model":"@practice/)") + model + R"(","messages":[{"role":"user","content":"x"}]})";
    const QUrl url(m_world->control().gateway().baseUrl);
    m_client = std::make_unique<QTcpSocket>();
    m_client->connectToHost(url.host(), quint16(url.port()));
    m_client->write("POST /v1/chat/completions HTTP/1.1\r\nHost: " + url.authority().toLatin1()
                    + "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + m_token
                    + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QTRY_COMPARE(m_world->control().gateway().active, 1);
}

void TestQuitting::closingWithoutATrayEnds()
{
    begin();
    startGateway();
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    m_window->close();
    QVERIFY(!m_window->isVisible());
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(m_world->control().gateway().state, State::Stopped);
}

void TestQuitting::closingWithATrayAsksOnceAndStays()
{
    begin(std::make_unique<PlainTray>());
    startGateway();
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    m_window->close();
    QVERIFY(m_window->isVisible());
    QVERIFY(question());
    m_window->close(); // impatience opens no second one
    QCOMPARE(m_window->findChildren<QDialog *>().size(), 1);
    answer(u"Keep running in the tray"_s);
    QVERIFY(!m_window->isVisible());
    QTRY_COMPARE(m_world->control().settings().closeAction, u"tray"_s);
    m_window->bringToFront();
    QVERIFY(m_window->isVisible());
    m_window->close();
    QVERIFY(!m_window->isVisible());
    QVERIFY(!question());
    QCOMPARE(finished.count(), 0);
    QCOMPARE(m_world->control().gateway().state, State::Running);
}

void TestQuitting::closingWithATrayCanQuitForGood()
{
    begin(std::make_unique<PlainTray>());
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    m_window->close();
    answer(u"Cancel"_s);
    QVERIFY(m_window->isVisible());
    QTRY_VERIFY(!question());
    QVERIFY(m_world->control().settings().closeAction.isEmpty()); // to be asked again
    m_window->close();
    answer(u"Quit"_s);
    QTRY_COMPARE(finished.count(), 1);
    QTRY_COMPARE(m_world->control().settings().closeAction, u"quit"_s);
}

void TestQuitting::theTrayMirrorsTheGatewayAndCommandsIt()
{
    auto owned = std::make_unique<PlainTray>();
    PlainTray &tray = *owned;
    begin(std::move(owned));
    emit tray.switchClicked();
    QTRY_COMPARE(tray.state, State::Running);
    emit tray.switchClicked();
    QTRY_COMPARE(tray.state, State::Stopped);
    m_window->hide();
    emit tray.openClicked();
    QVERIFY(m_window->isVisible());
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    emit tray.quitClicked();
    QTRY_COMPARE(finished.count(), 1);
    emit tray.switchClicked(); // too late
    QCOMPARE(m_world->control().gateway().state, State::Stopped);
}

void TestQuitting::quittingWithoutRequestsAsksNothing()
{
    begin();
    startGateway();
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    m_window->actions().quit->trigger();
    QVERIFY(!question());
    QVERIFY(!note()->isVisible());
    QTRY_COMPARE(finished.count(), 1);
}

void TestQuitting::quittingWithARequestAsksFirst()
{
    begin();
    startGateway();
    sendRequest("hang");
    m_window->actions().quit->trigger();
    QVERIFY(question());
    QCOMPARE(question()->windowTitle(), u"1 request is running"_s);
    answer(u"Cancel"_s);
    QVERIFY(m_window->isVisible());
    QCOMPARE(m_world->control().gateway().state, State::Running);
}

void TestQuitting::quittingLetsARequestEndWithoutAFreeze()
{
    control::Settings settings = m_world->control().settings();
    settings.limits.drain = 10s;
    m_world->control().changeSettings(settings, [](const Result<> &) { });
    QTRY_COMPARE(m_world->control().settings().limits.drain, 10s);
    begin();
    startGateway();
    sendRequest("slow-2500ms"); // still there when the count of active ones, taken each second, shows it
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    qint64 longestGap = 0;
    QElapsedTimer sinceTurn;
    QTimer heart;
    connect(&heart, &QTimer::timeout, this, [&] { longestGap = std::max(longestGap, sinceTurn.restart()); });
    heart.start(10);
    sinceTurn.start();

    m_window->actions().quit->trigger();
    for (auto *button : question()->findChildren<QPushButton *>()) {
        if (button->text() == u"Quit"_s) {
            button->setFocus();
            QTest::keyClick(button, Qt::Key_Return); // means the button it is pressed on
        }
    }
    QVERIFY(!m_window->isVisible());
    QVERIFY(note()->isVisible());
    m_window->bringToFront(); // a second start of the program meets the note, not the window
    QVERIFY(!m_window->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 9'000); // before its time is up
    longestGap = std::max(longestGap, sinceTurn.elapsed());
    QVERIFY2(longestGap < 500, qPrintable(u"the event loop stood still for %1 ms"_s.arg(longestGap)));
    QVERIFY(!note()->isVisible());
    QTRY_VERIFY(m_client->bytesAvailable() > 0);
    QVERIFY(m_client->readAll().startsWith("HTTP/1.1 200"));
}

void TestQuitting::whatStillRunsCanBeEndedAtOnce()
{
    control::Settings settings = m_world->control().settings();
    settings.limits.drain = 10min;
    m_world->control().changeSettings(settings, [](const Result<> &) { });
    QTRY_COMPARE(m_world->control().settings().limits.drain, 10min);
    begin();
    startGateway();
    sendRequest("hang");
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    m_window->actions().quit->trigger();
    answer(u"Quit"_s);
    QVERIFY(note()->isVisible());
    auto *cut = note()->findChild<QPushButton *>(u"cut"_s);
    QVERIFY(cut && cut->isVisible());
    cut->click();
    QTRY_COMPARE(finished.count(), 1);
    QTRY_VERIFY(m_client->bytesAvailable() > 0);
    QVERIFY(m_client->readAll().startsWith("HTTP/1.1 499"));
}

void TestQuitting::anEndOfSessionAsksNothing()
{
    begin(std::make_unique<PlainTray>());
    startGateway();
    sendRequest("hang");
    QSignalSpy finished(m_window.get(), &MainWindow::finished);
    QEvent end(QEvent::Quit);
    QCoreApplication::sendEvent(qApp, &end);
    QVERIFY(!question());
    QVERIFY(!m_window->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 9'000); // the hanging one is cut when its time is up
    QCOMPARE(m_world->control().gateway().state, State::Stopped);
}

QTEST_MAIN(TestQuitting)
#include "tst_quitting.moc"
