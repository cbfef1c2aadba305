// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatstream.h"

#include "core/dialect/openai/chatreply.h"
#include "core/dialect/openaierrors.h"
#include "core/dialect/turns.h"

#include <map>

namespace portolan::dialect::openai {
namespace {

struct CallState {
    bool custom = false;
    bool has_arguments = false;
    bool ended = false;
};

struct ChoiceState {
    std::map<std::int64_t, CallState> calls{};
    std::int64_t images = 0;
    bool has_text = false; // or a refusal
    bool finished = false;
};

class ChatStream final : public StreamEncoder
{
public:
    explicit ChatStream(Exchange &exchange)
        : m_exchange(exchange)
        , m_as_function(speaksFunctions(exchange))
    { }

    void event(const StreamEvent &event, std::string &out) override
    {
        if (m_over)
            return;
        m_out = &out;
        std::visit([this](const auto &told) { on(told); }, event);
        m_out = nullptr;
    }

private:
    void on(const StreamStart &start);
    void on(const TextDelta &delta);
    void on(const RefusalDelta &delta);
    void on(const ReasoningDelta &delta);
    void on(const ReasoningEnd &end);
    void on(const ToolCallStart &start);
    void on(const ToolCallDelta &delta);
    void on(const ToolCallEnd &end);
    void on(const WholePart &whole);
    void on(const AnnotationDelta &delta);
    void on(const LogprobsDelta &delta);
    void on(const ChoiceFinish &finish);
    void on(const UsageReport &report) { m_usage = report.usage; }
    void on(const StreamFailure &failure);
    void on(const StreamEnd &end);

    ChoiceState *open(std::int64_t choice);
    void finish(std::int64_t choice, ChoiceState &state, const Finish &finish);
    void endCall(std::int64_t choice, std::int64_t call, CallState &state);
    void writeArguments(std::int64_t choice, std::int64_t call, const CallState &state,
                        std::string_view text);

    /// One chunk with one choice; `write` fills its delta.
    template <typename Write>
    void chunk(std::int64_t choice, Write write, std::string_view finish_reason = {},
               const RawJson &logprobs = {});
    void textChunk(std::int64_t choice, std::string_view member, std::string_view text)
    {
        chunk(choice, [&](JsonWriter &json) { json.member(member, text); });
    }

