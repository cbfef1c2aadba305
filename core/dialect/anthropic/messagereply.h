// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <expected>

namespace portolan::dialect::anthropic {

/// A whole message (anthropic.md 7). The error: an error that came as 200, or what is no message.
[[nodiscard]] std::expected<Reply, ApiError> decodeMessage(const WireReply &reply, Exchange &exchange);

/// How a message or a message_delta says that it ended; `called`: it has a tool call of the client.
[[nodiscard]] Finish finishIn(const JsonValue &object, bool called);

} // namespace portolan::dialect::anthropic
