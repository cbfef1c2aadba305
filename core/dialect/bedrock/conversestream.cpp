// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/conversereply.h"
#include "core/dialect/bedrock/errors.h"
#include "core/dialect/callids.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/usagejson.h"

#include <map>
#include <utility>

namespace portolan::dialect::bedrock {
namespace {

/// A content block between its first delta or start and its stop.
struct OpenBlock {
    enum class Kind : std::uint8_t { Text, Reasoning, Call, CustomCall, SchemaAnswer };
    Kind kind = Kind::Text;
    std::int64_t call = 0;     ///< of the calls
    bool has_input = false;    ///< some fragment of it was not empty
    std::string held{};        ///< CustomCall: its input, which can only be unwrapped whole
    ReasoningPart reasoning{}; ///< Reasoning: so far
};

class ConverseStream final : public StreamDecoder
{
public:
    explicit ConverseStream(Exchange &exchange)
        : m_exchange(exchange)
        , m_ids(exchange)
    { }

    void frame(const Frame &frame, StreamEvents &out) override
    {
        if (m_over)
            return;
        const auto document = JsonDocument::parse(std::string(frame.data));
        if (frame.exception) {
            over(StreamFailure{errorOfType(frame.name, document ? JsonValue(*document) : JsonValue(), 0)},
                 out);
        } else if (isKnown(frame.name)) {
            if (document && JsonValue(*document).isObject())
                read(frame.name, JsonValue(*document), out);
            else
                invalid("an event of its stream is not JSON", out);
        }
    }

    void end(StreamEvents &out) override
    {
        if (m_over)
            return;
        if (m_stopped)
            over(StreamEnd{}, out);
        else
            over(StreamFailure{incompleteStream()}, out);
    }

private:
    using Kind = OpenBlock::Kind;

    /// Unknown events are ignored, whatever they hold.
    static bool isKnown(std::string_view name)
    {
        return name == "messageStart" || name == "contentBlockStart" || name == "contentBlockDelta"
            || name == "contentBlockStop" || name == "messageStop" || name == "metadata";
    }

    void read(std::string_view name, const JsonValue &event, StreamEvents &out)
    {
        if (name == "metadata") {
            metadata(event, out);
        } else if (m_stopped) {
            return; // nothing but usage belongs behind the stop
        } else if (name == "messageStart") {
            out.emplace_back(StreamStart{});
        } else if (name == "messageStop") {
            stop(event, out);
        } else if (const auto index = event["contentBlockIndex"].integer(); !index) {
            invalid("a block of its stream has no index", out);
        } else if (name == "contentBlockStart") {
            start(*index, event["start"], out);
        } else if (name == "contentBlockDelta") {
            delta(*index, event["delta"], out);
        } else {
            close(*index, out);
        }
    }

    void start(std::int64_t index, const JsonValue &start, StreamEvents &out)
    {
        close(index, out);
        const JsonValue use = start["toolUse"];
        if (!use.present())
            return; // blocks of other kinds show themselves with their first delta
        const auto name = use["name"].string();
        if (!name || name->empty())
            return invalid("a tool call of its stream has no name", out);
        if (!m_exchange.schema_tool.empty() && *name == m_exchange.schema_tool) {
            m_blocks[index] = {.kind = Kind::SchemaAnswer};
            m_held_text.clear(); // the schema's answer takes the place of other words
            m_schema_answered = true;
            return;
        }
        ToolCallPart part{.id = m_ids.take(use["toolUseId"].stringOr("")),
                          .name = std::string(m_exchange.clientToolName(*name))};
        part.custom = m_exchange.isCustomTool(part.name);
        m_blocks[index] = {.kind = part.custom ? Kind::CustomCall : Kind::Call, .call = m_calls};
        out.emplace_back(ToolCallStart{.call = m_calls, .part = std::move(part)});
        ++m_calls;
    }

    void delta(std::int64_t index, const JsonValue &delta, StreamEvents &out)
    {
        if (const JsonValue text = delta["text"]; text.isString()) {
            open(index, Kind::Text, out);
            giveText(text.stringOr(""), out);
        } else if (const JsonValue use = delta["toolUse"]; use.isObject()) {
            input(index, use["input"].stringOr(""), out);
        } else if (const JsonValue thought = delta["reasoningContent"]; thought.isObject()) {
            ReasoningPart &part = open(index, Kind::Reasoning, out).reasoning;
            part.signature += thought["signature"].stringOr("");
            part.redacted += thought["redactedContent"].stringOr("");
            if (std::string piece = thought["text"].stringOr(""); !piece.empty()) {
                part.text += piece;
                m_content = true;
                out.emplace_back(ReasoningDelta{.text = std::move(piece)});
            }
        }
    }

