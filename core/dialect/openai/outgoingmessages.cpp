// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/outgoingmessages.h"

#include "core/dialect/notes.h"
#include "core/dialect/openai/outgoingparts.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::openai {
namespace {

constexpr std::string_view kBillingBlock = "x-anthropic-billing-header:";

class MessageWriter
{
public:
    MessageWriter(JsonWriter &json, const Request &request, const Relative &relative, Exchange &exchange)
        : m_json(json)
        , m_request(request)
        , m_relative(relative)
        , m_exchange(exchange)
        , m_parts(json, request, relative, exchange)
    { }

    void write(const Message &message);
    [[nodiscard]] Result<> result() const { return m_parts.result(); }

private:
    void writeSystem(const Message &message);
    void writeUser(const Message &message);
    void writeAssistant(const Message &message);

    void writeResult(const ToolResultPart &result);
    void takeMedia(const ToolResultPart &result, std::vector<Part> &media);
    void writeReasoning(const Message &message, bool has_calls);
    void writeCall(const ToolCallPart &call);
    void writeName(const Message &message);

    void open(std::string_view role) { m_json.object().member("role", role); }
    void leftOut(std::string_view what, std::string_view why)
    {
        note(m_exchange, Note::Kind::Dropped, what, why);
    }
    [[nodiscard]] std::string sentId(std::string_view id) const
    {
        return fittingId(id, m_exchange.target.flavour.nine_char_ids ? IdRule::Mistral : IdRule::OpenAi);
    }

