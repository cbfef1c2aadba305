// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/banner.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/labels.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace portolan::ui {

namespace {

struct Look {
    Icon icon;
    Role ink;
    Role tint;
};

Look lookOf(Banner::Kind kind)
{
    switch (kind) {
    case Banner::Kind::Ok: return {Icon::CircleCheck, Role::Ok, Role::OkTint};
    case Banner::Kind::Info: return {Icon::CircleInfo, Role::Info, Role::AccentTint};
    case Banner::Kind::Warning: return {Icon::Triangle, Role::Warning, Role::WarningTint};
    case Banner::Kind::Error: return {Icon::CircleCross, Role::Error, Role::ErrorTint};
    }
    return {Icon::CircleInfo, Role::Info, Role::AccentTint};
}

} // namespace

Banner::Banner(QWidget *parent)
    : QWidget(parent)
    , m_icon(new IconLabel(Icon::CircleInfo, Role::Info, 16, this))
    , m_text(new PlainLabel(this))
    , m_button(new QPushButton(this))
{
    const Metrics metrics;
    m_text->setWordWrap(true);
    m_text->setSelectable();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics.px(10), metrics.px(space::kGroup), metrics.px(10),
                            metrics.px(space::kGroup));
    row->setSpacing(metrics.px(space::kSmall));
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addWidget(m_button);
    connect(m_button, &QPushButton::clicked, this, &Banner::actionClicked);
    hide();
}

void Banner::say(Kind kind, const QString &text, const QString &action)
{
    m_kind = kind;
    const Look look = lookOf(kind);
    m_icon->setIcon(look.icon, look.ink);
    m_text->setText(text);
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
    setAccessibleName(m_text->text());
    show();
    update();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void Banner::clear()
{
    hide();
}

void Banner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Look look = lookOf(m_kind);
    paintBox(&painter, rect(),
             {.fill = colour(look.tint, palette()),
              .line = colour(look.ink, palette()),
              .radius = double(Metrics().px(radius::kControl))},
             palette());
}

} // namespace portolan::ui
