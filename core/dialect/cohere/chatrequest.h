// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/dialect/codec.h"

namespace portolan::dialect::cohere {

/// A request as /v2/chat takes it. 400 for what would change the meaning: n above 1, audio, files, a tool
/// choice that can't be kept.
[[nodiscard]] Result<WireRequest> writeChatRequest(const Request &request, Exchange &exchange);

} // namespace portolan::dialect::cohere
