// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatanswer.h"

#include "core/dialect/callids.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/openai/answerparts.h"
#include "core/dialect/openai/callassembler.h"
#include "core/dialect/openai/thinksplitter.h"
#include "core/dialect/tooltext.h"
#include "core/dialect/usagejson.h"

#include <algorithm>

namespace portolan::dialect::openai {
namespace {

void splitThinking(ContentPieces &content)
{
    constexpr std::string_view kClose = "</think>";
    ThinkSplitter splitter;
    // Some templates open the tag in the prompt, so that only its end is in the answer.
    const std::size_t close = content.text.find(kClose);
    if (close != std::string::npos && content.text.find("<think>") > close)
        content.text.insert(0, "<think>");
    ThinkSplitter::Piece piece = splitter.feed(content.text);
    const ThinkSplitter::Piece rest = splitter.finish();
    content.reasoning += piece.reasoning + rest.reasoning;
    content.text = std::move(piece.text) + rest.text;
}

ToolCallPart decodeCall(const JsonValue &call, Exchange &exchange)
{
    const bool custom = call["type"].equals("custom") || call["custom"].isObject();
    const JsonValue body = call[custom ? "custom" : "function"];
    ToolCallPart part{.id = call["id"].stringOr(""),
                      .name = std::string(exchange.clientToolName(body["name"].stringOr(""))),
                      .arguments = argumentsOf(body[custom ? "input" : "arguments"]),
                      .custom = custom,
                      .signature = call["extra_content"]["google"]["thought_signature"].stringOr("")};
    if (!custom && exchange.isCustomTool(part.name)) {
        part.custom = true;
        part.arguments = unwrappedInput(part.arguments);
    }
    return part;
}

void addCalls(const JsonValue &message, Exchange &exchange, std::vector<Part> &parts)
{
    CallIds ids(exchange);
    bool any = false;
    const auto add = [&](ToolCallPart call) {
        if (call.name.empty())
            return;
        call.id = ids.take(std::move(call.id));
        any = true;
        parts.push_back({.content = std::move(call)});
    };
    for (const JsonValue call : message["tool_calls"].elements())
        add(decodeCall(call, exchange));
    if (const JsonValue function = message["function_call"]; function.isObject() && !any)
        add({.name = std::string(exchange.clientToolName(function["name"].stringOr(""))),
             .arguments = argumentsOf(function["arguments"])});
}

void addParts(const JsonValue &message, Exchange &exchange, std::vector<Part> &parts)
{
    ContentPieces content = contentOf(message["content"]);
    if (exchange.target.flavour.think_tags)
        splitThinking(content);
    const JsonValue details = message["reasoning_details"];
    ReasoningPart reasoning{.text = reasoningOf(message) + content.reasoning,
                            .details = details.isArray() && !details.empty() ? details.rawJson() : RawJson{}};
    if (reasoning != ReasoningPart{})
        parts.push_back({.content = std::move(reasoning)});
    if (!content.text.empty())
        parts.push_back({.content = TextPart{.text = std::move(content.text)}});
    if (auto refusal = message["refusal"].string(); refusal && !refusal->empty())
        parts.push_back({.content = RefusalPart{.text = *std::move(refusal)}});
    for (ImagePart &image : content.images)
        parts.push_back({.content = std::move(image)});
    for (const JsonValue element : message["images"].elements()) {
        if (auto image = imageOf(element))
            parts.push_back({.content = *std::move(image)});
    }
    if (const JsonValue audio = message["audio"]; audio.isObject())
        parts.push_back({.content = ForeignPart{
                             .dialect = Dialect::OpenAiChat, .type = "audio", .json = audio.rawJson()}});
    addCalls(message, exchange, parts);
}

bool hasCall(const std::vector<Part> &parts)
{
    return std::ranges::any_of(
        parts, [](const Part &part) { return std::holds_alternative<ToolCallPart>(part.content); });
}

} // namespace

Choice decodeChoice(const JsonValue &json, std::int64_t position, Exchange &exchange)
{
    Choice choice{.index = json["index"].integer().value_or(position)};
    addParts(json["message"], exchange, choice.parts);
    choice.finish.reason = finishOf(json["finish_reason"]).value_or(FinishReason::Stop);
    if (choice.finish.reason == FinishReason::Stop && hasCall(choice.parts)) {
        choice.finish.reason = FinishReason::ToolCalls;
    } else if (const auto hit = json["stop_reason"].string(); // vLLM
               hit && choice.finish.reason == FinishReason::Stop) {
        choice.finish = {.reason = FinishReason::StopSequence, .stop_sequence = *hit};
    }
    if (const JsonValue logprobs = json["logprobs"]; logprobs.isObject())
        choice.logprobs = logprobs.rawJson();
    if (const JsonValue annotations = json["message"]["annotations"]; !annotations.empty())
        choice.annotations = annotations.rawJson();
    return choice;
}

std::expected<Reply, ApiError> decodeChatAnswer(const WireReply &wire, Exchange &exchange)
{
    const auto document = JsonDocument::parse(wire.body);
    if (!document)
        return std::unexpected(invalidAnswer("it is not JSON"));
    JsonValue root(*document);
    if (root.isArray() && !root.empty())
        root = *root.elements().begin();
    if (auto error = errorInside(root))
        return std::unexpected(*std::move(error));
    const JsonValue choices = root["choices"];
    if (choices.empty())
        return std::unexpected(invalidAnswer("it has no choices"));
    Reply reply{.id = root["id"].stringOr(""),
                .model = root["model"].stringOr(""),
                .service_tier = root["service_tier"].stringOr("")};
    std::int64_t position = 0;
    for (const JsonValue choice : choices.elements()) {
        if (!choice["message"].isObject())
            return std::unexpected(invalidAnswer("a choice has no message"));
        if (choice["message"]["tool_calls"].size() > kMostCalls)
            return std::unexpected(invalidAnswer("it makes more tool calls than any model does"));
        reply.choices.push_back(decodeChoice(choice, position++, exchange));
    }
    const JsonValue usage = root["usage"].isObject() ? root["usage"] : root["x_groq"]["usage"];
    reply.usage = usageOf(usage, usageStyleOf(exchange.target));
    reply.extras = extrasOf(root);
    return reply;
}

} // namespace portolan::dialect::openai
