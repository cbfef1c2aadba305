// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

namespace portolan::dialect::responses {

/// `tools` and `tool_choice` (openai.md 12.3). Tools in a namespace get a flat name; what is neither function
/// nor custom tool is run by the provider and kept whole. A choice of a tool that is not there is the
/// client's error.
[[nodiscard]] Result<> decodeTools(const JsonValue &body, Request &request);

/// A custom tool's format as the chat API nests it, and as this one has it flat.
[[nodiscard]] RawJson nestedFormat(const JsonValue &format);
[[nodiscard]] RawJson flatFormat(const JsonValue &format);

} // namespace portolan::dialect::responses
