// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/reply.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/gemini/answer.h"
#include "core/dialect/gemini/errors.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::gemini {
namespace {

/// Adds the part; text behind text and reasoning behind reasoning are one.
void append(std::vector<Part> &parts, Part part)
{
    if (!parts.empty() && parts.back().content.index() == part.content.index()) {
        if (auto *text = std::get_if<TextPart>(&parts.back().content)) {
            text->text += std::get<TextPart>(part.content).text;
            return;
        }
        if (auto *reasoning = std::get_if<ReasoningPart>(&parts.back().content)) {
            reasoning->text += std::get<ReasoningPart>(part.content).text;
            return;
        }
    }
    parts.push_back(std::move(part));
}

bool isText(const Part &part)
{
    return std::holds_alternative<TextPart>(part.content);
}

Outcome outcomeOf(const std::vector<Part> &parts)
{
    Outcome outcome;
    for (const Part &part : parts) {
        const bool call = std::holds_alternative<ToolCallPart>(part.content);
        outcome.calls = outcome.calls || call;
        outcome.text = outcome.text || (!call && !std::holds_alternative<ReasoningPart>(part.content));
    }
    return outcome;
}

std::expected<Choice, ApiError> readChoice(const JsonValue &candidate, CallIds &ids, const Exchange &exchange)
{
    const auto index = indexOf(candidate);
    if (!candidate.isObject() || !index)
        return std::unexpected(invalidAnswer("a candidate is none"));
    Choice choice{.index = *index};
    bool by_schema_tool = false;
    for (const JsonValue element : candidate["content"]["parts"].elements()) {
        auto part = readPart(element, ids, exchange);
        if (!part)
            return std::unexpected(std::move(part.error()));
        if (!*part)
            continue;
        const bool schema_call = isSchemaCall(element, exchange);
        // The emulated answer is all of the text: what the model says around it would break the JSON.
        if (schema_call && !std::exchange(by_schema_tool, true))
            std::erase_if(choice.parts, isText);
        else if (by_schema_tool && isText(**part))
            continue;
        append(choice.parts, **std::move(part));
    }
    auto finish = finishOf(candidate, outcomeOf(choice.parts));
    if (!finish)
        return std::unexpected(std::move(finish.error()));
    choice.finish = *std::move(finish);
    choice.annotations = annotationsOf(candidate["groundingMetadata"]);
    choice.logprobs = logprobsOf(candidate["logprobsResult"]);
    return choice;
}

/// Something that is a response, be it an empty one.
bool isResponse(const JsonValue &root)
{
    const JsonValue candidates = root["candidates"];
    return candidates ? candidates.isArray()
                      : root["promptFeedback"].isObject() || root["usageMetadata"].isObject();
}

} // namespace

std::expected<Reply, ApiError> readReply(const WireReply &reply, Exchange &exchange)
{
    const auto document = JsonDocument::parse(reply.body);
    if (!document)
        return std::unexpected(invalidAnswer("it is not JSON"));
    const JsonValue root(*document);
    if (auto error = errorInside(root))
        return std::unexpected(*std::move(error));
    if (!isResponse(root))
        return std::unexpected(invalidAnswer("it has no candidates"));

    Reply read{.id = root["responseId"].stringOr(""),
               .model = root["modelVersion"].stringOr(""),
               .usage = usageOf(root["usageMetadata"], UsageStyle::Gemini)};
    CallIds ids(exchange);
    for (const JsonValue candidate : root["candidates"].elements()) {
        auto choice = readChoice(candidate, ids, exchange);
        if (!choice)
            return std::unexpected(std::move(choice.error()));
        if (std::ranges::find(read.choices, choice->index, &Choice::index) != read.choices.end())
            return std::unexpected(invalidAnswer("two candidates have one place"));
        read.choices.push_back(*std::move(choice));
    }
    if (read.choices.empty()) {
        const Finish filtered{.reason = FinishReason::ContentFilter};
        read.choices.push_back({.finish = blockOf(root).value_or(filtered)});
    }
    return read;
}

} // namespace portolan::dialect::gemini
