// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/metrics.h"

#include "ui/theme/style.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace portolan::ui {

namespace {

double factorOf(TextSize size)
{
    switch (size) {
    case TextSize::Caption: return 0.85;
    case TextSize::Data: return 0.92;
    case TextSize::Body: return 1.0;
    case TextSize::Heading: return 1.08;
    case TextSize::Title: return 1.23;
    case TextSize::Figure: return 1.46;
    }
    return 1.0;
}

/// Gives its widget the asked step of the scale again after the application's font changed.
class ScaleKeeper : public QObject
{
public:
    ScaleKeeper(QWidget *widget, TextSize size, Weight weight, bool fixed)
        : QObject(widget)
        , m_widget(widget)
        , m_size(size)
        , m_weight(weight)
        , m_fixed(fixed)
    {
        setObjectName(QStringLiteral("textScale"));
        apply();
        widget->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched == m_widget && event->type() == QEvent::ApplicationFontChange)
            apply();
        return false;
    }

private:
    void apply()
    {
        m_widget->setFont(m_fixed ? fixedFont(m_size, m_weight)
                                  : scaledFont(QApplication::font(), m_size, m_weight));
    }

    QWidget *const m_widget;
    const TextSize m_size;
    const Weight m_weight;
    const bool m_fixed;
};

void keepScale(QWidget *widget, TextSize size, Weight weight, bool fixed)
{
    delete widget->findChild<QObject *>(QStringLiteral("textScale"), Qt::FindDirectChildrenOnly);
    new ScaleKeeper(widget, size, weight, fixed);
}

} // namespace

QFont scaledFont(QFont base, TextSize size, Weight weight)
{
    // A caption below 11 px cannot be read, whatever the body size is.
    constexpr double kLeastPx = 11;
    const double body = QFontInfo(base).pixelSize();
    base.setPixelSize(int(std::lround(std::max(body * factorOf(size), std::min(body, kLeastPx)))));
    base.setWeight(weight == Weight::Strong ? QFont::DemiBold : QFont::Normal);
    return base;
}

QFont fixedFont(TextSize size, Weight weight)
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(QFontInfo(QApplication::font()).pixelSize());
    return scaledFont(font, size, weight);
}

void setTextSize(QWidget *widget, TextSize size, Weight weight)
{
    keepScale(widget, size, weight, false);
}

void setFixedFont(QWidget *widget, TextSize size, Weight weight)
{
    keepScale(widget, size, weight, true);
}

Metrics::Metrics()
{
    // Noto Sans at 13 px, the font of the reference, is 18 px high.
    m_unit = QFontMetricsF(QApplication::font()).height() / 18.0;
    const QStyle *style = QApplication::style();
    m_density = Density(style->styleHint(QStyle::StyleHint(Style::SH_Density)));
    m_reducedMotion = style->styleHint(QStyle::SH_Widget_Animate) == 0;
}

int Metrics::px(double at100) const
{
    return std::max(1, int(std::lround(at100 * m_unit)));
}

} // namespace portolan::ui
