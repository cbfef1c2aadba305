// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chunkdecoder.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/openai/answerparts.h"
#include "core/dialect/openai/callassembler.h"
#include "core/dialect/openai/chatanswer.h"
#include "core/dialect/openai/reasoningdetails.h"
#include "core/dialect/openai/thinksplitter.h"
#include "core/dialect/replyevents.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <map>

namespace portolan::dialect::openai {
namespace {

constexpr std::int64_t kMostChoices = 128; // openai.md 2: n

/// What is remembered of one choice.
struct ChoiceState {
    ChoiceState(std::int64_t choice, Exchange &exchange)
        : calls(choice, exchange)
    { }

    CallAssembler calls;
    ThinkSplitter thinking{};
    ReasoningDetails details{};
    std::string reasoning{}; // of the block that is open
    bool in_reasoning = false;
    bool has_content = false;
    bool finished = false;
};

class ChunkDecoder final : public StreamDecoder
{
public:
    explicit ChunkDecoder(Exchange &exchange)
        : m_exchange(exchange)
    { }

    void frame(const Frame &frame, StreamEvents &out) override;
    void end(StreamEvents &out) override;

private:
    void readChunk(const JsonValue &root, StreamEvents &out);
    void readUsage(const JsonValue &root, StreamEvents &out);
    void readChoice(const JsonValue &json, std::int64_t position, StreamEvents &out);
    void readDelta(const JsonValue &delta, std::int64_t choice, ChoiceState &state, StreamEvents &out);
    void readWhole(const JsonValue &json, std::int64_t choice, ChoiceState &state, StreamEvents &out);
    void readExtensions(const JsonValue &delta, std::int64_t choice, ChoiceState &state, StreamEvents &out);

    void reason(std::string text, std::int64_t choice, ChoiceState &state, StreamEvents &out);
    void say(std::string text, std::int64_t choice, ChoiceState &state, StreamEvents &out);
    void closeReasoning(std::int64_t choice, ChoiceState &state, StreamEvents &out);
    void readFinish(const JsonValue &json, std::int64_t choice, ChoiceState &state, StreamEvents &out);
    void finish(Finish told, std::int64_t choice, ChoiceState &state, StreamEvents &out);
    void complete(StreamEvents &out);
    void fail(ApiError error, StreamEvents &out);
    ChoiceState &stateOf(std::int64_t choice)
    {
        return m_choices.try_emplace(choice, choice, m_exchange).first->second;
    }

