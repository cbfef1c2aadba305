// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/clientstream.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/anthropic/blocks.h"
#include "core/dialect/anthropic/clientreply.h"
#include "core/dialect/anthropic/errors.h"
#include "core/dialect/tooltext.h"

#include <cstdint>
#include <deque>
#include <map>
#include <utility>

namespace portolan::dialect::anthropic {
namespace {

/// A block that has not been written whole yet.
struct Block {
    enum class Kind : std::uint8_t { Text, Thinking, Call, Whole };
    Kind kind = Kind::Text;
    ToolCallPart part{};     ///< of Call
    std::string pending{};   ///< text, thinking or input that is still to be written; all of Whole
    std::string signature{}; ///< of Thinking
    bool complete = false;   ///< nothing more is to come
};

/// One event of the stream; its data is one line, as no string of JSON has a raw line end.
class EventWriter
{
public:
    EventWriter(std::string &out, std::string_view type)
        : m_out(out)
        , m_json(out)
    {
        m_out.append("event: ").append(type).append("\ndata: ");
        m_json.object().member("type", type);
    }
    EventWriter(const EventWriter &) = delete;
    EventWriter &operator=(const EventWriter &) = delete;
    ~EventWriter()
    {
        m_json.end();
        m_out += "\n\n";
    }

    JsonWriter &json() noexcept { return m_json; }

private:
    std::string &m_out;
    JsonWriter m_json;
};

class MessageEncoder final : public StreamEncoder
{
public:
    explicit MessageEncoder(Exchange &exchange)
        : m_exchange(exchange)
    { }

    void event(const StreamEvent &event, std::string &out) override
    {
        std::visit([&](const auto &one) { on(one, out); }, event);
    }

private:
    void on(const StreamStart &start, std::string &out);
    void on(const TextDelta &delta, std::string &out) { grow(Block::Kind::Text, delta, out); }
    void on(const RefusalDelta &delta, std::string &out) { grow(Block::Kind::Text, delta, out); }
    void on(const ReasoningDelta &delta, std::string &out)
    {
        grow(Block::Kind::Thinking, delta, out);
        m_thinks = m_thinks || (delta.choice == 0 && !delta.text.empty());
    }
    void on(const ReasoningEnd &end, std::string &out);
    void on(const ToolCallStart &start, std::string &out);
    void on(const ToolCallDelta &delta, std::string &out);
    void on(const ToolCallEnd &end, std::string &out);
    void on(const WholePart &whole, std::string &out);
    void on(const AnnotationDelta & /*delta*/, std::string & /*out*/) { }
    void on(const LogprobsDelta & /*delta*/, std::string & /*out*/) { }
    void on(const ChoiceFinish &finish, std::string &out);
    void on(const UsageReport &report, std::string & /*out*/) { m_usage = report.usage; }
    void on(const StreamFailure &failure, std::string &out);
    void on(const StreamEnd &end, std::string &out);

    template <typename Delta>
    void grow(Block::Kind kind, const Delta &delta, std::string &out)
    {
        if (delta.choice != 0 || delta.text.empty())
            return;
        if (m_blocks.empty() || m_blocks.back().kind != kind || m_blocks.back().complete)
            add({.kind = kind});
        m_blocks.back().pending += delta.text;
        pump(out);
    }
    Block *call(std::int64_t choice, std::int64_t index);
    void add(Block block);
    void completeAll(std::string &out);
    void pump(std::string &out);
    void open(const Block &block, std::string &out) const;
    void writePending(Block &block, std::string &out) const;
    void writeDelta(std::string_view type, std::string_view member, std::string_view text,
                    std::string &out) const;

