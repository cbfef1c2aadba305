// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

#include <span>
#include <string_view>

namespace portolan::dialect::openai {

/// The body of POST /v1/chat/completions (openai.md 2) with the extensions that the field's clients send:
/// thinking_blocks, reasoning_content, cache_control, thought signatures, images in tool messages, and the
/// deprecated functions. null means absent. A known member of the wrong kind is the client's error; a member
/// nobody knows is kept as an extra.
[[nodiscard]] Result<Request> decodeChatRequest(const JsonDocument &body);

/// The members that all requests for text have: model, sampling, limits, stream, user and the like.
[[nodiscard]] Result<> decodeCommon(const JsonValue &body, Request &request);

/// Keeps the members that neither decodeCommon nor the caller knows.
void keepExtras(const JsonValue &body, std::span<const std::string_view> known, Request &request);

} // namespace portolan::dialect::openai
