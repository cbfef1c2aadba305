// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/panel.h"

#include <QAbstractButton>
#include <QWidget>

#include <vector>

namespace portolan::ui {

/// One number at the foot of the window: a flat button with a line at its right.
class StatusItem : public QAbstractButton
{
    Q_OBJECT

public:
    explicit StatusItem(const QString &name, QWidget *parent = nullptr);

    void say(const QString &text, Role role = Role::Text);
    void say(Icon icon, Role role, const QString &text);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    bool m_hasIcon = false;
    Icon m_icon = Icon::Check;
    Role m_role = Role::Text;
};

/// The foot of the window. Each number is a button that goes to where it comes from.
class StatusBar : public QWidget
{
    Q_OBJECT

public:
    explicit StatusBar(QWidget *parent = nullptr);

    void setPulse(const control::Pulse &pulse);
    void setProblems(const std::vector<control::Problem> &problems);
    [[nodiscard]] StatusItem *problemsItem() const { return m_problems; }

signals:
    void goTo(const portolan::ui::Place &place);
    void problemsClicked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    StatusItem *m_active = nullptr;
    StatusItem *m_rate = nullptr;
    StatusItem *m_errors = nullptr;
    StatusItem *m_p95 = nullptr;
    StatusItem *m_cost = nullptr;
    StatusItem *m_problems = nullptr;
    StatusItem *m_store = nullptr;
};

} // namespace portolan::ui
