// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "ui/home/gatewaylook.h"
#include "ui/home/homepanel.h"
#include "ui/shell/actions.h"
#include "ui/shell/gatewaybar.h"
#include "ui/shell/palette.h"
#include "ui/shell/panels.h"
#include "ui/shell/problemspopup.h"
#include "ui/shell/rail.h"
#include "ui/shell/statusbar.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/toasthost.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QMenuBar>
#include <QScreen>
#include <QStackedWidget>
#include <QUndoStack>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr QSize kLeast{900, 560};
constexpr QSize kFirst{1280, 800};
constexpr QSize kFrame{16,
                       48}; // room for the window manager's, whose size is known only after the first show
constexpr int kNoteAfterMs = 200;
constexpr auto kWindow = "window"_L1;
constexpr auto kPanels = "panels"_L1;

} // namespace

MainWindow::MainWindow(control::Control &control, Theme &theme, std::unique_ptr<Tray> tray, QWidget *parent)
    : QMainWindow(parent)
    , m_control(control)
    , m_theme(theme)
    , m_session(control.dataDirectory())
    , m_tray(std::move(tray))
{
    // Hidden in the tray is not gone.
    QGuiApplication::setQuitOnLastWindowClosed(false);
    setWindowTitle(tr("Portolan"));
    setWindowIcon(lineIcon(Icon::Route, Role::Accent));
    setMinimumSize(kLeast);
    resize(kFirst.boundedTo(screen()->availableSize() - kFrame));
    applyAppearance();
    createContent();
    m_actions = new Actions(m_panels, this);
    addActions(m_actions->all());
    m_palette = new Palette(this, [this](const QString &typed) { return offerFor(*this, m_control, typed); });
    m_problems = new ProblemsPopup(this);
    m_toasts = new ToastHost(m_stack);
    connectTray();
    connectActions();
    connectPanels();
    connectControl();
    m_noteSoon.setSingleShot(true);
    m_noteSoon.setInterval(kNoteAfterMs);
    connect(&m_noteSoon, &QTimer::timeout, this, &MainWindow::collectState);
    setCurrent(m_panels.front());
}

MainWindow::~MainWindow()
{
    delete m_toasts; // commits what waits for its toast while panels and control are still there
}

void MainWindow::createContent()
{
    const Metrics metrics;
    auto *content = new QWidget(this);
    m_bar = new GatewayBar(content);
    m_bar->setFixedHeight(metrics.gatewayBar());
    m_banner = new Banner(content);
    m_rail = new Rail(content);
    m_stack = new QStackedWidget(content);
    m_status = new StatusBar(content);
    m_status->setFixedHeight(metrics.statusBar());
    m_panels = createPanels(m_control, m_stack);
    for (size_t i = 0; i < m_panels.size(); ++i) {
        Panel *panel = m_panels[i];
        m_stack->addWidget(panel);
        if (!panel->focusProxy() && panel->focusPolicy() == Qt::NoFocus)
            panel->setFocusPolicy(Qt::ClickFocus);
        m_rail->add(panel->id(), panel->title(), panel->icon(), u"Ctrl+%1"_s.arg(i + 1));
    }

    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addWidget(m_stack, 1);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_banner);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    setCentralWidget(content);
}

void MainWindow::connectTray()
{
    if (!m_tray)
        return;
    connect(m_tray.get(), &Tray::openClicked, this, &MainWindow::bringToFront);
    connect(m_tray.get(), &Tray::copyClicked, m_actions->copyAddress, &QAction::trigger);
    connect(m_tray.get(), &Tray::switchClicked, this, [this] {
        const bool starts = lookOf(m_control.gateway().state).does == GatewayLook::Switch::Start;
        if (!m_finishing || !starts)
            throwSwitch(m_control);
    });
    connect(m_tray.get(), &Tray::quitClicked, this, &MainWindow::quit);
}

