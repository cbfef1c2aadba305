// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatreply.h"

#include "core/dialect/mediaurl.h"
#include "core/dialect/turns.h"

#include <algorithm>

namespace portolan::dialect::openai {
namespace {

/// The parts of a choice, sorted into the members of a message.
struct Content {
    std::string text{};
    std::string reasoning{};
    std::string refusal{};
    std::vector<const ToolCallPart *> calls{};
    std::vector<const ReasoningPart *> thinking{};
    std::vector<const ImagePart *> images{};
    const RawJson *details = nullptr;
    const RawJson *audio = nullptr;
    bool has_text = false;
};

void sortPart(const Part &part, Content &content)
{
    if (const auto *text = std::get_if<TextPart>(&part.content)) {
        content.text += text->text;
        content.has_text = true;
    } else if (const auto *call = std::get_if<ToolCallPart>(&part.content)) {
        content.calls.push_back(call);
    } else if (const auto *reasoning = std::get_if<ReasoningPart>(&part.content)) {
        content.reasoning += reasoning->text;
        if (isReplayable(*reasoning))
            content.thinking.push_back(reasoning);
        if (!reasoning->details.empty())
            content.details = &reasoning->details;
    } else if (const auto *refusal = std::get_if<RefusalPart>(&part.content)) {
        content.refusal += refusal->text;
    } else if (const auto *image = std::get_if<ImagePart>(&part.content)) {
        content.images.push_back(image);
    } else if (const auto *foreign = std::get_if<ForeignPart>(&part.content);
               foreign && foreign->dialect == Dialect::OpenAiChat && foreign->type == "audio") {
        content.audio = &foreign->json;
    }
}

Content sorted(const Choice &choice)
{
    Content content;
    for (const Part &part : choice.parts)
        sortPart(part, content);
    if (content.text.empty() && content.refusal.empty())
        content.refusal = choice.finish.explanation;
    return content;
}

std::string_view orNone(std::string_view arguments)
{
    return arguments.empty() ? std::string_view("{}") : arguments;
}

void writeFunction(JsonWriter &json, const ToolCallPart &call)
{
    json.object().member("name", call.name).member("arguments", orNone(call.arguments)).end();
}

void writeCall(JsonWriter &json, const ToolCallPart &call)
{
    json.object().member("id", call.id).member("type", call.custom ? "custom" : "function");
    if (call.custom) {
        json.key("custom").object().member("name", call.name).member("input", call.arguments).end();
    } else {
        json.key("function");
        writeFunction(json, call);
    }
    writeSignature(json, call);
    json.end();
}

void writeCalls(JsonWriter &json, const Content &content, bool as_function)
{
    if (content.calls.empty())
        return;
    if (as_function) {
        json.key("function_call");
        writeFunction(json, *content.calls.front());
        return;
    }
    json.key("tool_calls").array();
    for (const ToolCallPart *call : content.calls)
        writeCall(json, *call);
    json.end();
}

void writeReasoning(JsonWriter &json, const Content &content)
{
    if (!content.reasoning.empty())
        json.member("reasoning_content", content.reasoning);
    if (content.details)
        json.member("reasoning_details", *content.details);
    if (content.thinking.empty())
        return;
    json.key("thinking_blocks").array();
    for (const ReasoningPart *block : content.thinking)
        writeThinkingBlock(json, *block);
    json.end();
}

void writeMessage(JsonWriter &json, const Choice &choice, const Content &content, bool as_function)
{
    json.object().member("role", "assistant").key("content");
    if (!content.has_text && !content.calls.empty())
        json.null();
    else
        json.string(content.text);
    json.key("refusal");
    if (content.refusal.empty())
        json.null();
    else
        json.string(content.refusal);
    writeReasoning(json, content);
    writeCalls(json, content, as_function);
    if (!choice.annotations.empty())
        json.member("annotations", choice.annotations);
    if (content.audio)
        json.member("audio", *content.audio);
    if (!content.images.empty()) {
        json.key("images").array();
        std::int64_t index = 0;
        for (const ImagePart *image : content.images)
            writeImage(json, *image, index++);
        json.end();
    }
    json.end();
}

void writeChoice(JsonWriter &json, const Choice &choice, bool as_function)
{
    const Content content = sorted(choice);
    json.object().member("index", choice.index).key("message");
    writeMessage(json, choice, content, as_function);
    json.key("logprobs");
    if (choice.logprobs.empty())
        json.null();
    else
        json.raw(choice.logprobs);
    const std::string_view finish = finishWord(choice.finish.reason, !content.calls.empty());
    json.member("finish_reason", as_function && finish == "tool_calls" ? "function_call" : finish).end();
}

} // namespace

std::string encodeChatReply(const Reply &reply, Exchange &exchange)
{
    std::string body;
    JsonWriter json(body);
    json.object();
    writeHead(json, "chat.completion", reply, "chatcmpl-", exchange);
    json.key("choices").array();
    for (const Choice &choice : reply.choices)
        writeChoice(json, choice, speaksFunctions(exchange));
    json.end();
    if (reply.usage) {
        json.key("usage");
        writeUsage(json, *reply.usage);
    }
    if (!reply.service_tier.empty())
        json.member("service_tier", reply.service_tier);
    for (const auto &[name, value] : reply.extras)
        json.member(name, value);
    json.end();
    return body;
}

void writeHead(JsonWriter &json, std::string_view object, const Reply &reply, std::string_view id_prefix,
               Exchange &exchange)
{
    json.member("id", reply.id.empty() ? exchange.ids.next(id_prefix) : reply.id)
        .member("object", object)
        .member("created", exchange.created_s)
        .member("model", shownModel(reply.model, exchange));
}

void writeUsage(JsonWriter &json, const Usage &usage)
{
    json.object()
        .member("prompt_tokens", usage.input)
        .member("completion_tokens", usage.output)
        .member("total_tokens", usage.input + usage.output);
    json.key("prompt_tokens_details")
        .object()
        .member("cached_tokens", usage.cache_read + usage.audio_cache_read + usage.image_cache_read)
        .member("cache_write_tokens", usage.cache_write + usage.cache_write_1h)
        .member("audio_tokens", usage.audio_in + usage.audio_cache_read)
        .end();
    json.key("completion_tokens_details")
        .object()
        .member("reasoning_tokens", usage.reasoning)
        .member("audio_tokens", usage.audio_out)
        .end();
    json.end();
}

std::string_view finishWord(FinishReason reason, bool has_calls) noexcept
{
    switch (reason) {
    case FinishReason::Length:
    case FinishReason::ContextWindow: return "length";
    case FinishReason::ContentFilter:
    case FinishReason::Refusal: return "content_filter";
    case FinishReason::ToolCalls: return "tool_calls";
    case FinishReason::Stop:
    case FinishReason::StopSequence:
    case FinishReason::Pause: break;
    }
    return has_calls ? "tool_calls" : "stop";
}

void writeThinkingBlock(JsonWriter &json, const ReasoningPart &reasoning)
{
    json.object();
    if (!reasoning.redacted.empty())
        json.member("type", "redacted_thinking").member("data", reasoning.redacted);
    else
        json.member("type", "thinking")
            .member("thinking", reasoning.text)
            .member("signature", reasoning.signature);
    json.end();
}

void writeImage(JsonWriter &json, const ImagePart &image, std::int64_t index)
{
    json.object().member("type", "image_url").member("index", index);
    json.key("image_url").object().member("url", urlOfMedia(image.media, "image/png")).end().end();
}

void writeSignature(JsonWriter &json, const ToolCallPart &call)
{
    if (call.signature.empty())
        return;
    json.key("extra_content").object().key("google").object();
    json.member("thought_signature", call.signature).end().end();
}

std::string_view shownModel(std::string_view answered, const Exchange &exchange) noexcept
{
    if (!answered.empty())
        return answered;
    return exchange.requested_model.empty() ? std::string_view(exchange.target.model)
                                            : std::string_view(exchange.requested_model);
}

bool speaksFunctions(const Exchange &exchange) noexcept
{
    return std::ranges::find(exchange.echo, "functions", &Extras::value_type::first) != exchange.echo.end();
}

} // namespace portolan::dialect::openai
