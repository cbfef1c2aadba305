// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/arch/finding.h"

namespace portolan::arch {

/// Checks one file of the project against the rules that a reading of its text can settle: licence line,
/// length, unfinished work, text that a stranger's data could turn into markup or SQL, calls with a safer
/// twin. Which rules apply depends on the path's folder and suffix; `path` need not exist.
[[nodiscard]] Findings checkSource(const QString &path, const QString &text);

} // namespace portolan::arch
