// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/inputitems.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/responses/inputcontent.h"
#include "core/dialect/responses/reasoningtext.h"
#include "core/dialect/responses/toolspaces.h"
#include "core/dialect/seal.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace portolan::dialect::responses {
namespace {

bool isReasoning(const Part &part)
{
    return std::holds_alternative<ReasoningPart>(part.content);
}

bool isText(const Part &part)
{
    return std::holds_alternative<TextPart>(part.content)
        || std::holds_alternative<RefusalPart>(part.content);
}

bool isCall(const Part &part)
{
    return std::holds_alternative<ToolCallPart>(part.content);
}

bool endsWithResult(const Message &message)
{
    return !message.parts.empty() && std::holds_alternative<ToolResultPart>(message.parts.back().content);
}

class ItemReader
{
public:
    Result<> read(const JsonValue &item, const std::string &where);
    Result<std::vector<Message>> finish();

private:
    /// A call, and the output that belongs to it once it is found.
    struct Call {
        std::size_t message = 0;
        std::optional<ToolResultPart> result{};
    };
    struct EarlyOutput {
        ToolResultPart result{};
        std::string where{};
    };

    Result<> readMessage(const JsonValue &item, const std::string &where);
    Result<> readCall(const JsonValue &item, const std::string &where, bool custom);
    Result<> readOutput(const JsonValue &item, const std::string &where);
    void readReasoning(const JsonValue &item);
    Message &assistant();
    void addAssistantText(std::vector<Part> parts);
    void addForeign(const JsonValue &item, std::string type);
    bool answer(ToolResultPart &result);

