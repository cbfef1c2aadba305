// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/streamencoder.h"

#include "core/dialect/notes.h"
#include "core/dialect/seal.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::dialect::responses {
namespace {

using Kind = OutputItem::Kind;

bool isOtherChoice(const StreamEvent &event)
{
    return std::visit(
        [](const auto &said) {
            if constexpr (requires { said.choice; })
                return said.choice != 0;
            else
                return false;
        },
        event);
}

} // namespace

ResponseStreamEncoder::ResponseStreamEncoder(Exchange &exchange)
    : m_exchange(exchange)
    , m_spaces(exchange.echo)
{ }

void ResponseStreamEncoder::event(const StreamEvent &event, std::string &out)
{
    if (isOtherChoice(event))
        return;
    m_out = &out;
    std::visit([this](const auto &said) { on(said); }, event);
    m_out = nullptr;
}

JsonWriter &ResponseStreamEncoder::begin(std::string_view type)
{
    m_type = type;
    m_json.clear();
    m_writer.emplace(m_json);
    return m_writer->object().member("type", type).member("sequence_number", m_sequence++);
}

JsonWriter &ResponseStreamEncoder::beginFor(std::string_view type, std::size_t index)
{
    return begin(type).member("item_id", m_items[index].id).member("output_index", index);
}

