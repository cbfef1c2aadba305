// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"

namespace portolan::dialect::responses {

/// Members "tools", "tool_choice" and "parallel_tool_calls". 400 for a tool that only another provider runs
/// and for a choice that can't be kept.
[[nodiscard]] Result<> writeTools(JsonWriter &json, const Request &request, Exchange &exchange);

} // namespace portolan::dialect::responses
