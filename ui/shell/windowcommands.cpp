// SPDX-License-Identifier: GPL-3.0-or-later
// The half of MainWindow that carries out its commands.
#include "ui/home/gatewaylook.h"
#include "ui/shell/actions.h"
#include "ui/shell/finishing.h"
#include "ui/shell/keylist.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/palette.h"
#include "ui/shell/problemspopup.h"
#include "ui/shell/statusbar.h"
#include "ui/shell/tray.h"
#include "ui/shell/welcome.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/toasthost.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QPointer>
#include <QUndoStack>

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kTextStep = 10;
constexpr int kSmallestText = 80;
constexpr int kLargestText = 200;

} // namespace

void MainWindow::begin()
{
    if (m_begun)
        return;
    restoreState();
    m_begun = true;
    const bool suspicious = m_session.isSuspicious();
    m_session.beginRun();
    connect(qApp, &QCoreApplication::aboutToQuit, this, [this] {
        collectState();
        m_session.endRun();
    });
    qApp->installEventFilter(this);
    show();
    if (suspicious) {
        m_banner->say(Banner::Kind::Warning,
                      tr("Portolan ended unexpectedly the last %n times, so the gateway was not started. If "
                         "it ends again "
                         "after Start, look at Problems and at what ran last in Logs.",
                         nullptr, m_session.crashesBefore()),
                      tr("Start the gateway"));
    } else if (m_control.settings().startWithProgram) {
        m_control.startGateway();
    }
    welcome();
}

void MainWindow::connectActions()
{
    const Actions &actions = *m_actions;
    const auto on = [this](QAction *action, auto act) { connect(action, &QAction::triggered, this, act); };
    on(actions.addAccount, [this] { goTo({.panel = u"catalog"_s, .query = u"new"_s}); });
    on(actions.makeKey, [this] { goTo({.panel = u"keys"_s, .query = u"new"_s}); });
    on(actions.sendTest, &MainWindow::sendTest);
    on(actions.closeWindow, [this] { close(); });
    on(actions.quit, &MainWindow::quit);
    on(actions.undo, [this] {
        if (!m_toasts->undoLatest())
            if (QUndoStack *stack = currentPanel()->undoStack())
                stack->undo();
    });
    on(actions.redo, [this] {
        if (QUndoStack *stack = currentPanel()->undoStack())
            stack->redo();
    });
    on(actions.find, [this] { currentPanel()->focusFind(); });
    on(actions.palette, [this] { m_palette->open(); });
    on(actions.settings, [this] { goTo({.panel = u"settings"_s}); });
    for (QAction *panel : actions.panels)
        on(panel, [this, panel] { goTo({.panel = panel->data().toString()}); });
    on(actions.back, [this] { walk(m_places.back()); });
    on(actions.forward, [this] { walk(m_places.forward()); });
    on(actions.refresh, [this] { currentPanel()->refresh(); });
    on(actions.problems, &MainWindow::openProblems);
    on(actions.nextProblem, &MainWindow::goToNextProblem);
    on(actions.largerText, [this] { changeTextSize(kTextStep); });
    on(actions.smallerText, [this] { changeTextSize(-kTextStep); });
    on(actions.fullScreen, [this](bool full) { full ? showFullScreen() : showNormal(); });
    on(actions.toggleGateway, [this] { throwSwitch(m_control); });
    on(actions.copyAddress, [this] {
        QGuiApplication::clipboard()->setText(m_control.gateway().baseUrl);
        say(tr("Address copied."));
    });
    on(actions.gatewaySettings, [this] { goTo({.panel = u"settings"_s, .query = u"gateway"_s}); });
    on(actions.panelHelp, [this] { openKeyList(currentPanel()->title(), currentPanel()->help()); });
    on(actions.keys, [this] { openKeyList(tr("Keys"), {}); });
    on(actions.about, [this] { goTo({.panel = u"settings"_s, .query = u"about"_s}); });
    connect(actions.theme, &QActionGroup::triggered, this, [this](const QAction *chosen) {
        control::Settings settings = m_control.settings();
        settings.theme = chosen->data().toString();
        change(settings);
    });
    connect(actions.density, &QActionGroup::triggered, this, [this](const QAction *chosen) {
        control::Settings settings = m_control.settings();
        settings.density = chosen->data().toString();
        change(settings);
    });
    connect(m_banner, &Banner::actionClicked, this, [this] {
        m_banner->clear();
        m_control.startGateway();
    });
    applyAppearance();
}

void MainWindow::change(const control::Settings &settings)
{
    m_control.changeSettings(settings, [self = QPointer(this)](Result<> done) {
        if (self && !done)
            self->say(QString::fromStdString(done.error().message));
    });
}

void MainWindow::changeTextSize(int byPercent)
{
    control::Settings settings = m_control.settings();
    settings.fontPercent = std::clamp(settings.fontPercent + byPercent, kSmallestText, kLargestText);
    change(settings);
}

