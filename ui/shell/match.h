// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringView>

#include <optional>
#include <vector>

namespace portolan::ui {

/// How well a text answers what was typed.
struct Match {
    struct Range {
        qsizetype from = 0;
        qsizetype length = 0;
        friend bool operator==(const Range &, const Range &) = default;
    };
    int score = 0;               ///< higher is better
    std::vector<Range> ranges{}; ///< what matched, in order, to be shown strong
};

/// Matches each word of `typed` in `text`, whatever the case: at a word's start, inside a word, or as the
/// beginnings of several words ("resc" finds "Resync all catalogs"). Nothing typed matches everything.
[[nodiscard]] std::optional<Match> match(QStringView text, QStringView typed);

} // namespace portolan::ui
