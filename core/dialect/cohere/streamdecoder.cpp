// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/streamdecoder.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/tooltext.h"

#include <utility>

namespace portolan::dialect::cohere {

void CohereStreamDecoder::frame(const Frame &frame, StreamEvents &out)
{
    if (m_over || frame.data == "[DONE]")
        return;
    const auto document = JsonDocument::parse(std::string(frame.data));
    const JsonValue root = document ? JsonValue(*document) : JsonValue();
    if (!root.isObject()) {
        fail(invalidAnswer("a frame of its stream is no JSON object"), out);
        return;
    }
    if (auto error = errorInside(root)) {
        fail(*std::move(error), out);
        return;
    }
    read(root["type"].stringOr(frame.name), root, out);
}

void CohereStreamDecoder::read(std::string_view type, const JsonValue &root, StreamEvents &out)
{
    const JsonValue delta = root["delta"];
    const JsonValue message = delta["message"];
    if (type == "message-start") {
        out.push_back(StreamStart{.id = root["id"].stringOr("")});
    } else if (type == "content-start" || type == "content-delta") {
        takeContent(message["content"], out);
        if (RawJson logprobs = logprobsOf(root["logprobs"]); !logprobs.empty())
            out.push_back(LogprobsDelta{.logprobs = std::move(logprobs)});
    } else if (type == "content-end") {
        closeReasoning(out);
    } else if (type == "tool-plan-delta") {
        takeReasoning(message["tool_plan"], out);
    } else if (type == "tool-call-start") {
        startCall(root, out);
    } else if (type == "tool-call-delta") {
        const auto open = m_open.find(root["index"].integer().value_or(0));
        if (open == m_open.end())
            fail(invalidAnswer("arguments of a tool call that has not begun"), out);
        else
            takeArguments(open->second, message["tool_calls"]["function"]["arguments"].stringOr(""), out);
    } else if (type == "tool-call-end") {
        endCall(root["index"].integer().value_or(0), out);
    } else if (type == "citation-start") {
        const JsonValue citation = message["citations"];
        if (citation.isObject())
            out.push_back(WholePart{.part = {.content = ForeignPart{.dialect = Dialect::CohereChat,
                                                                    .type = "citation",
                                                                    .json = citation.rawJson()}}});
    } else if (type == "message-end") {
        finish(delta, out);
    }
}

void CohereStreamDecoder::takeContent(const JsonValue &content, StreamEvents &out)
{
    takeReasoning(content["thinking"], out);
    auto text = content["text"].string();
    if (!text || text->empty())
        return;
    closeReasoning(out);
    m_outcome.text = true;
    out.push_back(TextDelta{.text = *std::move(text)});
}

void CohereStreamDecoder::takeReasoning(const JsonValue &text, StreamEvents &out)
{
    std::string piece = text.stringOr("");
    if (piece.empty())
        return;
    m_reasoning += piece;
    out.push_back(ReasoningDelta{.text = std::move(piece)});
}

void CohereStreamDecoder::startCall(const JsonValue &root, StreamEvents &out)
{
    closeReasoning(out);
    const std::int64_t index = root["index"].integer().value_or(0);
    auto read = readCall(root["delta"]["message"]["tool_calls"], m_ids, m_exchange);
    if (!read) {
        fail(std::move(read.error()), out);
        return;
    }
    endCall(index, out);
    m_outcome.calls = true;
    Call &call = m_open[index];
    call = {.number = m_calls++, .custom = read->custom};
    std::string arguments = std::exchange(read->arguments, {});
    out.push_back(ToolCallStart{.call = call.number, .part = *std::move(read)});
    takeArguments(call, std::move(arguments), out);
}

void CohereStreamDecoder::takeArguments(Call &call, std::string arguments, StreamEvents &out)
{
    if (arguments.empty())
        return;
    call.silent = false;
    if (call.custom)
        call.held += arguments;
    else
        out.push_back(ToolCallDelta{.call = call.number, .arguments = std::move(arguments)});
}

void CohereStreamDecoder::endCall(std::int64_t index, StreamEvents &out)
{
    const auto open = m_open.find(index);
    if (open == m_open.end())
        return;
    const Call &call = open->second;
    if (call.custom)
        out.push_back(ToolCallDelta{.call = call.number, .arguments = unwrappedInput(call.held)});
    else if (call.silent)
        out.push_back(ToolCallDelta{.call = call.number, .arguments = "{}"});
    out.push_back(ToolCallEnd{.call = call.number});
    m_open.erase(open);
}

void CohereStreamDecoder::finish(const JsonValue &delta, StreamEvents &out)
{
    const auto usage = readUsage(delta["usage"]);
    if (usage)
        out.push_back(UsageReport{.usage = *usage, .billed = readBilled(delta["usage"])});
    auto ending = finishOf(delta, m_outcome);
    if (!ending) {
        fail(std::move(ending.error()), out);
        return;
    }
    closeReasoning(out);
    while (!m_open.empty())
        endCall(m_open.begin()->first, out);
    out.push_back(ChoiceFinish{.finish = *std::move(ending)});
    out.push_back(StreamEnd{});
    m_over = true;
}

void CohereStreamDecoder::end(StreamEvents &out)
{
    if (!m_over)
        fail(incompleteStream(), out);
}

void CohereStreamDecoder::closeReasoning(StreamEvents &out)
{
    if (!m_reasoning.empty())
        out.push_back(ReasoningEnd{.part = {.text = std::exchange(m_reasoning, {})}});
}

void CohereStreamDecoder::fail(ApiError error, StreamEvents &out)
{
    m_over = true;
    out.push_back(StreamFailure{std::move(error)});
}

} // namespace portolan::dialect::cohere
