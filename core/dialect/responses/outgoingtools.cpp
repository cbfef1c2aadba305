// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/outgoingtools.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/responses/requesttools.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect::responses {
namespace {

class ToolWriter
{
public:
    ToolWriter(JsonWriter &json, const Request &request, Exchange &exchange)
        : m_json(json)
        , m_request(request)
        , m_exchange(exchange)
    { }

    Result<> write();

private:
    Result<> choose();
    bool wantsSearch(const Tool &tool) const;
    void writeTool(const Tool &tool);
    Result<> writeChoice(const ToolChoice &choice);
    Result<> writeReference(std::string_view name);
    [[nodiscard]] const Tool *sentTool(std::string_view name) const;

    JsonWriter &m_json;
    const Request &m_request;
    Exchange &m_exchange;
    std::vector<const Tool *> m_sent{};
    bool m_search = false; // the provider's own search stands for another's
};

bool ToolWriter::wantsSearch(const Tool &tool) const
{
    return tool.name.starts_with("web_search") || tool.name.starts_with("google_search");
}

/// Which of the tools the target can have.
Result<> ToolWriter::choose()
{
    for (const Tool &tool : m_request.tools) {
        if (tool.kind != Tool::Kind::Hosted || tool.dialect == Dialect::OpenAiResponses) {
            m_sent.push_back(&tool);
        } else if (wantsSearch(tool) && m_exchange.target.web_search) {
            m_search = true;
            note(m_exchange, Note::Kind::Emulated, "tools." + tool.name, "by this provider's own search");
        } else if (wantsSearch(tool) || tool.dialect == Dialect::Anthropic) {
            note(m_exchange, Note::Kind::Dropped, "tools." + tool.name, "it is run by its own provider");
        } else {
            return badRequest("/tools",
                              "The tool " + tool.name
                                  + " is run by its own provider and can't be had from this one. Leave it "
                                    "out.");
        }
    }
    if (m_request.web_search_options.empty())
        return {};
    m_search = m_search || m_exchange.target.web_search;
    note(m_exchange, m_search ? Note::Kind::Emulated : Note::Kind::Dropped, "web_search_options",
         m_search ? "by this provider's search tool" : "the account does not allow web search");
    return {};
}

Result<> ToolWriter::write()
{
    if (auto chosen = choose(); !chosen)
        return chosen;
    if (!m_sent.empty() || m_search) {
        m_json.key("tools").array();
        for (const Tool *tool : m_sent)
            writeTool(*tool);
        if (m_search)
            m_json.object().member("type", "web_search").end();
        m_json.end();
    }
    if (m_request.tool_choice) {
        if (auto written = writeChoice(*m_request.tool_choice); !written)
            return written;
    }
    if (m_request.parallel_tool_calls && !m_sent.empty())
        m_json.member("parallel_tool_calls", *m_request.parallel_tool_calls);
    return {};
}

void ToolWriter::writeTool(const Tool &tool)
{
    if (tool.kind == Tool::Kind::Hosted) {
        m_json.raw(tool.json);
        return;
    }
    const bool custom = tool.kind == Tool::Kind::Custom && m_exchange.target.capabilities.custom_tools;
    m_json.object().member("type", custom ? "custom" : "function");
    m_json.member("name", sentToolName(tool.name, m_exchange));
    if (!tool.description.empty())
        m_json.member("description", tool.description);
    if (custom) {
        const auto format = JsonDocument::parse(tool.format.text);
        if (format)
            m_json.member("format", flatFormat(JsonValue(*format)));
    } else if (tool.kind == Tool::Kind::Custom) {
        m_exchange.custom_tools.push_back(tool.name);
        note(m_exchange, Note::Kind::Emulated, "tools." + tool.name, "a custom tool as a function");
        m_json.key("parameters").raw(kCustomToolSchema).member("strict", false);
    } else {
        m_json.key("parameters")
            .raw(tool.parameters.empty() ? std::string_view(R"({"type":"object","properties":{}})")
                                         : std::string_view(tool.parameters.text));
        // Absent means true here and false everywhere else.
        if (tool.strict || m_request.from != Dialect::OpenAiResponses)
            m_json.member("strict", tool.strict.value_or(false));
    }
    m_json.end();
}

const Tool *ToolWriter::sentTool(std::string_view name) const
{
    const auto found = std::ranges::find(m_sent, name, &Tool::name);
    return found == m_sent.end() ? nullptr : *found;
}

Result<> ToolWriter::writeReference(std::string_view name)
{
    const Tool *tool = sentTool(name);
    if (!tool)
        return badRequest("/tool_choice",
                          "tool_choice must name one of the tools that this provider can have.");
    const bool custom = tool->kind == Tool::Kind::Custom && m_exchange.target.capabilities.custom_tools;
    m_json.object();
    if (tool->kind == Tool::Kind::Hosted)
        m_json.member("type", tool->name);
    else
        m_json.member("type", custom ? "custom" : "function")
            .member("name", sentToolName(tool->name, m_exchange));
    m_json.end();
    return {};
}

std::string_view modeName(ToolChoice::Mode mode)
{
    switch (mode) {
    case ToolChoice::Mode::Auto: return "auto";
    case ToolChoice::Mode::None: return "none";
    case ToolChoice::Mode::Required:
    case ToolChoice::Mode::Named: break;
    }
    return "required";
}

Result<> ToolWriter::writeChoice(const ToolChoice &choice)
{
    if (choice.mode == ToolChoice::Mode::Named) {
        m_json.key("tool_choice");
        return writeReference(choice.name);
    }
    if (m_sent.empty() && !m_search) {
        if (choice.mode == ToolChoice::Mode::Required)
            return badRequest("/tool_choice", "A call can't be required without a tool. Give one in tools.");
        return {};
    }
    m_json.key("tool_choice");
    if (choice.allowed.empty() || choice.mode == ToolChoice::Mode::None) {
        m_json.string(modeName(choice.mode));
        return {};
    }
    m_json.object().member("type", "allowed_tools").member("mode", modeName(choice.mode));
    m_json.key("tools").array();
    for (const std::string &name : choice.allowed) {
        if (auto written = writeReference(name); !written)
            return written;
    }
    m_json.end().end();
    return {};
}

} // namespace

Result<> writeTools(JsonWriter &json, const Request &request, Exchange &exchange)
{
    return ToolWriter(json, request, exchange).write();
}

} // namespace portolan::dialect::responses
