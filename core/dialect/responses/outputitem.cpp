// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/outputitem.h"

#include "core/base/jsonvalue.h"
#include "core/dialect/notes.h"
#include "core/dialect/seal.h"
#include "core/dialect/target.h"

#include <utility>

namespace portolan::dialect::responses {
namespace {

std::string_view statusName(ItemStatus status)
{
    switch (status) {
    case ItemStatus::InProgress: return "in_progress";
    case ItemStatus::Completed: return "completed";
    case ItemStatus::Incomplete: return "incomplete";
    }
    return "completed";
}

void writeAll(JsonWriter &json, std::string_view name, const std::vector<RawJson> &values)
{
    json.key(name).array();
    for (const RawJson &value : values)
        json.raw(value);
    json.end();
}

void writeMessage(JsonWriter &json, const OutputItem &item)
{
    json.member("role", "assistant").key("content").array();
    for (const ContentPart &part : item.content)
        writePart(json, part);
    json.end();
}

void writeReasoning(JsonWriter &json, const OutputItem &item)
{
    json.key("summary").array();
    if (!item.text.empty())
        json.object().member("type", "summary_text").member("text", item.text).end();
    json.end();
    if (!item.encrypted.empty() || item.status != ItemStatus::InProgress)
        json.member("encrypted_content", item.encrypted.empty() ? sealed({}) : item.encrypted);
}

void writeCall(JsonWriter &json, const OutputItem &item)
{
    json.member("call_id", item.call_id).member("name", item.tool.name);
    if (!item.tool.space.empty())
        json.member("namespace", item.tool.space);
    json.member(item.kind == OutputItem::Kind::CustomCall ? "input" : "arguments", item.text);
}

std::string_view typeName(OutputItem::Kind kind)
{
    switch (kind) {
    case OutputItem::Kind::Reasoning: return "reasoning";
    case OutputItem::Kind::FunctionCall: return "function_call";
    case OutputItem::Kind::CustomCall: return "custom_tool_call";
    case OutputItem::Kind::Message:
    case OutputItem::Kind::Whole: break;
    }
    return "message";
}

RawJson flatCitation(const JsonValue &annotation)
{
    // The chat API nests what this one has beside the type.
    const JsonValue inner = annotation["url_citation"];
    if (!inner.isObject())
        return annotation.rawJson();
    RawJson flat;
    JsonWriter json(flat.text);
    json.object().member("type", "url_citation");
    for (const JsonValue member : inner.members())
        json.key(member.key()).raw(member.raw());
    json.end();
    return flat;
}

} // namespace

void writePart(JsonWriter &json, const ContentPart &part)
{
    if (part.refusal) {
        json.object().member("type", "refusal").member("refusal", part.text).end();
        return;
    }
    json.object().member("type", "output_text").member("text", part.text);
    writeAll(json, "annotations", part.annotations);
    writeAll(json, "logprobs", part.logprobs);
    json.end();
}

void writeItem(JsonWriter &json, const OutputItem &item)
{
    if (item.kind == OutputItem::Kind::Whole) {
        json.raw(item.whole);
        return;
    }
    json.object().member("id", item.id).member("type", typeName(item.kind));
    json.member("status", statusName(item.status));
    switch (item.kind) {
    case OutputItem::Kind::Reasoning: writeReasoning(json, item); break;
    case OutputItem::Kind::FunctionCall:
    case OutputItem::Kind::CustomCall: writeCall(json, item); break;
    case OutputItem::Kind::Message:
    case OutputItem::Kind::Whole: writeMessage(json, item); break;
    }
    json.end();
}

OutputItem messageItem(IdMaker &ids)
{
    return {.kind = OutputItem::Kind::Message, .id = ids.next("msg_")};
}

OutputItem reasoningItem(IdMaker &ids, std::string text, std::string encrypted)
{
    return {.kind = OutputItem::Kind::Reasoning,
            .id = ids.next("rs_"),
            .text = std::move(text),
            .encrypted = std::move(encrypted)};
}

OutputItem callItem(IdMaker &ids, const ToolCallPart &call, const ToolSpaces &spaces)
{
    return {.kind = call.custom ? OutputItem::Kind::CustomCall : OutputItem::Kind::FunctionCall,
            .id = ids.next(call.custom ? "ctc_" : "fc_"),
            .call_id = call.id.empty() ? ids.next("call_") : fittingId(call.id, IdRule::OpenAi),
            .tool = spaces.placeOf(call.name)};
}

std::optional<OutputItem> wholeItem(const Part &part, Exchange &exchange)
{
    if (const auto *foreign = std::get_if<ForeignPart>(&part.content);
        foreign && foreign->dialect == Dialect::OpenAiResponses)
        return OutputItem{
            .kind = OutputItem::Kind::Whole, .status = ItemStatus::Completed, .whole = foreign->json};
    const auto *image = std::get_if<ImagePart>(&part.content);
    if (!image || image->media.base64.empty()) {
        note(exchange, Note::Kind::Dropped, "output",
             "a part of the answer has no form in the Responses API");
        return std::nullopt;
    }
    OutputItem item{
        .kind = OutputItem::Kind::Whole, .id = exchange.ids.next("ig_"), .status = ItemStatus::Completed};
    JsonWriter json(item.whole.text);
    json.object().member("id", item.id).member("type", "image_generation_call");
    json.member("status", "completed").member("result", image->media.base64).end();
    return item;
}

std::vector<RawJson> flatAnnotations(const RawJson &annotations)
{
    std::vector<RawJson> flat;
    if (annotations.empty())
        return flat;
    const auto document = JsonDocument::parse(annotations.text);
    if (!document)
        return flat;
    for (const JsonValue annotation : JsonValue(*document).elements()) {
        if (annotation.isObject())
            flat.push_back(flatCitation(annotation));
    }
    return flat;
}

std::vector<RawJson> logprobElements(const RawJson &logprobs)
{
    std::vector<RawJson> elements;
    if (logprobs.empty())
        return elements;
    const auto document = JsonDocument::parse(logprobs.text);
    if (!document)
        return elements;
    for (const JsonValue element : JsonValue(*document)["content"].elements())
        elements.push_back(element.rawJson());
    return elements;
}

} // namespace portolan::dialect::responses
