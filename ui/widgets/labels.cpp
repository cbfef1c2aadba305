// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"

#include "ui/theme/roles.h"
#include "ui/widgets/plaintext.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>

namespace portolan::ui {

PlainLabel::PlainLabel(QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
}

PlainLabel::PlainLabel(const QString &text, QWidget *parent)
    : PlainLabel(parent)
{
    setText(text);
}

void PlainLabel::setText(const QString &text)
{
    QLabel::setText(shown(text, Lines::Many));
}

void PlainLabel::setRole(Role role)
{
    setTextRole(this, role);
}

void PlainLabel::setSize(TextSize size, Weight weight)
{
    setTextSize(this, size, weight);
}

void PlainLabel::setFixed(TextSize size)
{
    setFixedFont(this, size);
}

void PlainLabel::setSelectable()
{
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

ElidedLabel::ElidedLabel(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

ElidedLabel::ElidedLabel(const QString &text, QWidget *parent)
    : ElidedLabel(parent)
{
    setText(text);
}

void ElidedLabel::setText(const QString &text)
{
    const QString safe = shown(text);
    if (safe == m_text)
        return;
    m_text = safe;
    setAccessibleName(m_text);
    updateGeometry();
    update();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode)
{
    m_mode = mode;
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

void ElidedLabel::setRole(Role role)
{
    m_role = role;
    update();
}

void ElidedLabel::setSize(TextSize size, Weight weight)
{
    setTextSize(this, size, weight);
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 1, fontMetrics().height()};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), fontMetrics().averageCharWidth() * 6), fontMetrics().height()};
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QString fit = fontMetrics().elidedText(m_text, m_mode, width());
    painter.setPen(colour(isEnabled() ? m_role : Role::TextDisabled, palette()));
    painter.drawText(rect(), int(m_alignment | Qt::AlignVCenter | Qt::TextSingleLine), fit);
    const QString tip = fit == m_text ? QString() : plainToolTip(m_text);
    if (tip != toolTip())
        setToolTip(tip);
}

void ElidedLabel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

StateLabel::StateLabel(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

StateLabel::StateLabel(Icon icon, const QString &word, Role role, QWidget *parent)
    : StateLabel(parent)
{
    setState(icon, word, role);
}

void StateLabel::setState(Icon icon, const QString &word, Role role)
{
    m_icon = icon;
    m_word = shown(word);
    m_role = role;
    setAccessibleName(m_word);
    updateGeometry();
    update();
}

void StateLabel::setSize(TextSize size, Weight weight)
{
    setTextSize(this, size, weight);
}

int StateLabel::iconSide() const
{
    return Metrics().px(14);
}

QSize StateLabel::sizeHint() const
{
    const int gap = Metrics().px(space::kGroup);
    return {iconSide() + gap + fontMetrics().horizontalAdvance(m_word) + 1,
            std::max(iconSide(), fontMetrics().height())};
}

void StateLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QColor ink = colour(isEnabled() ? m_role : Role::TextDisabled, palette());
    const int side = iconSide();
    const QRect icon(0, (height() - side) / 2, side, side);
    paintIcon(&painter, QStyle::visualRect(layoutDirection(), rect(), icon), m_icon, ink);
    painter.setPen(ink);
    const QRect word = rect().adjusted(side + Metrics().px(space::kGroup), 0, 0, 0);
    painter.drawText(QStyle::visualRect(layoutDirection(), rect(), word),
                     Qt::AlignVCenter | Qt::TextSingleLine, m_word);
}

void StateLabel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

IconLabel::IconLabel(Icon icon, Role role, int sideAt100, QWidget *parent)
    : QWidget(parent)
    , m_icon(icon)
    , m_role(role)
    , m_sideAt100(sideAt100)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void IconLabel::setIcon(Icon icon, Role role)
{
    m_icon = icon;
    m_role = role;
    update();
}

QSize IconLabel::sizeHint() const
{
    const int side = Metrics().px(m_sideAt100);
    return {side, side};
}

void IconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintIcon(&painter, rect(), m_icon, colour(isEnabled() ? m_role : Role::TextDisabled, palette()));
}

} // namespace portolan::ui