void MainWindow::say(const QString &text)
{
    m_toasts->show({.text = text, .undo = {}, .commit = {}});
}

void MainWindow::openKeyList(const QString &title, const QString &help)
{
    std::vector<KeyGroup> groups;
    const Panel *current = currentPanel();
    if (!current->commands().isEmpty())
        groups.push_back({current->title(), current->commands()});
    groups.push_back({tr("Everywhere"), m_actions->all()});
    for (const Panel *panel : m_panels)
        if (panel != current && !panel->commands().isEmpty() && help.isEmpty())
            groups.push_back({panel->title(), panel->commands()});
    (new KeyList(title, help, groups, this))->open();
}

void MainWindow::openProblems()
{
    m_problems->setProblems(m_control.problems());
    m_problems->openAbove(
        m_status->problemsItem()->isVisible() ? static_cast<QWidget *>(m_status->problemsItem()) : m_status);
}

void MainWindow::goToNextProblem()
{
    const auto &problems = m_control.problems();
    if (problems.empty()) {
        say(tr("Nothing needs you."));
        return;
    }
    const control::Problem &problem = problems[m_problemAt++ % problems.size()];
    if (!problem.panel.isEmpty())
        goTo({.panel = problem.panel});
    say(problem.text);
}

void MainWindow::sendTest()
{
    m_control.sendTestRequest([self = QPointer(this)](Result<RequestId> sent) {
        if (!self)
            return;
        if (sent)
            self->goTo({.panel = u"logs"_s, .id = sent->value});
        else
            self->say(QString::fromStdString(sent.error().message));
    });
}

void MainWindow::welcome()
{
    WelcomeOptions options{.askCapture = !m_control.settings().captureAsked,
                           .token = m_control.takeFirstToken(),
                           .baseUrl = m_control.gateway().baseUrl};
    if (!options.askCapture && !options.token)
        return;
    auto *dialog = new WelcomeDialog(options, this);
    if (options.askCapture) {
        connect(dialog, &WelcomeDialog::answered, this, [this](trace::CaptureLevel level) {
            control::Settings settings = m_control.settings();
            settings.capture = level;
            settings.captureAsked = true;
            change(settings);
        });
    }
    dialog->open();
}

void MainWindow::bringToFront()
{
    if (m_finishing) {
        m_finishing->bringNoteUp();
        return;
    }
    show();
    setWindowState(windowState() & ~Qt::WindowMinimized);
    raise();
    activateWindow();
}

void MainWindow::askAboutClosing()
{
    const auto remember = [this](const QString &action) {
        control::Settings settings = m_control.settings();
        settings.closeAction = action;
        change(settings);
    };
    if (m_closeQuestion && m_closeQuestion->isVisible()) {
        m_closeQuestion->raise();
        m_closeQuestion->activateWindow();
        return;
    }
    m_closeQuestion = ask(
        this, tr("Keep the gateway running?"),
        tr("Portolan can stay in the tray and go on serving your programs, or quit and stop the gateway. You "
           "are asked "
           "only this time; Settings, Gateway has the choice."),
        {{.text = tr("Keep running in the tray"),
          .act =
              [this, remember] {
                  remember(u"tray"_s);
                  hide();
              },
          .main = true},
         {.text = tr("Quit"), .act = [this, remember] {
              remember(u"quit"_s);
              quit();
          }}});
}

void MainWindow::quit()
{
    if (m_finishing) {
        m_finishing->bringNoteUp();
        return;
    }
    const int active = m_control.gateway().active;
    if (active == 0) {
        finish();
        return;
    }
    bringToFront();
    if (m_quitQuestion && m_quitQuestion->isVisible()) {
        m_quitQuestion->raise();
        m_quitQuestion->activateWindow();
        return;
    }
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(m_control.settings().limits.drain).count();
    m_quitQuestion = ask(
        this, active == 1 ? tr("1 request is running") : tr("%n requests are running", nullptr, active),
        tr("Quitting lets them run for up to %1 s more and then ends them: their programs get an error.")
            .arg(seconds),
        {{.text = tr("Quit"), .act = [this] { finish(); }}});
}

void MainWindow::finish()
{
    if (m_finishing)
        return;
    m_finishing = new Finishing(m_control, this);
    for (auto *dialog : findChildren<QDialog *>())
        dialog->done(QDialog::Rejected); // without a question about edits
    hide();
    connect(m_finishing, &Finishing::done, this, [this] {
        m_free = true;
        emit finished();
    });
    m_finishing->begin();
}

void MainWindow::run(const PaletteEntry &entry)
{
    noteState();
    if (!entry.panel.isEmpty())
        goTo({.panel = entry.panel});
    if (entry.command)
        entry.command->trigger();
    else if (!entry.what.place.panel.isEmpty())
        goTo(entry.what.place);
}

} // namespace portolan::ui
