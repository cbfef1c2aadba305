// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/repairs.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/text.h"

#include <algorithm>
#include <variant>

namespace portolan::dialect {

namespace {

bool says(std::string_view message, std::string_view words)
{
    return message.find(words) != std::string_view::npos;
}

bool refusesReasoning(Dialect provider, std::string_view message)
{
    switch (provider) {
    case Dialect::Anthropic:
    case Dialect::BedrockConverse:
        return (says(message, "signature") && says(message, "thinking"))
            || says(message, "Expected `thinking` or `redacted_thinking`")
            || says(message, "blocks in the latest assistant message cannot be modified");
    case Dialect::OpenAiResponses:
        return says(message, "encrypted content") || says(message, "of type 'reasoning'")
            || (says(message, "rs_") && says(message, "not found"));
    default: return false;
    }
}

/// The token that "Unexpected value(s) `context-1m-2025-08-07` for the `anthropic-beta` header" names.
std::string refusedBeta(std::string_view message)
{
    const auto end = message.find("for the `anthropic-beta` header");
    const auto open = message.find('`');
    if (end == std::string_view::npos || open >= end)
        return {};
    const auto close = message.find('`', open + 1);
    if (close >= end)
        return {};
    const auto token = message.substr(open + 1, close - open - 1);
    const bool plain = std::ranges::all_of(token, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    return plain ? std::string(token) : std::string();
}

bool isReasoning(JsonValue value)
{
    const JsonValue type = value["type"];
    return type.equals("thinking") || type.equals("redacted_thinking") || type.equals("reasoning");
}

bool holdsReasoning(JsonValue list)
{
    return std::ranges::any_of(list.elements(), isReasoning);
}

/// The elements that are no reasoning.
void writeRest(JsonWriter &json, JsonValue list)
{
    json.array();
    for (const JsonValue element : list.elements()) {
        if (!isReasoning(element))
            json.raw(element.raw());
    }
    json.end();
}

bool isReasoningPart(const Part &part)
{
    return std::holds_alternative<ReasoningPart>(part.content);
}

bool isOnlyReasoning(JsonValue content)
{
    return content.isArray() && !content.empty() && std::ranges::all_of(content.elements(), isReasoning);
}

void writeMessages(JsonWriter &json, JsonValue messages)
{
    json.array();
    for (const JsonValue message : messages.elements()) {
        const JsonValue content = message["content"];
        if (isOnlyReasoning(content))
            continue; // a message must say something
        if (!holdsReasoning(content)) {
            json.raw(message.raw());
            continue;
        }
        json.object();
        for (const JsonValue member : message.members()) {
            json.key(member.key());
            if (member.key() == "content")
                writeRest(json, member);
            else
                json.raw(member.raw());
        }
        json.end();
    }
    json.end();
}

/// Its last message answers tool calls.
bool isInToolLoop(JsonValue messages)
{
    JsonValue last;
    for (const JsonValue message : messages.elements())
        last = message;
    return std::ranges::any_of(last["content"].elements(),
                               [](JsonValue block) { return block["type"].equals("tool_result"); });
}

std::string messagesWithoutThinking(JsonValue root)
{
    const bool in_loop = isInToolLoop(root["messages"]);
    std::string out;
    JsonWriter json(out);
    json.object();
    for (const JsonValue member : root.members()) {
        const std::string key = member.key();
        if (key == "thinking" && in_loop)
            continue;
        json.key(key);
        if (key == "messages")
            writeMessages(json, member);
        else
            json.raw(member.raw());
    }
    json.end();
    return out;
}

std::string inputWithoutReasoning(JsonValue root)
{
    std::string out;
    JsonWriter json(out);
    json.object();
    for (const JsonValue member : root.members()) {
        json.key(member.key());
        if (member.key() == "input")
            writeRest(json, member);
        else
            json.raw(member.raw());
    }
    json.end();
    return out;
}

} // namespace

Repair repairOf(Dialect provider, int status, std::string_view message)
{
    if (status != 400)
        return {};
    Repair repair{.beta = refusedBeta(message), .betas = says(message, "invalid beta flag")};
    repair.reasoning = repair.beta.empty() && !repair.betas && refusesReasoning(provider, message);
    return repair;
}

std::optional<std::string> withoutReasoning(Dialect dialect, const JsonDocument &body)
{
    const JsonValue root(body);
    if (dialect == Dialect::OpenAiResponses)
        return holdsReasoning(root["input"]) ? std::optional(inputWithoutReasoning(root)) : std::nullopt;
    const auto messages = root["messages"];
    const bool has_some = std::ranges::any_of(
        messages.elements(), [](JsonValue message) { return holdsReasoning(message["content"]); });
    // A loop that began without thinking cannot go on with it either.
    if (!has_some && !(root["thinking"] && isInToolLoop(messages)))
        return std::nullopt;
    return messagesWithoutThinking(root);
}

bool holdsReasoning(const Request &request)
{
    return std::ranges::any_of(request.messages, [](const Message &message) {
        return std::ranges::any_of(message.parts, isReasoningPart);
    });
}

void removeReasoning(Request &request)
{
    for (Message &message : request.messages)
        std::erase_if(message.parts, isReasoningPart);
    std::erase_if(request.messages, [](const Message &message) { // a message must say something
        return message.role == Role::Assistant && message.parts.empty();
    });
}

std::string withoutToken(std::string_view list, std::string_view token)
{
    std::string kept;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        const auto one = trimmed(list.substr(0, comma));
        if (!one.empty() && one != token)
            kept.append(kept.empty() ? "" : ",").append(one);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return kept;
}

} // namespace portolan::dialect
