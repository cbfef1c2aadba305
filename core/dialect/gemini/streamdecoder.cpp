// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/streamdecoder.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/gemini/errors.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::gemini {

void GeminiStreamDecoder::frame(const Frame &frame, StreamEvents &out)
{
    if (m_over)
        return;
    const auto document = JsonDocument::parse(std::string(frame.data));
    if (!document) {
        fail(invalidAnswer("a frame of its stream is not JSON"), out);
        return;
    }
    const JsonValue root(*document);
    if (root.isObject()) {
        read(root, out);
    } else if (root.isArray() && !root.empty()) {
        for (const JsonValue chunk : root.elements())
            read(chunk, out);
    } else {
        fail(invalidAnswer("a frame of its stream is no response"), out);
    }
}

void GeminiStreamDecoder::read(const JsonValue &chunk, StreamEvents &out)
{
    if (m_over)
        return;
    if (auto error = errorInside(chunk)) {
        fail(*std::move(error), out);
        return;
    }
    const JsonValue candidates = chunk["candidates"];
    if (!chunk.isObject() || (candidates && !candidates.isArray())) {
        fail(invalidAnswer("a frame of its stream is no response"), out);
        return;
    }
    const auto usage = usageOf(chunk["usageMetadata"], UsageStyle::Gemini);
    if (!std::exchange(m_started, true)) {
        out.push_back(StreamStart{.id = chunk["responseId"].stringOr(""),
                                  .model = chunk["modelVersion"].stringOr(""),
                                  .usage = usage});
    }
    for (const JsonValue candidate : candidates.elements()) {
        readCandidate(candidate, out);
        if (m_over)
            return;
    }
    if (auto block = blockOf(chunk); block && !std::exchange(m_candidates[0].finished, true))
        out.push_back(ChoiceFinish{.choice = 0, .finish = *std::move(block)});
    if (usage)
        out.push_back(UsageReport{*usage});
}

void GeminiStreamDecoder::readCandidate(const JsonValue &candidate, StreamEvents &out)
{
    const auto index = indexOf(candidate);
    if (!candidate.isObject() || !index) {
        fail(invalidAnswer("a candidate in its stream is none"), out);
        return;
    }
    Candidate &state = m_candidates[*index];
    if (state.finished)
        return;
    readParts(*index, state, candidate["content"]["parts"], out);
    if (m_over)
        return;
    if (RawJson logprobs = logprobsOf(candidate["logprobsResult"]); !logprobs.empty())
        out.push_back(LogprobsDelta{.choice = *index, .logprobs = std::move(logprobs)});
    if (RawJson annotations = annotationsOf(candidate["groundingMetadata"]); !annotations.empty())
        state.annotations = std::move(annotations);
    if (candidate["finishReason"])
        finish(*index, state, candidate, out);
}

void GeminiStreamDecoder::readParts(std::int64_t choice, Candidate &state, const JsonValue &parts,
                                    StreamEvents &out)
{
    for (const JsonValue element : parts.elements()) {
        auto part = readPart(element, m_ids, m_exchange);
        if (!part) {
            fail(std::move(part.error()), out);
            return;
        }
        if (!*part)
            continue;
        if (isSchemaCall(element, m_exchange)) {
            state.outcome.text = true;
            state.schema_text = std::get<TextPart>((*part)->content).text;
        } else {
            take(choice, state, **std::move(part), out);
        }
    }
}

void GeminiStreamDecoder::take(std::int64_t choice, Candidate &state, Part part, StreamEvents &out)
{
    if (auto *reasoning = std::get_if<ReasoningPart>(&part.content)) {
        state.reasoning += reasoning->text;
        out.push_back(ReasoningDelta{.choice = choice, .text = std::move(reasoning->text)});
        return;
    }
    closeReasoning(choice, state, out);
    if (auto *text = std::get_if<TextPart>(&part.content)) {
        takeText(choice, state, std::move(text->text), out);
    } else if (auto *call = std::get_if<ToolCallPart>(&part.content)) {
        state.outcome.calls = true;
        const std::int64_t number = state.calls++;
        std::string arguments = std::exchange(call->arguments, {});
        out.push_back(ToolCallStart{.choice = choice, .call = number, .part = std::move(*call)});
        out.push_back(ToolCallDelta{.choice = choice, .call = number, .arguments = std::move(arguments)});
        out.push_back(ToolCallEnd{.choice = choice, .call = number});
    } else {
        state.outcome.text = true;
        out.push_back(WholePart{.choice = choice, .part = std::move(part)});
    }
}

void GeminiStreamDecoder::takeText(std::int64_t choice, Candidate &state, std::string text, StreamEvents &out)
{
    state.outcome.text = true;
    if (!m_exchange.schema_tool.empty())
        state.held += text;
    else
        out.push_back(TextDelta{.choice = choice, .text = std::move(text)});
}

void GeminiStreamDecoder::finish(std::int64_t choice, Candidate &state, const JsonValue &candidate,
                                 StreamEvents &out)
{
    auto ending = finishOf(candidate, state.outcome);
    if (!ending) {
        fail(std::move(ending.error()), out);
        return;
    }
    closeReasoning(choice, state, out);
    std::string &text = state.schema_text.empty() ? state.held : state.schema_text;
    if (!text.empty())
        out.push_back(TextDelta{.choice = choice, .text = std::move(text)});
    if (!state.annotations.empty())
        out.push_back(AnnotationDelta{.choice = choice, .annotations = std::move(state.annotations)});
    state.finished = true;
    out.push_back(ChoiceFinish{.choice = choice, .finish = *std::move(ending)});
}

void GeminiStreamDecoder::end(StreamEvents &out)
{
    if (m_over)
        return;
    const bool incomplete = m_candidates.empty() || std::ranges::any_of(m_candidates, [](const auto &entry) {
                                return !entry.second.finished && entry.second.outcome.nothing();
                            });
    if (incomplete) {
        fail(incompleteStream(), out);
        return;
    }
    for (auto &[choice, state] : m_candidates) {
        if (!state.finished)
            finish(choice, state, JsonValue(), out);
    }
    m_over = true;
    out.push_back(StreamEnd{});
}

void GeminiStreamDecoder::fail(ApiError error, StreamEvents &out)
{
    m_over = true;
    out.push_back(StreamFailure{std::move(error)});
}

void GeminiStreamDecoder::closeReasoning(std::int64_t choice, Candidate &state, StreamEvents &out)
{
    if (!state.reasoning.empty())
        out.push_back(ReasoningEnd{.choice = choice, .part = {.text = std::exchange(state.reasoning, {})}});
}

} // namespace portolan::dialect::gemini