void MainWindow::connectPanels()
{
    for (Panel *panel : m_panels) {
        connect(panel, &Panel::goTo, this, &MainWindow::goTo);
        connect(panel, &Panel::toast, m_toasts, &ToastHost::show);
        connect(panel, &Panel::stateChanged, this, &MainWindow::noteState);
        connect(panel, &Panel::placeChanged, this, [this, panel] {
            if (panel == currentPanel())
                m_places.visit(panel->place());
            refreshUndo();
        });
        connect(panel, &Panel::commandsChanged, this, [this, panel] {
            if (panel == currentPanel())
                m_actions->fill(*menuBar(), panel);
        });
        if (QUndoStack *stack = panel->undoStack())
            connect(stack, &QUndoStack::indexChanged, this, &MainWindow::refreshUndo);
    }
    if (auto *home = findChild<HomePanel *>()) {
        connect(home, &HomePanel::makeKey, m_actions->makeKey, &QAction::trigger);
        connect(home, &HomePanel::sendTest, m_actions->sendTest, &QAction::trigger);
    }
    connect(m_rail, &Rail::chosen, this, [this](const QString &id) { goTo({.panel = id}); });
    connect(m_status, &StatusBar::goTo, this, &MainWindow::goTo);
    connect(m_status, &StatusBar::problemsClicked, this, &MainWindow::openProblems);
    connect(m_problems, &ProblemsPopup::goTo, this, &MainWindow::goTo);
    connect(m_toasts, &ToastHost::changed, this, &MainWindow::refreshUndo);
    connect(m_palette, &Palette::chosen, this, &MainWindow::run);
    connect(m_bar, &GatewayBar::switchClicked, this, [this] { throwSwitch(m_control); });
    connect(m_bar, &GatewayBar::searchClicked, this, [this] { m_palette->open(); });
    connect(m_bar, &GatewayBar::badgeClicked, this,
            [this] { goTo({.panel = u"settings"_s, .query = u"gateway/openOnLoopback"_s}); });
}

void MainWindow::connectControl()
{
    using control::Control;
    connect(&m_control, &Control::gatewayChanged, this, &MainWindow::showGateway);
    connect(&m_control, &Control::pulseChanged, this, [this] {
        m_status->setPulse(m_control.pulse());
        if (m_tray)
            m_tray->setCostToday(m_control.pulse().today.cost);
    });
    connect(&m_control, &Control::problemsChanged, this, [this] {
        m_status->setProblems(m_control.problems());
        m_problems->setProblems(m_control.problems());
    });
    connect(&m_control, &Control::settingsChanged, this, &MainWindow::applyAppearance);
    showGateway();
    m_status->setPulse(m_control.pulse());
    m_status->setProblems(m_control.problems());
    m_problems->setProblems(m_control.problems());
}

void MainWindow::showGateway()
{
    const control::GatewayStatus &status = m_control.gateway();
    const GatewayLook look = lookOf(status.state);
    m_bar->setStatus(status);
    m_actions->toggleGateway->setText(look.menuAction);
    m_actions->toggleGateway->setIcon(lineIcon(look.icon, Role::TextMuted));
    m_actions->copyAddress->setEnabled(!status.baseUrl.isEmpty());
    m_actions->sendTest->setEnabled(status.state == control::GatewayStatus::State::Running);
    if (m_tray)
        m_tray->setStatus(status);
}

Panel *MainWindow::currentPanel() const
{
    return qobject_cast<Panel *>(m_stack->currentWidget());
}

void MainWindow::setCurrent(Panel *panel)
{
    const bool other = panel != currentPanel() || m_rail->current().isEmpty();
    QWidget *last = panel->focusWidget(); // the stack sets a focus of its own when it switches
    m_stack->setCurrentWidget(panel);
    m_rail->setCurrent(panel->id());
    if (other)
        m_actions->fill(*menuBar(), panel);
    panel->entered();
    refreshUndo();
    // Keys of the panel act at once: where one was last, else the panel's own choice. A button was only
    // passed by.
    if (!other && panel->isAncestorOf(focusWidget()))
        return;
    if (last && last->isVisibleTo(panel) && last->isEnabled() && !qobject_cast<QAbstractButton *>(last))
        last->setFocus();
    else
        panel->setFocus();
}

void MainWindow::goTo(const Place &place)
{
    const auto found
        = std::ranges::find_if(m_panels, [&place](const Panel *p) { return p->id() == place.panel; });
    if (found == m_panels.end())
        return; // a place of a panel that this version does not have
    setCurrent(*found);
    if (!place.query.isEmpty() || place.id != 0)
        (*found)->visit(place);
    m_places.visit((*found)->place());
    m_actions->back->setEnabled(m_places.canGoBack());
    m_actions->forward->setEnabled(m_places.canGoForward());
    noteState();
}

