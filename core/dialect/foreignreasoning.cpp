// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/foreignreasoning.h"

#include "core/dialect/seal.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace portolan::dialect {
namespace {

bool isForeignThinking(const JsonValue &block)
{
    if (!block["type"].equals("thinking"))
        return false;
    const std::string signature = block["signature"].stringOr("");
    return signature.empty() || unsealedSignature(signature);
}

bool isForeignItem(const JsonValue &item)
{
    return item["type"].equals("reasoning") && isSealed(item["encrypted_content"].stringOr(""));
}

void takeOut(const JsonValue &list, bool (*is_foreign)(const JsonValue &), std::string_view when_empty,
             std::vector<BodyEdit> &edits)
{
    const auto range = list.elements();
    const std::vector<JsonValue> elements(range.begin(), range.end());
    auto removed = removalEdits(elements, is_foreign);
    if (!removed.empty() && !when_empty.empty() && std::ranges::all_of(elements, is_foreign))
        removed = {{.range = list.range(), .text = std::string(when_empty)}};
    std::ranges::move(removed, std::back_inserter(edits));
}

bool isReplayable(const JsonValue &block)
{
    return block["type"].equals("redacted_thinking")
        || (block["type"].equals("thinking") && !isForeignThinking(block));
}

/// Whoever thinks with a budget goes on only behind thinking of its own (anthropic.md 6).
bool lacksThinking(const JsonValue &messages)
{
    bool lacks = false;
    for (const JsonValue message : messages.elements()) {
        if (!message["role"].equals("assistant"))
            continue;
        const auto blocks = message["content"].elements();
        lacks = std::any_of(blocks.begin(), blocks.end(),
                            [](const JsonValue &block) { return block["type"].equals("tool_use"); })
            && std::none_of(blocks.begin(), blocks.end(), isReplayable);
    }
    return lacks;
}

/// The members are told by their only '_', a byte that prose hardly has: every request is searched.
bool holdsReasoningMember(std::string_view body) noexcept
{
    for (auto at = body.find('_'); at != std::string_view::npos; at = body.find('_', at + 1)) {
        const auto before = body.substr(0, at);
        const auto after = body.substr(at + 1);
        const bool is_reasoning = before.ends_with("\"reasoning");
        if ((is_reasoning && (after.starts_with("content\"") || after.starts_with("details\"")))
            || (before.ends_with("\"thinking") && after.starts_with("blocks\""))
            || (before.ends_with("\"extra") && after.starts_with("content\"")))
            return true;
    }
    return false;
}

} // namespace

std::vector<BodyEdit> withoutForeignReasoning(Dialect client, const JsonDocument &body)
{
    std::vector<BodyEdit> edits;
    const JsonValue root(body);
    if (client == Dialect::OpenAiResponses)
        takeOut(root["input"], isForeignItem, {}, edits);
    if (client != Dialect::Anthropic)
        return edits;
    for (const JsonValue message : root["messages"].elements()) {
        // Nothing may be empty there.
        takeOut(message["content"], isForeignThinking, R"([{"type":"text","text":"."}])", edits);
    }
    const JsonValue thinking = root["thinking"];
    if (!edits.empty() && thinking["type"].equals("enabled") && lacksThinking(root["messages"]))
        edits.push_back({.range = thinking.range(), .text = R"({"type":"disabled"})"});
    return edits;
}

bool mayHoldForeignReasoning(Dialect client, std::string_view body) noexcept
{
    const auto holds = [&](std::string_view text) { return body.find(text) != std::string_view::npos; };
    if (client == Dialect::OpenAiChat)
        return holdsReasoningMember(body);
    if (client == Dialect::OpenAiResponses)
        return holds("portolan");
    return client == Dialect::Anthropic
        && (holds("\"portolan:") || holds(R"("signature":"")") || holds(R"("signature": "")"));
}

} // namespace portolan::dialect
