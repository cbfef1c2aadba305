// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace portolan::arch {

/// A place that breaks a rule of the house.
struct Finding {
    QString file{}; ///< relative to the project
    int line = 0;
    QString rule{};  ///< stable name of the rule
    QString words{}; ///< what is wrong and what to do instead

    [[nodiscard]] QString toString() const
    {
        return QStringLiteral("%1:%2: [%3] %4").arg(file).arg(line).arg(rule, words);
    }

    friend bool operator==(const Finding &, const Finding &) = default;
};

using Findings = std::vector<Finding>;

/// The findings as lines, for a test's failure message.
[[nodiscard]] inline QString listed(const Findings &findings)
{
    QStringList lines;
    for (const auto &finding : findings)
        lines << finding.toString();
    return lines.join(QLatin1Char('\n'));
}

} // namespace portolan::arch