    /// The open block of that index and kind; one of another kind that was open there is closed.
    OpenBlock &open(std::int64_t index, Kind kind, StreamEvents &out)
    {
        if (const auto found = m_blocks.find(index); found != m_blocks.end() && found->second.kind != kind)
            close(index, out);
        return m_blocks.try_emplace(index, OpenBlock{.kind = kind}).first->second;
    }

    void giveText(std::string text, StreamEvents &out)
    {
        if (text.empty() || m_schema_answered)
            return;
        if (!m_exchange.schema_tool.empty()) {
            m_held_text += text; // the tool's call may come yet and replace it
            return;
        }
        m_content = true;
        out.emplace_back(TextDelta{.text = std::move(text)});
    }

    void input(std::int64_t index, std::string fragment, StreamEvents &out)
    {
        const auto found = m_blocks.find(index);
        if (found == m_blocks.end() || found->second.kind == Kind::Text
            || found->second.kind == Kind::Reasoning)
            return invalid("a tool call of its stream has no beginning", out);
        if (fragment.empty())
            return;
        OpenBlock &block = found->second;
        block.has_input = true;
        m_content = true;
        if (block.kind == Kind::CustomCall)
            block.held += fragment;
        else if (block.kind == Kind::SchemaAnswer)
            out.emplace_back(TextDelta{.text = std::move(fragment)});
        else
            out.emplace_back(ToolCallDelta{.call = block.call, .arguments = std::move(fragment)});
    }

    void close(std::int64_t index, StreamEvents &out)
    {
        const auto found = m_blocks.find(index);
        if (found == m_blocks.end())
            return;
        const OpenBlock block = std::move(m_blocks.extract(found).mapped());
        switch (block.kind) {
        case Kind::Text: break;
        case Kind::Reasoning: out.emplace_back(ReasoningEnd{.part = block.reasoning}); break;
        case Kind::SchemaAnswer:
            if (!block.has_input)
                out.emplace_back(TextDelta{.text = "{}"});
            break;
        case Kind::Call:
        case Kind::CustomCall: {
            const std::string whole
                = block.has_input ? clientArguments(block.kind == Kind::CustomCall, block.held) : "{}";
            if (!block.has_input || block.kind == Kind::CustomCall)
                out.emplace_back(ToolCallDelta{.call = block.call, .arguments = whole});
            out.emplace_back(ToolCallEnd{.call = block.call});
            break;
        }
        }
    }

    void stop(const JsonValue &event, StreamEvents &out)
    {
        while (!m_blocks.empty())
            close(m_blocks.begin()->first, out);
        if (!m_held_text.empty()) {
            m_content = true;
            out.emplace_back(TextDelta{.text = std::exchange(m_held_text, {})});
        }
        auto finish = finishOf(event, m_calls > 0, m_content || m_calls > 0 || m_schema_answered);
        if (!finish)
            return over(StreamFailure{std::move(finish).error()}, out);
        out.emplace_back(ChoiceFinish{.finish = *std::move(finish)});
        m_stopped = true;
    }

    void metadata(const JsonValue &event, StreamEvents &out)
    {
        if (auto usage = usageOf(event["usage"], UsageStyle::BedrockConverse))
            out.emplace_back(UsageReport{*std::move(usage)});
        if (m_stopped)
            over(StreamEnd{}, out);
    }

    void invalid(std::string_view what, StreamEvents &out) { over(StreamFailure{invalidAnswer(what)}, out); }

    void over(StreamEvent last, StreamEvents &out)
    {
        out.push_back(std::move(last));
        m_over = true;
    }

    Exchange &m_exchange;
    CallIds m_ids;
    std::map<std::int64_t, OpenBlock> m_blocks{};
    std::string m_held_text{};
    std::int64_t m_calls = 0;
    bool m_content = false;
    bool m_schema_answered = false;
    bool m_stopped = false;
    bool m_over = false;
};

} // namespace

std::unique_ptr<StreamDecoder> converseStream(Exchange &exchange)
{
    return std::make_unique<ConverseStream>(exchange);
}

} // namespace portolan::dialect::bedrock
