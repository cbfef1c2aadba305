// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/answeritems.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/openaierrors.h"
#include "core/dialect/responses/reasoningtext.h"

#include <utility>

namespace portolan::dialect::responses {
namespace {

std::string contentText(const JsonValue &item, std::string_view type, std::string_view member)
{
    std::string text;
    for (const JsonValue part : item["content"].elements()) {
        if (part["type"].equals(type))
            text += part[member].stringOr("");
    }
    return text;
}

} // namespace

bool isCall(const JsonValue &item)
{
    return item["type"].equals("function_call") || item["type"].equals("custom_tool_call");
}

std::optional<ToolCallPart> callOf(const JsonValue &item, const Exchange &exchange)
{
    const auto sent = item["name"].string();
    if (!sent || sent->empty())
        return std::nullopt;
    ToolCallPart call{.id = item["call_id"].stringOr(""),
                      .name = std::string(exchange.clientToolName(*sent))};
    if (call.id.empty())
        call.id = item["id"].stringOr("");
    call.custom = item["type"].equals("custom_tool_call") || exchange.isCustomTool(call.name);
    return call;
}

std::string callText(const JsonValue &item)
{
    return item[item["type"].equals("custom_tool_call") ? "input" : "arguments"].stringOr("");
}

bool isWrapped(const ToolCallPart &call, const JsonValue &item)
{
    return call.custom && !item["type"].equals("custom_tool_call");
}

std::optional<ReasoningPart> reasoningOf(const JsonValue &item)
{
    ReasoningPart part{.text = reasoningText(item),
                       .encrypted = item["encrypted_content"].stringOr(""),
                       .item_id = item["id"].stringOr("")};
    if (part.text.empty() && part.encrypted.empty())
        return std::nullopt;
    return part;
}

std::string messageText(const JsonValue &item)
{
    return contentText(item, "output_text", "text");
}

std::string messageRefusal(const JsonValue &item)
{
    return contentText(item, "refusal", "refusal");
}

RawJson nestedAnnotations(const std::vector<JsonValue> &annotations)
{
    RawJson nested;
    JsonWriter json(nested.text);
    json.array();
    bool some = false;
    for (const JsonValue &annotation : annotations) {
        if (!annotation["type"].equals("url_citation"))
            continue;
        some = true;
        json.object().member("type", "url_citation").key("url_citation").object();
        for (const JsonValue member : annotation.members()) {
            if (member.key() != "type")
                json.key(member.key()).raw(member.raw());
        }
        json.end().end();
    }
    json.end();
    return some ? nested : RawJson{};
}

RawJson messageAnnotations(const JsonValue &item)
{
    std::vector<JsonValue> annotations;
    for (const JsonValue part : item["content"].elements()) {
        for (const JsonValue annotation : part["annotations"].elements())
            annotations.push_back(annotation);
    }
    return nestedAnnotations(annotations);
}

Part wholePart(const JsonValue &item)
{
    if (item["type"].equals("image_generation_call")) {
        if (auto image = item["result"].string(); image && !image->empty()) {
            const std::string format = item["output_format"].stringOr("png");
            return {.content = ImagePart{.media = {.type = "image/" + format, .base64 = *std::move(image)}}};
        }
    }
    return {.content = ForeignPart{.dialect = Dialect::OpenAiResponses,
                                   .type = item["type"].stringOr(""),
                                   .json = item.rawJson()}};
}

Finish finishOf(const JsonValue &response, bool has_calls)
{
    if (!response["status"].equals("incomplete"))
        return {.reason = has_calls ? FinishReason::ToolCalls : FinishReason::Stop};
    const bool filtered = response["incomplete_details"]["reason"].equals("content_filter");
    return {.reason = filtered ? FinishReason::ContentFilter : FinishReason::Length};
}

std::optional<ApiError> failureOf(const JsonValue &response)
{
    if (auto error = openAiErrorInside(response))
        return error;
    const JsonValue status = response["status"];
    if (status.equals("failed"))
        return openAiErrorOf(JsonValue());
    if (status.equals("cancelled"))
        return errorOfStatus(0, "The provider cancelled the response.");
    if (status.equals("queued") || status.equals("in_progress"))
        return invalidAnswer("it has no answer yet");
    return std::nullopt;
}

} // namespace portolan::dialect::responses
