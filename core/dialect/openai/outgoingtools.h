// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"
#include "core/dialect/openai/relatives.h"

namespace portolan::dialect::openai {

/// Writes tools, tool_choice and parallel_tool_calls. Custom tools become functions where the target has no
/// others; tools that another provider would run are left out when they only search the web or came from
/// Anthropic, and refused when not.
[[nodiscard]] Result<> writeTools(JsonWriter &json, const Request &request, const Relative &relative,
                                  Exchange &exchange);

} // namespace portolan::dialect::openai