    Exchange &m_exchange;
    const bool m_as_function;
    std::string *m_out = nullptr;
    std::string m_head{}; // of every chunk, up to its choices
    std::map<std::int64_t, ChoiceState> m_choices{};
    std::optional<Usage> m_usage{};
    bool m_over = false;
};

template <typename Write>
void ChatStream::chunk(std::int64_t choice, Write write, std::string_view finish_reason,
                       const RawJson &logprobs)
{
    std::string &out = *m_out;
    out += m_head;
    JsonWriter json(out);
    json.array().object().member("index", choice).key("delta").object();
    write(json);
    json.end();
    if (!logprobs.empty())
        json.member("logprobs", logprobs);
    json.key("finish_reason");
    if (finish_reason.empty())
        json.null();
    else
        json.string(finish_reason);
    json.end().end();
    out += m_exchange.include_usage ? ",\"usage\":null}\n\n" : "}\n\n";
}

/// The choice, introduced to the client when it is new; null when nothing more may come for it.
ChoiceState *ChatStream::open(std::int64_t choice)
{
    const auto [found, is_new] = m_choices.try_emplace(choice);
    if (is_new)
        chunk(choice, [](JsonWriter &json) { json.member("role", "assistant").member("content", ""); });
    return found->second.finished ? nullptr : &found->second;
}

void ChatStream::on(const StreamStart &start)
{
    m_usage = start.usage;
    m_head = "data: ";
    JsonWriter json(m_head);
    json.object()
        .member("id", start.id.empty() ? m_exchange.ids.next("chatcmpl-") : start.id)
        .member("object", "chat.completion.chunk")
        .member("created", m_exchange.created_s)
        .member("model", shownModel(start.model, m_exchange))
        .key("choices");
    open(0);
}

void ChatStream::on(const TextDelta &delta)
{
    ChoiceState *state = open(delta.choice);
    if (!state || delta.text.empty())
        return;
    state->has_text = true;
    textChunk(delta.choice, "content", delta.text);
}

void ChatStream::on(const RefusalDelta &delta)
{
    ChoiceState *state = open(delta.choice);
    if (!state || delta.text.empty())
        return;
    state->has_text = true;
    textChunk(delta.choice, "refusal", delta.text);
}

void ChatStream::on(const ReasoningDelta &delta)
{
    if (open(delta.choice) && !delta.text.empty())
        textChunk(delta.choice, "reasoning_content", delta.text);
}

void ChatStream::on(const ReasoningEnd &end)
{
    if (!open(end.choice))
        return;
    if (!end.part.details.empty())
        chunk(end.choice, [&](JsonWriter &json) { json.member("reasoning_details", end.part.details); });
    if (!isReplayable(end.part))
        return;
    chunk(end.choice, [&](JsonWriter &json) {
        json.key("thinking_blocks").array();
        writeThinkingBlock(json, end.part);
        json.end();
    });
}

void ChatStream::on(const ToolCallStart &start)
{
    ChoiceState *state = open(start.choice);
    if (!state)
        return;
    const ToolCallPart &call = start.part;
    state->calls[start.call] = {.custom = call.custom};
    if (m_as_function && start.call > 0)
        return; // the deprecated form has room for one
    chunk(start.choice, [&](JsonWriter &json) {
        if (m_as_function) {
            json.key("function_call").object().member("name", call.name).member("arguments", "").end();
            return;
        }
        const std::string_view kind = call.custom ? "custom" : "function";
        json.key("tool_calls").array().object();
        json.member("index", start.call).member("id", call.id).member("type", kind);
        json.key(kind).object().member("name", call.name);
        json.member(call.custom ? "input" : "arguments", "").end();
        writeSignature(json, call);
        json.end().end();
    });
}

void ChatStream::writeArguments(std::int64_t choice, std::int64_t call, const CallState &state,
                                std::string_view text)
{
    if (m_as_function && call > 0)
        return;
    chunk(choice, [&](JsonWriter &json) {
        if (m_as_function) {
            json.key("function_call").object().member("arguments", text).end();
            return;
        }
        json.key("tool_calls").array().object().member("index", call);
        json.key(state.custom ? "custom" : "function").object();
        json.member(state.custom ? "input" : "arguments", text).end().end().end();
    });
}

void ChatStream::on(const ToolCallDelta &delta)
{
    ChoiceState *state = open(delta.choice);
    if (!state || delta.arguments.empty())
        return;
    const auto call = state->calls.find(delta.call);
    if (call == state->calls.end() || call->second.ended)
        return;
    call->second.has_arguments = true;
    writeArguments(delta.choice, delta.call, call->second, delta.arguments);
}

void ChatStream::on(const ToolCallEnd &end)
{
    ChoiceState *state = open(end.choice);
    if (!state)
        return;
    if (const auto call = state->calls.find(end.call); call != state->calls.end())
        endCall(end.choice, end.call, call->second);
}

void ChatStream::endCall(std::int64_t choice, std::int64_t call, CallState &state)
{
    if (std::exchange(state.ended, true) || state.has_arguments || state.custom)
        return;
    writeArguments(choice, call, state, "{}");
}

void ChatStream::on(const WholePart &whole)
{
    ChoiceState *state = open(whole.choice);
    if (!state)
        return;
    if (const auto *image = std::get_if<ImagePart>(&whole.part.content)) {
        chunk(whole.choice, [&](JsonWriter &json) {
            json.key("images").array();
            writeImage(json, *image, state->images++);
            json.end();
        });
    } else if (const auto *foreign = std::get_if<ForeignPart>(&whole.part.content);
               foreign && foreign->dialect == Dialect::OpenAiChat && foreign->type == "audio") {
        chunk(whole.choice, [&](JsonWriter &json) { json.member("audio", foreign->json); });
    } else if (foreign && foreign->dialect == Dialect::CohereChat && foreign->type == "citation") {
        chunk(whole.choice,
              [&](JsonWriter &json) { json.key("citations").array().raw(foreign->json).end(); });
    }
}

void ChatStream::on(const AnnotationDelta &delta)
{
    if (open(delta.choice) && !delta.annotations.empty())
        chunk(delta.choice, [&](JsonWriter &json) { json.member("annotations", delta.annotations); });
}

void ChatStream::on(const LogprobsDelta &delta)
{
    if (open(delta.choice) && !delta.logprobs.empty())
        chunk(delta.choice, [](JsonWriter &) { }, {}, delta.logprobs);
}

void ChatStream::on(const ChoiceFinish &told)
{
    if (ChoiceState *state = open(told.choice))
        finish(told.choice, *state, told.finish);
}

void ChatStream::finish(std::int64_t choice, ChoiceState &state, const Finish &finish)
{
    for (auto &[call, call_state] : state.calls)
        endCall(choice, call, call_state);
    if (!state.has_text && !finish.explanation.empty())
        textChunk(choice, "refusal", finish.explanation);
    const std::string_view word = finishWord(finish.reason, !state.calls.empty());
    chunk(choice, [](JsonWriter &) { }, m_as_function && word == "tool_calls" ? "function_call" : word);
    state.finished = true;
}

void ChatStream::on(const StreamFailure &failure)
{
    m_over = true;
    *m_out += "data: " + openAiErrorBody(failure.error) + "\n\n";
}

void ChatStream::on(const StreamEnd &)
{
    m_over = true;
    for (auto &[choice, state] : m_choices) {
        if (!state.finished)
            finish(choice, state, {});
    }
    if (m_exchange.include_usage && m_usage) {
        *m_out += m_head + "[],\"usage\":";
        JsonWriter json(*m_out);
        writeUsage(json, *m_usage);
        *m_out += "}\n\n";
    }
    *m_out += "data: [DONE]\n\n";
}

} // namespace

std::unique_ptr<StreamEncoder> chatStreamEncoder(Exchange &exchange)
{
    return std::make_unique<ChatStream>(exchange);
}

} // namespace portolan::dialect::openai
