// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/dialect/bedrock/blocks.h"
#include "core/dialect/codec.h"

#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect::bedrock {

/// Which tools a request brings to Converse, and how it may choose among them.
struct ToolPlan {
    std::vector<const Tool *> tools{};
    std::vector<std::string_view> from_history{}; ///< called before, declared by nobody: Converse wants them
    ToolChoice choice{};                          ///< Auto is said by saying nothing
    bool emulate_schema = false; ///< the answer's JSON schema becomes a tool's, exchange.schema_tool
    bool say_none = false;       ///< no tool may be called, which Converse can't say

    [[nodiscard]] bool empty() const noexcept
    {
        return tools.empty() && from_history.empty() && !emulate_schema;
    }
    [[nodiscard]] bool forced() const noexcept
    {
        return choice.mode == ToolChoice::Mode::Required || choice.mode == ToolChoice::Mode::Named;
    }
};

/// The client's part of the plan. The error is the client's: a choice that names no tool of the request.
Result<ToolPlan> toolPlan(const Request &request, Exchange &exchange);

/// Adds the tool that stands for the answer's schema; it is forced unless the model thinks.
void emulateSchema(const Request &request, bool thinks, ToolPlan &plan, Exchange &exchange);

/// The "toolConfig" member's value; the plan is not empty.
void writeToolConfig(const Request &request, const ToolPlan &plan, Exchange &exchange, CachePoints &cache,
                     JsonWriter &json);

} // namespace portolan::dialect::bedrock
