// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/messagestream.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/dialect/anthropic/answerparts.h"
#include "core/dialect/anthropic/blocks.h"
#include "core/dialect/anthropic/chunkevents.h"
#include "core/dialect/anthropic/errors.h"
#include "core/dialect/anthropic/messagereply.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/tooltext.h"
#include "core/dialect/usagejson.h"

#include <cstdint>
#include <map>
#include <utility>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::size_t kMostOpenBlocks = 64; // the API opens one at a time

/// A content block that has begun and not ended.
struct Block {
    enum class Kind : std::uint8_t { Text, Thinking, Redacted, Call, SchemaCall, Other };
    Kind kind = Kind::Other;
    std::int64_t call = 0;  ///< of Call
    bool custom = false;    ///< of Call: its input is unwrapped at the end
    std::string start{};    ///< of Other: the block as it began; of calls: the input that came with the start
    std::string text{};     ///< thinking, or the input so far where it is needed whole
    std::string secret{};   ///< signature, or the redacted data
    bool has_input = false; ///< a delta of it was not empty
};

class MessageDecoder : public StreamDecoder
{
public:
    explicit MessageDecoder(Exchange &exchange)
        : m_exchange(exchange)
        , m_calls(exchange)
    { }

    void frame(const Frame &frame, StreamEvents &out) override
    {
        if (!m_ended)
            event(std::string(frame.data), out);
    }

    void end(StreamEvents &out) override
    {
        if (!m_ended)
            fail(incompleteStream(), out);
    }

protected:
    void event(std::string text, StreamEvents &out);
    /// What was counted is told even then: somebody will pay for it.
    void fail(ApiError error, StreamEvents &out);
    [[nodiscard]] bool ended() const noexcept { return m_ended; }

private:
    /// False when the event makes no sense at this place.
    bool read(const JsonValue &event, StreamEvents &out);
    bool messageStart(const JsonValue &message, StreamEvents &out);
    bool blockStart(const JsonValue &event, StreamEvents &out);
    bool blockDelta(const JsonValue &event, StreamEvents &out);
    bool blockStop(const JsonValue &event, StreamEvents &out);
    bool messageDelta(const JsonValue &event);
    void messageStop(StreamEvents &out);

    void textStart(Block &block, std::string text, StreamEvents &out);
    void callStart(Block &block, const JsonValue &content, StreamEvents &out);
    bool textDelta(const Block &block, const JsonValue &delta, StreamEvents &out);
    bool inputDelta(Block &block, const JsonValue &delta, StreamEvents &out);
    void close(Block &block, StreamEvents &out);
    void closeCall(Block &block, StreamEvents &out);
    void say(std::string text, StreamEvents &out);
    void takeUsage(const JsonValue &usage) { takeOver(m_counts, countsOf(usage)); }

    Exchange &m_exchange;
    CallReader m_calls;
    Annotations m_annotations{};
    std::map<std::int64_t, Block> m_open{}; // by the provider's index
    std::int64_t m_next_call = 0;           // of the client's calls, dense, whatever the blocks' indices are
    ReportedCounts m_counts{};
    bool m_counts_output = false; // they count the output, too
    Finish m_finish{};
    bool m_started = false;
    bool m_ended = false;
    // With a schema as a tool other text is of no use once that tool is called: it waits until that is known.
    std::string m_held_text{};
    bool m_schema_answered = false;
};

void MessageDecoder::event(std::string text, StreamEvents &out)
{
    const auto document = JsonDocument::parse(std::move(text));
    if (!document) {
        fail(invalidAnswer("an event of its stream is no JSON"), out);
        return;
    }
    const JsonValue root(*document);
    if (root["type"].equals("error") || (!root["type"].present() && root["error"]))
        fail(errorIn(root, 200), out);
    else if (!read(root, out))
        fail(invalidAnswer("an event of its stream is broken or out of order"), out);
}

void MessageDecoder::fail(ApiError error, StreamEvents &out)
{
    m_ended = true;
    if (m_counts_output)
        out.emplace_back(UsageReport{usageFrom(m_counts, UsageStyle::Anthropic)});
    out.emplace_back(StreamFailure{std::move(error)});
}

bool MessageDecoder::read(const JsonValue &event, StreamEvents &out)
{
    const auto type = event["type"].string();
    if (!type)
        return false;
    if (*type == "message_start")
        return messageStart(event["message"], out);
    if (!type->starts_with("content_block_") && !type->starts_with("message_"))
        return true; // ping, and what comes in later versions
    if (!m_started)
        return false;
    if (*type == "content_block_start")
        return blockStart(event, out);
    if (*type == "content_block_delta")
        return blockDelta(event, out);
    if (*type == "content_block_stop")
        return blockStop(event, out);
    if (*type == "message_delta")
        return messageDelta(event);
    if (*type == "message_stop")
        messageStop(out);
    return true;
}

