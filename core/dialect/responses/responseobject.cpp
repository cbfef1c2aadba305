// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/responseobject.h"

#include "core/base/jsonvalue.h"

#include <algorithm>
#include <array>

namespace portolan::dialect::responses {
namespace {

struct Setting {
    std::string_view name;
    std::string_view otherwise; ///< what the API says when the request did not; empty: nothing
};

// Official clients read most of these without looking whether they are there.
constexpr std::array kSettings{
    Setting{"instructions", "null"},
    Setting{"max_output_tokens", "null"},
    Setting{"max_tool_calls", "null"},
    Setting{"metadata", "{}"},
    Setting{"parallel_tool_calls", "true"},
    Setting{"prompt_cache_key", ""},
    Setting{"reasoning", R"({"effort":null,"summary":null})"},
    Setting{"safety_identifier", ""},
    Setting{"temperature", "1"},
    Setting{"text", R"({"format":{"type":"text"}})"},
    Setting{"tool_choice", R"("auto")"},
    Setting{"tools", "[]"},
    Setting{"top_logprobs", "0"},
    Setting{"top_p", "1"},
    Setting{"truncation", R"("disabled")"},
    Setting{"user", "null"},
};

void writeSettings(JsonWriter &json, const Extras &echo)
{
    for (const Setting &setting : kSettings) {
        const auto said = std::ranges::find(echo, setting.name, &Extras::value_type::first);
        if (said != echo.end())
            json.member(setting.name, said->second);
        else if (!setting.otherwise.empty())
            json.key(setting.name).raw(setting.otherwise);
    }
}

/// The word that official clients decide by; the first four make Codex wait, compact or give up as it should.
std::string_view errorCode(const ApiError &error)
{
    switch (error.kind) {
    case ErrorKind::RateLimit: return "rate_limit_exceeded";
    case ErrorKind::InsufficientQuota: return "insufficient_quota";
    case ErrorKind::Overloaded: return "server_is_overloaded";
    case ErrorKind::InvalidRequest:
        return error.code.empty() ? "invalid_prompt" : std::string_view(error.code);
    default: return error.code.empty() ? "server_error" : std::string_view(error.code);
    }
}

void writeError(JsonWriter &json, const std::optional<ApiError> &error)
{
    json.key("error");
    if (!error) {
        json.null();
        return;
    }
    json.object().member("code", errorCode(*error)).member("message", error->message).end();
}

void writeUsage(JsonWriter &json, const std::optional<Usage> &usage)
{
    json.key("usage");
    if (!usage) {
        json.null();
        return;
    }
    json.object().member("input_tokens", usage->input);
    json.key("input_tokens_details").object();
    json.member("cached_tokens", usage->cache_read + usage->audio_cache_read + usage->image_cache_read);
    json.member("cache_write_tokens", usage->cache_write + usage->cache_write_1h).end();
    json.member("output_tokens", usage->output);
    json.key("output_tokens_details").object().member("reasoning_tokens", usage->reasoning).end();
    json.member("total_tokens", usage->input + usage->output).end();
}

} // namespace

ResponseObject beginResponse(std::string_view id, std::string_view model, Exchange &exchange)
{
    ResponseObject response;
    response.id = id.starts_with("resp_") ? std::string(id) : exchange.ids.next("resp_");
    const std::string &known
        = exchange.requested_model.empty() ? exchange.target.model : exchange.requested_model;
    response.model = model.empty() ? known : std::string(model);
    return response;
}

void setFinish(ResponseObject &response, const Finish &finish)
{
    switch (finish.reason) {
    case FinishReason::Length:
    case FinishReason::ContextWindow: response.incomplete = "max_output_tokens"; break;
    case FinishReason::ContentFilter:
    case FinishReason::Refusal: response.incomplete = "content_filter"; break;
    case FinishReason::Stop:
    case FinishReason::StopSequence:
    case FinishReason::ToolCalls:
    case FinishReason::Pause: break;
    }
    response.status = response.incomplete.empty() ? "completed" : "incomplete";
}

void writeResponse(JsonWriter &json, const ResponseObject &response, std::span<const OutputItem> output,
                   const Exchange &exchange)
{
    json.object().member("id", response.id).member("object", "response");
    json.member("created_at", exchange.created_s).member("status", response.status);
    json.member("background", false);
    writeError(json, response.error);
    json.key("incomplete_details");
    if (response.incomplete.empty())
        json.null();
    else
        json.object().member("reason", response.incomplete).end();
    json.member("model", response.model).key("output").array();
    for (const OutputItem &item : output)
        writeItem(json, item);
    json.end();
    json.key("previous_response_id").null();
    if (!response.service_tier.empty())
        json.member("service_tier", response.service_tier);
    json.member("store", false); // whatever the client wished: nothing is kept that could be asked for later
    writeSettings(json, exchange.echo);
    writeUsage(json, response.usage);
    json.end();
}

Extras echoOf(const JsonDocument &body)
{
    Extras echo;
    for (const JsonValue member : JsonValue(body).members()) {
        std::string name = member.key();
        if (!member.isNull() && std::ranges::find(kSettings, name, &Setting::name) != kSettings.end())
            echo.emplace_back(std::move(name), member.rawJson());
    }
    return echo;
}

} // namespace portolan::dialect::responses
