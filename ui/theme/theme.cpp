// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include "ui/theme/colourscheme.h"
#include "ui/theme/style.h"

#include <QApplication>
#include <QFontInfo>

#include <algorithm>
#include <cmath>

namespace portolan::ui {

Theme::Theme(QObject *parent)
    : QObject(parent)
    , m_systemFont(QApplication::font())
    , m_scheme(std::make_unique<ColourScheme>(QApplication::palette()))
    , m_style(new Style)
{
    QApplication::setStyle(m_style);
    connect(m_scheme.get(), &ColourScheme::changed, this, &Theme::apply);
    apply();
}

Theme::~Theme() = default;

void Theme::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    apply();
}

void Theme::setDensity(Density density)
{
    if (m_style->density() == density)
        return;
    m_style->setDensity(density);
    QEvent event(QEvent::StyleChange);
    for (QWidget *widget : QApplication::allWidgets())
        QApplication::sendEvent(widget, &event);
    emit themeChanged();
}

void Theme::setFontPercent(int percent)
{
    m_fontPercent = std::clamp(percent, 80, 200);
    apply();
}

void Theme::setReducedMotion(bool reduced)
{
    m_style->setReducedMotion(reduced);
}

void Theme::apply()
{
    const Mode mode = m_choice == ThemeChoice::System ? m_scheme->mode()
        : m_choice == ThemeChoice::Dark               ? Mode::Dark
                                                      : Mode::Light;
    QFont font = m_systemFont;
    font.setPixelSize(int(std::lround(QFontInfo(m_systemFont).pixelSize() * m_fontPercent / 100.0)));
    const QPalette palette = paletteOf(mode);
    const bool fontChanged = font != QApplication::font();
    if (mode == m_mode && !fontChanged && palette == QApplication::palette())
        return;
    m_mode = mode;
    QApplication::setPalette(palette);
    if (fontChanged) {
        QApplication::setFont(font);
        // Sizes come from the font: what a style once answered holds no longer.
        QEvent event(QEvent::StyleChange);
        for (QWidget *widget : QApplication::allWidgets())
            QApplication::sendEvent(widget, &event);
    }
    emit themeChanged();
}

} // namespace portolan::ui