    JsonWriter &m_json;
    const Request &m_request;
    const Relative &m_relative;
    Exchange &m_exchange;
    PartWriter m_parts;
};

void MessageWriter::write(const Message &message)
{
    switch (message.role) {
    case Role::System:
    case Role::Developer: writeSystem(message); return;
    case Role::User: writeUser(message); return;
    case Role::Assistant: writeAssistant(message); return;
    }
}

void MessageWriter::writeSystem(const Message &message)
{
    std::vector<const Part *> texts;
    for (const Part &part : message.parts) {
        const auto *text = std::get_if<TextPart>(&part.content);
        if (!text)
            leftOut("system", "only text can stand there");
        else if (m_request.from == Dialect::Anthropic && text->text.starts_with(kBillingBlock))
            leftOut("system",
                    "the billing block changes with every request and would spoil the prompt cache");
        else if (!text->text.empty())
            texts.push_back(&part);
    }
    if (texts.empty())
        return;
    const bool developer = message.role == Role::Developer && m_exchange.target.capabilities.developer_role;
    open(developer ? "developer" : "system");
    m_json.key("content");
    m_parts.writeSystemText(texts);
    writeName(message);
    m_json.end();
}

void MessageWriter::writeUser(const Message &message)
{
    std::vector<Part> media; // of results, which take only text here (mapping.md 12)
    std::vector<const Part *> said;
    bool has_results = false;
    for (const Part &part : message.parts) {
        const auto *result = std::get_if<ToolResultPart>(&part.content);
        if (!result) {
            if (PartWriter::isSayable(part))
                said.push_back(&part);
            else if (!std::holds_alternative<TextPart>(part.content))
                leftOut("messages", "a part that only its own API knows");
            continue;
        }
        has_results = true;
        writeResult(*result);
        takeMedia(*result, media);
    }
    std::vector<const Part *> parts;
    for (const Part &part : media)
        parts.push_back(&part);
    parts.insert(parts.end(), said.begin(), said.end());
    if (parts.empty() && has_results)
        return;
    open("user");
    m_json.key("content");
    m_parts.writeContent(parts);
    writeName(message);
    m_json.end();
}

void MessageWriter::takeMedia(const ToolResultPart &result, std::vector<Part> &media)
{
    for (const ResultPart &piece : result.parts) {
        if (const auto *image = std::get_if<ImagePart>(&piece))
            media.push_back({.content = *image});
        else if (const auto *document = std::get_if<DocumentPart>(&piece);
                 document && document->plain_text.empty())
            media.push_back({.content = *document});
        else if (std::holds_alternative<ForeignPart>(piece))
            leftOut("tool_result", "a part of it only its own API knows");
    }
}

void MessageWriter::writeResult(const ToolResultPart &result)
{
    open("tool");
    m_json.member("tool_call_id", sentId(result.call_id));
    m_json.member("content", (result.is_error ? "Error: " : "") + resultText(result)).end();
}

void MessageWriter::writeAssistant(const Message &message)
{
    std::string text;
    std::string refusal;
    std::vector<const ToolCallPart *> calls;
    for (const Part &part : message.parts) {
        if (const auto *piece = std::get_if<TextPart>(&part.content))
            text += piece->text;
        else if (const auto *no = std::get_if<RefusalPart>(&part.content))
            (m_relative.own ? refusal : text) += no->text;
        else if (const auto *call = std::get_if<ToolCallPart>(&part.content))
            calls.push_back(call);
        else if (!std::holds_alternative<ReasoningPart>(part.content))
            leftOut("messages", "a part of the assistant's that this API can't take back");
    }
    open("assistant");
    m_json.key("content");
    if (text.empty() && (!calls.empty() || !refusal.empty()))
        m_json.null();
    else
        m_json.string(text);
    if (!refusal.empty())
        m_json.member("refusal", refusal);
    writeReasoning(message, !calls.empty());
    if (!calls.empty()) {
        m_json.key("tool_calls").array();
        for (const ToolCallPart *call : calls)
            writeCall(*call);
        m_json.end();
    }
    writeName(message);
    m_json.end();
}

/// DeepSeek wants it back on turns with calls, empty when there was none; OpenRouter its own form of it.
void MessageWriter::writeReasoning(const Message &message, bool has_calls)
{
    std::string text;
    const RawJson *details = nullptr;
    bool any = false;
    for (const Part &part : message.parts) {
        const auto *reasoning = std::get_if<ReasoningPart>(&part.content);
        if (!reasoning)
            continue;
        any = true;
        text += reasoning->text;
        if (!reasoning->details.empty())
            details = &reasoning->details;
    }
    if (m_exchange.target.flavour.replays_reasoning && has_calls)
        m_json.member("reasoning_content", text);
    else if (details && m_relative.effort_object)
        m_json.member("reasoning_details", *details);
    else if (any)
        leftOut("thinking", "this provider takes no reasoning back");
}

void MessageWriter::writeCall(const ToolCallPart &call)
{
    const bool custom = call.custom && m_exchange.target.capabilities.custom_tools;
    m_json.object().member("id", sentId(call.id)).member("type", custom ? "custom" : "function");
    m_json.key(custom ? "custom" : "function").object().member("name", sentToolName(call.name, m_exchange));
    if (custom)
        m_json.member("input", call.arguments);
    else if (call.custom)
        m_json.member("arguments", wrappedInput(call.arguments));
    else
        m_json.member("arguments", call.arguments.empty() ? std::string_view("{}") : call.arguments);
    m_json.end().end();
}

void MessageWriter::writeName(const Message &message)
{
    if (message.name.empty())
        return;
    if (m_relative.names)
        m_json.member("name", message.name);
    else
        leftOut("messages.name", "this provider refuses it");
}

/// Messages of one role after another become one, for providers that insist on turns.
std::vector<Message> alternating(const std::vector<Message> &messages)
{
    std::vector<Message> turns;
    for (const Message &message : messages) {
        if (!turns.empty() && turns.back().role == message.role)
            turns.back().parts.insert(turns.back().parts.end(), message.parts.begin(), message.parts.end());
        else
            turns.push_back(message);
    }
    return turns;
}

} // namespace

Result<> writeMessages(JsonWriter &json, const Request &request, const Relative &relative, Exchange &exchange)
{
    MessageWriter writer(json, request, relative, exchange);
    json.array();
    const auto turns = relative.strict_turns ? alternating(request.messages) : std::vector<Message>();
    for (const Message &message : relative.strict_turns ? turns : request.messages)
        writer.write(message);
    json.end();
    return writer.result();
}

} // namespace portolan::dialect::openai
