// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/clientrequest.h"

#include "core/dialect/anthropic/blocks.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/seal.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kBillingHeader = "x-anthropic-billing-header:";

std::unexpected<Error> wanted(std::string where, std::string_view what)
{
    const std::string member = where.substr(where.rfind('/') + 1);
    return badRequest(std::move(where), "Give " + member + " as " + std::string(what) + '.');
}

/// The text without a billing line at its start.
std::string_view withoutBilling(std::string_view text)
{
    if (!text.starts_with(kBillingHeader))
        return text;
    const std::size_t line_end = std::min(text.find('\n'), text.size());
    const std::size_t rest = std::min(text.find_first_not_of("\r\n", line_end), text.size());
    return text.substr(rest);
}

/// What another provider wants back (seal.h). False when it belongs to a call that follows, and is none of
/// the model's words.
bool unseal(ReasoningPart &reasoning, std::map<std::string, std::string> &signatures)
{
    auto seal = unsealedSignature(reasoning.signature);
    if (!seal)
        return true;
    if (!seal->call_id.empty()) {
        signatures[seal->call_id] = std::move(seal->signature);
        return false;
    }
    reasoning = {.text = std::move(reasoning.text),
                 .signature = std::move(seal->signature),
                 .redacted = std::move(seal->redacted),
                 .encrypted = std::move(seal->encrypted),
                 .item_id = std::move(seal->item_id),
                 .details = std::move(seal->details)};
    return true;
}

/// A string, or blocks, as the parts of one message.
Result<std::vector<Part>> readContent(const JsonValue &content, const std::string &where)
{
    std::vector<Part> parts;
    if (auto text = content.string()) {
        parts.push_back({.content = TextPart{.text = *std::move(text)}});
        return parts;
    }
    if (!content.isArray())
        return wanted(where, "a string or an array of blocks");
    std::size_t index = 0;
    std::map<std::string, std::string> signatures; // thought signatures by call id
    for (const JsonValue block : content.elements()) {
        auto part = readBlock(block, where + '/' + std::to_string(index++));
        if (!part)
            return std::unexpected(part.error());
        auto *reasoning = std::get_if<ReasoningPart>(&part->content);
        if (reasoning && !unseal(*reasoning, signatures))
            continue;
        if (auto *call = std::get_if<ToolCallPart>(&part->content)) {
            if (const auto signed_it = signatures.find(call->id); signed_it != signatures.end())
                call->signature = signed_it->second;
        }
        parts.push_back(*std::move(part));
    }
    return parts;
}

Result<> readSystem(const JsonValue &system, Request &request)
{
    if (!system)
        return {};
    auto parts = readContent(system, "/system");
    if (!parts)
        return std::unexpected(parts.error());
    const auto is_billing = [](Part &part) {
        auto *text = std::get_if<TextPart>(&part.content);
        if (!text || !text->text.starts_with(kBillingHeader))
            return false;
        text->text = std::string(withoutBilling(text->text));
        return text->text.empty();
    };
    std::erase_if(*parts, is_billing);
    if (!parts->empty())
        request.messages.push_back({.role = Role::System, .parts = *std::move(parts)});
    return {};
}

Result<> readMessages(const JsonValue &messages, Request &request)
{
    if (!messages.isArray() || messages.empty())
        return wanted("/messages", "an array with at least one message");
    std::size_t index = 0;
    for (const JsonValue message : messages.elements()) {
        const std::string where = "/messages/" + std::to_string(index++);
        Message read;
        if (message["role"].equals("assistant"))
            read.role = Role::Assistant;
        else if (message["role"].equals("system"))
            read.role = Role::System;
        else if (!message["role"].equals("user"))
            return wanted(where + "/role", "\"user\" or \"assistant\"");
        auto parts = readContent(message["content"], where + "/content");
        if (!parts)
            return std::unexpected(parts.error());
        read.parts = *std::move(parts);
        request.messages.push_back(std::move(read));
    }
    return {};
}

Result<Tool> readTool(const JsonValue &tool, const std::string &where)
{
    if (!tool.isObject())
        return wanted(where, "an object");
    Tool read{.name = tool["name"].stringOr(""),
              .description = tool["description"].stringOr(""),
              .cache = cacheMark(tool),
              .dialect = Dialect::Anthropic};
    if (tool["type"] && !tool["type"].equals("custom")) {
        read.kind = Tool::Kind::Hosted;
        read.json = withoutMember(tool, "cache_control");
        return read;
    }
    if (read.name.empty())
        return wanted(where + "/name", "a string");
    const JsonValue schema = tool["input_schema"];
    if (schema && !schema.isObject())
        return wanted(where + "/input_schema", "a JSON schema");
    if (schema)
        read.parameters = schema.rawJson();
    read.strict = tool["strict"].boolean();
    return read;
}

Result<> readTools(const JsonValue &tools, Request &request)
{
    if (tools && !tools.isArray())
        return wanted("/tools", "an array");
    std::size_t index = 0;
    for (const JsonValue tool : tools.elements()) {
        auto read = readTool(tool, "/tools/" + std::to_string(index++));
        if (!read)
            return std::unexpected(read.error());
        request.tools.push_back(*std::move(read));
    }
    return {};
}