void ResponseStreamEncoder::send()
{
    m_writer->end();
    // What the request said is repeated as it was written; a line break between its tokens would end the
    // event.
    std::ranges::replace_if(m_json, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    m_out->append("event: ").append(m_type).append("\ndata: ").append(m_json).append("\n\n");
}

void ResponseStreamEncoder::itemEvent(std::string_view type, std::size_t index)
{
    JsonWriter &json = begin(type).member("output_index", index).key("item");
    writeItem(json, m_items[index]);
    send();
}

void ResponseStreamEncoder::snapshot(std::string_view type)
{
    JsonWriter &json = begin(type).key("response");
    writeResponse(json, m_response, m_items, m_exchange);
    send();
}

std::size_t ResponseStreamEncoder::open(OutputItem item)
{
    m_items.push_back(std::move(item));
    const std::size_t index = m_items.size() - 1;
    // A reasoning item's text and seal come with its end.
    itemEvent("response.output_item.added", index);
    return index;
}

void ResponseStreamEncoder::close(std::size_t index, ItemStatus status)
{
    m_items[index].status = status;
    itemEvent("response.output_item.done", index);
}

void ResponseStreamEncoder::closeText(ItemStatus status)
{
    if (!m_open_text)
        return;
    const std::size_t index = *std::exchange(m_open_text, std::nullopt);
    OutputItem &item = m_items[index];
    if (item.kind == Kind::Message && !item.content.empty()) {
        closePart(index);
    } else if (item.kind == Kind::Reasoning && !item.text.empty()) {
        beginFor("response.reasoning_summary_text.done", index)
            .member("summary_index", 0)
            .member("text", item.text);
        send();
        JsonWriter &json = beginFor("response.reasoning_summary_part.done", index).member("summary_index", 0);
        json.key("part").object().member("type", "summary_text").member("text", item.text).end();
        send();
    }
    close(index, status);
}

void ResponseStreamEncoder::closePart(std::size_t index)
{
    const auto &parts = m_items[index].content;
    const ContentPart &part = parts.back();
    const std::size_t at = parts.size() - 1;
    if (part.refusal) {
        beginFor("response.refusal.done", index).member("content_index", at).member("refusal", part.text);
    } else {
        JsonWriter &json = beginFor("response.output_text.done", index);
        json.member("content_index", at).member("text", part.text).key("logprobs").array();
        for (const RawJson &token : part.logprobs)
            json.raw(token);
        json.end();
    }
    send();
    JsonWriter &json = beginFor("response.content_part.done", index).member("content_index", at).key("part");
    writePart(json, part);
    send();
}

void ResponseStreamEncoder::openPart(bool refusal)
{
    const std::size_t index = *m_open_text;
    auto &parts = m_items[index].content;
    if (!parts.empty())
        closePart(index);
    parts.push_back({.refusal = refusal});
    JsonWriter &json = beginFor("response.content_part.added", index);
    json.member("content_index", parts.size() - 1).key("part");
    writePart(json, parts.back());
    send();
}

void ResponseStreamEncoder::content(bool refusal, std::string_view text)
{
    if (!m_open_text || m_items[*m_open_text].kind != Kind::Message) {
        closeText(ItemStatus::Completed);
        m_open_text = open(messageItem(m_exchange.ids));
    }
    const std::size_t index = *m_open_text;
    if (m_items[index].content.empty() || m_items[index].content.back().refusal != refusal)
        openPart(refusal);
    if (text.empty())
        return;
    ContentPart &part = m_items[index].content.back();
    part.text += text;
    JsonWriter &json = beginFor(refusal ? "response.refusal.delta" : "response.output_text.delta", index)
                           .member("content_index", m_items[index].content.size() - 1)
                           .member("delta", text);
    if (!refusal)
        json.key("logprobs").array().end();
    send();
}

void ResponseStreamEncoder::reasoningText(std::string_view text)
{
    if (!m_open_text || m_items[*m_open_text].kind != Kind::Reasoning) {
        closeText(ItemStatus::Completed);
        m_open_text = open(reasoningItem(m_exchange.ids, "", ""));
    }
    const std::size_t index = *m_open_text;
    if (text.empty())
        return;
    if (m_items[index].text.empty()) {
        JsonWriter &json
            = beginFor("response.reasoning_summary_part.added", index).member("summary_index", 0);
        json.key("part").object().member("type", "summary_text").member("text", "").end();
        send();
    }
    m_items[index].text += text;
    beginFor("response.reasoning_summary_text.delta", index).member("summary_index", 0).member("delta", text);
    send();
}

ContentPart *ResponseStreamEncoder::openText()
{
    if (!m_open_text || m_items[*m_open_text].content.empty() || m_items[*m_open_text].content.back().refusal)
        return nullptr;
    return &m_items[*m_open_text].content.back();
}

void ResponseStreamEncoder::finishCall(std::size_t index, ItemStatus status)
{
    OutputItem &item = m_items[index];
    if (item.kind == Kind::CustomCall) {
        beginFor("response.custom_tool_call_input.done", index).member("input", item.text);
    } else {
        if (item.text.empty()) {
            item.text = "{}";
            beginFor("response.function_call_arguments.delta", index).member("delta", item.text);
            send();
        }
        beginFor("response.function_call_arguments.done", index)
            .member("name", item.tool.name)
            .member("arguments", item.text);
    }
    send();
    close(index, status);
}

void ResponseStreamEncoder::on(const StreamStart &start)
{
    if (std::exchange(m_started, true))
        return;
    m_response = beginResponse(start.id, start.model, m_exchange);
    snapshot("response.created");
    snapshot("response.in_progress");
}

void ResponseStreamEncoder::on(const TextDelta &delta)
{
    if (!delta.text.empty())
        content(false, delta.text);
}

void ResponseStreamEncoder::on(const RefusalDelta &delta)
{
    if (!delta.text.empty())
        content(true, delta.text);
}

void ResponseStreamEncoder::on(const ReasoningDelta &delta)
{
    if (delta.text.empty())
        return;
    reasoningText(delta.text);
    m_told_reasoning = true;
}

void ResponseStreamEncoder::on(const ReasoningEnd &end)
{
    Seal seal = sealOf(end.part);
    seal.item_id.clear(); // items of ours have ids of ours
    const bool told = std::exchange(m_told_reasoning, false);
    const bool is_open = m_open_text && m_items[*m_open_text].kind == Kind::Reasoning;
    if (!is_open && seal == Seal{} && (end.part.text.empty() || told))
        return;
    if (!told || !is_open)
        reasoningText(told ? std::string_view() : std::string_view(end.part.text));
    m_items[*m_open_text].encrypted = sealed(seal);
    closeText(ItemStatus::Completed);
}

void ResponseStreamEncoder::on(const ToolCallStart &start)
{
    if (m_calls.contains(start.call))
        return;
    closeText(ItemStatus::Completed);
    OutputItem item = callItem(m_exchange.ids, start.part, m_spaces);
    if (!start.part.signature.empty()) {
        const Seal seal{.signature = start.part.signature, .call_id = item.call_id};
        close(open(reasoningItem(m_exchange.ids, "", sealed(seal))), ItemStatus::Completed);
    }
    m_calls[start.call] = open(std::move(item));
}

void ResponseStreamEncoder::on(const ToolCallDelta &delta)
{
    const auto call = m_calls.find(delta.call);
    if (call == m_calls.end() || delta.arguments.empty())
        return;
    OutputItem &item = m_items[call->second];
    item.text += delta.arguments;
    beginFor(item.kind == Kind::CustomCall ? "response.custom_tool_call_input.delta"
                                           : "response.function_call_arguments.delta",
             call->second)
        .member("delta", delta.arguments);
    send();
}

void ResponseStreamEncoder::on(const ToolCallEnd &end)
{
    if (const auto call = m_calls.find(end.call); call != m_calls.end()) {
        finishCall(call->second, ItemStatus::Completed);
        m_calls.erase(call);
    }
}

void ResponseStreamEncoder::on(const WholePart &whole)
{
    auto item = wholeItem(whole.part, m_exchange);
    if (!item)
        return;
    closeText(ItemStatus::Completed);
    close(open(*std::move(item)), ItemStatus::Completed);
}

void ResponseStreamEncoder::on(const AnnotationDelta &delta)
{
    ContentPart *part = openText();
    if (!part) {
        note(m_exchange, Note::Kind::Dropped, "annotations", "no text is open that they could be about");
        return;
    }
    for (RawJson &annotation : flatAnnotations(delta.annotations)) {
        JsonWriter &json = beginFor("response.output_text.annotation.added", *m_open_text);
        json.member("content_index", m_items[*m_open_text].content.size() - 1);
        json.member("annotation_index", part->annotations.size()).member("annotation", annotation);
        send();
        part->annotations.push_back(std::move(annotation));
    }
}

void ResponseStreamEncoder::on(const LogprobsDelta &delta)
{
    ContentPart *part = openText();
    if (part)
        std::ranges::move(logprobElements(delta.logprobs), std::back_inserter(part->logprobs));
}

void ResponseStreamEncoder::on(const ChoiceFinish &finish)
{
    setFinish(m_response, finish.finish);
    if (m_items.empty())
        content(finish.finish.reason == FinishReason::Refusal, finish.finish.explanation);
    const ItemStatus status = m_response.incomplete.empty() ? ItemStatus::Completed : ItemStatus::Incomplete;
    closeText(status);
    for (const auto &[call, index] : std::exchange(m_calls, {}))
        finishCall(index, status);
}

void ResponseStreamEncoder::on(const UsageReport &report)
{
    m_response.usage = report.usage;
}

void ResponseStreamEncoder::on(const StreamFailure &failure)
{
    if (!m_started)
        on(StreamStart{}); // SDKs take no event before this one
    m_response.status = "failed";
    m_response.error = failure.error;
    for (OutputItem &item : m_items) {
        if (item.status == ItemStatus::InProgress)
            item.status = ItemStatus::Incomplete;
    }
    snapshot("response.failed");
}

void ResponseStreamEncoder::on(const StreamEnd & /*end*/)
{
    if (m_response.status == "in_progress")
        on(ChoiceFinish{});
    snapshot(m_response.incomplete.empty() ? "response.completed" : "response.incomplete");
}

} // namespace portolan::dialect::responses
