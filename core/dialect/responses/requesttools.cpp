// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/requesttools.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/openai/fields.h"
#include "core/dialect/responses/toolspaces.h"

#include <algorithm>
#include <string>
#include <utility>

namespace portolan::dialect::responses {
namespace {

Result<> addTool(const JsonValue &json, std::string_view space, const std::string &where, Request &request)
{
    Tool tool{.kind = json["type"].equals("custom") ? Tool::Kind::Custom : Tool::Kind::Function};
    std::string name;
    if (auto read = openai::Fields(json, where)
                        .text("name", name)
                        .text("description", tool.description)
                        .object("parameters", tool.parameters)
                        .flag("strict", tool.strict)
                        .result();
        !read)
        return read;
    if (name.empty())
        return badRequest(where + "/name", "A tool needs its name.", "missing_required_parameter");
    tool.name = flatToolName(space, name);
    tool.format = nestedFormat(json["format"]);
    request.tools.push_back(std::move(tool));
    return {};
}

Result<> addSpace(const JsonValue &json, const std::string &where, Request &request)
{
    const std::string space = json["name"].stringOr("");
    if (space.empty())
        return badRequest(where + "/name", "A namespace needs its name.", "missing_required_parameter");
    std::size_t index = 0;
    for (const JsonValue tool : json["tools"].elements()) {
        const std::string at = where + "/tools/" + std::to_string(index++);
        if (!tool["type"].equals("function") && !tool["type"].equals("custom"))
            return badRequest(at + "/type", "A namespace may hold function and custom tools only.",
                              "invalid_value");
        if (auto added = addTool(tool, space, at, request); !added)
            return added;
    }
    return {};
}

Result<> addAny(const JsonValue &json, const std::string &where, Request &request)
{
    const auto type = json["type"].string();
    if (!type)
        return badRequest(where + "/type", "Each tool needs a type.", "missing_required_parameter");
    if (*type == "function" || *type == "custom")
        return addTool(json, "", where, request);
    if (*type == "namespace")
        return addSpace(json, where, request);
    request.tools.push_back({.kind = Tool::Kind::Hosted,
                             .name = *type,
                             .dialect = Dialect::OpenAiResponses,
                             .json = json.rawJson()});
    return {};
}

/// What a choice calls a tool: by its name, or, when the provider runs it, by its type.
std::string chosenName(const JsonValue &json)
{
    const std::string type = json["type"].stringOr("");
    if (type == "function" || type == "custom")
        return flatToolName(json["namespace"].stringOr(""), json["name"].stringOr(""));
    return type;
}

Result<> mustExist(std::string_view name, const std::string &where, const Request &request)
{
    if (std::ranges::find(request.tools, name, &Tool::name) != request.tools.end())
        return {};
    return badRequest(where, "tool_choice names a tool that is not in tools.", "invalid_value");
}

Result<> decodeMode(const JsonValue &mode, const std::string &where, ToolChoice &choice)
{
    if (mode.equals("auto"))
        choice.mode = ToolChoice::Mode::Auto;
    else if (mode.equals("none"))
        choice.mode = ToolChoice::Mode::None;
    else if (mode.equals("required"))
        choice.mode = ToolChoice::Mode::Required;
    else
        return badRequest(where, "This must be auto, none or required.", "invalid_value");
    return {};
}

Result<> decodeAllowed(const JsonValue &json, ToolChoice &choice, const Request &request)
{
    if (auto mode = decodeMode(json["mode"], "/tool_choice/mode", choice); !mode)
        return mode;
    std::size_t index = 0;
    for (const JsonValue tool : json["tools"].elements()) {
        choice.allowed.push_back(chosenName(tool));
        const std::string where = "/tool_choice/tools/" + std::to_string(index++);
        if (auto found = mustExist(choice.allowed.back(), where, request); !found)
            return found;
    }
    if (choice.allowed.empty())
        return badRequest("/tool_choice/tools", "allowed_tools needs the tools that are allowed.",
                          "missing_required_parameter");
    return {};
}

Result<> decodeChoice(const JsonValue &json, Request &request)
{
    if (!json)
        return {};
    ToolChoice choice;
    Result<> read;
    if (json["type"].equals("allowed_tools")) {
        read = decodeAllowed(json, choice, request);
    } else if (json.isObject()) {
        choice.mode = ToolChoice::Mode::Named;
        choice.name = chosenName(json);
        read = mustExist(choice.name, "/tool_choice", request);
    } else {
        read = decodeMode(json, "/tool_choice", choice);
    }
    if (read)
        request.tool_choice = std::move(choice);
    return read;
}

} // namespace

Result<> decodeTools(const JsonValue &body, Request &request)
{
    const JsonValue tools = body["tools"];
    if (tools && !tools.isArray())
        return badRequest("/tools", "tools must be an array.", "invalid_type");
    std::size_t index = 0;
    for (const JsonValue tool : tools.elements()) {
        if (auto added = addAny(tool, "/tools/" + std::to_string(index++), request); !added)
            return added;
    }
    return decodeChoice(body["tool_choice"], request);
}

RawJson nestedFormat(const JsonValue &format)
{
    if (!format["type"].equals("grammar") || format["grammar"].isObject())
        return format.isObject() ? format.rawJson() : RawJson{};
    RawJson nested;
    JsonWriter json(nested.text);
    json.object().member("type", "grammar").key("grammar").object();
    for (const JsonValue member : format.members()) {
        if (member.key() != "type")
            json.key(member.key()).raw(member.raw());
    }
    json.end().end();
    return nested;
}

RawJson flatFormat(const JsonValue &format)
{
    const JsonValue grammar = format["grammar"];
    if (!grammar.isObject())
        return format.isObject() ? format.rawJson() : RawJson{};
    RawJson flat;
    JsonWriter json(flat.text);
    json.object().member("type", "grammar");
    for (const JsonValue member : grammar.members())
        json.key(member.key()).raw(member.raw());
    json.end();
    return flat;
}

} // namespace portolan::dialect::responses