Result<> readToolChoice(const JsonValue &choice, Request &request)
{
    if (!choice)
        return {};
    using Mode = ToolChoice::Mode;
    static constexpr std::array<std::pair<std::string_view, Mode>, 4> kModes{
        {{"auto", Mode::Auto}, {"any", Mode::Required}, {"tool", Mode::Named}, {"none", Mode::None}}};
    const std::string type = choice["type"].stringOr("");
    const auto *mode = std::ranges::find(kModes, type, &std::pair<std::string_view, Mode>::first);
    if (mode == kModes.end())
        return wanted("/tool_choice/type", "\"auto\", \"any\", \"tool\" or \"none\"");
    request.tool_choice = ToolChoice{.mode = mode->second};
    if (mode->second == Mode::Named) {
        request.tool_choice->name = choice["name"].stringOr("");
        if (request.tool_choice->name.empty())
            return wanted("/tool_choice/name", "the name of a tool");
    }
    if (choice["disable_parallel_tool_use"].boolean().value_or(false))
        request.parallel_tool_calls = false;
    return {};
}

Result<> readThinking(const JsonValue &thinking, Request &request)
{
    if (!thinking)
        return {};
    ReasoningWish &wish = request.reasoning;
    wish.display = thinking["display"].stringOr("");
    if (thinking["type"].equals("enabled")) {
        wish.budget_tokens = thinking["budget_tokens"].integer();
        if (!wish.budget_tokens)
            return wanted("/thinking/budget_tokens", "a whole number");
    } else if (thinking["type"].equals("adaptive")) {
        wish.adaptive = true;
    } else if (thinking["type"].equals("disabled")) {
        wish.disabled = true;
    } else if (thinking["type"].isString()) {
        request.extras.emplace_back("thinking", thinking.rawJson()); // a kind of later models
    } else {
        return wanted("/thinking/type", "\"enabled\", \"adaptive\" or \"disabled\"");
    }
    return {};
}

Result<> readFormat(const JsonValue &format, const std::string &where, Request &request)
{
    if (!format)
        return {};
    if (!format["type"].equals("json_schema") || !format["schema"].isObject())
        return wanted(where, R"({"type":"json_schema","schema":{...}})");
    // OpenAI's form has a name, and is bound to the schema only when strict; Anthropic's always is.
    request.response_format = {.kind = ResponseFormat::Kind::JsonSchema,
                               .name = "output",
                               .schema = format["schema"].rawJson(),
                               .strict = true};
    return {};
}

Result<> readOutputConfig(const JsonValue &config, Request &request)
{
    if (const JsonValue effort = config["effort"]) {
        request.reasoning.effort = effortNamed(effort.stringOr(""));
        if (!request.reasoning.effort)
            return wanted("/output_config/effort", "one of low, medium, high, xhigh and max");
    }
    return readFormat(config["format"], "/output_config/format", request);
}

Result<RawJson> readNumber(const JsonValue &body, std::string_view name)
{
    const JsonValue value = body[name];
    if (!value)
        return RawJson{};
    if (!value.number())
        return wanted('/' + std::string(name), "a number");
    return value.rawJson();
}

Result<> readSampling(const JsonValue &body, Request &request)
{
    for (auto [name, into] :
         {std::pair<std::string_view, RawJson *>{"temperature", &request.sampling.temperature},
          {"top_p", &request.sampling.top_p},
          {"top_k", &request.sampling.top_k}}) {
        auto number = readNumber(body, name);
        if (!number)
            return std::unexpected(number.error());
        *into = *std::move(number);
    }
    if (const JsonValue limit = body["max_tokens"]) {
        request.max_tokens = limit.integer();
        if (!request.max_tokens || *request.max_tokens < 0)
            return wanted("/max_tokens", "a whole number");
    }
    const JsonValue stop = body["stop_sequences"];
    if (stop && !stop.isArray())
        return wanted("/stop_sequences", "an array of strings");
    for (const JsonValue one : stop.elements()) {
        auto text = one.string();
        if (!text)
            return wanted("/stop_sequences", "an array of strings");
        request.sampling.stop.push_back(*std::move(text));
    }
    return {};
}

/// The members above; others are kept for Anthropic.
constexpr std::array<std::string_view, 18> kKnown{
    "model",         "max_tokens",     "messages", "system",       "temperature",       "top_p",
    "top_k",         "stop_sequences", "stream",   "tools",        "tool_choice",       "thinking",
    "output_config", "output_format",  "metadata", "service_tier", "anthropic_version", "anthropic_beta"};

void readRest(const JsonValue &body, Request &request)
{
    request.stream = body["stream"].boolean().value_or(false);
    request.include_usage = request.stream; // this API always reports it
    request.user = body["metadata"]["user_id"].stringOr("");
    request.service_tier = body["service_tier"].stringOr("");
    for (const JsonValue member : body.members()) {
        if (std::string name = member.key(); member && std::ranges::find(kKnown, name) == kKnown.end())
            request.extras.emplace_back(std::move(name), member.rawJson());
    }
}

} // namespace

Result<Request> decodeRequest(const JsonValue &body)
{
    if (!body.isObject())
        return badRequest("", "Send a JSON object.");
    Request request{.from = Dialect::Anthropic, .model = body["model"].stringOr("")};
    if (request.model.empty())
        return wanted("/model", "the name of a model");
    Result<> read = readSystem(body["system"], request);
    const auto then = [&](auto reader, const JsonValue &member) {
        if (read)
            read = reader(member, request);
    };
    then(readMessages, body["messages"]);
    then(readTools, body["tools"]);
    then(readToolChoice, body["tool_choice"]);
    then(readThinking, body["thinking"]);
    then(readOutputConfig, body["output_config"]);
    if (read && request.response_format.kind == ResponseFormat::Kind::Text)
        read = readFormat(body["output_format"], "/output_format", request);
    then(readSampling, body);
    if (!read)
        return std::unexpected(read.error());
    readRest(body, request);
    return request;
}

} // namespace portolan::dialect::anthropic