bool MessageDecoder::messageStart(const JsonValue &message, StreamEvents &out)
{
    if (!message.isObject() || m_started)
        return m_started; // some gateways before us double it
    m_started = true;
    takeUsage(message["usage"]);
    StreamStart start{.id = message["id"].stringOr(""), .model = message["model"].stringOr("")};
    if (!m_counts.empty()) {
        start.usage = usageFrom(m_counts, UsageStyle::Anthropic);
        start.usage->output = 0; // what is said here is no count yet
    }
    out.emplace_back(std::move(start));
    return true;
}

bool MessageDecoder::blockStart(const JsonValue &event, StreamEvents &out)
{
    const auto index = event["index"].integer();
    const JsonValue content = event["content_block"];
    const auto type = content["type"].string();
    if (!index || !type || m_open.contains(*index) || m_open.size() >= kMostOpenBlocks)
        return false;
    Block &block = m_open[*index];
    if (*type == "text") {
        textStart(block, content["text"].stringOr(""), out);
    } else if (*type == "thinking") {
        block.kind = Block::Kind::Thinking;
        block.text = content["thinking"].stringOr("");
        block.secret = content["signature"].stringOr("");
        if (!block.text.empty())
            out.emplace_back(ReasoningDelta{.text = block.text});
    } else if (*type == "redacted_thinking") {
        block.kind = Block::Kind::Redacted;
        block.secret = content["data"].stringOr("");
    } else if (*type == "tool_use") {
        if (!content["name"].isString() || content["name"].equals(""))
            return false;
        callStart(block, content, out);
    } else {
        block.start = content.raw();
    }
    return true;
}

void MessageDecoder::textStart(Block &block, std::string text, StreamEvents &out)
{
    block.kind = Block::Kind::Text;
    m_annotations.text(text);
    say(std::move(text), out);
}

void MessageDecoder::callStart(Block &block, const JsonValue &content, StreamEvents &out)
{
    if (content["input"].isObject())
        block.start = compactJson(content["input"].raw());
    if (m_calls.isSchemaTool(content)) {
        block.kind = Block::Kind::SchemaCall;
        m_held_text.clear();
        return;
    }
    ToolCallPart call = m_calls.read(content);
    block.kind = Block::Kind::Call;
    block.custom = call.custom;
    block.call = m_next_call++;
    out.emplace_back(ToolCallStart{.call = block.call, .part = std::move(call)});
}

bool MessageDecoder::blockDelta(const JsonValue &event, StreamEvents &out)
{
    const auto index = event["index"].integer();
    const JsonValue delta = event["delta"];
    const auto type = delta["type"].string();
    const auto found = index ? m_open.find(*index) : m_open.end();
    if (!type || found == m_open.end())
        return false;
    Block &block = found->second;
    if (*type == "text_delta")
        return textDelta(block, delta, out);
    if (*type == "input_json_delta")
        return inputDelta(block, delta, out);
    if (*type == "thinking_delta") {
        auto text = delta["thinking"].string();
        if (!text || block.kind != Block::Kind::Thinking)
            return false;
        block.text += *text;
        if (!text->empty())
            out.emplace_back(ReasoningDelta{.text = *std::move(text)});
    } else if (*type == "signature_delta") {
        const auto signature = delta["signature"].string();
        if (!signature || block.kind != Block::Kind::Thinking)
            return false;
        block.secret += *signature;
    } else if (*type == "citations_delta") {
        m_annotations.cite(delta["citation"]);
    }
    return true;
}

bool MessageDecoder::textDelta(const Block &block, const JsonValue &delta, StreamEvents &out)
{
    auto text = delta["text"].string();
    if (!text || block.kind != Block::Kind::Text)
        return false;
    m_annotations.text(*text);
    say(*std::move(text), out);
    return true;
}

bool MessageDecoder::inputDelta(Block &block, const JsonValue &delta, StreamEvents &out)
{
    auto input = delta["partial_json"].string();
    const bool takes = block.kind == Block::Kind::Call || block.kind == Block::Kind::SchemaCall
        || block.kind == Block::Kind::Other;
    if (!input || !takes)
        return false;
    if (input->empty())
        return true;
    block.has_input = true;
    if (block.kind == Block::Kind::Other || block.custom)
        block.text += *input;
    else if (block.kind == Block::Kind::Call)
        out.emplace_back(ToolCallDelta{.call = block.call, .arguments = *std::move(input)});
    else if (!m_schema_answered)
        out.emplace_back(TextDelta{.text = *std::move(input)});
    return true;
}

