// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/panel.h"

#include <QActionGroup>
#include <QObject>

#include <vector>

class QMenuBar;

namespace portolan::ui {

/// The commands of the window itself, each with its words and shortcut, and the menus that hold them together
/// with those of the panel on screen. What they do is connected by the window.
class Actions : public QObject
{
    Q_OBJECT

public:
    explicit Actions(const std::vector<Panel *> &panels, QObject *parent);

    /// Fills the menu bar anew: five menus, the current panel's commands as a group of their own in each.
    void fill(QMenuBar &bar, const Panel *current) const;
    /// Every command of the window, for the palette and the list of keys.
    [[nodiscard]] QList<QAction *> all() const;

    QAction *addAccount = nullptr;
    QAction *makeKey = nullptr;
    QAction *sendTest = nullptr;
    QAction *closeWindow = nullptr;
    QAction *quit = nullptr;

    QAction *undo = nullptr;
    QAction *redo = nullptr;
    QAction *find = nullptr;
    QAction *palette = nullptr;
    QAction *settings = nullptr;

    std::vector<QAction *> panels{}; ///< in the order of the rail; data() is the panel's id
    QAction *back = nullptr;
    QAction *forward = nullptr;
    QAction *refresh = nullptr;
    QAction *problems = nullptr;
    QAction *nextProblem = nullptr;
    QActionGroup *theme = nullptr;   ///< data(): "system", "light", "dark"
    QActionGroup *density = nullptr; ///< data(): "comfortable", "compact"
    QAction *largerText = nullptr;
    QAction *smallerText = nullptr;
    QAction *fullScreen = nullptr;

    QAction *toggleGateway = nullptr;
    QAction *copyAddress = nullptr;
    QAction *gatewaySettings = nullptr;

    QAction *panelHelp = nullptr;
    QAction *keys = nullptr;
    QAction *about = nullptr;

private:
    QAction *make(const QString &text, const QList<QKeySequence> &keys = {}, Icon icon = Icon::Minus);
    QActionGroup *makeChoices(const QList<std::pair<QString, QString>> &words);
    void createFileAndEdit();
    void createView(const std::vector<Panel *> &pages);
    void createGatewayAndHelp();
};

} // namespace portolan::ui
