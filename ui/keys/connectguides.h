// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <utility>
#include <vector>

namespace portolan::ui {

/// Something to paste or to type somewhere, and what each of its names means.
struct GuideStep {
    QString where{}; ///< "In the shell", "In ~/.codex/config.toml"
    QString text{};  ///< empty: nothing to paste
    std::vector<std::pair<QString, QString>> explained{};
};

/// How a program is pointed at the gateway.
struct Guide {
    QString id{};
    QString name{};
    QString intro{};
    std::vector<GuideStep> steps{};
};

/// What the guides speak of. The client key never stands in them: $PORTOLAN_KEY is where the person puts it.
struct GuideTarget {
    QString baseUrl{}; ///< "http://127.0.0.1:8787/v1"
    QString model{};   ///< "@openai/gpt-4o"
};

/// Written from the programs' own documentation as of autumn 2026: the names of their settings change.
[[nodiscard]] std::vector<Guide> guides(const GuideTarget &target);

} // namespace portolan::ui
