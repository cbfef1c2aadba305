// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::responses {

/// A whole response object as the one choice of a reply.
[[nodiscard]] std::expected<Reply, ApiError> decodeReply(const WireReply &reply, Exchange &exchange);

} // namespace portolan::dialect::responses