    Exchange &m_exchange;
    std::deque<Block> m_blocks{};                   // the first is the one that the client sees growing
    std::int64_t m_index = 0;                       // of that block
    bool m_is_open = false;                         // its start is written
    bool m_thinks = false;                          // reasoning has begun whose end has not come
    std::map<std::int64_t, std::int64_t> m_calls{}; // number of a call -> index of its block
    Finish m_finish{};
    std::optional<Usage> m_usage{};
};

void MessageEncoder::on(const StreamStart &start, std::string &out)
{
    m_usage = start.usage;
    EventWriter event(out, "message_start");
    JsonWriter &json = event.json();
    json.key("message").object().member("id", messageId(start.id, m_exchange));
    json.member("type", "message").member("role", "assistant");
    json.member("model", m_exchange.requested_model.empty() ? start.model : m_exchange.requested_model);
    json.key("content").array().end();
    json.key("stop_reason").null().key("stop_sequence").null();
    writeUsage(json, start.usage, m_exchange.input_estimate);
    json.end();
}

void MessageEncoder::on(const ReasoningEnd &end, std::string &out)
{
    if (end.choice != 0)
        return;
    if (std::exchange(m_thinks, false)) {
        // When other blocks have begun since, its own is closed already.
        if (m_blocks.empty() || m_blocks.back().kind != Block::Kind::Thinking)
            return;
        m_blocks.back().signature = replaySignature(end.part);
        m_blocks.back().complete = true;
    } else if (!end.part.redacted.empty()) {
        add({.kind = Block::Kind::Whole, .pending = thinkingBlock(end.part).text, .complete = true});
    } else if (std::string signature = replaySignature(end.part);
               !end.part.text.empty() || !signature.empty()) {
        add({.kind = Block::Kind::Thinking,
             .pending = end.part.text,
             .signature = std::move(signature),
             .complete = true});
    }
    pump(out);
}

void MessageEncoder::on(const ToolCallStart &start, std::string &out)
{
    if (start.choice != 0)
        return;
    if (std::string signature = callSignature(start.part); !signature.empty())
        add({.kind = Block::Kind::Thinking, .signature = std::move(signature), .complete = true});
    m_calls[start.call] = m_index + std::ssize(m_blocks);
    add({.kind = Block::Kind::Call, .part = start.part});
    pump(out);
}

void MessageEncoder::on(const ToolCallDelta &delta, std::string &out)
{
    if (Block *block = call(delta.choice, delta.call)) {
        block->pending += delta.arguments;
        pump(out);
    }
}

void MessageEncoder::on(const ToolCallEnd &end, std::string &out)
{
    if (Block *block = call(end.choice, end.call)) {
        block->complete = true;
        pump(out);
    }
}

void MessageEncoder::on(const WholePart &whole, std::string &out)
{
    const RawJson block = whole.choice == 0 ? answerBlock(whole.part) : RawJson{};
    if (block.empty())
        return;
    add({.kind = Block::Kind::Whole, .pending = compactJson(block.text), .complete = true});
    pump(out);
}

void MessageEncoder::on(const ChoiceFinish &finish, std::string &out)
{
    if (finish.choice != 0)
        return;
    m_finish = finish.finish;
    completeAll(out);
}

void MessageEncoder::on(const StreamFailure &failure, std::string &out)
{
    out.append("event: error\ndata: ").append(errorBody(failure.error)).append("\n\n");
}

void MessageEncoder::on(const StreamEnd & /*end*/, std::string &out)
{
    // Not before the end: usage comes behind the finish.
    completeAll(out);
    {
        EventWriter event(out, "message_delta");
        event.json().key("delta").object();
        writeEnding(event.json(), m_finish, !m_calls.empty());
        event.json().end();
        writeUsage(event.json(), m_usage, m_exchange.input_estimate);
    }
    EventWriter(out, "message_stop");
}

Block *MessageEncoder::call(std::int64_t choice, std::int64_t index)
{
    const auto found = m_calls.find(index);
    if (choice != 0 || found == m_calls.end() || found->second < m_index)
        return nullptr;
    Block &block = m_blocks.at(std::size_t(found->second - m_index));
    return block.complete ? nullptr : &block;
}

void MessageEncoder::add(Block block)
{
    // What follows text or thinking ends it; a call ends when the provider says so.
    if (!m_blocks.empty() && m_blocks.back().kind != Block::Kind::Call)
        m_blocks.back().complete = true;
    m_blocks.push_back(std::move(block));
}

void MessageEncoder::completeAll(std::string &out)
{
    for (Block &block : m_blocks)
        block.complete = true;
    pump(out);
}

void MessageEncoder::pump(std::string &out)
{
    while (!m_blocks.empty()) {
        Block &block = m_blocks.front();
        if (!std::exchange(m_is_open, true))
            open(block, out);
        writePending(block, out);
        if (!block.complete)
            return;
        EventWriter(out, "content_block_stop").json().member("index", m_index);
        m_blocks.pop_front();
        m_is_open = false;
        ++m_index;
    }
}

void MessageEncoder::open(const Block &block, std::string &out) const
{
    EventWriter event(out, "content_block_start");
    JsonWriter &json = event.json();
    json.member("index", m_index).key("content_block");
    switch (block.kind) {
    case Block::Kind::Text: json.object().member("type", "text").member("text", "").end(); return;
    case Block::Kind::Thinking:
        json.object().member("type", "thinking").member("thinking", "").member("signature", "").end();
        return;
    case Block::Kind::Call:
        json.object().member("type", "tool_use").member("id", fittingId(block.part.id, IdRule::Anthropic));
        json.member("name", block.part.name).key("input").object().end().end();
        return;
    case Block::Kind::Whole: json.raw(std::string_view(block.pending)); return;
    }
}

void MessageEncoder::writePending(Block &block, std::string &out) const
{
    const std::string pending = std::exchange(block.pending, {});
    switch (block.kind) {
    case Block::Kind::Text: writeDelta("text_delta", "text", pending, out); break;
    case Block::Kind::Thinking:
        writeDelta("thinking_delta", "thinking", pending, out);
        if (block.complete)
            writeDelta("signature_delta", "signature", block.signature, out);
        break;
    case Block::Kind::Call: writeDelta("input_json_delta", "partial_json", pending, out); break;
    case Block::Kind::Whole: break;
    }
}

void MessageEncoder::writeDelta(std::string_view type, std::string_view member, std::string_view text,
                                std::string &out) const
{
    if (text.empty())
        return;
    EventWriter event(out, "content_block_delta");
    event.json().member("index", m_index).key("delta").object();
    event.json().member("type", type).member(member, text).end();
}

} // namespace

std::unique_ptr<StreamEncoder> messageEncoder(Exchange &exchange)
{
    return std::make_unique<MessageEncoder>(exchange);
}

} // namespace portolan::dialect::anthropic
