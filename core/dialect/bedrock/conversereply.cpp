// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/conversereply.h"

#include "core/dialect/callids.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace portolan::dialect::bedrock {
namespace {

struct Reason {
    std::string_view word;
    FinishReason reason;
};
constexpr std::array kReasons{
    Reason{"end_turn", FinishReason::Stop},
    Reason{"stop_sequence", FinishReason::StopSequence},
    Reason{"max_tokens", FinishReason::Length},
    Reason{"tool_use", FinishReason::Stop}, // calls make it ToolCalls
    Reason{"model_context_window_exceeded", FinishReason::ContextWindow},
    Reason{"guardrail_intervened", FinishReason::ContentFilter},
    Reason{"content_filtered", FinishReason::ContentFilter},
};

ReasoningPart reasoningOf(const JsonValue &content)
{
    const JsonValue text = content["reasoningText"];
    return {.text = text["text"].stringOr(""),
            .signature = text["signature"].stringOr(""),
            .redacted = content["redactedContent"].stringOr("")};
}

/// Collects an answer's blocks; the call of the tool that stands for a schema becomes the answer's text.
class BlockReader
{
public:
    explicit BlockReader(Exchange &exchange)
        : m_exchange(exchange)
        , m_ids(exchange)
    { }

    /// False when the block can't be what it says.
    bool read(const JsonValue &block)
    {
        if (block["text"].isString()) {
            m_parts.push_back({.content = TextPart{.text = block["text"].stringOr("")}});
        } else if (block["toolUse"].present()) {
            return readCall(block["toolUse"]);
        } else if (block["reasoningContent"].isObject()) {
            m_parts.push_back({.content = reasoningOf(block["reasoningContent"])});
        } else if (block["citationsContent"].isObject()) {
            for (const JsonValue piece : block["citationsContent"]["content"].elements())
                m_parts.push_back({.content = TextPart{.text = piece["text"].stringOr("")}});
        } else {
            note(m_exchange, Note::Kind::Dropped, "content", "the answer has a part that no client reads");
        }
        return true;
    }

    [[nodiscard]] bool calls() const { return m_calls; }

    std::vector<Part> take()
    {
        if (m_schema_answer) {
            std::erase_if(m_parts,
                          [](const Part &part) { return std::holds_alternative<TextPart>(part.content); });
            m_parts.push_back({.content = TextPart{.text = *std::move(m_schema_answer)}});
        }
        return std::move(m_parts);
    }

private:
    bool readCall(const JsonValue &use)
    {
        const auto name = use["name"].string();
        const JsonValue input = use["input"];
        if (!name || name->empty() || (input && !input.isObject()))
            return false;
        std::string arguments = input ? compactJson(input.raw()) : "{}";
        if (!m_exchange.schema_tool.empty() && *name == m_exchange.schema_tool) {
            m_schema_answer = std::move(arguments);
            return true;
        }
        ToolCallPart call{.id = m_ids.take(use["toolUseId"].stringOr("")),
                          .name = std::string(m_exchange.clientToolName(*name))};
        call.custom = m_exchange.isCustomTool(call.name);
        call.arguments = clientArguments(call.custom, arguments);
        m_parts.push_back({.content = std::move(call)});
        m_calls = true;
        return true;
    }

    Exchange &m_exchange;
    CallIds m_ids;
    std::vector<Part> m_parts{};
    std::optional<std::string> m_schema_answer{};
    bool m_calls = false;
};

} // namespace

std::string clientArguments(bool custom, std::string_view input)
{
    return custom ? unwrappedInput(input) : std::string(input);
}

std::expected<Finish, ApiError> finishOf(const JsonValue &message, bool calls, bool content)
{
    const std::string word = message["stopReason"].stringOr("");
    const auto known = std::ranges::find(kReasons, std::string_view(word), &Reason::word);
    if (word.starts_with("malformed_") && !content)
        return std::unexpected(ApiError{.message = "The model's answer was malformed; try again.",
                                        .code = "upstream_malformed_output"});
    Finish finish{.reason = known == kReasons.end() ? FinishReason::Stop : known->reason,
                  .stop_sequence = message["additionalModelResponseFields"]["stop_sequence"].stringOr("")};
    if (calls && finish.reason == FinishReason::Stop)
        finish.reason = FinishReason::ToolCalls;
    return finish;
}

std::expected<Reply, ApiError> converseReply(const WireReply &reply, Exchange &exchange)
{
    const auto document = JsonDocument::parse(reply.body);
    if (!document)
        return std::unexpected(invalidAnswer("its body is not JSON", reply.status));
    const JsonValue body(*document);
    const JsonValue content = body["output"]["message"]["content"];
    if (!content.isArray())
        return std::unexpected(invalidAnswer("it holds no message", reply.status));
    BlockReader reader(exchange);
    for (const JsonValue block : content.elements()) {
        if (!reader.read(block))
            return std::unexpected(invalidAnswer("a tool call in it is malformed", reply.status));
    }
    const bool calls = reader.calls();
    Choice choice{.parts = reader.take()};
    auto finish = finishOf(body, calls, !choice.parts.empty());
    if (!finish)
        return std::unexpected(std::move(finish).error());
    choice.finish = *std::move(finish);
    Reply answer{.id = std::string(headerValue(reply.headers, "x-amzn-requestid")),
                 .usage = usageOf(body["usage"], UsageStyle::BedrockConverse),
                 .service_tier = body["serviceTier"]["type"].stringOr("")};
    answer.choices.push_back(std::move(choice));
    return answer;
}

} // namespace portolan::dialect::bedrock
