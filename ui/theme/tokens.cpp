// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace portolan::ui {

namespace {

struct Pair {
    QRgb light;
    QRgb dark;
};

// In the order of Role.
constexpr std::array<Pair, kRoles> kRoleColours{{
    {0xFFF4F4F1, 0xFF1F2224}, // Window
    {0xFFFFFFFF, 0xFF17191B}, // Base
    {0xFFFAFAF8, 0xFF1A1D1F}, // BaseAlt
    {0xFFFFFFFF, 0xFF2A2E31}, // Raised
    {0xFFE9EAE6, 0xFF272B2E}, // Hover
    {0xFFDFE1DC, 0xFF30363A}, // Pressed
    {0xFFDDDED9, 0xFF33383B}, // Line
    {0xFFC6C9C4, 0xFF42494D}, // ButtonLine
    {0xFF7D8382, 0xFF7C8488}, // LineControl
    {0xFF1B1E20, 0xFFE3E6E4}, // Text
    {0xFF575D61, 0xFFA4ABAD}, // TextMuted
    {0xFF8A9094, 0xFF6C7478}, // TextDisabled
    {0xFF0B6A88, 0xFF58B5D6}, // Accent
    {0xFFFFFFFF, 0xFF0E1A1F}, // AccentText
    {0xFFE6F1F5, 0xFF1A2D35}, // AccentTint
    {0xFFD5E7EE, 0xFF193B49}, // Selection
    {0xFFE2E5E3, 0xFF2D3336}, // SelectionIdle
    {0xFF16713F, 0xFF4CC38A}, // Ok
    {0xFFE6F3EB, 0xFF18291F}, // OkTint
    {0xFF66957B, 0xFF3F8A66}, // OkSoft
    {0xFFBE7C00, 0xFFE3AA45}, // RescuedMark
    {0xFF875500, 0xFFE3AA45}, // Rescued
    {0xFF875500, 0xFFE3AA45}, // Warning
    {0xFFFBF1DC, 0xFF2E2618}, // WarningTint
    {0xFFA92420, 0xFFF58780}, // Error
    {0xFFFBE9E7, 0xFF33201F}, // ErrorTint
    {0xFF215EB2, 0xFF7AB2F2}, // Info
    {0xFF5B4BB0, 0xFFBCA8F8}, // Cached
    {0xFF5E6569, 0xFF9EA7AB}, // Neutral
    {0xFFFBFBF9, 0xFF1A1D1F}, // Canvas
    {0xFF7F8689, 0xFF7A8387}, // Edge
    {0xFFE7E8E4, 0xFF2A2E31}, // Grid
}};

constexpr std::array<Pair, kSeries> kSeriesColours{{
    {0xFF1B8AD5, 0xFF4FB6FE},
    {0xFF84582F, 0xFFE28B14},
    {0xFF55978B, 0xFF1ABC9B},
    {0xFF6A1459, 0xFFAF4883},
    {0xFF849404, 0xFFB9E96F},
    {0xFF443CA3, 0xFF7270DC},
    {0xFF682B09, 0xFFAE5F06},
    {0xFF336F89, 0xFF71EDFC},
}};

// In the order of Phase.
constexpr std::array<Pair, kPhases> kPhaseColours{{
    {0xFF757C80, 0xFF9EA7AB},
    {0xFF84582F, 0xFFE28B14},
    {0xFF443CA3, 0xFF9A98F0},
    {0xFF3C8274, 0xFF1ABC9B},
    {0xFF4B899E, 0xFF4F93AC},
    {0xFF0B6A88, 0xFF8AD3EE},
}};

QColor pick(const Pair &pair, Mode mode)
{
    return QColor::fromRgb(mode == Mode::Light ? pair.light : pair.dark);
}

double luminance(const QColor &colour)
{
    const auto linear
        = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
        + 0.0722 * linear(colour.blueF());
}

} // namespace

QColor colour(Role role, Mode mode)
{
    return pick(kRoleColours[size_t(role)], mode);
}

QColor seriesColour(int n, Mode mode)
{
    return pick(kSeriesColours[size_t(std::clamp(n, 0, kSeries - 1))], mode);
}

QColor phaseColour(Phase phase, Mode mode)
{
    return pick(kPhaseColours[size_t(phase)], mode);
}

Mode modeOf(const QPalette &palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128 ? Mode::Dark : Mode::Light;
}

QColor colour(Role role, const QPalette &palette)
{
    return colour(role, modeOf(palette));
}

QColor seriesColour(int n, const QPalette &palette)
{
    return seriesColour(n, modeOf(palette));
}

QColor phaseColour(Phase phase, const QPalette &palette)
{
    return phaseColour(phase, modeOf(palette));
}

QPalette paletteOf(Mode mode)
{
    const auto of = [mode](Role role) { return colour(role, mode); };
    QPalette palette;
    palette.setColor(QPalette::Window, of(Role::Window));
    palette.setColor(QPalette::WindowText, of(Role::Text));
    palette.setColor(QPalette::Base, of(Role::Base));
    palette.setColor(QPalette::AlternateBase, of(Role::BaseAlt));
    palette.setColor(QPalette::Text, of(Role::Text));
    palette.setColor(QPalette::BrightText, of(Role::Error));
    palette.setColor(QPalette::PlaceholderText, of(Role::TextMuted));
    palette.setColor(QPalette::Button, of(Role::Raised));
    palette.setColor(QPalette::ButtonText, of(Role::Text));
    palette.setColor(QPalette::ToolTipBase, of(Role::Raised));
    palette.setColor(QPalette::ToolTipText, of(Role::Text));
    palette.setColor(QPalette::Light, of(Role::Raised));
    palette.setColor(QPalette::Midlight, of(Role::Hover));
    palette.setColor(QPalette::Mid, of(Role::Line));
    palette.setColor(QPalette::Dark, of(Role::LineControl));
    palette.setColor(QPalette::Shadow, of(Role::Line));
    palette.setColor(QPalette::Highlight, of(Role::Selection));
    palette.setColor(QPalette::HighlightedText, of(Role::Text));
    palette.setColor(QPalette::Inactive, QPalette::Highlight, of(Role::SelectionIdle));
    palette.setColor(QPalette::Link, of(Role::Accent));
    palette.setColor(QPalette::LinkVisited, of(Role::Accent));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
                            QPalette::HighlightedText, QPalette::PlaceholderText})
        palette.setColor(QPalette::Disabled, role, of(Role::TextDisabled));
    palette.setColor(QPalette::Disabled, QPalette::Base, of(Role::Window));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, of(Role::SelectionIdle));
    return palette;
}

double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a);
    const double y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

} // namespace portolan::ui
