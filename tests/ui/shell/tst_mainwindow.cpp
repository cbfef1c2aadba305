// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/world.h"
#include "ui/shell/actions.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/palette.h"
#include "ui/shell/welcome.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tokenfield.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QTest>

#include <map>
#include <set>

using namespace Qt::StringLiterals;
using namespace portolan;
using namespace portolan::ui;

namespace {

void collect(const QMenu *menu, std::set<const QAction *> &out)
{
    for (const QAction *action : menu->actions()) {
        if (action->menu())
            collect(action->menu(), out);
        else if (!action->isSeparator())
            out.insert(action);
    }
}

std::set<const QAction *> inMenus(const MainWindow &window)
{
    std::set<const QAction *> found;
    for (const QAction *menu : window.menuBar()->actions())
        collect(menu->menu(), found);
    return found;
}

/// Shortcuts that act anywhere in the window; those of a list alone may repeat from panel to panel.
bool isOfWindow(const QAction *action)
{
    return action->shortcutContext() == Qt::WindowShortcut
        || action->shortcutContext() == Qt::ApplicationShortcut;
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void panelsAreReachedByKeyboard();
    void aPanelIsEnteredAtItsList();
    void everyCommandStandsInAMenu();
    void shortcutsAreUnique();
    void controlsWithoutWordsHaveNames();
    void paletteRunsCommandsAndGoesToPlaces();
    void paletteGivesTheFocusBack();
    void historyGoesBackAndForth();
    void questionMarkIsTextWhileTyping();
    void sessionComesBack();
    void twoCrashesLeaveTheGatewayStopped();
    void firstStartAsksAndForgetsTheToken();
    void aStretchedWelcomeStaysTogether();
    void themeChoiceHoldsAtOnce();
    void minimumSizeFits();
    void firstSizeLeavesRoomForTheFrame();

private:
    void begin();
    [[nodiscard]] QString currentPanel() const { return m_window->currentPanel()->id(); }
    void typeInPalette(const QString &text);

    std::unique_ptr<World> m_world;
    std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::init()
{
    m_world = std::make_unique<World>();
    QVERIFY(m_world->open());
    m_world->settle();
    QTRY_VERIFY(m_world->control().settings().captureAsked);
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_world.reset();
}

void TestMainWindow::begin()
{
    m_window = std::make_unique<MainWindow>(m_world->control(), m_world->theme());
    m_window->begin();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestMainWindow::typeInPalette(const QString &text)
{
    QTest::keyClick(m_window.get(), Qt::Key_K, Qt::ControlModifier);
    auto *palette = m_window->findChild<Palette *>();
    QVERIFY(palette->isVisible());
    palette->findChild<QLineEdit *>()->clear();
    QTest::keyClicks(palette->findChild<QLineEdit *>(), text);
}

void TestMainWindow::panelsAreReachedByKeyboard()
{
    begin();
    QStringList seen;
    for (int key = Qt::Key_1; key <= Qt::Key_5; ++key) {
        QTest::keyClick(m_window.get(), Qt::Key(key), Qt::ControlModifier);
        seen += currentPanel();
    }
    QCOMPARE(seen, (QStringList{u"home"_s, u"logs"_s, u"catalog"_s, u"keys"_s, u"settings"_s}));
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QTest::keyClick(m_window.get(), Qt::Key_Comma, Qt::ControlModifier);
    QCOMPARE(currentPanel(), u"settings"_s);
}

void TestMainWindow::aPanelIsEnteredAtItsList()
{
    begin();
    QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget()->objectName(), u"accounts"_s);
    m_window->currentPanel()->findChild<QAbstractButton *>(u"addAccount"_s)->setFocus();
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QVERIFY(m_window->currentPanel()->isAncestorOf(QApplication::focusWidget()));
    m_world->control().startGateway();
    QTRY_COMPARE(m_world->control().gateway().state, control::GatewayStatus::State::Running);
    m_world->control().sendTestRequest([](const Result<RequestId> &) { });
    QTRY_COMPARE(QApplication::focusWidget()->objectName(), u"requests"_s); // from the empty list's place
    QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget()->objectName(), u"accounts"_s); // not the button it was left at
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget()->objectName(), u"requests"_s);
    m_window->currentPanel()->findChild<QAbstractButton *>(u"pause"_s)->setFocus();
    QTest::keyClick(m_window.get(), Qt::Key_1, Qt::ControlModifier);
    QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(QApplication::focusWidget()->objectName(), u"requests"_s);
}

