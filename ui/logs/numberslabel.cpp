// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/numberslabel.h"

#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/widgets/plaintext.h"

#include <QEvent>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr auto kGap = "   "_L1;

} // namespace

NumbersLabel::NumbersLabel(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setTextSize(this, TextSize::Data);
}

void NumbersLabel::setNumbers(const QStringList &numbers, int least)
{
    if (numbers == m_numbers && least == m_least)
        return;
    m_numbers = numbers;
    m_least = least;
    setAccessibleName(m_numbers.join(u", "_s));
    updateToolTip();
    updateGeometry();
    update();
}

QStringList NumbersLabel::shownNumbers() const
{
    qsizetype count = m_numbers.size();
    while (count > m_least && widthOf(count) > width())
        --count;
    return m_numbers.first(count);
}

QSize NumbersLabel::sizeHint() const
{
    return {widthOf(m_numbers.size()), fontMetrics().height()};
}

QSize NumbersLabel::minimumSizeHint() const
{
    return {widthOf(m_least), fontMetrics().height()};
}

int NumbersLabel::widthOf(qsizetype count) const
{
    return fontMetrics().horizontalAdvance(m_numbers.first(count).join(kGap)) + 1;
}

void NumbersLabel::updateToolTip()
{
    const bool all = shownNumbers().size() == m_numbers.size();
    setToolTip(all ? QString() : plainToolTip(m_numbers.join(kGap)));
}

void NumbersLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(colour(Role::TextMuted, palette()));
    painter.drawText(rect(), int(Qt::AlignVCenter | Qt::TextSingleLine), shownNumbers().join(kGap));
}

void NumbersLabel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    updateToolTip();
}

void NumbersLabel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        updateGeometry();
    QWidget::changeEvent(event);
}

} // namespace portolan::ui
