// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/outgoingtools.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <vector>

namespace portolan::dialect::openai {
namespace {

/// The format of a custom tool with its grammar nested, as chat has it; Responses has it flat.
void writeFormat(JsonWriter &json, const Tool &tool)
{
    const auto document = JsonDocument::parse(tool.format.text);
    if (!document)
        return;
    const JsonValue format(*document);
    if (!format["type"].equals("grammar") || format["grammar"].isObject()) {
        json.member("format", tool.format);
        return;
    }
    json.key("format").object().member("type", "grammar").key("grammar").object();
    for (const std::string_view name : {"syntax", "definition"}) {
        if (const JsonValue value = format[name])
            json.key(name).raw(value.raw());
    }
    json.end().end();
}

/// The grammar that a function can't enforce, told to the model in words.
std::string describedFormat(const Tool &tool)
{
    const auto document = JsonDocument::parse(tool.format.text);
    if (!document)
        return tool.description;
    const JsonValue format(*document);
    const JsonValue grammar = format["grammar"].isObject() ? format["grammar"] : format;
    const auto definition = grammar["definition"].string();
    if (!definition)
        return tool.description;
    return tool.description + (tool.description.empty() ? "" : "\n\n") + "The input must follow this "
        + grammar["syntax"].stringOr("") + " grammar:\n" + *definition;
}

class ToolWriter
{
public:
    ToolWriter(JsonWriter &json, const Request &request, const Relative &relative, Exchange &exchange)
        : m_json(json)
        , m_request(request)
        , m_relative(relative)
        , m_exchange(exchange)
    { }

    Result<> write();

private:
    Result<> choose();
    void writeTool(const Tool &tool);
    void writeFunction(const Tool &tool);
    void writeCustom(const Tool &tool);
    void writeChoice(const ToolChoice &choice);
    void writeNamed(const Tool &tool);

    [[nodiscard]] const Tool *toolNamed(std::string_view name) const;
    [[nodiscard]] bool isAllowed(const Tool &tool) const;
    [[nodiscard]] bool listsAllowed() const { return m_relative.own; }
    [[nodiscard]] bool takesCustom() const { return m_exchange.target.capabilities.custom_tools; }

