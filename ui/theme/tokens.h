// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

namespace portolan::ui {

/// Which of the two palettes is meant.
enum class Mode { Light, Dark };

/// What a colour is for. Values, contrasts and uses are those of the visual reference: text roles hold 4.5:1
/// and marks 3:1 on window, base, raised and both selections.
enum class Role {
    Window,
    Base,
    BaseAlt,
    Raised,
    Hover,
    Pressed,
    Line,
    ButtonLine, ///< outline of buttons and segments, whose face and word already tell them apart
    LineControl,
    Text,
    TextMuted,
    TextDisabled,
    Accent,
    AccentText,
    AccentTint,
    Selection,
    SelectionIdle,
    Ok,
    OkTint,
    OkSoft,
    RescuedMark,
    Rescued,
    Warning,
    WarningTint,
    Error,
    ErrorTint,
    Info,
    Cached,
    Neutral,
    Canvas,
    Edge,
    Grid,
};
inline constexpr int kRoles = int(Role::Grid) + 1;

/// Part of an attempt in the waterfall.
enum class Phase { Queue, Connect, Tls, Send, Wait, Stream };
inline constexpr int kPhases = 6;

/// Colours that part the series of a chart; the eighth is also "other".
inline constexpr int kSeries = 8;

/// Distances in px at 100 %; see Metrics::px.
namespace space {
inline constexpr int kHair = 2;
inline constexpr int kTight = 4;
inline constexpr int kGroup = 6;
inline constexpr int kSmall = 8;
inline constexpr int kPanel = 12; ///< margin of panels, gap between groups
inline constexpr int kCard = 16;
inline constexpr int kWide = 24;
} // namespace space

/// Corner radii in px at 100 %.
namespace radius {
inline constexpr int kMark = 2;
inline constexpr int kChip = 3;
inline constexpr int kControl = 4;
inline constexpr int kPopup = 5;
inline constexpr int kCard = 6;
} // namespace radius

/// Durations in ms; all are zero when motion is reduced (Metrics::motion).
namespace motion {
inline constexpr int kPopup = 80;
inline constexpr int kToastIn = 120;
inline constexpr int kToastStay = 10'000; ///< a time to read, so reduced motion does not shorten it
} // namespace motion

[[nodiscard]] QColor colour(Role role, Mode mode);
[[nodiscard]] QColor seriesColour(int n, Mode mode); ///< n from 0; beyond the eighth stays the eighth
[[nodiscard]] QColor phaseColour(Phase phase, Mode mode);

/// The mode a palette belongs to, by the lightness of its window: widgets ask with their own palette, so that
/// no global theme is needed to paint.
[[nodiscard]] Mode modeOf(const QPalette &palette);
[[nodiscard]] QColor colour(Role role, const QPalette &palette);
[[nodiscard]] QColor seriesColour(int n, const QPalette &palette);
[[nodiscard]] QColor phaseColour(Phase phase, const QPalette &palette);

/// The palette that carries the roles Qt knows; the others are found through colour().
[[nodiscard]] QPalette paletteOf(Mode mode);

/// WCAG contrast of two opaque colours, 1 to 21.
[[nodiscard]] double contrast(const QColor &a, const QColor &b);

} // namespace portolan::ui
