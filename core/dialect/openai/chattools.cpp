// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chattools.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/openai/chatmessages.h"
#include "core/dialect/openai/fields.h"

#include <algorithm>

namespace portolan::dialect::openai {
namespace {

Result<Tool> decodeFunction(const JsonValue &function, const std::string &where)
{
    Tool tool;
    auto read = Fields(function, where)
                    .text("name", tool.name)
                    .text("description", tool.description)
                    .object("parameters", tool.parameters)
                    .flag("strict", tool.strict)
                    .result();
    if (!read)
        return std::unexpected(std::move(read).error());
    if (tool.name.empty())
        return badRequest(where + "/name", "Each function needs a name.", "missing_required_parameter");
    return tool;
}

Result<Tool> decodeCustom(const JsonValue &custom, const std::string &where)
{
    Tool tool{.kind = Tool::Kind::Custom};
    auto read = Fields(custom, where)
                    .text("name", tool.name)
                    .text("description", tool.description)
                    .object("format", tool.format)
                    .result();
    if (!read)
        return std::unexpected(std::move(read).error());
    if (tool.name.empty())
        return badRequest(where + "/name", "Each custom tool needs a name.", "missing_required_parameter");
    return tool;
}

Result<Tool> decodeTool(const JsonValue &json, const std::string &where)
{
    const auto type = json["type"].string();
    if (!type)
        return badRequest(where + "/type", "Each tool needs a type, \"function\" for most.",
                          "missing_required_parameter");
    auto tool = *type == "function" ? decodeFunction(json["function"], where + "/function")
        : *type == "custom"         ? decodeCustom(json["custom"], where + "/custom")
                                    : Tool{.kind = Tool::Kind::Hosted, .name = *type, .json = json.rawJson()};
    if (!tool)
        return tool;
    // Clients of Anthropic models put the hint beside or inside the function.
    tool->cache = cacheHint(json);
    if (!tool->cache)
        tool->cache = cacheHint(json["function"]);
    return tool;
}

bool hasTool(const Request &request, std::string_view name)
{
    return std::ranges::any_of(request.tools, [&](const Tool &tool) {
        return tool.kind != Tool::Kind::Hosted && tool.name == name;
    });
}

Result<> nameTool(const Request &request, const JsonValue &named, const std::string &where, std::string &into)
{
    into = named["name"].stringOr("");
    if (!into.empty() && hasTool(request, into))
        return {};
    return badRequest(where + "/name", "tool_choice must name one of the tools.", "invalid_value");
}

std::optional<ToolChoice::Mode> modeNamed(std::string_view word)
{
    if (word == "auto")
        return ToolChoice::Mode::Auto;
    if (word == "none")
        return ToolChoice::Mode::None;
    if (word == "required" || word == "any") // any: Mistral's word
        return ToolChoice::Mode::Required;
    return std::nullopt;
}

Result<> decodeAllowed(const Request &request, const JsonValue &allowed, ToolChoice &choice)
{
    choice.mode = allowed["mode"].equals("required") ? ToolChoice::Mode::Required : ToolChoice::Mode::Auto;
    std::size_t index = 0;
    for (const JsonValue tool : allowed["tools"].elements()) {
        const std::string type = tool["type"].stringOr("function");
        const std::string where = "/tool_choice/allowed_tools/tools/" + std::to_string(index++) + '/' + type;
        if (auto named = nameTool(request, tool[type], where, choice.allowed.emplace_back()); !named)
            return named;
    }
    if (choice.allowed.empty())
        return badRequest("/tool_choice/allowed_tools/tools", "allowed_tools must list at least one tool.",
                          "missing_required_parameter");
    return {};
}

Result<> decodeChoice(const JsonValue &json, Request &request)
{
    if (!json)
        return {};
    ToolChoice choice;
    if (const auto word = json.string()) {
        const auto mode = modeNamed(*word);
        if (!mode)
            return badRequest("/tool_choice", "tool_choice must be auto, none, required or name a tool.",
                              "invalid_value");
        choice.mode = *mode;
    } else {
        const std::string type = json["type"].stringOr("");
        Result<> read;
        if (type == "allowed_tools") {
            read = decodeAllowed(request, json["allowed_tools"], choice);
        } else if (type == "function" || type == "custom") {
            choice.mode = ToolChoice::Mode::Named;
            read = nameTool(request, json[type], "/tool_choice/" + type, choice.name);
        } else {
            read = badRequest("/tool_choice/type",
                              "tool_choice.type must be function, custom or allowed_tools.", "invalid_value");
        }
        if (!read)
            return read;
    }
    request.tool_choice = std::move(choice);
    return {};
}

/// functions and function_call, which tools and tool_choice came after.
Result<> decodeDeprecated(const JsonValue &body, Request &request)
{
    std::size_t index = 0;
    for (const JsonValue function : body["functions"].elements()) {
        auto tool = decodeFunction(function, "/functions/" + std::to_string(index++));
        if (!tool)
            return std::unexpected(std::move(tool).error());
        request.tools.push_back(*std::move(tool));
    }
    const JsonValue call = body["function_call"];
    if (!call || request.tool_choice)
        return {};
    if (call.isString())
        return decodeChoice(call, request);
    ToolChoice choice{.mode = ToolChoice::Mode::Named};
    if (auto named = nameTool(request, call, "/function_call", choice.name); !named)
        return named;
    request.tool_choice = std::move(choice);
    return {};
}

} // namespace

Result<> decodeTools(const JsonValue &body, Request &request)
{
    const JsonValue tools = body["tools"];
    if (tools && !tools.isArray())
        return badRequest("/tools", "tools must be an array.", "invalid_type");
    std::size_t index = 0;
    for (const JsonValue json : tools.elements()) {
        auto tool = decodeTool(json, "/tools/" + std::to_string(index++));
        if (!tool)
            return std::unexpected(std::move(tool).error());
        request.tools.push_back(*std::move(tool));
    }
    if (auto read = decodeChoice(body["tool_choice"], request); !read)
        return read;
    if (auto read = decodeDeprecated(body, request); !read)
        return read;
    return Fields(body).flag("parallel_tool_calls", request.parallel_tool_calls).result();
}

} // namespace portolan::dialect::openai