bool MessageDecoder::blockStop(const JsonValue &event, StreamEvents &out)
{
    const auto index = event["index"].integer();
    const auto found = index ? m_open.find(*index) : m_open.end();
    if (found == m_open.end())
        return false;
    close(found->second, out);
    m_open.erase(found);
    return true;
}

void MessageDecoder::close(Block &block, StreamEvents &out)
{
    switch (block.kind) {
    case Block::Kind::Text:
        if (RawJson cited = m_annotations.endText(); !cited.empty() && m_exchange.schema_tool.empty())
            out.emplace_back(AnnotationDelta{.annotations = std::move(cited)});
        return;
    case Block::Kind::Thinking:
        out.emplace_back(
            ReasoningEnd{.part = {.text = std::move(block.text), .signature = std::move(block.secret)}});
        return;
    case Block::Kind::Redacted:
        out.emplace_back(ReasoningEnd{.part = {.redacted = std::move(block.secret)}});
        return;
    case Block::Kind::Call: closeCall(block, out); return;
    case Block::Kind::SchemaCall:
        if (!block.has_input && !m_schema_answered)
            out.emplace_back(TextDelta{.text = block.start.empty() ? "{}" : std::move(block.start)});
        m_schema_answered = true;
        return;
    case Block::Kind::Other: break;
    }
    // What the provider's own tools did: complete at the start, or with an input that came in pieces.
    RawJson json{std::move(block.start)};
    if (block.has_input && isJsonObject(block.text)) {
        const auto document = JsonDocument::parse(json.text);
        RawJson rest = document ? withoutMember(JsonValue(*document), "input") : RawJson{"{}"};
        rest.text.pop_back();
        json.text = rest.text + (rest.text == "{" ? "" : ",") + "\"input\":" + block.text + '}';
    }
    const auto document = JsonDocument::parse(json.text);
    if (auto part = document ? readBlock(JsonValue(*document), {}) : Result<Part>(Part{}); part)
        out.emplace_back(WholePart{.part = *std::move(part)});
}

void MessageDecoder::closeCall(Block &block, StreamEvents &out)
{
    if (!block.has_input)
        block.text = block.start.empty() ? std::string("{}") : std::move(block.start);
    if (block.custom)
        block.text = unwrappedInput(block.text);
    if (!block.text.empty())
        out.emplace_back(ToolCallDelta{.call = block.call, .arguments = std::move(block.text)});
    out.emplace_back(ToolCallEnd{.call = block.call});
}

bool MessageDecoder::messageDelta(const JsonValue &event)
{
    takeUsage(event["usage"]);
    m_counts_output = m_counts_output || event["usage"]["output_tokens"].isNumber();
    if (!event["delta"].isObject())
        return false;
    if (event["delta"]["stop_reason"])
        m_finish = finishIn(event["delta"], m_next_call > 0);
    return true;
}

void MessageDecoder::messageStop(StreamEvents &out)
{
    for (auto &[index, block] : m_open)
        close(block, out);
    m_open.clear();
    if (!m_schema_answered && !m_held_text.empty())
        out.emplace_back(TextDelta{.text = std::move(m_held_text)});
    if (m_finish.reason == FinishReason::ToolCalls && m_next_call == 0)
        m_finish.reason = FinishReason::Stop;
    else if (m_finish.reason == FinishReason::Stop && m_next_call > 0)
        m_finish.reason = FinishReason::ToolCalls;
    out.emplace_back(ChoiceFinish{.finish = std::move(m_finish)});
    if (!m_counts.empty())
        out.emplace_back(UsageReport{usageFrom(m_counts, UsageStyle::Anthropic)});
    out.emplace_back(StreamEnd{});
    m_ended = true;
}

void MessageDecoder::say(std::string text, StreamEvents &out)
{
    if (text.empty())
        return;
    if (!m_exchange.schema_tool.empty())
        m_held_text += text;
    else
        out.emplace_back(TextDelta{.text = std::move(text)});
}

/// Anthropic's events as Bedrock wraps them: {"bytes":"<base64>"}.
class ChunkDecoder final : public MessageDecoder
{
public:
    using MessageDecoder::MessageDecoder;

    void frame(const Frame &frame, StreamEvents &out) override
    {
        if (ended() || (!frame.exception && frame.name != "chunk"))
            return;
        if (auto bytes = eventInChunk(frame))
            event(*std::move(bytes), out);
        else
            fail(std::move(bytes).error(), out);
    }
};

} // namespace

std::unique_ptr<StreamDecoder> messageDecoder(Platform platform, Exchange &exchange)
{
    if (platform == Platform::BedrockInvoke)
        return std::make_unique<ChunkDecoder>(exchange);
    return std::make_unique<MessageDecoder>(exchange);
}

} // namespace portolan::dialect::anthropic