void TestMainWindow::everyCommandStandsInAMenu()
{
    begin();
    for (Panel *panel : m_window->panels()) {
        m_window->goTo({.panel = panel->id()});
        const auto shown = inMenus(*m_window);
        QList<QAction *> commands = m_window->actions().all() + panel->commands();
        for (const QAction *command : commands)
            QVERIFY2(command->isSeparator() || shown.contains(command),
                     qPrintable(panel->id() + command->text()));
    }
}

void TestMainWindow::shortcutsAreUnique()
{
    begin();
    for (Panel *panel : m_window->panels()) {
        m_window->goTo({.panel = panel->id()});
        std::map<QString, const QAction *> ofWindow;
        std::map<QString, const QAction *> ofList;
        for (const QAction *action : inMenus(*m_window)) {
            for (const QKeySequence &sequence : action->shortcuts()) {
                auto &taken = isOfWindow(action) ? ofWindow : ofList;
                const auto [at, fresh] = taken.emplace(sequence.toString(), action);
                QVERIFY2(fresh,
                         qPrintable(u"%1: %2 and %3"_s.arg(sequence.toString(), at->second->text(),
                                                           action->text())));
            }
        }
    }
}

void TestMainWindow::controlsWithoutWordsHaveNames()
{
    begin();
    for (Panel *panel : m_window->panels()) {
        m_window->goTo({.panel = panel->id()});
        for (const QAbstractButton *button : m_window->findChildren<QAbstractButton *>())
            if (button->isVisible() && button->focusPolicy() != Qt::NoFocus)
                QVERIFY2(
                    !button->text().isEmpty() || !button->accessibleName().isEmpty(),
                    qPrintable(panel->id() + u' ' + QLatin1StringView(button->metaObject()->className())));
    }
}

void TestMainWindow::paletteRunsCommandsAndGoesToPlaces()
{
    begin();
    auto *palette = m_window->findChild<Palette *>();
    typeInPalette(u"catal"_s);
    QTest::keyClick(palette->findChild<QLineEdit *>(), Qt::Key_Return);
    QVERIFY(!palette->isVisible());
    QCOMPARE(currentPanel(), u"catalog"_s);

    typeInPalette(u">gateway settings"_s);
    QTest::keyClick(palette->findChild<QLineEdit *>(), Qt::Key_Return);
    QCOMPARE(currentPanel(), u"settings"_s);

    typeInPalette(u"@practice/echo"_s);
    QVERIFY(palette->model().results() > 0);
    QTest::keyClick(palette->findChild<QLineEdit *>(), Qt::Key_Return);
    QCOMPARE(currentPanel(), u"catalog"_s);

    typeInPalette(u"keep bodies"_s);
    QTest::keyClick(palette->findChild<QLineEdit *>(), Qt::Key_Return);
    QCOMPARE(currentPanel(), u"settings"_s);
    QVERIFY(m_window->currentPanel()->place() == (Place{.panel = u"settings"_s, .query = u"storage"_s}));
}

void TestMainWindow::paletteGivesTheFocusBack()
{
    begin();
    m_window->goTo({.panel = u"settings"_s});
    QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier);
    const QPointer<QWidget> before = QApplication::focusWidget();
    QVERIFY(qobject_cast<QLineEdit *>(before));
    typeInPalette(u"xyz"_s);
    auto *palette = m_window->findChild<Palette *>();
    QTest::keyClick(palette->findChild<QLineEdit *>(), Qt::Key_Escape);
    QVERIFY(!palette->isVisible());
    QCOMPARE(QApplication::focusWidget(), before);
}

