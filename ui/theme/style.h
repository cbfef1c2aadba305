// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/metrics.h"

#include <QProxyStyle>

namespace portolan::ui {

/// Marks a button as the one main action of its view: filled with the accent.
void setMainAction(QWidget *button);

/// Fusion with our own buttons, fields, boxes, tabs, headers, scroll bars, items and focus ring. Colours come
/// from the option's palette, sizes from the body font; there is no style sheet anywhere.
class Style : public QProxyStyle
{
    Q_OBJECT

public:
    /// Asked by Metrics through the application's style: the answer is a Density.
    static constexpr int SH_Density = QStyle::SH_CustomBase + 1;

    Style();

    void setDensity(Density density) { m_density = density; }
    [[nodiscard]] Density density() const { return m_density; }
    void setReducedMotion(bool reduced) { m_reducedMotion = reduced; }

    using QProxyStyle::polish;
    void polish(QWidget *widget) override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                         const QWidget *widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption *option,
                         const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override;
    QIcon standardIcon(StandardPixmap name, const QStyleOption *option, const QWidget *widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override;

private:
    Density m_density = Density::Comfortable;
    bool m_reducedMotion = false;
};

} // namespace portolan::ui
