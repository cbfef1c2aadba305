// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <expected>

namespace portolan::dialect::gemini {

/// A GenerateContentResponse. The error: one that says 200, output that is malformed, or something that is no
/// such response at all.
[[nodiscard]] std::expected<Reply, ApiError> readReply(const WireReply &reply, Exchange &exchange);

} // namespace portolan::dialect::gemini
