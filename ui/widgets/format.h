// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/money.h"

#include <QDateTime>
#include <QLocale>
#include <QString>

#include <optional>

/// Numbers as the window writes them, by the person's locale. "-" is what is not known or did not happen.
namespace portolan::ui::format {

/// The locale numbers are written in: the default one, English where it is the C locale.
[[nodiscard]] QLocale locale();

[[nodiscard]] QString count(qint64 number);  ///< "8,412"
[[nodiscard]] QString percent(double share); ///< 0.007: "0.7 %"; 0: "0 %"
[[nodiscard]] QString bytes(quint64 size);   ///< "812 B", "3.1 MB"

/// For columns: always seconds with two digits, "0.41 s"; below zero "-".
[[nodiscard]] QString seconds(qint64 us);
/// For sentences: "412 ms", "1.92 s", "3 min 12 s", "2 h 5 min", "3 d 4 h"; below zero "-".
[[nodiscard]] QString duration(qint64 us);

/// "612", "1,204", "18.4k", "1.2M": whole up to 9,999.
[[nodiscard]] QString tokens(qint64 number);
/// "1,204+312"; without an output count yet "19.6k+".
[[nodiscard]] QString tokens(qint64 in, std::optional<qint64> out);

/// For columns: six digits after the point, "$0.006130"; "$0" for nothing, "<$0.000001" for less than that,
/// "-" if unknown.
[[nodiscard]] QString cost(std::optional<NanoUsd> amount);
/// For sums: "$18.40", "$0.013" below ten cents, "<$0.01" never: two digits that say something.
[[nodiscard]] QString sum(NanoUsd amount);
/// A price per million tokens: at least two digits after the point, more only where they say something:
/// "2.50", "0.075".
[[nodiscard]] QString price(NanoUsd perMillion);

/// "14:31:18.402" in local time; microseconds since 1970.
[[nodiscard]] QString clock(qint64 us);
/// "14:31:18" today, "yesterday 14:31", else the date with the time.
[[nodiscard]] QString when(const QDateTime &moment, const QDateTime &now);
/// For "failing since": "14:36" today, else "21 Nov".
[[nodiscard]] QString since(const QDateTime &moment, const QDateTime &now);
/// "just now", "38 s ago", "5 min ago", "2 h ago", "3 days ago", "never" for an invalid one.
[[nodiscard]] QString ago(const QDateTime &moment, const QDateTime &now);

} // namespace portolan::ui::format
