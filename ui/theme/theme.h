// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/metrics.h"
#include "ui/theme/tokens.h"

#include <QFont>
#include <QObject>

#include <memory>

namespace portolan::ui {

class ColourScheme;
class Style;

enum class ThemeChoice { System, Light, Dark };

/// Dresses the application: our style, the palette of the chosen mode, font size, density and motion.
/// "System" follows the desktop while the program runs. Made once, after QApplication and before any widget;
/// widgets do not need it to paint (tokens.h, metrics.h read what it set).
class Theme : public QObject
{
    Q_OBJECT

public:
    explicit Theme(QObject *parent = nullptr);
    ~Theme() override;

    void setChoice(ThemeChoice choice);
    void setDensity(Density density);
    void setFontPercent(int percent); ///< 80 to 200, of the desktop's own size
    void setReducedMotion(bool reduced);

    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    [[nodiscard]] Mode mode() const { return m_mode; }

signals:
    /// Colours, sizes or fonts are others now. Widgets hear of it by PaletteChange, FontChange and
    /// StyleChange already; this is for what is no widget.
    void themeChanged();

private:
    void apply();

    const QFont m_systemFont;
    std::unique_ptr<ColourScheme> m_scheme;
    Style *m_style; // owned by QApplication
    ThemeChoice m_choice = ThemeChoice::System;
    Mode m_mode = Mode::Light;
    int m_fontPercent = 100;
};

} // namespace portolan::ui
