// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/replyencoder.h"

#include "core/dialect/notes.h"
#include "core/dialect/responses/responseobject.h"
#include "core/dialect/seal.h"

#include <utility>
#include <vector>

namespace portolan::dialect::responses {
namespace {

class OutputBuilder
{
public:
    explicit OutputBuilder(Exchange &exchange)
        : m_exchange(exchange)
        , m_spaces(exchange.echo)
    { }

    std::vector<OutputItem> build(const Choice &choice);

private:
    void add(const Part &part);
    void addContent(bool refusal, std::string_view text);
    void addCall(const ToolCallPart &call);
    void addReasoning(const ReasoningPart &reasoning);
    void decorate(const Choice &choice);
    ContentPart &content(bool refusal);

    Exchange &m_exchange;
    ToolSpaces m_spaces;
    std::vector<OutputItem> m_items{};
};

std::vector<OutputItem> OutputBuilder::build(const Choice &choice)
{
    for (const Part &part : choice.parts)
        add(part);
    if (m_items.empty())
        addContent(choice.finish.reason == FinishReason::Refusal, choice.finish.explanation);
    decorate(choice);
    for (OutputItem &item : m_items)
        item.status = ItemStatus::Completed;
    return std::move(m_items);
}

void OutputBuilder::add(const Part &part)
{
    if (const auto *text = std::get_if<TextPart>(&part.content)) {
        if (!text->text.empty())
            addContent(false, text->text);
    } else if (const auto *refusal = std::get_if<RefusalPart>(&part.content)) {
        addContent(true, refusal->text);
    } else if (const auto *reasoning = std::get_if<ReasoningPart>(&part.content)) {
        addReasoning(*reasoning);
    } else if (const auto *call = std::get_if<ToolCallPart>(&part.content)) {
        addCall(*call);
    } else if (auto whole = wholeItem(part, m_exchange)) {
        m_items.push_back(*std::move(whole));
    }
}

ContentPart &OutputBuilder::content(bool refusal)
{
    if (m_items.empty() || m_items.back().kind != OutputItem::Kind::Message)
        m_items.push_back(messageItem(m_exchange.ids));
    auto &parts = m_items.back().content;
    if (parts.empty() || parts.back().refusal != refusal)
        parts.push_back({.refusal = refusal});
    return parts.back();
}

void OutputBuilder::addContent(bool refusal, std::string_view text)
{
    content(refusal).text += text;
}

void OutputBuilder::addCall(const ToolCallPart &call)
{
    OutputItem item = callItem(m_exchange.ids, call, m_spaces);
    item.text = call.arguments.empty() && !call.custom ? "{}" : call.arguments;
    if (!call.signature.empty()) {
        const Seal seal{.signature = call.signature, .call_id = item.call_id};
        m_items.push_back(reasoningItem(m_exchange.ids, "", sealed(seal)));
    }
    m_items.push_back(std::move(item));
}

void OutputBuilder::addReasoning(const ReasoningPart &reasoning)
{
    Seal seal = sealOf(reasoning);
    seal.item_id.clear(); // items of ours have ids of ours
    if (!reasoning.text.empty() || seal != Seal{})
        m_items.push_back(reasoningItem(m_exchange.ids, reasoning.text, sealed(seal)));
}

/// The choice's annotations and logprobs belong to its text as a whole: the first part of it bears them.
void OutputBuilder::decorate(const Choice &choice)
{
    auto annotations = flatAnnotations(choice.annotations);
    auto logprobs = logprobElements(choice.logprobs);
    for (OutputItem &item : m_items) {
        for (ContentPart &part : item.content) {
            if (part.refusal)
                continue;
            part.annotations = std::move(annotations);
            part.logprobs = std::move(logprobs);
            return;
        }
    }
    if (!annotations.empty())
        note(m_exchange, Note::Kind::Dropped, "annotations",
             "the answer has no text that they could be about");
}

const Choice &firstChoice(const Reply &reply)
{
    static const Choice kNone{};
    return reply.choices.empty() ? kNone : reply.choices.front();
}

} // namespace

std::string encodeReply(const Reply &reply, Exchange &exchange)
{
    ResponseObject response = beginResponse(reply.id, reply.model, exchange);
    response.service_tier = reply.service_tier;
    response.usage = reply.usage;
    const Choice &choice = firstChoice(reply);
    setFinish(response, choice.finish);
    std::vector<OutputItem> items = OutputBuilder(exchange).build(choice);
    if (!response.incomplete.empty())
        items.back().status = ItemStatus::Incomplete; // where the answer broke off
    std::string body;
    JsonWriter json(body);
    writeResponse(json, response, items, exchange);
    return body;
}

} // namespace portolan::dialect::responses
