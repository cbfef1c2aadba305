// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

namespace portolan::dialect::responses {

/// The body of POST /v1/responses (openai.md 12.1). `store`, and of `include` the encrypted reasoning, are
/// served here and not handed on: nothing is stored, and reasoning always comes with what it takes to send it
/// back. What needs state at the provider (previous_response_id, conversation, prompt, background) is the
/// client's error. Members of `reasoning` that nobody else has are extras named "reasoning.mode" and so on.
[[nodiscard]] Result<Request> decodeRequest(const JsonDocument &document);

} // namespace portolan::dialect::responses
