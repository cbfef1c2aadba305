// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/turns.h"

#include <algorithm>
#include <ranges>

namespace portolan::dialect {
namespace {

template <typename T>
bool holds(const Part *part)
{
    return std::holds_alternative<T>(part->content);
}

bool saysNothing(const Part &part)
{
    if (const auto *text = std::get_if<TextPart>(&part.content))
        return text->text.empty();
    const auto *refusal = std::get_if<RefusalPart>(&part.content);
    return refusal && refusal->text.empty();
}

std::vector<const Part *> partsOf(const Message &message)
{
    std::vector<const Part *> parts;
    for (const Part &part : message.parts) {
        if (!saysNothing(part))
            parts.push_back(&part);
    }
    return parts;
}

bool keepsOrder(Dialect dialect)
{
    return dialect == Dialect::Anthropic || dialect == Dialect::BedrockConverse;
}

bool hasResults(const Turn &turn)
{
    return std::ranges::any_of(turn.parts, holds<ToolResultPart>);
}

bool callsWithoutReasoning(const Turn &turn)
{
    const auto replayable = [](const Part *part) {
        const auto *reasoning = std::get_if<ReasoningPart>(&part->content);
        return reasoning && isReplayable(*reasoning);
    };
    return std::ranges::any_of(turn.parts, holds<ToolCallPart>)
        && std::ranges::none_of(turn.parts, replayable);
}

/// A stable partition. (std::stable_partition of this library calls what C++17 deprecated.)
void putFirst(std::vector<const Part *> &parts, bool (*belongs)(const Part *))
{
    std::vector<const Part *> rest;
    std::erase_if(parts, [&](const Part *part) {
        if (!belongs(part))
            rest.push_back(part);
        return !belongs(part);
    });
    parts.insert(parts.end(), rest.begin(), rest.end());
}

} // namespace

Turns turnsOf(const Request &request)
{
    Turns turns;
    for (const Message &message : request.messages) {
        std::vector<const Part *> parts = partsOf(message);
        if (message.role == Role::System || message.role == Role::Developer) {
            turns.system.insert(turns.system.end(), parts.begin(), parts.end());
            continue;
        }
        if (parts.empty())
            continue;
        const bool assistant = message.role == Role::Assistant;
        if (assistant && !keepsOrder(request.from))
            putFirst(parts, holds<ReasoningPart>);
        if (turns.list.empty() || turns.list.back().assistant != assistant)
            turns.list.push_back({.assistant = assistant});
        auto &turn = turns.list.back().parts;
        turn.insert(turn.end(), parts.begin(), parts.end());
    }
    for (Turn &turn : turns.list) {
        if (!turn.assistant)
            putFirst(turn.parts, holds<ToolResultPart>);
    }
    return turns;
}

bool lacksReasoning(const Turns &turns)
{
    for (const Turn &turn : std::views::reverse(turns.list)) {
        if (turn.assistant ? callsWithoutReasoning(turn) : !hasResults(turn))
            return turn.assistant;
    }
    return false;
}

bool isReplayable(const ReasoningPart &reasoning) noexcept
{
    return !reasoning.signature.empty() || !reasoning.redacted.empty();
}

} // namespace portolan::dialect
