// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/icon.h"

#include <QAction>
#include <QJsonObject>
#include <QList>
#include <QWidget>

#include <functional>
#include <vector>

class QUndoStack;

namespace portolan::ui {

/// Somewhere to be in the window: what the history of places, links and the palette carry.
struct Place {
    QString panel{}; ///< Panel::id(): "home", "logs", "catalog", "keys", "settings"
    QString query{}; ///< for Logs a filter ("is:error last:15m"), for Catalog "account:SLUG", "model:SLUG/ID"
                     ///< or "new", for Keys see KeysPanel::visit, for Settings "page" or "page/field"
    qint64 id = 0;   ///< for Logs the request to show

    friend bool operator==(const Place &, const Place &) = default;
};

/// A short notice at the foot of the window that goes away by itself; with `undo` it offers Undo (10 s and
/// Ctrl+Z).
struct Toast {
    QString text{};
    std::function<void()> undo{};
    /// Run when the toast has gone without Undo: what cannot be taken back happens here. May be empty.
    std::function<void()> commit{};
};

/// Something a panel offers to the palette.
struct Finding {
    QString group{}; ///< heading it stands under: "Requests", "Saved filters", "Models"
    Icon icon = Icon::Search;
    Role iconRole = Role::TextMuted;
    QString text{};
    QString detail{}; ///< muted, behind the text
    QString hint{};   ///< at the right edge: "#8402"
    Place place{};    ///< where Enter goes
};

/// Menu of the window that shows a panel's command; Edit when nothing was said.
enum class MenuPlace { File, Edit, View };
void setMenuPlace(QAction *command, MenuPlace place);
[[nodiscard]] MenuPlace menuPlace(const QAction *command);

/// One page of the window. Panels know nothing of one another: they ask the shell to go elsewhere (goTo), to
/// show a toast, and to keep their state. Single-letter shortcuts belong to the list or canvas they act in
/// (Qt::WidgetWithChildrenShortcut), so that they never act while typing.
class Panel : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    [[nodiscard]] virtual QString id() const = 0; ///< stable, lower case, e.g. "logs"
    [[nodiscard]] virtual QString title() const
        = 0; ///< translated, one word: stands under the icon of the rail
    [[nodiscard]] virtual Icon icon() const = 0;

    /// Every command of the panel, with its shortcut, for menus, the palette and the list of keys. The panel
    /// owns them and keeps their enabled state; an action that is a separator parts groups.
    [[nodiscard]] virtual QList<QAction *> commands() const { return {}; }

    /// Undo of this panel's edits, if it has some: the shell's Undo and Redo act on it while the panel is on
    /// screen.
    [[nodiscard]] virtual QUndoStack *undoStack() { return nullptr; }
    /// A few sentences for F1: what the panel is for and how to begin.
    [[nodiscard]] virtual QString help() const { return {}; }

    virtual void focusFind() { }          ///< Ctrl+F
    virtual void refresh() { }            ///< F5
    virtual void visit(const Place &) { } ///< shows that place; the panel is on screen already or about to be
    [[nodiscard]] virtual Place place() const { return {.panel = id()}; } ///< where it is now
    /// The panel came on screen: time to bring its content up to date. A hidden panel neither repaints nor
    /// queries.
    virtual void entered() { }

    /// View state for the session: columns, splitters, filter, range. No secrets, no copies of bodies.
    [[nodiscard]] virtual QJsonObject saveState() const { return {}; }
    virtual void restoreState(const QJsonObject &) { }

    /// What the palette may show for this text, as typed, prefix and all ("#84", "@openai"); best first, at
    /// most some twenty. Must answer at once.
    [[nodiscard]] virtual std::vector<Finding> find(const QString &) const { return {}; }

signals:
    void goTo(const portolan::ui::Place &place);
    void toast(const portolan::ui::Toast &toast);
    void placeChanged();    ///< the person went on inside the panel: a step in the history
    void stateChanged();    ///< saveState() would answer something else
    void commandsChanged(); ///< commands() would answer another list
};

} // namespace portolan::ui
