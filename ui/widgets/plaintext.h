// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

#include <string_view>

namespace portolan::ui {

inline constexpr qsizetype kLineLimit = 10'000;          ///< characters of a line before it is cut
inline constexpr qsizetype kDocumentLimit = 1024 * 1024; ///< characters of a document before "Show more"

enum class Lines {
    One, ///< line breaks become marks too
    Many,
};

/// Text from outside as it may be shown (threat-model G3): control, direction, zero-width and other invisible
/// characters become visible marks, lines beyond kLineLimit are cut with an ellipsis. Everything foreign
/// passes through here before a label, a delegate or a tooltip gets it.
[[nodiscard]] QString shown(QStringView foreign, Lines lines = Lines::One);
/// Of bytes that should be UTF-8; what is not becomes U+FFFD.
[[nodiscard]] QString shown(std::string_view foreign, Lines lines = Lines::One);

/// A tooltip that shows foreign text as it stands: Qt guesses at rich text in tooltips, so it is escaped.
[[nodiscard]] QString plainToolTip(QStringView foreign);

} // namespace portolan::ui
