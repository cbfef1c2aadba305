// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QWidget>

namespace portolan::ui {

enum class Density { Comfortable, Compact };

/// Steps of the type scale, against the body size.
enum class TextSize { Caption, Data, Body, Heading, Title, Figure };
enum class Weight { Normal, Strong };

/// A font of the scale, made from the widget's (or the application's) body font.
[[nodiscard]] QFont scaledFont(QFont base, TextSize size, Weight weight = Weight::Normal);
/// The same in the system's fixed font, for addresses, code and bodies.
[[nodiscard]] QFont fixedFont(TextSize size = TextSize::Body, Weight weight = Weight::Normal);
/// Sets a font of the scale on the widget and keeps to it when the application's font changes.
void setTextSize(QWidget *widget, TextSize size, Weight weight = Weight::Normal);
void setFixedFont(QWidget *widget, TextSize size = TextSize::Body, Weight weight = Weight::Normal);

/// Sizes in device-independent pixels. All come from the height of the body font, so that they grow with the
/// font, and from the density. Ask at use, keep nothing: both can change while the program runs.
class Metrics
{
public:
    Metrics();

    /// A number of the visual reference (px at 100 %) at the present font size.
    [[nodiscard]] int px(double at100) const;

    [[nodiscard]] Density density() const { return m_density; }
    [[nodiscard]] int row() const { return px(m_density == Density::Compact ? 20 : 24); }
    [[nodiscard]] int rowTwoLines() const { return px(m_density == Density::Compact ? 36 : 40); }
    [[nodiscard]] int rowBudget() const { return px(m_density == Density::Compact ? 42 : 46); }
    [[nodiscard]] int header() const { return px(25); }
    [[nodiscard]] int control() const { return px(m_density == Density::Compact ? 24 : 26); }
    [[nodiscard]] int controlSmall() const { return px(22); }
    [[nodiscard]] int toolbar() const { return px(m_density == Density::Compact ? 36 : 40); }
    [[nodiscard]] int tab() const { return px(30); }
    [[nodiscard]] int gatewayBar() const { return px(41); }
    [[nodiscard]] int statusBar() const { return px(24); }
    [[nodiscard]] int rail() const { return px(76); }
    [[nodiscard]] int railItem() const { return px(48); }
    [[nodiscard]] int icon() const { return px(16); }
    [[nodiscard]] int iconSmall() const { return px(14); }
    [[nodiscard]] int iconTiny() const { return px(12); }
    [[nodiscard]] int iconRail() const { return px(20); }

    /// A duration in ms, 0 when motion is reduced.
    [[nodiscard]] int motion(int ms) const { return m_reducedMotion ? 0 : ms; }

private:
    double m_unit = 1.0;
    Density m_density = Density::Comfortable;
    bool m_reducedMotion = false;
};

} // namespace portolan::ui
