// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/panel.h"

#include <QFrame>
#include <QPointer>
#include <QTimer>

#include <vector>

namespace portolan::ui {

/// Shows toasts over the foot of a widget, the newest lowest, at most three. A toast leaves after 10 s (not
/// while the pointer rests on it) or when the fourth comes; then its `commit` runs, unless Undo was chosen.
class ToastHost : public QObject
{
    Q_OBJECT

public:
    explicit ToastHost(QWidget *over);
    ~ToastHost() override; ///< commits what is still on screen

    void show(const Toast &toast);
    /// Undoes the newest toast that can; false: there is none.
    bool undoLatest();
    [[nodiscard]] bool canUndo() const;
    [[nodiscard]] int count() const { return int(m_shown.size()); }

signals:
    void changed(); ///< canUndo() may answer otherwise

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    class Slip;
    enum class Ending { Commit, Undo };

    void end(Slip *slip, Ending ending);
    void place();

    QWidget *const m_over;
    std::vector<Slip *> m_shown; // children of m_over, oldest first
};

} // namespace portolan::ui
