// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/tooling.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <array>

namespace portolan::dialect::gemini {
namespace {

constexpr std::string_view kSchemaTool = "json_output";
constexpr std::string_view kModeAny = "ANY";
constexpr std::string_view kModeAuto = "AUTO";
constexpr std::string_view kModeNone = "NONE";

/// Some versions refuse an object schema without properties, so it is left out where it says nothing.
bool takesArguments(std::string_view schema)
{
    static constexpr std::array<std::string_view, 6> kSaying{"properties", "$ref",  "anyOf",
                                                             "oneOf",      "allOf", "patternProperties"};
    const auto document = JsonDocument::parse(std::string(schema));
    if (!document)
        return false;
    const JsonValue root(*document);
    const JsonValue others = root["additionalProperties"];
    return others.boolean().value_or(!others.empty())
        || std::ranges::any_of(kSaying, [&](std::string_view name) {
               const JsonValue member = root[name];
               return member.isString() || !member.empty();
           });
}

bool isWebSearch(const Tool &tool)
{
    return tool.kind == Tool::Kind::Hosted
        && (tool.name.find("web_search") != std::string::npos
            || tool.json.text.find("web_search") != std::string::npos);
}

bool isListed(const std::vector<std::string> &names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

bool isCallable(const Request &request, std::string_view name)
{
    return std::ranges::any_of(request.tools, [&](const Tool &tool) {
        return tool.kind != Tool::Kind::Hosted && tool.name == name;
    });
}

} // namespace

std::string functionName(std::string_view name, Exchange &exchange)
{
    const bool wrong_start
        = !name.empty() && (name.front() == '-' || (name.front() >= '0' && name.front() <= '9'));
    if (!wrong_start)
        return sentToolName(name, exchange);
    std::string sent = fittingToolName("_" + std::string(name));
    if (exchange.clientToolName(sent) == sent)
        exchange.tool_names.emplace_back(sent, name);
    return sent;
}

Result<Tooling> Tooling::of(const Request &request, Exchange &exchange)
{
    Tooling tooling;
    tooling.declare(request, exchange);
    if (request.tool_choice) {
        if (auto chosen = tooling.choose(*request.tool_choice, request, exchange); !chosen)
            return std::unexpected(chosen.error());
    }
    tooling.settleFormat(request, exchange);
    if (request.parallel_tool_calls == false && !tooling.m_functions.empty())
        note(exchange, Note::Kind::Dropped, "parallel_tool_calls", "Gemini has no switch for it");
    return tooling;
}

void Tooling::declare(const Request &request, Exchange &exchange)
{
    bool wants_search = !request.web_search_options.empty();
    for (const Tool &tool : request.tools) {
        if (tool.kind == Tool::Kind::Hosted) {
            if (isWebSearch(tool))
                wants_search = true;
            else
                note(exchange, Note::Kind::Dropped, "tools: " + tool.name, "runs only at its own provider");
            continue;
        }
        // With a choice of Auto only the allowed ones are shown: Gemini's list needs a forced call.
        const auto &choice = request.tool_choice;
        if (choice && choice->mode == ToolChoice::Mode::Auto && !choice->allowed.empty()
            && !isListed(choice->allowed, tool.name))
            continue;
        std::string_view schema = tool.parameters.text;
        if (tool.kind == Tool::Kind::Custom) {
            schema = kCustomToolSchema;
            exchange.custom_tools.push_back(tool.name);
            note(exchange, Note::Kind::Emulated, "tools: " + tool.name,
                 "a function with one text stands for it");
        } else if (!takesArguments(schema)) {
            schema = {};
        }
        if (tool.strict.value_or(false))
            note(exchange, Note::Kind::Dropped, "tools[].strict", "Gemini has no such promise");
        if (tool.cache)
            note(exchange, Note::Kind::Dropped, "cache_control", "Gemini caches prefixes by itself");
        m_functions.push_back(
            {.name = functionName(tool.name, exchange), .description = tool.description, .schema = schema});
    }
    m_google_search = wants_search && exchange.target.web_search && m_functions.empty();
    if (wants_search && !m_google_search) {
        note(exchange, Note::Kind::Dropped, "web search",
             m_functions.empty() ? "the account does not allow it"
                                 : "Gemini takes it only without functions");
    }
}

Result<> Tooling::choose(const ToolChoice &choice, const Request &request, Exchange &exchange)
{
    std::vector<std::string> named = choice.allowed;
    if (choice.mode == ToolChoice::Mode::Named)
        named = {choice.name};
    for (const std::string &name : named) {
        if (!isCallable(request, name))
            return badRequest("/tool_choice", "tool_choice names a tool that is not in tools: add it there.");
    }
    const bool forced = choice.mode == ToolChoice::Mode::Required || choice.mode == ToolChoice::Mode::Named;
    if (m_functions.empty()) {
        if (forced)
            return badRequest("/tool_choice", "tool_choice wants a call but there is no function to call.");
        return {};
    }
    switch (choice.mode) {
    case ToolChoice::Mode::Auto: m_mode = kModeAuto; break;
    case ToolChoice::Mode::None: m_mode = kModeNone; break;
    case ToolChoice::Mode::Required:
    case ToolChoice::Mode::Named:
        m_mode = kModeAny;
        for (const std::string &name : named)
            m_allowed.push_back(functionName(name, exchange));
        break;
    }
    return {};
}

void Tooling::settleFormat(const Request &request, Exchange &exchange)
{
    const ResponseFormat &format = request.response_format;
    if (format.kind == ResponseFormat::Kind::Text || m_functions.empty()
        || exchange.target.capabilities.tools_with_json_schema)
        return;
    if (m_mode == kModeNone) {
        m_functions.clear();
        m_mode = {};
        note(exchange, Note::Kind::Dropped, "tools", "this model can't have them beside a JSON answer");
        return;
    }
    m_native_format = false;
    if (m_mode == kModeAny) {
        note(exchange, Note::Kind::Dropped, "response_format", "the answer must be a tool call");
    } else if (format.kind == ResponseFormat::Kind::JsonSchema && !format.schema.empty()) {
        emulateSchema(format, exchange);
    } else {
        m_instruction = "Respond with one JSON object only.";
        note(exchange, Note::Kind::Emulated, "response_format", "asked for in words: the model has tools");
    }
}

void Tooling::emulateSchema(const ResponseFormat &format, Exchange &exchange)
{
    std::string name(kSchemaTool);
    while (std::ranges::find(m_functions, name, &Function::name) != m_functions.end())
        name += '_';
    exchange.schema_tool = name;
    m_functions.push_back(
        {.name = std::move(name), .description = format.description, .schema = format.schema.text});
    m_mode = kModeAny;
    note(exchange, Note::Kind::Emulated, "response_format", "by a function: the model has tools");
}

void Tooling::write(JsonWriter &json) const
{
    if (!m_functions.empty() || m_google_search) {
        json.key("tools").array().object();
        if (m_google_search)
            json.key("googleSearch").object().end();
        if (!m_functions.empty()) {
            json.key("functionDeclarations").array();
            for (const Function &function : m_functions) {
                json.object().member("name", function.name);
                if (!function.description.empty())
                    json.member("description", function.description);
                if (!function.schema.empty())
                    json.key("parametersJsonSchema").raw(function.schema);
                json.end();
            }
            json.end();
        }
        json.end().end();
    }
    if (m_mode.empty())
        return;
    json.key("toolConfig").object().key("functionCallingConfig").object().member("mode", m_mode);
    if (!m_allowed.empty()) {
        json.key("allowedFunctionNames").array();
        for (const std::string &name : m_allowed)
            json.string(name);
        json.end();
    }
    json.end().end();
}

} // namespace portolan::dialect::gemini