void MainWindow::walk(const std::optional<Place> &place)
{
    if (!place)
        return;
    const Places walked = m_places; // going there must not drop what lies ahead
    goTo(*place);
    m_places = walked;
    m_actions->back->setEnabled(m_places.canGoBack());
    m_actions->forward->setEnabled(m_places.canGoForward());
}

void MainWindow::refreshUndo()
{
    QUndoStack *stack = currentPanel() ? currentPanel()->undoStack() : nullptr;
    m_actions->undo->setEnabled(m_toasts->canUndo() || (stack && stack->canUndo()));
    m_actions->redo->setEnabled(stack && stack->canRedo());
    m_actions->back->setEnabled(m_places.canGoBack());
    m_actions->forward->setEnabled(m_places.canGoForward());
}

void MainWindow::applyAppearance()
{
    const control::Settings &settings = m_control.settings();
    m_theme.setChoice(settings.theme == "dark"_L1        ? ThemeChoice::Dark
                          : settings.theme == "light"_L1 ? ThemeChoice::Light
                                                         : ThemeChoice::System);
    m_theme.setDensity(settings.density == "compact"_L1 ? Density::Compact : Density::Comfortable);
    m_theme.setFontPercent(settings.fontPercent);
    m_theme.setReducedMotion(settings.reducedMotion);
    if (!m_actions)
        return;
    for (QAction *choice : m_actions->theme->actions())
        choice->setChecked(choice->data().toString() == settings.theme);
    for (QAction *choice : m_actions->density->actions())
        choice->setChecked(choice->data().toString() == settings.density);
}

void MainWindow::noteState()
{
    // The session writes some 0.7 s later: together within the second that a crash may cost.
    if (m_begun && !m_noteSoon.isActive())
        m_noteSoon.start();
}

void MainWindow::collectState()
{
    QJsonObject window{{u"geometry"_s, QString::fromLatin1(saveGeometry().toBase64())},
                       {u"panel"_s, currentPanel()->id()},
                       {u"recent"_s, QJsonArray::fromStringList(m_palette->recent())}};
    m_session.setValue(kWindow, window);
    QJsonObject panels;
    for (const Panel *panel : m_panels)
        panels[panel->id()] = panel->saveState();
    m_session.setValue(kPanels, panels);
}

void MainWindow::restoreState()
{
    const QJsonObject window = m_session.value(kWindow);
    restoreGeometry(QByteArray::fromBase64(window[u"geometry"_s].toString().toLatin1()));
    QStringList recent;
    for (const QJsonValue &key : window[u"recent"_s].toArray())
        recent.append(key.toString());
    m_palette->setRecent(recent);
    const QJsonObject panels = m_session.value(kPanels);
    for (Panel *panel : m_panels)
        if (panels.contains(panel->id()))
            panel->restoreState(panels[panel->id()].toObject());
    goTo({.panel = window[u"panel"_s].toString(m_panels.front()->id())});
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_free) {
        event->accept();
        return;
    }
    event->ignore();
    if (m_finishing)
        return;
    const QString &action = m_control.settings().closeAction;
    if (!m_tray || action == "quit"_L1)
        quit();
    else if (action == "tray"_L1)
        hide();
    else
        askAboutClosing();
}

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    // The end of the session or a signal: not the moment for questions, nor to hold the desktop up.
    if (watched == qApp && event->type() == QEvent::Quit && !m_free) {
        finish();
        return !m_free;
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::WindowStateChange && m_actions)
        m_actions->fullScreen->setChecked(isFullScreen());
    if (event->type() == QEvent::StyleChange && m_bar) {
        m_bar->setFixedHeight(Metrics().gatewayBar());
        m_status->setFixedHeight(Metrics().statusBar());
    }
    QMainWindow::changeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    noteState();
}

void MainWindow::moveEvent(QMoveEvent *event)
{
    QMainWindow::moveEvent(event);
    noteState();
}

} // namespace portolan::ui
