// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::bedrock {

/// The request as POST /model/{id}/converse or converse-stream (bedrock.md 4, mapping.md 4).
Result<WireRequest> converseRequest(const Request &request, Exchange &exchange);

} // namespace portolan::dialect::bedrock