    Exchange &m_exchange;
    std::map<std::int64_t, ChoiceState> m_choices{};
    ReportedCounts m_counts{};
    bool m_started = false;
    bool m_over = false;
};

void ChunkDecoder::frame(const Frame &frame, StreamEvents &out)
{
    if (m_over)
        return;
    if (frame.data.starts_with("[DONE]")) {
        if (m_choices.empty())
            fail(incompleteStream(), out);
        else
            complete(out);
        return;
    }
    // A keep-alive with an empty data field, or a [DONE] that was cut off: what came before it counts.
    if (frame.data.find_first_not_of(" \t\r\n") == std::string_view::npos
        || std::string_view("[DONE]").starts_with(frame.data))
        return;
    const auto document = JsonDocument::parse(std::string(frame.data));
    if (!document || !JsonValue(*document).isObject())
        return fail(invalidAnswer("a chunk of its stream is no JSON object"), out);
    const JsonValue root(*document);
    if (auto error = errorInside(root))
        return fail(*std::move(error), out);
    readChunk(root, out);
}

void ChunkDecoder::end(StreamEvents &out)
{
    if (m_over)
        return;
    // Relatives leave [DONE] out; what counts is that the model said why it stopped.
    const bool finished = !m_choices.empty()
        && std::ranges::all_of(m_choices, [](const auto &entry) { return entry.second.finished; });
    if (finished)
        complete(out);
    else
        fail(incompleteStream(), out);
}

void ChunkDecoder::readChunk(const JsonValue &root, StreamEvents &out)
{
    const JsonValue choices = root["choices"];
    // Azure's first chunk has neither choices nor the stream's id and model.
    if (!m_started && !choices.empty()) {
        m_started = true;
        out.emplace_back(StreamStart{.id = root["id"].stringOr(""), .model = root["model"].stringOr("")});
    }
    std::int64_t position = 0;
    for (const JsonValue choice : choices.elements())
        readChoice(choice, position++, out);
    if (!m_over)
        readUsage(root, out);
}

void ChunkDecoder::readUsage(const JsonValue &root, StreamEvents &out)
{
    const JsonValue usage = root["usage"].isObject() ? root["usage"] : root["x_groq"]["usage"];
    const ReportedCounts counts = countsOf(usage);
    if (counts.empty())
        return;
    takeOver(m_counts, counts);
    out.emplace_back(UsageReport{usageFrom(m_counts, usageStyleOf(m_exchange.target))});
}

void ChunkDecoder::readChoice(const JsonValue &json, std::int64_t position, StreamEvents &out)
{
    const std::int64_t choice = json["index"].integer().value_or(position);
    if (m_over || !json.isObject() || choice < 0 || choice >= kMostChoices)
        return;
    ChoiceState &state = stateOf(choice);
    if (state.finished)
        return;
    const JsonValue delta = json["delta"];
    if (delta.isObject())
        readDelta(delta, choice, state, out);
    else if (json["message"].isObject() && !state.has_content)
        return readWhole(json, choice, state, out);
    if (m_over)
        return;
    if (const JsonValue logprobs = json["logprobs"]; logprobs.isObject())
        out.emplace_back(LogprobsDelta{choice, logprobs.rawJson()});
    readFinish(json, choice, state, out);
}

/// A server that answers with the whole message in one chunk.
void ChunkDecoder::readWhole(const JsonValue &json, std::int64_t choice, ChoiceState &state,
                             StreamEvents &out)
{
    Reply reply;
    reply.choices.push_back(decodeChoice(json, choice, m_exchange));
    reply.choices.back().index = choice;
    for (StreamEvent &event : eventsOf(std::move(reply))) {
        if (!std::holds_alternative<StreamStart>(event) && !std::holds_alternative<StreamEnd>(event))
            out.push_back(std::move(event));
    }
    state.finished = true;
}

void ChunkDecoder::readDelta(const JsonValue &delta, std::int64_t choice, ChoiceState &state,
                             StreamEvents &out)
{
    ContentPieces content = contentOf(delta["content"]);
    const JsonValue details = delta["reasoning_details"];
    state.details.add(details);
    state.in_reasoning = state.in_reasoning || !details.empty();
    reason(reasoningOf(delta) + content.reasoning, choice, state, out);
    if (m_exchange.target.flavour.think_tags) {
        ThinkSplitter::Piece piece = state.thinking.feed(content.text);
        reason(std::move(piece.reasoning), choice, state, out);
        content.text = std::move(piece.text);
    }
    say(std::move(content.text), choice, state, out);
    for (ImagePart &image : content.images)
        out.emplace_back(WholePart{choice, {.content = std::move(image)}});
    if (auto refusal = delta["refusal"].string(); refusal && !refusal->empty()) {
        closeReasoning(choice, state, out);
        out.emplace_back(RefusalDelta{choice, *std::move(refusal)});
    }
    const JsonValue calls = delta["tool_calls"];
    const JsonValue function = delta["function_call"];
    if (!calls.empty() || function.isObject())
        closeReasoning(choice, state, out);
    for (const JsonValue fragment : calls.elements()) {
        if (!state.calls.add(fragment, out))
            return fail(invalidAnswer("it makes more tool calls than any model does"), out);
    }
    if (function.isObject())
        state.calls.addFunction(function, out);
    readExtensions(delta, choice, state, out);
}

void ChunkDecoder::readExtensions(const JsonValue &delta, std::int64_t choice, ChoiceState &state,
                                  StreamEvents &out)
{
    for (const JsonValue element : delta["images"].elements()) {
        if (auto image = imageOf(element)) {
            closeReasoning(choice, state, out);
            out.emplace_back(WholePart{choice, {.content = *std::move(image)}});
        }
    }
    if (const JsonValue annotations = delta["annotations"]; annotations.isArray() && !annotations.empty())
        out.emplace_back(AnnotationDelta{choice, annotations.rawJson()});
    if (const JsonValue audio = delta["audio"]; audio.isObject())
        out.emplace_back(WholePart{
            choice,
            {.content
             = ForeignPart{.dialect = Dialect::OpenAiChat, .type = "audio", .json = audio.rawJson()}}});
}

void ChunkDecoder::reason(std::string text, std::int64_t choice, ChoiceState &state, StreamEvents &out)
{
    if (text.empty())
        return;
    state.in_reasoning = true;
    state.has_content = true;
    state.reasoning += text;
    out.emplace_back(ReasoningDelta{choice, std::move(text)});
}

void ChunkDecoder::say(std::string text, std::int64_t choice, ChoiceState &state, StreamEvents &out)
{
    if (text.empty())
        return;
    closeReasoning(choice, state, out);
    state.has_content = true;
    out.emplace_back(TextDelta{choice, std::move(text)});
}

void ChunkDecoder::closeReasoning(std::int64_t choice, ChoiceState &state, StreamEvents &out)
{
    if (!std::exchange(state.in_reasoning, false))
        return;
    out.emplace_back(
        ReasoningEnd{choice, {.text = std::exchange(state.reasoning, {}), .details = state.details.json()}});
    state.details = {};
}

void ChunkDecoder::readFinish(const JsonValue &json, std::int64_t choice, ChoiceState &state,
                              StreamEvents &out)
{
    const JsonValue word = json["finish_reason"];
    if (!word.isString() || word.equals(""))
        return;
    Finish told{.reason = finishOf(word).value_or(FinishReason::Stop)};
    if (auto hit = json["stop_reason"].string(); hit && told.reason == FinishReason::Stop) // vLLM
        told = {.reason = FinishReason::StopSequence, .stop_sequence = *std::move(hit)};
    finish(std::move(told), choice, state, out);
}

void ChunkDecoder::finish(Finish told, std::int64_t choice, ChoiceState &state, StreamEvents &out)
{
    ThinkSplitter::Piece held = state.thinking.finish();
    reason(std::move(held.reasoning), choice, state, out);
    say(std::move(held.text), choice, state, out);
    closeReasoning(choice, state, out);
    const bool stopped = told.reason == FinishReason::Stop || told.reason == FinishReason::StopSequence;
    if (stopped && state.calls.any())
        told = {.reason = FinishReason::ToolCalls};
    state.calls.end(out);
    out.emplace_back(ChoiceFinish{choice, std::move(told)});
    state.finished = true;
}

void ChunkDecoder::complete(StreamEvents &out)
{
    for (auto &[choice, state] : m_choices) {
        if (!state.finished)
            finish({}, choice, state, out);
    }
    m_over = true;
    out.emplace_back(StreamEnd{});
}

void ChunkDecoder::fail(ApiError error, StreamEvents &out)
{
    m_over = true;
    out.emplace_back(StreamFailure{std::move(error)});
}

} // namespace

std::unique_ptr<StreamDecoder> chunkDecoder(Exchange &exchange)
{
    return std::make_unique<ChunkDecoder>(exchange);
}

} // namespace portolan::dialect::openai
