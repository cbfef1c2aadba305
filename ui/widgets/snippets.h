// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace portolan::ui {

/// Ways to point a program at the gateway.
enum class SnippetKind { Environment, Curl, Python, JavaScript };
inline constexpr int kSnippetKinds = 4;

[[nodiscard]] QStringList snippetTitles();

/// Text to paste. The token never stands in it: $PORTOLAN_KEY is where the person puts it.
[[nodiscard]] QString snippet(SnippetKind kind, const QString &baseUrl, const QString &model);

} // namespace portolan::ui
