// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::openai {

/// A chat.completion of OpenAI or a relative (openai.md 3). Fails with what the provider says is wrong, or
/// 502 when the body is none.
[[nodiscard]] std::expected<Reply, ApiError> decodeChatAnswer(const WireReply &wire, Exchange &exchange);

/// One choice, from its `message`; also for a stream's chunk that holds a whole one.
[[nodiscard]] Choice decodeChoice(const JsonValue &json, std::int64_t position, Exchange &exchange);

} // namespace portolan::dialect::openai
