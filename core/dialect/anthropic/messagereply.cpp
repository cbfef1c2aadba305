// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/messagereply.h"

#include "core/dialect/anthropic/answerparts.h"
#include "core/dialect/anthropic/blocks.h"
#include "core/dialect/anthropic/errors.h"
#include "core/dialect/anthropic/words.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/tooltext.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::anthropic {
namespace {

/// Reads the blocks of one message.
class ContentReader
{
public:
    explicit ContentReader(Exchange &exchange)
        : m_calls(exchange)
    { }

    /// False when the block is none.
    bool read(const JsonValue &block);
    [[nodiscard]] bool called() const noexcept { return m_called; }
    /// The parts, with the emulated schema's answer in the place of other text.
    [[nodiscard]] std::vector<Part> takeParts();
    [[nodiscard]] RawJson annotations() const
    {
        return m_annotations.empty() ? RawJson{} : RawJson{'[' + m_annotations + ']'};
    }

private:
    bool readCall(const JsonValue &block, Part part);
    void cite(const TextPart &text, const JsonValue &citations);

    CallReader m_calls;
    Annotations m_cited{};
    std::string m_annotations{};
    std::vector<Part> m_parts{};
    std::optional<std::string> m_schema_answer{};
    bool m_called = false;
};

bool ContentReader::read(const JsonValue &block)
{
    auto part = readBlock(block, {});
    if (!part)
        return false;
    part->cache.reset();
    if (std::holds_alternative<ToolCallPart>(part->content))
        return readCall(block, *std::move(part));
    if (const auto *text = std::get_if<TextPart>(&part->content))
        cite(*text, block["citations"]);
    m_parts.push_back(*std::move(part));
    return true;
}

bool ContentReader::readCall(const JsonValue &block, Part part)
{
    std::string arguments = std::move(std::get<ToolCallPart>(part.content).arguments);
    if (m_calls.isSchemaTool(block)) {
        if (!m_schema_answer)
            m_schema_answer = std::move(arguments);
        return true;
    }
    ToolCallPart call = m_calls.read(block);
    call.arguments = call.custom ? unwrappedInput(arguments) : std::move(arguments);
    m_called = true;
    m_parts.push_back({.content = std::move(call)});
    return true;
}

void ContentReader::cite(const TextPart &text, const JsonValue &citations)
{
    for (const JsonValue citation : citations.elements())
        m_cited.cite(citation);
    m_cited.text(text.text);
    const RawJson found = m_cited.endText();
    if (found.empty())
        return;
    m_annotations += m_annotations.empty() ? "" : ",";
    m_annotations.append(found.text, 1, found.text.size() - 2);
}

std::vector<Part> ContentReader::takeParts()
{
    if (m_schema_answer) {
        std::erase_if(m_parts,
                      [](const Part &part) { return std::holds_alternative<TextPart>(part.content); });
        const auto call = std::ranges::find_if(
            m_parts, [](const Part &part) { return std::holds_alternative<ToolCallPart>(part.content); });
        m_parts.insert(call, {.content = TextPart{.text = *std::move(m_schema_answer)}});
        m_annotations.clear();
    }
    return std::move(m_parts);
}

} // namespace

Finish finishIn(const JsonValue &object, bool called)
{
    return {.reason = finishNamed(object["stop_reason"].stringOr(""), called),
            .stop_sequence = object["stop_sequence"].stringOr(""),
            .explanation = object["stop_details"]["explanation"].stringOr("")};
}

std::expected<Reply, ApiError> decodeMessage(const WireReply &reply, Exchange &exchange)
{
    const auto body = JsonDocument::parse(reply.body);
    if (!body)
        return std::unexpected(invalidAnswer("it is no JSON", reply.status));
    const JsonValue root(*body);
    if (root["type"].equals("error") || root["error"])
        return std::unexpected(errorIn(root, reply.status));
    if (!root["content"].isArray())
        return std::unexpected(invalidAnswer("the message has no content", reply.status));
    ContentReader content(exchange);
    for (const JsonValue block : root["content"].elements()) {
        if (!content.read(block))
            return std::unexpected(invalidAnswer("a content block is broken", reply.status));
    }
    Choice choice{.parts = content.takeParts(),
                  .finish = finishIn(root, content.called()),
                  .annotations = content.annotations()};
    const bool only_schema = !content.called() && choice.finish.reason == FinishReason::ToolCalls;
    if (only_schema)
        choice.finish.reason = FinishReason::Stop;
    const JsonValue usage = root["usage"];
    Reply answer{.id = root["id"].stringOr(""),
                 .model = root["model"].stringOr(""),
                 .usage = usageOf(usage, UsageStyle::Anthropic),
                 .service_tier = usage["service_tier"].stringOr("")};
    answer.choices.push_back(std::move(choice));
    return answer;
}

} // namespace portolan::dialect::anthropic
