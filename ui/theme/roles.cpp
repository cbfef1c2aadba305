// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/roles.h"

#include <QEvent>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

class RoleKeeper : public QObject
{
public:
    RoleKeeper(QWidget *widget, std::vector<QPalette::ColorRole> targets, Role role, const QString &name)
        : QObject(widget)
        , m_widget(widget)
        , m_targets(std::move(targets))
        , m_role(role)
    {
        setObjectName(name);
        apply();
        widget->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched == m_widget && event->type() == QEvent::PaletteChange)
            apply();
        return false;
    }

private:
    void apply()
    {
        QPalette palette = m_widget->palette();
        // A filled widget has its own Window colour, so the mode is asked of the application's palette.
        const QColor wanted = colour(m_role, QPalette());
        if (std::ranges::all_of(m_targets, [&](auto target) { return palette.color(target) == wanted; }))
            return;
        for (const auto target : m_targets)
            palette.setColor(target, wanted);
        m_widget->setPalette(palette);
    }

    QWidget *const m_widget;
    const std::vector<QPalette::ColorRole> m_targets;
    const Role m_role;
};

} // namespace

void setTextRole(QWidget *widget, Role role)
{
    delete widget->findChild<QObject *>(u"textRole"_s, Qt::FindDirectChildrenOnly);
    new RoleKeeper(widget, {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}, role, u"textRole"_s);
}

void setFillRole(QWidget *widget, Role role)
{
    delete widget->findChild<QObject *>(u"fillRole"_s, Qt::FindDirectChildrenOnly);
    widget->setAutoFillBackground(true);
    new RoleKeeper(widget, {QPalette::Window, QPalette::Base}, role, u"fillRole"_s);
}

} // namespace portolan::ui
