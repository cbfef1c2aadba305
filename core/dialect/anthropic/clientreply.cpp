// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/clientreply.h"

#include "core/dialect/anthropic/blocks.h"
#include "core/dialect/anthropic/words.h"
#include "core/dialect/notes.h"
#include "core/dialect/seal.h"

#include <algorithm>

namespace portolan::dialect::anthropic {
namespace {

RawJson textBlock(std::string_view text)
{
    RawJson block;
    if (!text.empty()) // an empty one comes back as history, where it is refused
        JsonWriter(block.text).object().member("type", "text").member("text", text).end();
    return block;
}

void writeCall(JsonWriter &json, const ToolCallPart &call, Exchange &exchange)
{
    auto input = inputOf(call);
    if (!input) {
        note(exchange, Note::Kind::Changed, "tool_use.input", "the model's arguments are no JSON object");
        input = RawJson{"{}"};
    }
    if (const std::string signature = callSignature(call); !signature.empty())
        json.raw(thinkingBlock({.signature = signature}));
    json.object().member("type", "tool_use").member("id", fittingId(call.id, IdRule::Anthropic));
    json.member("name", call.name).member("input", *input).end();
}

} // namespace

std::string messageId(const std::string &providers_own, Exchange &exchange)
{
    return providers_own.starts_with("msg_") ? providers_own : exchange.ids.next("msg_");
}

std::string replaySignature(const ReasoningPart &reasoning)
{
    return reasoning.signature.empty() ? sealedSignature(sealOf(reasoning)) : reasoning.signature;
}

std::string callSignature(const ToolCallPart &call)
{
    if (call.signature.empty())
        return {};
    return sealedSignature({.signature = call.signature, .call_id = fittingId(call.id, IdRule::Anthropic)});
}

RawJson answerBlock(const Part &part)
{
    if (const auto *text = std::get_if<TextPart>(&part.content))
        return textBlock(text->text);
    if (const auto *refusal = std::get_if<RefusalPart>(&part.content))
        return textBlock(refusal->text);
    if (const auto *reasoning = std::get_if<ReasoningPart>(&part.content)) {
        const std::string signature = replaySignature(*reasoning);
        const bool empty = reasoning->text.empty() && signature.empty() && reasoning->redacted.empty();
        return empty
            ? RawJson{}
            : thinkingBlock(
                  {.text = reasoning->text, .signature = signature, .redacted = reasoning->redacted});
    }
    const auto *foreign = std::get_if<ForeignPart>(&part.content);
    return foreign && foreign->dialect == Dialect::Anthropic ? foreign->json : RawJson{};
}

void writeUsage(JsonWriter &json, const std::optional<Usage> &usage, std::int64_t input_estimate)
{
    const Usage counts = usage.value_or(Usage{.input = input_estimate});
    const std::int64_t read = counts.cache_read + counts.audio_cache_read + counts.image_cache_read;
    const std::int64_t written = counts.cache_write + counts.cache_write_1h;
    json.key("usage").object();
    json.member("input_tokens", std::max<std::int64_t>(counts.input - read - written, 0));
    json.member("cache_creation_input_tokens", written);
    json.member("cache_read_input_tokens", read);
    if (counts.cache_write_1h > 0) {
        json.key("cache_creation").object().member("ephemeral_5m_input_tokens", counts.cache_write);
        json.member("ephemeral_1h_input_tokens", counts.cache_write_1h).end();
    }
    json.member("output_tokens", counts.output);
    if (counts.reasoning > 0)
        json.key("output_tokens_details").object().member("thinking_tokens", counts.reasoning).end();
    json.end();
}

void writeEnding(JsonWriter &json, const Finish &finish, bool called)
{
    const std::string_view reason = stopReason(finish.reason, called);
    json.member("stop_reason", reason);
    if (reason == "stop_sequence" && !finish.stop_sequence.empty())
        json.member("stop_sequence", finish.stop_sequence);
    else
        json.key("stop_sequence").null();
    if (reason != "refusal" || finish.explanation.empty())
        return;
    json.key("stop_details").object().member("type", "refusal").key("category").null();
    json.member("explanation", finish.explanation).end();
}

std::string encodeMessage(const Reply &reply, Exchange &exchange)
{
    static const Choice kNone;
    const Choice &choice = reply.choices.empty() ? kNone : reply.choices.front();
    std::string body;
    JsonWriter json(body);
    json.object().member("id", messageId(reply.id, exchange));
    json.member("type", "message").member("role", "assistant");
    json.member("model", exchange.requested_model.empty() ? reply.model : exchange.requested_model);
    json.key("content").array();
    bool called = false;
    for (const Part &part : choice.parts) {
        if (const auto *call = std::get_if<ToolCallPart>(&part.content)) {
            writeCall(json, *call, exchange);
            called = true;
        } else if (const RawJson block = answerBlock(part); !block.empty()) {
            json.raw(block);
        } else if (std::holds_alternative<ImagePart>(part.content)) {
            note(exchange, Note::Kind::Dropped, "image", "this API's answers hold no images");
        }
    }
    json.end();
    writeEnding(json, choice.finish, called);
    writeUsage(json, reply.usage, 0);
    json.end();
    return body;
}

} // namespace portolan::dialect::anthropic
