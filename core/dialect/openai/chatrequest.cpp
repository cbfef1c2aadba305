// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatrequest.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/openai/chatmessages.h"
#include "core/dialect/openai/chattools.h"
#include "core/dialect/openai/fields.h"

#include <algorithm>
#include <array>

namespace portolan::dialect::openai {
namespace {

constexpr std::array<std::string_view, 20> kCommon{"model",
                                                   "temperature",
                                                   "top_p",
                                                   "top_k",
                                                   "seed",
                                                   "frequency_penalty",
                                                   "presence_penalty",
                                                   "logit_bias",
                                                   "stop",
                                                   "n",
                                                   "max_tokens",
                                                   "max_completion_tokens",
                                                   "stream",
                                                   "stream_options",
                                                   "user",
                                                   "metadata",
                                                   "safety_identifier",
                                                   "service_tier",
                                                   "prompt_cache_key",
                                                   "store"};

constexpr std::array<std::string_view, 17> kChat{"messages",
                                                 "tools",
                                                 "tool_choice",
                                                 "parallel_tool_calls",
                                                 "functions",
                                                 "function_call",
                                                 "logprobs",
                                                 "top_logprobs",
                                                 "response_format",
                                                 "reasoning_effort",
                                                 "reasoning",
                                                 "thinking",
                                                 "verbosity",
                                                 "modalities",
                                                 "audio",
                                                 "prediction",
                                                 "web_search_options"};

Result<> decodeStop(const JsonValue &stop, Request &request)
{
    if (!stop)
        return {};
    if (auto text = stop.string()) {
        request.sampling.stop.push_back(*std::move(text));
        return {};
    }
    for (const JsonValue element : stop.elements()) {
        if (auto text = element.string())
            request.sampling.stop.push_back(*std::move(text));
        else
            return badRequest("/stop", "stop must be a string or an array of strings.", "invalid_type");
    }
    if (!stop.isArray())
        return badRequest("/stop", "stop must be a string or an array of strings.", "invalid_type");
    return {};
}

Result<> decodeFormat(const JsonValue &json, ResponseFormat &format)
{
    if (!json)
        return {};
    const std::string type = json["type"].stringOr("");
    const JsonValue nested = json["json_schema"];
    if (type == "text")
        return {};
    if (type == "json_object" && !json["schema"].isObject()) {
        format.kind = ResponseFormat::Kind::JsonObject;
        return {};
    }
    if (type != "json_schema" && type != "json_object")
        return badRequest("/response_format/type",
                          "response_format.type must be text, json_object or json_schema.", "invalid_value");
    // llama.cpp's and Together's clients put the schema beside the type.
    const bool is_nested = nested.isObject();
    if (!is_nested && !json["schema"].isObject())
        return badRequest("/response_format/json_schema", "response_format needs its json_schema.",
                          "missing_required_parameter");
    auto read
        = Fields(is_nested ? nested : json, is_nested ? "/response_format/json_schema" : "/response_format")
              .text("name", format.name)
              .text("description", format.description)
              .object("schema", format.schema)
              .flag("strict", format.strict)
              .result();
    // OpenAI lets the schema away: then any object will do.
    format.kind = format.schema.empty() ? ResponseFormat::Kind::JsonObject : ResponseFormat::Kind::JsonSchema;
    return read;
}

Result<> decodeEffort(const JsonValue &json, std::string where, ReasoningWish &wish)
{
    if (!json || json.equals("default")) // Groq's word for no wish
        return {};
    wish.effort = effortNamed(json.stringOr(""));
    if (!wish.effort)
        return badRequest(std::move(where),
                          "The reasoning effort must be none, minimal, low, medium, high, xhigh or max.",
                          "invalid_value");
    return {};
}

/// OpenAI's reasoning_effort, OpenRouter's reasoning, and the thinking of Anthropic and DeepSeek.
Result<> decodeReasoning(const JsonValue &body, ReasoningWish &wish)
{
    const JsonValue reasoning = body["reasoning"];
    const JsonValue thinking = body["thinking"];
    if (auto read = decodeEffort(reasoning["effort"], "/reasoning/effort", wish); !read)
        return read;
    if (auto read = decodeEffort(body["reasoning_effort"], "/reasoning_effort", wish); !read)
        return read;
    if (auto read = Fields(reasoning, "/reasoning").count("max_tokens", 1, wish.budget_tokens).result();
        !read)
        return read;
    const auto enabled = reasoning["enabled"].boolean();
    if (enabled == true && !wish.effort && !wish.budget_tokens)
        wish.effort = Effort::Medium;
    wish.disabled = enabled == false || thinking["type"].equals("disabled");
    wish.adaptive = thinking["type"].equals("adaptive");
    if (!thinking["type"].equals("enabled"))
        return {};
    if (auto read = Fields(thinking, "/thinking").count("budget_tokens", 1, wish.budget_tokens).result();
        !read)
        return read;
    if (!wish.budget_tokens && !wish.effort)
        wish.effort = Effort::Medium;
    return {};
}

} // namespace

Result<> decodeCommon(const JsonValue &body, Request &request)
{
    if (!body.isObject())
        return badRequest("", "The body must be a JSON object.");
    Sampling &sampling = request.sampling;
    std::optional<bool> stream;
    std::optional<bool> include_usage;
    std::optional<std::int64_t> deprecated_max;
    auto read = Fields(body)
                    .text("model", request.model)
                    .number("temperature", sampling.temperature)
                    .number("top_p", sampling.top_p)
                    .number("top_k", sampling.top_k)
                    .number("seed", sampling.seed)
                    .number("frequency_penalty", sampling.frequency_penalty)
                    .number("presence_penalty", sampling.presence_penalty)
                    .object("logit_bias", sampling.logit_bias)
                    .count("n", 1, sampling.n)
                    .count("max_tokens", 1, deprecated_max)
                    .count("max_completion_tokens", 1, request.max_tokens)
                    .flag("stream", stream)
                    .text("user", request.user)
                    .text("safety_identifier", request.user)
                    .text("service_tier", request.service_tier)
                    .text("prompt_cache_key", request.prompt_cache_key)
                    .object("metadata", request.metadata)
                    .flag("store", request.store)
                    .result();
    if (read)
        read
            = Fields(body["stream_options"], "/stream_options").flag("include_usage", include_usage).result();
    if (read)
        read = decodeStop(body["stop"], request);
    if (!request.max_tokens)
        request.max_tokens = deprecated_max;
    request.stream = stream.value_or(false);
    request.include_usage = include_usage.value_or(false);
    return read;
}

void keepExtras(const JsonValue &body, std::span<const std::string_view> known, Request &request)
{
    for (const JsonValue member : body.members()) {
        std::string name = member.key();
        if (member && std::ranges::find(kCommon, name) == kCommon.end()
            && std::ranges::find(known, name) == known.end())
            request.extras.emplace_back(std::move(name), member.rawJson());
    }
}

Result<Request> decodeChatRequest(const JsonDocument &document)
{
    const JsonValue body(document);
    Request request{.from = Dialect::OpenAiChat};
    auto read = decodeCommon(body, request);
    if (read)
        read = decodeTools(body, request);
    if (read)
        read = decodeFormat(body["response_format"], request.response_format);
    if (read)
        read = decodeReasoning(body, request.reasoning);
    if (read)
        read = Fields(body)
                   .flag("logprobs", request.sampling.logprobs)
                   .count("top_logprobs", 0, request.sampling.top_logprobs)
                   .text("verbosity", request.verbosity)
                   .array("modalities", request.modalities)
                   .object("audio", request.audio)
                   .object("prediction", request.prediction)
                   .object("web_search_options", request.web_search_options)
                   .result();
    if (!read)
        return std::unexpected(std::move(read).error());
    auto messages = decodeMessages(body["messages"]);
    if (!messages)
        return std::unexpected(std::move(messages).error());
    request.messages = *std::move(messages);
    keepExtras(body, kChat, request);
    return request;
}

} // namespace portolan::dialect::openai
