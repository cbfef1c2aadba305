// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/panel.h"

#include <QFrame>

#include <vector>

class QVBoxLayout;

namespace portolan::ui {

/// What needs the person, above the status bar: what happened, why, what to do, and the way there. Esc closes
/// it.
class ProblemsPopup : public QFrame
{
    Q_OBJECT

public:
    explicit ProblemsPopup(QWidget *window);

    void setProblems(const std::vector<control::Problem> &problems);
    void openAbove(const QWidget *anchor);

signals:
    void goTo(const portolan::ui::Place &place);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void fit();

    QVBoxLayout *m_rows = nullptr;
};

} // namespace portolan::ui
