// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/toolconfig.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/jsonschema.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <set>

namespace portolan::dialect::bedrock {
namespace {

using Mode = ToolChoice::Mode;

/// Names of tools that earlier turns called, each once, in the order of the first call.
std::vector<std::string_view> namesInHistory(const Request &request)
{
    std::vector<std::string_view> names;
    std::set<std::string_view> known;
    for (const Message &message : request.messages) {
        for (const Part &part : message.parts) {
            const auto *call = std::get_if<ToolCallPart>(&part.content);
            if (call && known.insert(call->name).second)
                names.push_back(call->name);
        }
    }
    return names;
}

bool hasToolParts(const Request &request)
{
    return std::ranges::any_of(request.messages, [](const Message &message) {
        return std::ranges::any_of(message.parts, [](const Part &part) {
            return std::holds_alternative<ToolCallPart>(part.content)
                || std::holds_alternative<ToolResultPart>(part.content);
        });
    });
}

std::vector<const Tool *> servedTools(const Request &request, Exchange &exchange)
{
    std::vector<const Tool *> tools;
    const auto allowed = [&](const Tool &tool) {
        const auto *choice = request.tool_choice ? &*request.tool_choice : nullptr;
        return !choice || choice->allowed.empty()
            || std::ranges::find(choice->allowed, tool.name) != choice->allowed.end();
    };
    for (const Tool &tool : request.tools) {
        if (tool.kind == Tool::Kind::Hosted)
            note(exchange, Note::Kind::Dropped, tool.name.empty() ? "tools" : tool.name,
                 "Bedrock does not run this tool");
        else if (allowed(tool))
            tools.push_back(&tool);
    }
    return tools;
}

void writeSpec(const Tool &tool, Exchange &exchange, JsonWriter &json)
{
    json.object().key("toolSpec").object().member("name", sentToolName(tool.name, exchange));
    if (!tool.description.empty())
        json.member("description", tool.description);
    json.key("inputSchema").object();
    if (tool.kind == Tool::Kind::Custom) {
        json.key("json").raw(kCustomToolSchema);
        if (!exchange.isCustomTool(tool.name))
            exchange.custom_tools.push_back(tool.name);
        note(exchange, Note::Kind::Emulated, "tools", "a custom tool becomes a function with one string");
    } else {
        json.member("json", objectSchema(tool.parameters));
    }
    json.end();
    if (tool.strict == true && exchange.target.capabilities.structured_outputs)
        json.member("strict", true);
    json.end().end();
}

void writeChoice(const ToolChoice &choice, Exchange &exchange, JsonWriter &json)
{
    if (choice.mode == Mode::Required) {
        json.key("toolChoice").object().key("any").object().end().end();
    } else if (choice.mode == Mode::Named) {
        json.key("toolChoice").object().key("tool").object();
        json.member("name", sentToolName(choice.name, exchange)).end().end();
    }
}

} // namespace

Result<ToolPlan> toolPlan(const Request &request, Exchange &exchange)
{
    ToolPlan plan{.tools = servedTools(request, exchange),
                  .choice = request.tool_choice.value_or(ToolChoice{})};
    const bool in_history = hasToolParts(request);
    if (plan.choice.mode == Mode::None) {
        plan.choice = {};
        // Gone with its tools, unless earlier turns need them declared.
        plan.say_none = in_history;
        if (!in_history)
            plan.tools.clear();
    }
    if (plan.choice.mode == Mode::Named
        && std::ranges::find(plan.tools, plan.choice.name, &Tool::name) == plan.tools.end())
        return badRequest("/tool_choice",
                          "Choose one of the request's tools; \"" + plan.choice.name
                              + "\" is none that Bedrock can call.");
    if (plan.choice.mode == Mode::Required && plan.tools.empty())
        return badRequest("/tool_choice", "Send the tools of which one has to be called.");
    if (plan.tools.empty() && in_history) {
        plan.from_history = namesInHistory(request);
        note(exchange, Note::Kind::Emulated, "tools", "declared from the calls in the history");
    }
    if (request.parallel_tool_calls == false && !plan.tools.empty())
        note(exchange, Note::Kind::Dropped, "parallel_tool_calls", "Converse can't limit calls to one");
    return plan;
}

void emulateSchema(const Request &request, bool thinks, ToolPlan &plan, Exchange &exchange)
{
    std::string name = "json_output";
    while (std::ranges::find(request.tools, name, &Tool::name) != request.tools.end())
        name += '_';
    if (!thinks && !plan.forced()) {
        const bool alone = plan.tools.empty() || plan.say_none;
        plan.choice = {.mode = alone ? Mode::Named : Mode::Required, .name = name};
    }
    plan.emulate_schema = true;
    plan.say_none = false;
    exchange.schema_tool = std::move(name);
    note(exchange, Note::Kind::Emulated, "response_format", "a tool whose input is the answer");
}

void writeToolConfig(const Request &request, const ToolPlan &plan, Exchange &exchange, CachePoints &cache,
                     JsonWriter &json)
{
    json.object().key("tools").array();
    for (const Tool *tool : plan.tools) {
        writeSpec(*tool, exchange, json);
        if (tool->cache && cache.takes(true))
            CachePoints::write(*tool->cache, json);
    }
    for (const std::string_view name : plan.from_history) {
        json.object().key("toolSpec").object().member("name", sentToolName(name, exchange));
        json.key("inputSchema").object().key("json").raw(R"({"type":"object"})").end().end().end();
    }
    if (plan.emulate_schema) {
        const ResponseFormat &format = request.response_format;
        json.object().key("toolSpec").object().member("name", exchange.schema_tool);
        if (!format.description.empty())
            json.member("description", format.description);
        json.key("inputSchema").object().member("json", objectSchema(format.schema)).end().end().end();
    }
    json.end();
    writeChoice(plan.choice, exchange, json);
    json.end();
}

} // namespace portolan::dialect::bedrock
