// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/replyevents.h"

#include <utility>

namespace portolan::dialect {
namespace {

/// Appends what one part is as events; counts the tool calls of its choice.
class PartEvents
{
public:
    PartEvents(StreamEvents &out, std::int64_t choice)
        : m_out(out)
        , m_choice(choice)
    { }

    void operator()(TextPart &part)
    {
        if (!part.text.empty())
            m_out.emplace_back(TextDelta{m_choice, std::move(part.text)});
    }
    void operator()(RefusalPart &part) { m_out.emplace_back(RefusalDelta{m_choice, std::move(part.text)}); }
    void operator()(ReasoningPart &part)
    {
        if (!part.text.empty())
            m_out.emplace_back(ReasoningDelta{m_choice, part.text});
        m_out.emplace_back(ReasoningEnd{m_choice, std::move(part)});
    }
    void operator()(ToolCallPart &part)
    {
        const std::int64_t call = m_calls++;
        std::string arguments = std::exchange(part.arguments, {});
        m_out.emplace_back(ToolCallStart{m_choice, call, std::move(part)});
        m_out.emplace_back(ToolCallDelta{m_choice, call, std::move(arguments)});
        m_out.emplace_back(ToolCallEnd{m_choice, call});
    }
    void operator()(auto &part)
    {
        Part whole;
        whole.content = std::move(part);
        m_out.emplace_back(WholePart{m_choice, std::move(whole)});
    }

private:
    StreamEvents &m_out;
    const std::int64_t m_choice;
    std::int64_t m_calls = 0;
};

} // namespace

StreamEvents eventsOf(Reply reply)
{
    StreamEvents events;
    events.emplace_back(
        StreamStart{.id = std::move(reply.id), .model = std::move(reply.model), .usage = reply.usage});
    for (Choice &choice : reply.choices) {
        PartEvents parts(events, choice.index);
        for (Part &part : choice.parts)
            std::visit(parts, part.content);
        if (!choice.annotations.empty())
            events.emplace_back(AnnotationDelta{choice.index, std::move(choice.annotations)});
        if (!choice.logprobs.empty())
            events.emplace_back(LogprobsDelta{choice.index, std::move(choice.logprobs)});
        events.emplace_back(ChoiceFinish{choice.index, std::move(choice.finish)});
    }
    if (reply.usage)
        events.emplace_back(UsageReport{*std::move(reply.usage), std::move(reply.billed)});
    events.emplace_back(StreamEnd{});
    return events;
}

} // namespace portolan::dialect
