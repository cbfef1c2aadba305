// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/arch/finding.h"

namespace portolan::arch {

/// Checks what a file includes, and which clocks and dice it calls, against the table of rooms in
/// core/README.md. `path` is relative to the project and need not exist. A folder that the table does not
/// name is itself a finding.
[[nodiscard]] Findings checkIncludes(const QString &path, const QString &text);

} // namespace portolan::arch
