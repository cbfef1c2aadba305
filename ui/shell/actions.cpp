// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/actions.h"

#include <QMenu>
#include <QMenuBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

/// The panel's commands of that menu, below a line.
void addOfPanel(QMenu &menu, const Panel *panel, MenuPlace place)
{
    if (!panel)
        return;
    bool first = true;
    for (QAction *command : panel->commands()) {
        if (menuPlace(command) != place)
            continue;
        if (std::exchange(first, false))
            menu.addSeparator();
        menu.addAction(command);
    }
}

} // namespace

Actions::Actions(const std::vector<Panel *> &pages, QObject *parent)
    : QObject(parent)
{
    createFileAndEdit();
    createView(pages);
    createGatewayAndHelp();
}

QAction *Actions::make(const QString &text, const QList<QKeySequence> &sequences, Icon icon)
{
    auto *action = new QAction(text, this);
    action->setShortcuts(sequences);
    if (icon != Icon::Minus)
        action->setIcon(lineIcon(icon, Role::TextMuted));
    return action;
}

QActionGroup *Actions::makeChoices(const QList<std::pair<QString, QString>> &words)
{
    auto *group = new QActionGroup(this);
    for (const auto &[text, data] : words) {
        auto *action = make(text);
        action->setCheckable(true);
        action->setData(data);
        group->addAction(action);
    }
    return group;
}

void Actions::createFileAndEdit()
{
    addAccount = make(tr("Add a &provider account..."), {}, Icon::Plus);
    makeKey = make(tr("Make a client &key..."), {}, Icon::Key);
    sendTest = make(tr("Send a &test request"), {u"Ctrl+Shift+T"_s}, Icon::Echo);
    closeWindow = make(tr("&Close the window"), {u"Ctrl+W"_s}, Icon::Close);
    quit = make(tr("&Quit"), {u"Ctrl+Q"_s}, Icon::Quit);
    undo = make(tr("&Undo"), {u"Ctrl+Z"_s}, Icon::Undo);
    redo = make(tr("&Redo"), {u"Ctrl+Y"_s, u"Ctrl+Shift+Z"_s});
    find = make(tr("&Find"), {u"Ctrl+F"_s}, Icon::Search);
    palette = make(tr("&Search or run..."), {u"Ctrl+K"_s}, Icon::Search);
    settings = make(tr("S&ettings"), {u"Ctrl+,"_s}, Icon::Sliders);
}

void Actions::createView(const std::vector<Panel *> &pages)
{
    for (size_t i = 0; i < pages.size(); ++i) {
        auto *go = make(pages[i]->title(), {u"Ctrl+%1"_s.arg(i + 1)}, pages[i]->icon());
        go->setData(pages[i]->id());
        panels.push_back(go);
    }
    back = make(tr("&Back"), {u"Alt+Left"_s}, Icon::ChevronLeft);
    forward = make(tr("F&orward"), {u"Alt+Right"_s}, Icon::ChevronRight);
    refresh = make(tr("&Refresh"), {u"F5"_s}, Icon::Sync);
    problems = make(tr("&Problems"), {u"Ctrl+Shift+M"_s}, Icon::Triangle);
    nextProblem = make(tr("&Next problem"), {u"F8"_s});
    theme = makeChoices(
        {{tr("Like the &desktop"), u"system"_s}, {tr("&Light"), u"light"_s}, {tr("&Dark"), u"dark"_s}});
    density = makeChoices({{tr("&Comfortable rows"), u"comfortable"_s}, {tr("Co&mpact rows"), u"compact"_s}});
    largerText = make(tr("L&arger text"), {u"Ctrl++"_s, u"Ctrl+="_s});
    smallerText = make(tr("S&maller text"), {u"Ctrl+-"_s});
    fullScreen = make(tr("F&ull screen"), {u"F11"_s}, Icon::Window);
    fullScreen->setCheckable(true);
}

void Actions::createGatewayAndHelp()
{
    toggleGateway = make(tr("&Start the gateway"), {u"Ctrl+Shift+G"_s}, Icon::Start);
    copyAddress = make(tr("&Copy the address"), {u"Ctrl+Shift+C"_s}, Icon::Copy);
    gatewaySettings = make(tr("Gateway &settings"), {}, Icon::Sliders);
    panelHelp = make(tr("&Help for this panel"), {u"F1"_s}, Icon::CircleHelp);
    keys = make(tr("List of &keys"), {u"?"_s}, Icon::Keyboard);
    about = make(tr("&About Portolan"), {}, Icon::CircleInfo);
}

void Actions::fill(QMenuBar &bar, const Panel *current) const
{
    bar.clear();
    QMenu *file = bar.addMenu(tr("&File"));
    file->addActions({addAccount, makeKey});
    addOfPanel(*file, current, MenuPlace::File);
    file->addSeparator();
    file->addActions({closeWindow, quit});

    QMenu *edit = bar.addMenu(tr("&Edit"));
    edit->addActions({undo, redo});
    edit->addSeparator();
    edit->addActions({find, palette});
    addOfPanel(*edit, current, MenuPlace::Edit);
    edit->addSeparator();
    edit->addAction(settings);

    QMenu *view = bar.addMenu(tr("&View"));
    for (QAction *go : panels)
        view->addAction(go);
    view->addSeparator();
    view->addActions({back, forward, refresh});
    view->addSeparator();
    view->addActions({problems, nextProblem});
    addOfPanel(*view, current, MenuPlace::View);
    view->addSeparator();
    QMenu *look = view->addMenu(tr("A&ppearance"));
    look->addActions(theme->actions());
    look->addSeparator();
    look->addActions(density->actions());
    look->addSeparator();
    look->addActions({largerText, smallerText});
    view->addAction(fullScreen);

    QMenu *gateway = bar.addMenu(tr("&Gateway"));
    gateway->addActions({toggleGateway, copyAddress, sendTest});
    gateway->addSeparator();
    gateway->addAction(gatewaySettings);

    QMenu *help = bar.addMenu(tr("&Help"));
    help->addActions({panelHelp, keys});
    help->addSeparator();
    help->addAction(about);
}

QList<QAction *> Actions::all() const
{
    QList<QAction *> list{addAccount, makeKey, sendTest, toggleGateway, copyAddress, gatewaySettings};
    for (QAction *go : panels)
        list.append(go);
    list += {settings, undo, redo, find, palette, back, forward, refresh, problems, nextProblem};
    list += theme->actions();
    list += density->actions();
    list += {largerText, smallerText, fullScreen, panelHelp, keys, about, closeWindow, quit};
    return list;
}

} // namespace portolan::ui
