// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/answer.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace portolan::dialect::gemini {
namespace {

constexpr std::int64_t kMostIndex = 127;

enum class Ending : std::uint8_t { Stop, Length, Filtered, Malformed };

struct Reason {
    std::string_view name;
    Ending ending;
};

// What is not here, also what is yet to be invented, counts as STOP.
constexpr std::array kReasons{
    Reason{"MAX_TOKENS", Ending::Length},
    Reason{"CONTINUATION", Ending::Length},
    Reason{"SAFETY", Ending::Filtered},
    Reason{"RECITATION", Ending::Filtered},
    Reason{"BLOCKLIST", Ending::Filtered},
    Reason{"PROHIBITED_CONTENT", Ending::Filtered},
    Reason{"SPII", Ending::Filtered},
    Reason{"IMAGE_SAFETY", Ending::Filtered},
    Reason{"IMAGE_PROHIBITED_CONTENT", Ending::Filtered},
    Reason{"IMAGE_RECITATION", Ending::Filtered},
    Reason{"MALFORMED_FUNCTION_CALL", Ending::Malformed},
    Reason{"UNEXPECTED_TOOL_CALL", Ending::Malformed},
    Reason{"TOO_MANY_TOOL_CALLS", Ending::Malformed},
};

Ending endingOf(const JsonValue &reason)
{
    const auto found
        = std::ranges::find_if(kReasons, [&](const Reason &known) { return reason.equals(known.name); });
    return found == kReasons.end() ? Ending::Stop : found->ending;
}

std::expected<Part, ApiError> readCall(const JsonValue &part, CallIds &ids, const Exchange &exchange)
{
    const JsonValue call = part["functionCall"];
    const JsonValue args = call["args"];
    const std::string name = call["name"].stringOr("");
    if (name.empty() || (args && !args.isObject()))
        return std::unexpected(invalidAnswer("a function call without a name or with broken arguments"));
    ToolCallPart read{.id = ids.take(call["id"].stringOr("")),
                      .name = std::string(exchange.clientToolName(name)),
                      .arguments = args ? compactJson(args.raw()) : "{}",
                      .signature = part["thoughtSignature"].stringOr("")};
    read.custom = exchange.isCustomTool(read.name);
    if (read.custom)
        read.arguments = unwrappedInput(read.arguments);
    return Part{.content = std::move(read)};
}

Part readData(const JsonValue &part)
{
    const JsonValue data = part["inlineData"];
    const std::string type = data["mimeType"].stringOr("");
    if (type.starts_with("image/"))
        return {.content = ImagePart{.media = {.type = type, .base64 = data["data"].stringOr("")}}};
    return {.content = ForeignPart{.dialect = Dialect::Gemini, .type = "inlineData", .json = part.rawJson()}};
}

/// A token and its probability, without an end, so that the caller can add to it.
void beginToken(const JsonValue &candidate, JsonWriter &json)
{
    json.object().member("token", candidate["token"].stringOr(""));
    json.key("logprob").raw(candidate["logProbability"].number() ? candidate["logProbability"].raw() : "0");
    json.key("bytes").null();
}

} // namespace

bool isSchemaCall(const JsonValue &part, const Exchange &exchange)
{
    return !exchange.schema_tool.empty() && part["functionCall"]["name"].equals(exchange.schema_tool);
}

std::expected<std::optional<Part>, ApiError> readPart(const JsonValue &part, CallIds &ids,
                                                      const Exchange &exchange)
{
    if (isSchemaCall(part, exchange)) {
        const JsonValue args = part["functionCall"]["args"];
        return Part{.content = TextPart{.text = args.isObject() ? compactJson(args.raw()) : "{}"}};
    }
    if (part["functionCall"])
        return readCall(part, ids, exchange);
    if (auto text = part["text"].string()) {
        if (text->empty())
            return std::nullopt;
        if (part["thought"].boolean().value_or(false))
            return Part{.content = ReasoningPart{.text = *std::move(text)}};
        return Part{.content = TextPart{.text = *std::move(text)}};
    }
    if (part["inlineData"])
        return readData(part);
    for (const JsonValue member : part.members()) {
        std::string type = member.key();
        if (member.isObject() && type != "videoMetadata" && type != "mediaResolution"
            && type != "partMetadata") {
            return Part{.content = ForeignPart{
                            .dialect = Dialect::Gemini, .type = std::move(type), .json = part.rawJson()}};
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> indexOf(const JsonValue &candidate)
{
    const JsonValue index = candidate["index"];
    if (!index)
        return 0;
    const auto value = index.integer();
    return value && *value >= 0 && *value <= kMostIndex ? value : std::nullopt;
}

std::expected<Finish, ApiError> finishOf(const JsonValue &candidate, Outcome outcome)
{
    const std::string words = candidate["finishMessage"].stringOr("");
    switch (endingOf(candidate["finishReason"])) {
    case Ending::Length: return Finish{.reason = FinishReason::Length};
    case Ending::Filtered: return Finish{.reason = FinishReason::ContentFilter, .explanation = words};
    case Ending::Malformed:
        if (outcome.nothing()) {
            return std::unexpected(
                ApiError{.message = words.empty()
                             ? "The model's function call was malformed, and nothing else came: try again."
                             : words,
                         .code = "upstream_malformed_output",
                         .upstream_status = 200});
        }
        break;
    case Ending::Stop: break;
    }
    return Finish{.reason = outcome.calls ? FinishReason::ToolCalls : FinishReason::Stop};
}

std::optional<Finish> blockOf(const JsonValue &answer)
{
    const JsonValue feedback = answer["promptFeedback"];
    const auto reason = feedback["blockReason"].string();
    if (!reason || !answer["candidates"].empty())
        return std::nullopt;
    return Finish{.reason = FinishReason::ContentFilter,
                  .explanation
                  = feedback["blockReasonMessage"].stringOr("The prompt was blocked: " + *reason + '.')};
}

RawJson annotationsOf(const JsonValue &grounding_metadata)
{
    std::string text;
    JsonWriter json(text);
    json.array();
    for (const JsonValue chunk : grounding_metadata["groundingChunks"].elements()) {
        const auto uri = chunk["web"]["uri"].string();
        if (!uri)
            continue;
        json.object().member("type", "url_citation").key("url_citation").object();
        json.member("url", *uri).member("title", chunk["web"]["title"].stringOr(""));
        json.end().end();
    }
    json.end();
    return text == "[]" ? RawJson{} : RawJson{std::move(text)};
}

RawJson logprobsOf(const JsonValue &logprobs_result)
{
    const JsonValue chosen = logprobs_result["chosenCandidates"];
    if (chosen.empty())
        return {};
    std::string text;
    JsonWriter json(text);
    json.object().key("content").array();
    const auto tops = logprobs_result["topCandidates"].elements();
    auto top = tops.begin();
    for (const JsonValue token : chosen.elements()) {
        beginToken(token, json);
        json.key("top_logprobs").array();
        if (top != tops.end()) {
            for (const JsonValue candidate : (*top)["candidates"].elements()) {
                beginToken(candidate, json);
                json.end();
            }
            ++top;
        }
        json.end().end();
    }
    json.end().end();
    return {std::move(text)};
}

} // namespace portolan::dialect::gemini
