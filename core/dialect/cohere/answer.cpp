// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/answer.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/tooltext.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <string>
#include <utility>

namespace portolan::dialect::cohere {
namespace {

void writeLogprob(const JsonValue &entry, JsonWriter &json)
{
    double sum = 0; // of the tokens that make this text
    for (const JsonValue value : entry["logprobs"].elements())
        sum += value.number().value_or(0);
    json.object().member("token", entry["text"].stringOr("")).member("logprob", sum);
    json.key("bytes").null().key("top_logprobs").array().end().end();
}

ApiError gaveUp(const JsonValue &holder, bool by_clock)
{
    ApiError error
        = errorOfStatus(by_clock ? 504 : 502,
                        holder["error"].stringOr(by_clock ? "Cohere ran out of time for this answer."
                                                          : "Cohere could not finish this answer."));
    error.upstream_status = 200;
    return error;
}

void readContent(const JsonValue &content, std::vector<Part> &parts)
{
    if (auto text = content.string(); text && !text->empty())
        parts.push_back({.content = TextPart{.text = *std::move(text)}});
    for (const JsonValue item : content.elements()) {
        if (auto thinking = item["thinking"].string(); thinking && !thinking->empty())
            parts.push_back({.content = ReasoningPart{.text = *std::move(thinking)}});
        else if (auto text = item["text"].string(); text && !text->empty())
            parts.push_back({.content = TextPart{.text = *std::move(text)}});
    }
}

} // namespace

std::expected<ToolCallPart, ApiError> readCall(const JsonValue &call, CallIds &ids, const Exchange &exchange)
{
    const JsonValue function = call["function"];
    const std::string name = function["name"].stringOr("");
    if (name.empty())
        return std::unexpected(invalidAnswer("a tool call without a name"));
    const JsonValue arguments = function["arguments"];
    ToolCallPart read{.id = ids.take(call["id"].stringOr("")),
                      .name = std::string(exchange.clientToolName(name)),
                      .arguments
                      = arguments.isObject() ? compactJson(arguments.raw()) : arguments.stringOr("")};
    read.custom = exchange.isCustomTool(read.name);
    return read;
}

std::expected<Finish, ApiError> finishOf(const JsonValue &holder, Outcome outcome)
{
    const JsonValue reason = holder["finish_reason"];
    const bool by_clock = reason.equals("TIMEOUT");
    const bool nothing = !outcome.text && !outcome.calls;
    if ((by_clock || reason.equals("ERROR")) && (nothing || holder["error"]))
        return std::unexpected(gaveUp(holder, by_clock));
    if (reason.equals("MAX_TOKENS"))
        return Finish{.reason = FinishReason::Length};
    if (outcome.calls)
        return Finish{.reason = FinishReason::ToolCalls};
    return Finish{.reason = reason.equals("STOP_SEQUENCE") ? FinishReason::StopSequence : FinishReason::Stop};
}

std::optional<Usage> readUsage(const JsonValue &usage)
{
    ReportedCounts counts = countsOf(usage["tokens"]);
    if (counts.empty())
        counts = countsOf(usage["billed_units"]);
    if (counts.empty())
        return std::nullopt;
    counts.cached = countsOf(usage).cached;
    return usageFrom(counts, UsageStyle::Cohere);
}

std::optional<Usage> readBilled(const JsonValue &usage)
{
    return usageOf(usage["billed_units"], UsageStyle::Cohere);
}

RawJson logprobsOf(const JsonValue &logprobs)
{
    if (logprobs.empty())
        return {};
    std::string text;
    JsonWriter json(text);
    json.object().key("content").array();
    if (logprobs.isObject())
        writeLogprob(logprobs, json);
    for (const JsonValue entry : logprobs.elements())
        writeLogprob(entry, json);
    json.end().end();
    return {std::move(text)};
}

ApiError readError(const WireReply &reply)
{
    const auto document = JsonDocument::parse(reply.body);
    if (!document)
        return invalidAnswer("the error is not written in JSON", reply.status);
    const auto message = JsonValue(*document)["message"].string();
    if (!message)
        return invalidAnswer("the error has no message", reply.status);
    // 498 is a token on a deny list, 499 a call that Cohere gave up (cohere.md 6).
    const int meant = reply.status == 498 ? 400 : reply.status == 499 ? 502 : reply.status;
    ApiError error = errorOfStatus(meant, *message);
    error.upstream_status = reply.status;
    error.retry_after_ms = retryAfterMs(reply.headers);
    if (error.status == 400 && saysContextTooLong(error.message))
        error.code = "context_length_exceeded";
    return error;
}

std::optional<ApiError> errorInside(const JsonValue &root)
{
    auto message = root["message"].string();
    if (!message)
        return std::nullopt;
    ApiError error = errorOfStatus(502, *std::move(message));
    error.upstream_status = 200;
    return error;
}

std::expected<Reply, ApiError> readReply(const WireReply &reply, Exchange &exchange)
{
    const auto document = JsonDocument::parse(reply.body);
    if (!document)
        return std::unexpected(invalidAnswer("it is not JSON"));
    const JsonValue root(*document);
    if (auto error = errorInside(root))
        return std::unexpected(*std::move(error));
    const JsonValue message = root["message"];
    if (!message.isObject())
        return std::unexpected(invalidAnswer("it has no message"));

    Choice choice;
    if (auto plan = message["tool_plan"].string(); plan && !plan->empty())
        choice.parts.push_back({.content = ReasoningPart{.text = *std::move(plan)}});
    readContent(message["content"], choice.parts);
    Outcome outcome{.text = std::ranges::any_of(choice.parts, [](const Part &part) {
                        return std::holds_alternative<TextPart>(part.content);
                    })};
    CallIds ids(exchange);
    for (const JsonValue element : message["tool_calls"].elements()) {
        auto call = readCall(element, ids, exchange);
        if (!call)
            return std::unexpected(std::move(call.error()));
        if (call->arguments.empty())
            call->arguments = "{}";
        if (call->custom)
            call->arguments = unwrappedInput(call->arguments);
        choice.parts.push_back({.content = *std::move(call)});
        outcome.calls = true;
    }
    auto finish = finishOf(root, outcome);
    if (!finish)
        return std::unexpected(std::move(finish.error()));
    choice.finish = *std::move(finish);
    choice.logprobs = logprobsOf(root["logprobs"]);

    Reply read{.id = root["id"].stringOr(""),
               .usage = readUsage(root["usage"]),
               .billed = readBilled(root["usage"])};
    read.choices.push_back(std::move(choice));
    if (const JsonValue citations = message["citations"]; citations.isArray() && !citations.empty())
        read.extras.emplace_back("citations", citations.rawJson());
    return read;
}

} // namespace portolan::dialect::cohere
