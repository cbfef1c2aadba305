// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/tile.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/delegates.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace portolan::ui {

namespace {

QFont captionOf(const QFont &font)
{
    return scaledFont(font, TextSize::Caption);
}

QFont figureOf(const QFont &font)
{
    return scaledFont(font, TextSize::Figure, Weight::Strong);
}

} // namespace

Tile::Tile(const QString &name, QWidget *parent)
    : QAbstractButton(parent)
{
    setText(name);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Tile::say(const QString &figure, const QString &note, Role role)
{
    if (figure == m_figure && note == m_note && role == m_role)
        return;
    m_figure = figure;
    m_note = note;
    m_role = role;
    setAccessibleName(tr("%1: %2").arg(text(), figure));
    updateGeometry();
    update();
}

QSize Tile::sizeHint() const
{
    const QFontMetrics caption(captionOf(font()));
    const QFontMetrics figure(figureOf(font()));
    const int width
        = std::max({caption.horizontalAdvance(text()), figure.horizontalAdvance(m_figure), Metrics().px(96)});
    return {width + Metrics().px(space::kSmall), 2 * caption.height() + figure.height()};
}

void Tile::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const auto of = [this](Role role) { return colour(role, palette()); };
    const QFont caption = captionOf(font());
    QFont strong = figureOf(font());
    strong.setUnderline(underMouse());
    const int small = QFontMetrics(caption).height();
    const int large = QFontMetrics(strong).height();
    painter.setFont(caption);
    item::paintText(&painter, QRect(0, 0, width(), small), text(), of(Role::TextMuted));
    painter.setFont(strong);
    item::paintText(&painter, QRect(0, small, width(), large), m_figure, of(m_role));
    painter.setFont(caption);
    item::paintText(&painter, QRect(0, small + large, width(), small), m_note, of(Role::TextMuted));
    if (hasFocus())
        paintBox(&painter, rect(), {.radius = double(radius::kControl), .focusRing = true}, palette());
}

void Tile::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

} // namespace portolan::ui
