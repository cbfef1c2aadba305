// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

#include <vector>

namespace portolan::dialect::responses {

/// The `input` of a request as messages (mapping.md 14). What the model said between two turns of others is
/// one Assistant message: reasoning, text and all its calls. Outputs of calls stand right behind the message
/// with the calls, in the order of the calls, wherever they were in the input; a user message that follows
/// joins them (conversation.h). Items that only this API knows are kept as ForeignPart; those that point to
/// something stored at the provider are the client's error.
[[nodiscard]] Result<std::vector<Message>> decodeInput(const JsonValue &input);

} // namespace portolan::dialect::responses
