// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

namespace portolan::dialect::anthropic {

/// The body of POST /v1/messages, or of count_tokens, which lacks some of it (anthropic.md 2 and 11). Block
/// types and members that only Anthropic knows are kept (ForeignPart, Extras). Claude Code's billing line in
/// front of the system text changes with every request and is left out, or no provider's cache would ever hit
/// (mapping.md 13).
[[nodiscard]] Result<Request> decodeRequest(const JsonValue &body);

} // namespace portolan::dialect::anthropic