    std::vector<Message> m_messages{};
    bool m_assistant_open = false; // the last message is the model's and goes on
    std::vector<Call> m_calls{};
    std::multimap<std::string, std::size_t> m_unanswered{}; // call ids to m_calls, in their order
    std::vector<EarlyOutput> m_early{};
    std::map<std::string, std::string> m_signatures{}; // thought signatures by call id
};

Result<> ItemReader::read(const JsonValue &item, const std::string &where)
{
    if (!item.isObject())
        return badRequest(where, "Each item of input must be an object.", "invalid_type");
    const std::string type = item["type"].stringOr(item["role"].isString() ? "message" : "");
    if (type == "message")
        return readMessage(item, where);
    if (type == "function_call" || type == "custom_tool_call")
        return readCall(item, where, type == "custom_tool_call");
    if (type == "function_call_output" || type == "custom_tool_call_output")
        return readOutput(item, where);
    if (type == "reasoning") {
        readReasoning(item);
        return {};
    }
    if (type == "item_reference")
        return badRequest(where,
                          "This gateway keeps no items: send the item itself instead of an item_reference.",
                          "unsupported_value");
    if (type.empty())
        return badRequest(where + "/type", "Each item of input needs a type or a role.",
                          "missing_required_parameter");
    addForeign(item, type);
    return {};
}

Result<> ItemReader::readMessage(const JsonValue &item, const std::string &where)
{
    const JsonValue role = item["role"];
    auto parts = decodeContent(item["content"], where + "/content");
    if (!parts)
        return std::unexpected(std::move(parts).error());
    if (role.equals("assistant")) {
        addAssistantText(*std::move(parts));
        return {};
    }
    Message message{.parts = *std::move(parts)};
    if (role.equals("system"))
        message.role = Role::System;
    else if (role.equals("developer"))
        message.role = Role::Developer;
    else if (!role.equals("user"))
        return badRequest(where + "/role", "A message's role must be user, assistant, system or developer.",
                          "invalid_value");
    m_messages.push_back(std::move(message));
    m_assistant_open = false;
    return {};
}

Message &ItemReader::assistant()
{
    if (!std::exchange(m_assistant_open, true))
        m_messages.push_back({.role = Role::Assistant});
    return m_messages.back();
}

void ItemReader::addAssistantText(std::vector<Part> parts)
{
    Message *message = &assistant();
    const bool has_text = std::ranges::any_of(message->parts, isText);
    if (has_text && std::ranges::none_of(message->parts, isCall)) {
        // Two messages stay two; the reasoning between them belongs to the second.
        const auto own
            = std::ranges::find_if_not(message->parts.rbegin(), message->parts.rend(), isReasoning);
        std::vector<Part> reasoning(std::make_move_iterator(own.base()),
                                    std::make_move_iterator(message->parts.end()));
        message->parts.erase(own.base(), message->parts.end());
        m_messages.push_back({.role = Role::Assistant, .parts = std::move(reasoning)});
        message = &m_messages.back();
    }
    std::ranges::move(parts, std::back_inserter(message->parts));
}

void ItemReader::readReasoning(const JsonValue &item)
{
    Seal seal = unsealed(item["encrypted_content"].stringOr(""));
    if (!seal.call_id.empty()) {
        m_signatures[seal.call_id] = std::move(seal.signature);
        return;
    }
    ReasoningPart part{.text = reasoningText(item),
                       .signature = std::move(seal.signature),
                       .redacted = std::move(seal.redacted),
                       .encrypted = std::move(seal.encrypted),
                       .item_id = item["id"].stringOr(""),
                       .details = std::move(seal.details)};
    if (part != ReasoningPart{.item_id = part.item_id})
        assistant().parts.push_back({.content = std::move(part)});
}

Result<> ItemReader::readCall(const JsonValue &item, const std::string &where, bool custom)
{
    const std::string_view text = custom ? "input" : "arguments";
    const auto id = item["call_id"].string();
    const auto name = item["name"].string();
    auto arguments = item[text].string();
    if (!id || id->empty())
        return badRequest(where + "/call_id", "A call needs its call_id (not the item's id).",
                          "missing_required_parameter");
    if (!name || name->empty())
        return badRequest(where + "/name", "A call needs its name.", "missing_required_parameter");
    if (!arguments && item[text])
        return badRequest(where + '/' + std::string(text), "This must be a string, not JSON.",
                          "invalid_type");
    ToolCallPart call{.id = *id,
                      .name = flatToolName(item["namespace"].stringOr(""), *name),
                      .arguments = std::move(arguments).value_or(""),
                      .custom = custom};
    if (const auto signature = m_signatures.find(*id); signature != m_signatures.end())
        call.signature = signature->second;
    assistant().parts.push_back({.content = std::move(call)});
    m_unanswered.emplace(*id, m_calls.size());
    m_calls.push_back({.message = m_messages.size() - 1});
    return {};
}

/// Some providers number the calls of each answer anew, so an id may come up again: an output belongs to the
/// last call before it that has none yet.
bool ItemReader::answer(ToolResultPart &result)
{
    const auto [first, last] = m_unanswered.equal_range(result.call_id);
    if (first == last)
        return false;
    const auto call = std::prev(last);
    m_calls[call->second].result = std::move(result);
    m_unanswered.erase(call);
    return true;
}

Result<> ItemReader::readOutput(const JsonValue &item, const std::string &where)
{
    const auto id = item["call_id"].string();
    if (!id || id->empty())
        return badRequest(where + "/call_id", "An output needs the call_id of its call.",
                          "missing_required_parameter");
    auto parts = decodeOutput(item["output"], where + "/output");
    if (!parts)
        return std::unexpected(std::move(parts).error());
    ToolResultPart result{.call_id = *id, .parts = *std::move(parts)};
    if (!answer(result))
        m_early.push_back({.result = std::move(result), .where = where + "/call_id"});
    m_assistant_open = false;
    return {};
}

void ItemReader::addForeign(const JsonValue &item, std::string type)
{
    const bool by_client = type.ends_with("_output") || type.ends_with("_response");
    Part part{.content = ForeignPart{
                  .dialect = Dialect::OpenAiResponses, .type = std::move(type), .json = item.rawJson()}};
    if (!by_client) {
        assistant().parts.push_back(std::move(part));
        return;
    }
    m_messages.push_back({.role = Role::User, .parts = {std::move(part)}});
    m_assistant_open = false;
}

Result<std::vector<Message>> ItemReader::finish()
{
    for (EarlyOutput &early : m_early) {
        if (!answer(early.result))
            return badRequest(early.where, "No call in input has the call_id " + early.result.call_id + '.');
    }
    std::vector<Message> ordered;
    ordered.reserve(m_messages.size());
    auto call = m_calls.begin();
    for (std::size_t i = 0; i < m_messages.size(); ++i) {
        Message &message = m_messages[i];
        if (message.role == Role::User && !ordered.empty() && endsWithResult(ordered.back()))
            std::ranges::move(message.parts, std::back_inserter(ordered.back().parts));
        else
            ordered.push_back(std::move(message));
        Message results;
        for (; call != m_calls.end() && call->message == i; ++call) {
            if (call->result)
                results.parts.push_back({.content = *std::move(call->result)});
        }
        if (!results.parts.empty())
            ordered.push_back(std::move(results));
    }
    return ordered;
}

} // namespace

Result<std::vector<Message>> decodeInput(const JsonValue &input)
{
    if (auto text = input.string())
        return std::vector<Message>{{.parts = {{.content = TextPart{.text = *std::move(text)}}}}};
    if (!input.isArray())
        return badRequest("/input", "input must be a string or an array of items.",
                          "missing_required_parameter");
    ItemReader reader;
    std::size_t index = 0;
    for (const JsonValue item : input.elements()) {
        if (auto read = reader.read(item, "/input/" + std::to_string(index++)); !read)
            return std::unexpected(std::move(read).error());
    }
    return reader.finish();
}

} // namespace portolan::dialect::responses
