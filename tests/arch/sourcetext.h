// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace portolan::arch {

/// A C++ source in two readings of the same length and the same lines, so that a place in one is the place in
/// the other.
struct SourceText {
    QString code{};     ///< comments and the insides of string literals are blanks
    QString literals{}; ///< only comments are blanks

    [[nodiscard]] static SourceText read(const QString &text);
};

/// 1 for the first line.
[[nodiscard]] int lineAt(const QString &text, qsizetype position);

} // namespace portolan::arch
