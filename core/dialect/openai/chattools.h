// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

namespace portolan::dialect::openai {

/// tools, tool_choice, parallel_tool_calls, and the deprecated functions and function_call. A choice of a
/// tool that is not there is the client's error.
[[nodiscard]] Result<> decodeTools(const JsonValue &body, Request &request);

} // namespace portolan::dialect::openai
