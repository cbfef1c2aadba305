// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/streamtranslator.h"

#include "core/dialect/errorkinds.h"

#include <utility>

namespace portolan::dialect {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

std::size_t outputBytes(const StreamEvent &event)
{
    return std::visit(Overloaded{
                          [](const TextDelta &delta) { return delta.text.size(); },
                          [](const RefusalDelta &delta) { return delta.text.size(); },
                          [](const ReasoningDelta &delta) { return delta.text.size(); },
                          [](const ToolCallDelta &delta) { return delta.arguments.size(); },
                          [](const ToolCallStart &start) { return start.part.name.size(); },
                          [](const auto &) { return std::size_t(0); },
                      },
                      event);
}

bool isContent(const StreamEvent &event)
{
    return outputBytes(event) > 0 || std::holds_alternative<WholePart>(event)
        || std::holds_alternative<ReasoningEnd>(event);
}

} // namespace

StreamTranslator::StreamTranslator(const ProviderCodec &provider, const ClientCodec &client,
                                   Exchange &exchange)

    : m_splitter(frameSplitter(provider.streamFormat()))
    , m_decoder(provider.streamDecoder(exchange))
    , m_encoder(client.streamEncoder(exchange))
{ }

void StreamTranslator::feed(std::string_view piece, std::string &out)
{
    if (m_ended)
        return;
    if (!m_splitter->feed(piece)) {
        fail(invalidAnswer("a frame of its stream is too large or damaged"), out);
        return;
    }
    drain(out);
}

void StreamTranslator::end(std::string &out)
{
    if (m_ended)
        return;
    Frame frame;
    StreamEvents events;
    if (m_splitter->last(frame)) {
        // What broke off inside of an event is no event that was written wrongly, and a mark of the end that
        // broke off says no more than the end of the bytes.
        const bool is_mark = std::string_view("[DONE]").starts_with(frame.data);
        if (!is_mark && !validateJson(frame.data)) {
            fail(incompleteStream(), out);
            return;
        }
        if (!is_mark || frame.data.size() == 6)
            m_decoder->frame(frame, events);
    }
    pass(events, out);
    events.clear();
    if (!m_ended)
        m_decoder->end(events);
    pass(events, out);
    if (!m_ended)
        fail(incompleteStream(), out);
}

void StreamTranslator::fail(const ApiError &error, std::string &out)
{
    pass({StreamFailure{error}}, out);
}

void StreamTranslator::give(StreamEvents events, std::string &out)
{
    pass(events, out);
    if (!m_ended)
        fail(incompleteStream(), out);
}

void StreamTranslator::drain(std::string &out)
{
    Frame frame;
    while (!m_ended) {
        const auto found = m_splitter->next(frame);
        if (!found) {
            fail(invalidAnswer("a frame of its stream is damaged"), out);
            return;
        }
        if (!*found)
            return;
        m_events.clear();
        m_decoder->frame(frame, m_events);
        pass(m_events, out);
    }
}

void StreamTranslator::pass(const StreamEvents &events, std::string &out)
{
    for (const StreamEvent &event : events) {
        if (m_ended)
            return;
        if (std::holds_alternative<StreamStart>(event) && std::exchange(m_started, true))
            continue;
        if (!m_started && !std::holds_alternative<StreamFailure>(event)) {
            m_started = true;
            m_encoder->event(StreamStart{}, out);
        }
        watch(event);
        m_encoder->event(event, out);
    }
}

void StreamTranslator::watch(const StreamEvent &event)
{
    m_content_bytes += outputBytes(event);
    m_saw_content = m_saw_content || isContent(event);
    if (const auto *start = std::get_if<StreamStart>(&event)) {
        m_model = start->model;
        if (start->usage)
            m_usage = start->usage;
    } else if (const auto *report = std::get_if<UsageReport>(&event)) {
        m_usage = report->billed ? report->billed : report->usage;
    } else if (const auto *finish = std::get_if<ChoiceFinish>(&event); finish && finish->choice == 0) {
        m_finish = finish->finish;
    } else if (const auto *failure = std::get_if<StreamFailure>(&event)) {
        m_failure = failure->error;
        m_ended = true;
    } else if (std::holds_alternative<StreamEnd>(event)) {
        m_ended = true;
    }
}

} // namespace portolan::dialect
