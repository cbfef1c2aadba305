// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/routelabel.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/plaintext.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kLeast = 60; // px at 100 %

} // namespace

RouteLabel::RouteLabel(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    bound();
}

void RouteLabel::setModels(const QString &asked, const QString &served)
{
    m_asked = asked.isEmpty() ? served : asked;
    m_served = served == asked ? QString() : served;
    if (asked.isEmpty())
        m_served.clear();
    const QString words = m_served.isEmpty() ? m_asked : tr("%1, served by %2").arg(m_asked, m_served);
    setAccessibleName(shown(words));
    setToolTip(plainToolTip(words));
    bound();
    update();
}

void RouteLabel::bound()
{
    const int whole = sizeHint().width();
    setMinimumWidth(std::min(Metrics().px(kLeast), whole));
    setMaximumWidth(whole);
}

void RouteLabel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange)
        bound();
    QWidget::changeEvent(event);
}

QSize RouteLabel::sizeHint() const
{
    const Metrics metrics;
    const QFontMetrics font(this->font());
    int width = font.horizontalAdvance(shown(m_asked)) + metrics.px(space::kTight);
    if (!m_served.isEmpty())
        width += metrics.icon() + 2 * metrics.px(space::kSmall) + font.horizontalAdvance(shown(m_served))
            + metrics.px(space::kTight);
    return {width, std::max(font.height(), metrics.icon())};
}

QSize RouteLabel::minimumSizeHint() const
{
    return {Metrics().px(kLeast), sizeHint().height()};
}

void RouteLabel::paintEvent(QPaintEvent *)
{
    const Metrics metrics;
    QPainter painter(this);
    const QFontMetrics font(this->font());
    const int asked = font.horizontalAdvance(shown(m_asked)) + metrics.px(space::kTight);
    if (m_served.isEmpty()) {
        item::paintModelRef(&painter, rect(), m_asked, palette());
        return;
    }
    // Too narrow for both: each gets its half.
    const int arrow = metrics.icon() + 2 * metrics.px(space::kSmall);
    const int first = sizeHint().width() <= width() ? asked : std::min(asked, (width() - arrow) / 2);
    item::paintModelRef(&painter, QRect(0, 0, first, height()), m_asked, palette());
    paintIcon(&painter,
              QRect(first + metrics.px(space::kSmall), (height() - metrics.icon()) / 2, metrics.icon(),
                    metrics.icon()),
              Icon::ArrowRight, colour(Role::TextMuted, palette()));
    item::paintModelRef(&painter, QRect(first + arrow, 0, width() - first - arrow, height()), m_served,
                        palette());
}

} // namespace portolan::ui