void TestMainWindow::historyGoesBackAndForth()
{
    begin();
    m_window->goTo({.panel = u"logs"_s, .query = u"is:error"_s});
    m_window->goTo({.panel = u"settings"_s, .query = u"storage"_s});
    QTest::keyClick(m_window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(currentPanel(), u"logs"_s);
    QTest::keyClick(m_window.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(currentPanel(), u"home"_s);
    QVERIFY(!m_window->actions().back->isEnabled());
    QTest::keyClick(m_window.get(), Qt::Key_Right, Qt::AltModifier);
    QTest::keyClick(m_window.get(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(currentPanel(), u"settings"_s);
}

void TestMainWindow::questionMarkIsTextWhileTyping()
{
    begin();
    m_window->goTo({.panel = u"settings"_s});
    QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier);
    auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(field);
    QTest::keyClicks(field, u"?"_s);
    QCOMPARE(field->text(), u"?"_s);
}

void TestMainWindow::sessionComesBack()
{
    begin();
    m_window->resize(1111, 700);
    m_window->goTo({.panel = u"settings"_s, .query = u"appearance"_s});
    const QString file = m_world->directory() + u"/session.json"_s;
    const auto written = [&file] {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) && in.readAll().contains("\"page\":\"appearance\"");
    };
    QTRY_VERIFY_WITH_TIMEOUT(written(), 1500);
    m_window.reset();
    begin();
    QCOMPARE(currentPanel(), u"settings"_s);
    QCOMPARE(m_window->currentPanel()->place().query, u"appearance"_s);
    QCOMPARE(m_window->width(), 1111);
}

void TestMainWindow::twoCrashesLeaveTheGatewayStopped()
{
    control::Settings settings = m_world->control().settings();
    settings.startWithProgram = true;
    m_world->control().changeSettings(settings, [](const Result<> &) { });
    QTRY_VERIFY(m_world->control().settings().startWithProgram);
    for (int crash = 0; crash < 2; ++crash) {
        Session session(m_world->directory());
        session.beginRun();
    }
    begin();
    auto *banner = m_window->centralWidget()->findChild<Banner *>(QString(), Qt::FindDirectChildrenOnly);
    QVERIFY(banner->isVisible());
    QVERIFY(banner->findChild<PlainLabel *>()->text().contains(u"2 times"_s));
    QCOMPARE(m_world->control().gateway().state, control::GatewayStatus::State::Stopped);
    banner->findChild<QPushButton *>()->click();
    QVERIFY(!banner->isVisible());
    QTRY_COMPARE(m_world->control().gateway().state, control::GatewayStatus::State::Running);
}

void TestMainWindow::firstStartAsksAndForgetsTheToken()
{
    WelcomeOptions options{.askCapture = true,
                           .token = std::make_shared<const SecretBytes>(SecretBytes::copy("pk-canary")),
                           .baseUrl = u"http://127.0.0.1:8787/v1"_s};
    const std::weak_ptr<const SecretBytes> watched = options.token;
    QPointer<WelcomeDialog> dialog = new WelcomeDialog(options, nullptr);
    options.token.reset();
    QSignalSpy answered(dialog, &WelcomeDialog::answered);
    QCOMPARE(dialog->capture(), trace::CaptureLevel::Full);
    for (const QWidget *child : dialog->findChildren<QWidget *>())
        for (const char *property : {"text", "plainText", "accessibleName", "toolTip"})
            QVERIFY(!child->property(property).toString().contains(u"canary"_s));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QCOMPARE(answered.count(), 1);
    QTRY_VERIFY(!dialog);
    QVERIFY(watched.expired());
}

void TestMainWindow::aStretchedWelcomeStaysTogether()
{
    WelcomeDialog dialog(
        WelcomeOptions{.askCapture = true,
                       .token = std::make_shared<const SecretBytes>(SecretBytes::copy("pk-canary")),
                       .baseUrl = u"http://127.0.0.1:8787/v1"_s},
        nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    auto *page = dialog.findChild<QWidget *>(u"page"_s);
    const QSize before = page->size();
    QVERIFY(page->height() <= dialog.height());
    dialog.resize(dialog.size() * 2);
    QTRY_VERIFY(page->x() > 0); // laid out anew
    QCOMPARE(page->size(), before);
}

void TestMainWindow::themeChoiceHoldsAtOnce()
{
    begin();
    for (QAction *choice : m_window->actions().theme->actions())
        if (choice->data().toString() == u"dark"_s)
            choice->trigger();
    QTRY_COMPARE(m_world->theme().mode(), Mode::Dark);
    QCOMPARE(m_world->control().settings().theme, u"dark"_s);
}

void TestMainWindow::minimumSizeFits()
{
    begin();
    for (Panel *panel : m_window->panels()) {
        m_window->goTo({.panel = panel->id()});
        m_window->resize(900, 560);
        QCOMPARE(m_window->size(), QSize(900, 560));
        QVERIFY2(m_window->minimumSizeHint().width() <= 900 && m_window->minimumSizeHint().height() <= 560,
                 qPrintable(panel->id()));
    }
}

void TestMainWindow::firstSizeLeavesRoomForTheFrame()
{
    const MainWindow window(m_world->control(), m_world->theme());
    const QSize available = window.screen()->availableSize();
    QVERIFY(window.height() <= std::max(available.height() - 40, window.minimumHeight()));
    QVERIFY(window.width() <= std::max(available.width() - 10, window.minimumWidth()));
}

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
