// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace portolan::arch {

/// Files below the given folders of the project whose names end in one of the suffixes, relative to the
/// project and sorted. node_modules and build folders are not entered.
[[nodiscard]] QStringList filesOf(const QStringList &folders, const QStringList &suffixes);

/// A file of the project as text.
[[nodiscard]] QString textOf(const QString &path);

} // namespace portolan::arch