    JsonWriter &m_json;
    const Request &m_request;
    const Relative &m_relative;
    Exchange &m_exchange;
    std::vector<const Tool *> m_tools{}; // those that are sent
};

const Tool *ToolWriter::toolNamed(std::string_view name) const
{
    const auto found = std::ranges::find(m_tools, name, &Tool::name);
    return found == m_tools.end() ? nullptr : *found;
}

bool ToolWriter::isAllowed(const Tool &tool) const
{
    const auto &choice = m_request.tool_choice;
    return listsAllowed() || !choice || choice->allowed.empty()
        || std::ranges::find(choice->allowed, tool.name) != choice->allowed.end();
}

/// Which of the tools the target can have.
Result<> ToolWriter::choose()
{
    for (const Tool &tool : m_request.tools) {
        if (tool.kind != Tool::Kind::Hosted || tool.dialect == Dialect::OpenAiChat) {
            if (isAllowed(tool))
                m_tools.push_back(&tool);
            continue;
        }
        const bool searches = tool.name.starts_with("web_search");
        if (!searches && tool.dialect != Dialect::Anthropic)
            return badRequest(
                "/tools",
                "The tool " + tool.name
                    + " is run by its own provider and can't be had from this one. Leave it out.");
        note(m_exchange, Note::Kind::Dropped, "tools." + tool.name, "it is run by its own provider");
    }
    if (!m_tools.empty() && !m_relative.tools)
        return badRequest("/tools", "This provider's models take no tools. Leave them out or use another.");
    return {};
}

Result<> ToolWriter::write()
{
    if (auto chosen = choose(); !chosen)
        return chosen;
    const auto &choice = m_request.tool_choice;
    if (choice && choice->mode == ToolChoice::Mode::Named && !toolNamed(choice->name))
        return badRequest("/tool_choice",
                          "tool_choice must name one of the tools that this provider can have.");
    if (choice && choice->mode == ToolChoice::Mode::None && !m_relative.forced_tools && !m_tools.empty()) {
        note(m_exchange, Note::Kind::Emulated, "tool_choice", "no tools are sent, so that none is called");
        return {};
    }
    if (m_tools.empty())
        return {};
    m_json.key("tools").array();
    for (const Tool *tool : m_tools)
        writeTool(*tool);
    m_json.end();
    if (choice)
        writeChoice(*choice);
    if (!m_request.parallel_tool_calls)
        return {};
    if (m_relative.takes("parallel_tool_calls"))
        m_json.member("parallel_tool_calls", *m_request.parallel_tool_calls);
    else
        note(m_exchange, Note::Kind::Dropped, "parallel_tool_calls", "this provider has nothing like it");
    return {};
}

void ToolWriter::writeTool(const Tool &tool)
{
    if (tool.kind == Tool::Kind::Hosted) {
        m_json.raw(tool.json);
        return;
    }
    const bool custom = tool.kind == Tool::Kind::Custom && takesCustom();
    m_json.object().member("type", custom ? "custom" : "function");
    if (custom)
        writeCustom(tool);
    else
        writeFunction(tool);
    if (tool.cache && m_relative.cache_control)
        m_json.key("cache_control").object().member("type", "ephemeral").end();
    m_json.end();
}

void ToolWriter::writeFunction(const Tool &tool)
{
    const bool wrapped = tool.kind == Tool::Kind::Custom;
    const std::string description = wrapped ? describedFormat(tool) : tool.description;
    m_json.key("function").object().member("name", sentToolName(tool.name, m_exchange));
    if (!description.empty())
        m_json.member("description", description);
    if (wrapped) {
        m_json.key("parameters").raw(kCustomToolSchema);
        m_exchange.custom_tools.push_back(tool.name);
        note(m_exchange, Note::Kind::Emulated, "tools." + tool.name,
             "a function with one string stands for it");
    } else if (!tool.parameters.empty()) {
        m_json.member("parameters", tool.parameters);
    }
    if (tool.strict)
        m_json.member("strict", *tool.strict);
    m_json.end();
}

void ToolWriter::writeCustom(const Tool &tool)
{
    m_json.key("custom").object().member("name", sentToolName(tool.name, m_exchange));
    if (!tool.description.empty())
        m_json.member("description", tool.description);
    if (!tool.format.empty())
        writeFormat(m_json, tool);
    m_json.end();
}

void ToolWriter::writeNamed(const Tool &tool)
{
    const std::string_view kind = tool.kind == Tool::Kind::Custom && takesCustom() ? "custom" : "function";
    m_json.object().member("type", kind).key(kind).object();
    m_json.member("name", sentToolName(tool.name, m_exchange)).end().end();
}

void ToolWriter::writeChoice(const ToolChoice &choice)
{
    if (!m_relative.forced_tools) {
        if (choice.mode != ToolChoice::Mode::Auto)
            note(m_exchange, Note::Kind::Dropped, "tool_choice",
                 "this provider can't be made to call a tool");
        return;
    }
    m_json.key("tool_choice");
    if (choice.mode == ToolChoice::Mode::Named) {
        writeNamed(*toolNamed(choice.name));
        return;
    }
    const std::string_view mode = choice.mode == ToolChoice::Mode::None ? "none"
        : choice.mode == ToolChoice::Mode::Required                     ? "required"
                                                                        : "auto";
    if (choice.allowed.empty() || !listsAllowed()) {
        m_json.string(mode);
        return;
    }
    m_json.object().member("type", "allowed_tools").key("allowed_tools").object().member("mode", mode);
    m_json.key("tools").array();
    for (const std::string &name : choice.allowed) {
        if (const Tool *tool = toolNamed(name))
            writeNamed(*tool);
    }
    m_json.end().end().end();
}

} // namespace

Result<> writeTools(JsonWriter &json, const Request &request, const Relative &relative, Exchange &exchange)
{
    return ToolWriter(json, request, relative, exchange).write();
}

} // namespace portolan::dialect::openai
