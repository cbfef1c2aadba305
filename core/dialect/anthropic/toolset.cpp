// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/toolset.h"

#include "core/dialect/anthropic/blocks.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/jsonschema.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kSchemaTool = "json_output";
constexpr std::string_view kWebSearch = "web_search";
// The version that Anthropic and Vertex both serve (anthropic.md 12).
constexpr std::string_view kWebSearchType = "web_search_20250305";

bool isWebSearch(const Tool &tool)
{
    const auto document = JsonDocument::parse(tool.json.text);
    return document && JsonValue(*document)["type"].stringOr("").starts_with(kWebSearch);
}

bool isAllowed(const Tool &tool, const std::optional<ToolChoice> &choice)
{
    return !choice || choice->allowed.empty()
        || std::ranges::find(choice->allowed, tool.name) != choice->allowed.end();
}

} // namespace

Result<Toolset> Toolset::plan(const Request &request, Exchange &exchange)
{
    Toolset set;
    set.m_request = &request;
    set.m_web_search = exchange.target.web_search && !request.web_search_options.empty();
    for (const Tool &tool : request.tools) {
        if (!isAllowed(tool, request.tool_choice))
            continue;
        if (tool.kind == Tool::Kind::Hosted && tool.dialect != Dialect::Anthropic) {
            if (!isWebSearch(tool))
                return badRequest("/tools",
                                  "Leave out the tool \"" + tool.name + "\": this provider does not run it.");
            // Agents offer a search with every request, wanted or not: without one they still work.
            if (exchange.target.web_search)
                set.m_web_search = true;
            else
                note(exchange, Note::Kind::Dropped, "tools." + tool.name,
                     "the account does not allow a web search");
            continue;
        }
        set.m_tools.push_back(&tool);
    }
    if (request.tool_choice) {
        if (auto chosen = set.choose(*request.tool_choice); !chosen)
            return std::unexpected(chosen.error());
    }
    return set;
}

Result<> Toolset::choose(const ToolChoice &choice)
{
    switch (choice.mode) {
    case ToolChoice::Mode::Auto: m_choice = Choice::Auto; break;
    case ToolChoice::Mode::None: m_choice = Choice::None; break;
    case ToolChoice::Mode::Required: m_choice = Choice::Any; break;
    case ToolChoice::Mode::Named: m_choice = Choice::Named; break;
    }
    m_named = choice.name;
    if (m_choice == Choice::Named && std::ranges::find(m_tools, m_named, &Tool::name) == m_tools.end())
        return badRequest("/tool_choice", "Name one of the tools in tool_choice.");
    if ((isForced() || !choice.allowed.empty()) && m_tools.empty() && !m_web_search)
        return badRequest("/tool_choice", "Give the tools that tool_choice is about.");
    return {};
}

void Toolset::emulateSchema(Exchange &exchange, Force force)
{
    m_schema_tool = true;
    std::string name(kSchemaTool);
    while (std::ranges::find(m_request->tools, name, &Tool::name) != m_request->tools.end())
        name += '_';
    exchange.schema_tool = name;
    note(exchange, Note::Kind::Emulated, "response_format", "the schema is offered as a tool");
    if (m_choice == Choice::None)
        m_tools.clear();
    if (force == Force::Yes && !isForced())
        m_choice = Choice::Any;
    else if (m_choice == Choice::None)
        m_choice = Choice::Auto;
}

void Toolset::leaveChoice(Exchange &exchange)
{
    if (!isForced())
        return;
    m_choice = Choice::Auto;
    note(exchange, Note::Kind::Changed, "tool_choice",
         "a model that always thinks can't be forced to call a tool");
}

void Toolset::write(JsonWriter &json, const CacheMarks &marks, Exchange &exchange) const
{
    if (m_tools.empty() && !m_schema_tool && !m_web_search)
        return;
    json.key("tools").array();
    for (const Tool *tool : m_tools)
        writeTool(json, *tool, marks, exchange);
    if (m_web_search)
        writeWebSearch(json);
    if (m_schema_tool)
        writeSchemaTool(json, exchange.schema_tool);
    json.end();
    writeChoice(json, exchange);
}

void Toolset::writeTool(JsonWriter &json, const Tool &tool, const CacheMarks &marks, Exchange &exchange) const
{
    const auto mark = marks.of(tool);
    if (tool.kind == Tool::Kind::Hosted) {
        json.raw(mark ? withCacheMark(tool.json, *mark) : tool.json);
        return;
    }
    const bool custom = tool.kind == Tool::Kind::Custom;
    if (custom && !exchange.isCustomTool(tool.name))
        exchange.custom_tools.push_back(tool.name);
    json.object().member("name", sentToolName(tool.name, exchange));
    if (!tool.description.empty())
        json.member("description", tool.description);
    json.member("input_schema",
                custom ? RawJson{std::string(kCustomToolSchema)} : objectSchema(tool.parameters));
    if (tool.strict && exchange.target.capabilities.structured_outputs)
        json.member("strict", *tool.strict);
    else if (tool.strict.value_or(false))
        note(exchange, Note::Kind::Dropped, "strict", "this model has no structured outputs");
    if (mark)
        writeCacheMark(json, *mark);
    json.end();
}

void Toolset::writeSchemaTool(JsonWriter &json, const std::string &name) const
{
    const ResponseFormat &format = m_request->response_format;
    json.object().member("name", name);
    if (!format.description.empty())
        json.member("description", format.description);
    json.member("input_schema", objectSchema(format.schema)).end();
}

void Toolset::writeWebSearch(JsonWriter &json) const
{
    json.object().member("type", kWebSearchType).member("name", kWebSearch);
    if (const auto options = JsonDocument::parse(m_request->web_search_options.text)) {
        // OpenAI: {"type":"approximate","approximate":{...}}; Anthropic puts the place beside the type.
        const JsonValue place = JsonValue(*options)["user_location"]["approximate"];
        if (place.isObject()) {
            json.key("user_location").object().member("type", "approximate");
            for (const JsonValue member : place.members()) {
                if (const std::string name = member.key(); name != "type")
                    json.member(name, member.rawJson());
            }
            json.end();
        }
    }
    json.end();
}

void Toolset::writeChoice(JsonWriter &json, Exchange &exchange) const
{
    const bool one_at_a_time = m_request->parallel_tool_calls == false;
    const Choice choice = m_choice == Choice::Unsaid && one_at_a_time ? Choice::Auto : m_choice;
    const bool only_schema = m_schema_tool && m_tools.empty() && !m_web_search && choice == Choice::Any;
    switch (choice) {
    case Choice::Unsaid: return;
    case Choice::None: json.key("tool_choice").object().member("type", "none").end(); return;
    case Choice::Auto: json.key("tool_choice").object().member("type", "auto"); break;
    case Choice::Any: json.key("tool_choice").object().member("type", only_schema ? "tool" : "any"); break;
    case Choice::Named: json.key("tool_choice").object().member("type", "tool"); break;
    }
    if (only_schema)
        json.member("name", exchange.schema_tool);
    else if (choice == Choice::Named)
        json.member("name", sentToolName(m_named, exchange));
    if (one_at_a_time)
        json.member("disable_parallel_tool_use", true);
    json.end();
}

} // namespace portolan::dialect::anthropic
