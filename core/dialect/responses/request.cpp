// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/request.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/openai/fields.h"
#include "core/dialect/responses/inputitems.h"
#include "core/dialect/responses/requesttools.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace portolan::dialect::responses {
namespace {

using openai::Fields;

constexpr auto kKnown = std::to_array<std::string_view>({
    "model",
    "input",
    "instructions",
    "previous_response_id",
    "conversation",
    "prompt",
    "background",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "reasoning",
    "text",
    "include",
    "store",
    "stream",
    "temperature",
    "top_p",
    "max_output_tokens",
    "top_logprobs",
    "metadata",
    "user",
    "service_tier",
    "safety_identifier",
    "prompt_cache_key",
    "stream_options",
});

struct Stateful {
    std::string_view name;
    std::string_view instead;
};
constexpr std::array kStateful{
    Stateful{"previous_response_id",
             "This gateway keeps no responses: leave previous_response_id out and send the earlier items in "
             "input."},
    Stateful{
        "conversation",
        "This gateway keeps no conversations: leave conversation out and send the earlier items in input."},
    Stateful{"prompt", "This gateway has no stored prompts: send instructions and input instead of prompt."},
};

Result<> refuseState(const JsonValue &body)
{
    for (const Stateful &member : kStateful) {
        if (body[member.name])
            return badRequest('/' + std::string(member.name), std::string(member.instead),
                              "unsupported_parameter");
    }
    if (body["background"].boolean() == true)
        return badRequest("/background", "This gateway runs nothing in the background: leave background out.",
                          "unsupported_parameter");
    return {};
}

Result<> decodeFormat(const JsonValue &json, ResponseFormat &format)
{
    const JsonValue type = json["type"];
    if (!json || type.equals("text"))
        return {};
    if (type.equals("json_object")) {
        format.kind = ResponseFormat::Kind::JsonObject;
        return {};
    }
    if (!type.equals("json_schema"))
        return badRequest("/text/format/type", "text.format.type must be text, json_object or json_schema.",
                          "invalid_value");
    if (!json["schema"].isObject())
        return badRequest("/text/format/schema", "text.format needs its schema.",
                          "missing_required_parameter");
    format.kind = ResponseFormat::Kind::JsonSchema;
    return Fields(json, "/text/format")
        .text("name", format.name)
        .text("description", format.description)
        .object("schema", format.schema)
        .flag("strict", format.strict)
        .result();
}

Result<> decodeReasoning(const JsonValue &json, Request &request)
{
    ReasoningWish &wish = request.reasoning;
    std::string effort;
    auto read = Fields(json, "/reasoning")
                    .text("effort", effort)
                    .text("generate_summary", wish.summary)
                    .text("summary", wish.summary)
                    .result();
    if (!read)
        return read;
    if (!effort.empty()) {
        wish.effort = effortNamed(effort);
        if (!wish.effort)
            return badRequest("/reasoning/effort",
                              "reasoning.effort must be none, minimal, low, medium, high, xhigh or max.",
                              "invalid_value");
    }
    for (const JsonValue member : json.members()) {
        const std::string name = member.key();
        if (member && name != "effort" && name != "summary" && name != "generate_summary")
            request.extras.emplace_back("reasoning." + name, member.rawJson());
    }
    return {};
}

/// Keeps what of the list is not served here.
void decodeInclude(const JsonValue &include, Request &request)
{
    RawJson rest;
    JsonWriter json(rest.text);
    json.array();
    std::size_t kept = 0;
    for (const JsonValue wish : include.elements()) {
        if (wish.equals("message.output_text.logprobs")) {
            request.sampling.logprobs = true;
        } else if (!wish.equals("reasoning.encrypted_content")) {
            json.raw(wish.raw());
            ++kept;
        }
    }
    json.end();
    if (kept > 0)
        request.extras.emplace_back("include", std::move(rest));
}

Result<> decodeSettings(const JsonValue &body, Request &request)
{
    std::optional<bool> stream;
    std::string user;
    auto read = Fields(body)
                    .text("model", request.model)
                    .flag("parallel_tool_calls", request.parallel_tool_calls)
                    .count("max_output_tokens", 1, request.max_tokens)
                    .number("temperature", request.sampling.temperature)
                    .number("top_p", request.sampling.top_p)
                    .count("top_logprobs", 0, request.sampling.top_logprobs)
                    .object("metadata", request.metadata)
                    .text("user", user)
                    .text("safety_identifier", request.user)
                    .text("service_tier", request.service_tier)
                    .text("prompt_cache_key", request.prompt_cache_key)
                    .flag("stream", stream)
                    .result();
    request.stream = stream.value_or(false);
    request.include_usage = true; // the final event always has it
    if (request.user.empty())
        request.user = std::move(user);
    if (read)
        read = Fields(body["text"], "/text").text("verbosity", request.verbosity).result();
    return read;
}

Result<> decodeConversation(const JsonValue &body, Request &request)
{
    std::string instructions;
    if (auto read = Fields(body).text("instructions", instructions).result(); !read)
        return read;
    if (!instructions.empty())
        request.messages.push_back(
            {.role = Role::System, .parts = {{.content = TextPart{.text = std::move(instructions)}}}});
    auto input = decodeInput(body["input"]);
    if (!input)
        return std::unexpected(std::move(input).error());
    std::ranges::move(*input, std::back_inserter(request.messages));
    return {};
}

} // namespace

Result<Request> decodeRequest(const JsonDocument &document)
{
    const JsonValue body(document);
    if (!body.isObject())
        return badRequest("", "The body must be a JSON object.");
    Request request{.from = Dialect::OpenAiResponses};
    auto read = refuseState(body);
    if (read)
        read = decodeSettings(body, request);
    if (read)
        read = decodeFormat(body["text"]["format"], request.response_format);
    if (read)
        read = decodeReasoning(body["reasoning"], request);
    if (read)
        read = decodeTools(body, request);
    if (read)
        read = decodeConversation(body, request);
    if (!read)
        return std::unexpected(std::move(read).error());
    decodeInclude(body["include"], request);
    for (const JsonValue member : body.members()) {
        std::string name = member.key();
        const bool is_default = name == "truncation" && member.equals("disabled");
        if (member && !is_default && std::ranges::find(kKnown, name) == kKnown.end())
            request.extras.emplace_back(std::move(name), member.rawJson());
    }
    return request;
}

} // namespace portolan::dialect::responses
