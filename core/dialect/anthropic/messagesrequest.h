// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/dialect/codec.h"

namespace portolan::dialect::anthropic {

/// A Messages request for the exchange's target, whichever platform serves it (mapping.md 1 and 9 to 12).
[[nodiscard]] Result<WireRequest> encodeMessages(const Request &request, Exchange &exchange);

} // namespace portolan::dialect::anthropic
