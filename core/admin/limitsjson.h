// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/control/types.h"

#include <optional>

namespace portolan::admin {

// Limits as Portkey's control plane writes them (gateway-protocol 4.2, 4.3).

/// `before` with what `usage_limits` and `rate_limits` of the body say; nothing when it says nothing of them,
/// null takes them away. A budget's periods are Portkey's: UTC, weeks from Sunday, months from the 1st, or
/// `periodic_reset_days` days from today or up to `next_usage_reset_at`. "admin.bad_value".
[[nodiscard]] Result<std::optional<admission::KeyLimits>> limitsOf(const JsonValue &body,
                                                                   admission::KeyLimits before);

/// The members usage_limits and rate_limits of the object that is open.
void writeLimits(JsonWriter &json, const admission::KeyLimits &limits, const admission::KeyUse &use);

} // namespace portolan::admin
