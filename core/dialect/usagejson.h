// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/usagecounts.h"

#include <optional>

namespace portolan::dialect {

/// The counts of a provider's usage object, whichever provider's it is; none where one of them is no sensible
/// count.
[[nodiscard]] ReportedCounts countsOf(const JsonValue &usage);

/// The one form of them; nothing when the object is absent or has no count.
[[nodiscard]] std::optional<Usage> usageOf(const JsonValue &usage, UsageStyle style);

} // namespace portolan::dialect
