// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/streamdecoder.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/openaierrors.h"
#include "core/dialect/responses/answeritems.h"
#include "core/dialect/tooltext.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::dialect::responses {
namespace {

/// More than any answer has; a stream that opens more items wants our memory.
constexpr std::int64_t kMostItems = 4096;
constexpr std::string_view kSummary = "summary";
constexpr std::string_view kRaw = "raw";

/// What `whole` has behind `said`; nothing when it does not begin with it.
std::string_view rest(std::string_view whole, std::string_view said)
{
    return whole.starts_with(said) ? whole.substr(said.size()) : std::string_view();
}

} // namespace

const ResponseStreamDecoder::Handler ResponseStreamDecoder::kHandlers[]{
    {"response.output_text.delta", &ResponseStreamDecoder::onTextDelta},
    {"response.function_call_arguments.delta", &ResponseStreamDecoder::onCallDelta},
    {"response.custom_tool_call_input.delta", &ResponseStreamDecoder::onCallDelta},
    {"response.reasoning_summary_text.delta", &ResponseStreamDecoder::onSummaryDelta},
    {"response.reasoning_text.delta", &ResponseStreamDecoder::onReasoningDelta},
    {"response.refusal.delta", &ResponseStreamDecoder::onRefusalDelta},
    {"response.output_text.annotation.added", &ResponseStreamDecoder::onAnnotation},
    {"response.output_item.added", &ResponseStreamDecoder::onItemAdded},
    {"response.output_text.done", &ResponseStreamDecoder::onTextDone},
    {"response.function_call_arguments.done", &ResponseStreamDecoder::onCallDone},
    {"response.custom_tool_call_input.done", &ResponseStreamDecoder::onCallDone},
    {"response.output_item.done", &ResponseStreamDecoder::onItemDone},
    {"response.created", &ResponseStreamDecoder::onStart},
    {"response.in_progress", &ResponseStreamDecoder::onStart},
    {"response.completed", &ResponseStreamDecoder::onFinal},
    {"response.incomplete", &ResponseStreamDecoder::onFinal},
    {"response.failed", &ResponseStreamDecoder::onFailed},
    {"response.cancelled", &ResponseStreamDecoder::onFailed},
    {"error", &ResponseStreamDecoder::onError},
};

ResponseStreamDecoder::ResponseStreamDecoder(Exchange &exchange)
    : m_exchange(exchange)
    , m_call_ids(exchange)
{ }

void ResponseStreamDecoder::frame(const Frame &frame, StreamEvents &out)
{
    if (m_ended || frame.data == "[DONE]")
        return;
    m_out = &out;
    const auto document = JsonDocument::parse(std::string(frame.data));
    const JsonValue event = document ? JsonValue(*document) : JsonValue();
    if (!event.isObject()) {
        fail(invalidAnswer("an event of its stream is not JSON"));
        return;
    }
    const std::string type = event["type"].stringOr(frame.name);
    const auto *const handler = std::ranges::find(kHandlers, type, &Handler::type);
    if (handler != std::end(kHandlers))
        (this->*handler->read)(event);
    else if (event["error"].isObject()) // some servers say it without a type
        fail(openAiErrorOf(event["error"]));
    if (std::ssize(m_items) > kMostItems)
        fail(invalidAnswer("its stream has too many items"));
}

void ResponseStreamDecoder::end(StreamEvents &out)
{
    if (std::exchange(m_ended, true))
        return;
    out.emplace_back(StreamFailure{incompleteStream()});
}

void ResponseStreamDecoder::fail(ApiError error)
{
    say(StreamFailure{std::move(error)});
    m_ended = true;
}

ResponseStreamDecoder::Item &ResponseStreamDecoder::itemOf(const JsonValue &event, const JsonValue &id)
{
    const std::string name = id.stringOr("");
    if (const auto known = m_places.find(name); !name.empty() && known != m_places.end())
        return m_items[known->second];
    const std::int64_t next = m_items.empty() ? 0 : m_items.rbegin()->first + 1;
    const auto given = event["output_index"].integer();
    const std::int64_t place = given && *given >= 0 && *given < kMostItems ? *given : next;
    if (!name.empty())
        m_places.emplace(name, place);
    return m_items[place];
}

void ResponseStreamDecoder::onStart(const JsonValue &event)
{
    const JsonValue response = event["response"];
    say(StreamStart{.id = response["id"].stringOr(""), .model = response["model"].stringOr("")});
}

void ResponseStreamDecoder::onItemAdded(const JsonValue &event)
{
    const JsonValue json = event["item"];
    Item &item = itemOf(event, json["id"]);
    if (isCall(json))
        startCall(item, json);
}

void ResponseStreamDecoder::startCall(Item &item, const JsonValue &json)
{
    auto call = callOf(json, m_exchange);
    if (!call || item.call >= 0)
        return;
    call->id = m_call_ids.take(std::move(call->id));
    item.call = m_calls++;
    item.wrapped = isWrapped(*call, json);
    say(ToolCallStart{.call = item.call, .part = *std::move(call)});
}

void ResponseStreamDecoder::onTextDelta(const JsonValue &event)
{
    const std::string delta = event["delta"].stringOr("");
    Item &item = itemOf(event, event["item_id"]);
    if (item.closed)
        return;
    item.said += delta;
    if (!delta.empty())
        say(TextDelta{.text = delta});
    if (const JsonValue logprobs = event["logprobs"]; logprobs.isArray() && !logprobs.empty()) {
        LogprobsDelta told;
        JsonWriter(told.logprobs.text).object().key("content").raw(logprobs.raw()).end();
        say(std::move(told));
    }
}

void ResponseStreamDecoder::onTextDone(const JsonValue &event)
{
    Item &item = itemOf(event, event["item_id"]);
    const std::string text = event["text"].stringOr("");
    if (!item.said.empty() || item.closed || text.empty())
        return;
    item.said = text;
    say(TextDelta{.text = text});
}

void ResponseStreamDecoder::onRefusalDelta(const JsonValue &event)
{
    const std::string delta = event["delta"].stringOr("");
    Item &item = itemOf(event, event["item_id"]);
    if (item.closed)
        return;
    item.refusal += delta;
    if (!delta.empty())
        say(RefusalDelta{.text = delta});
}

void ResponseStreamDecoder::onAnnotation(const JsonValue &event)
{
    itemOf(event, event["item_id"]).annotated = true;
    if (RawJson nested = nestedAnnotations({event["annotation"]}); !nested.empty())
        say(AnnotationDelta{.annotations = std::move(nested)});
}

void ResponseStreamDecoder::onSummaryDelta(const JsonValue &event)
{
    reasoningDelta(event, kSummary, event["summary_index"]);
}

void ResponseStreamDecoder::onReasoningDelta(const JsonValue &event)
{
    reasoningDelta(event, kRaw, event["content_index"]);
}

void ResponseStreamDecoder::reasoningDelta(const JsonValue &event, std::string_view kind,
                                           const JsonValue &paragraph)
{
    Item &item = itemOf(event, event["item_id"]);
    std::string delta = event["delta"].stringOr("");
    if (item.reasoning.empty())
        item.reasoning = kind;
    // A summary of what was told already says nothing new.
    if (delta.empty() || item.reasoning != kind || item.closed)
        return;
    const std::int64_t index = paragraph.integer().value_or(0);
    if (std::exchange(item.paragraph, index) != index && !item.said.empty())
        delta.insert(0, "\n\n");
    item.said += delta;
    say(ReasoningDelta{.text = std::move(delta)});
}

/// Tells what is new of the arguments as far as they are known.
void ResponseStreamDecoder::callText(Item &item, std::string_view whole)
{
    if (const std::string_view news = rest(whole, item.said); !news.empty()) {
        if (item.call >= 0 && !item.wrapped)
            say(ToolCallDelta{.call = item.call, .arguments = std::string(news)});
        item.said.append(news);
    }
}

void ResponseStreamDecoder::onCallDelta(const JsonValue &event)
{
    Item &item = itemOf(event, event["item_id"]);
    const std::string delta = event["delta"].stringOr("");
    if (item.closed || item.whole || delta.empty())
        return;
    item.is_call = true;
    item.said += delta;
    if (item.call >= 0 && !item.wrapped)
        say(ToolCallDelta{.call = item.call, .arguments = delta});
}

void ResponseStreamDecoder::onCallDone(const JsonValue &event)
{
    Item &item = itemOf(event, event["item_id"]);
    if (item.closed)
        return;
    item.is_call = true;
    callText(item, event["arguments"].stringOr(event["input"].stringOr("")));
    item.whole = !item.said.empty();
}

void ResponseStreamDecoder::onItemDone(const JsonValue &event)
{
    const JsonValue json = event["item"];
    closeItem(itemOf(event, json["id"]), json);
}

void ResponseStreamDecoder::closeItem(Item &item, const JsonValue &json)
{
    if (std::exchange(item.closed, true))
        return;
    if (json["type"].equals("message"))
        closeMessage(item, json);
    else if (isCall(json))
        closeCall(item, json);
    else if (json["type"].equals("reasoning"))
        closeReasoning(item, json);
    else if (json["type"].isString())
        say(WholePart{.part = wholePart(json)});
}

void ResponseStreamDecoder::closeMessage(Item &item, const JsonValue &json)
{
    const std::string text = messageText(json);
    const std::string refusal = messageRefusal(json);
    if (const std::string_view news = rest(text, item.said); !news.empty())
        say(TextDelta{.text = std::string(news)});
    if (const std::string_view news = rest(refusal, item.refusal); !news.empty())
        say(RefusalDelta{.text = std::string(news)});
    if (item.annotated)
        return;
    if (RawJson annotations = messageAnnotations(json); !annotations.empty())
        say(AnnotationDelta{.annotations = std::move(annotations)});
}

void ResponseStreamDecoder::closeCall(Item &item, const JsonValue &json)
{
    const bool was_started = item.call >= 0;
    startCall(item, json);
    if (item.call < 0) {
        fail(invalidAnswer("a call has no name"));
        return;
    }
    const std::string held = was_started ? std::string() : std::exchange(item.said, {});
    const std::string whole = responses::callText(json);
    callText(item, whole.empty() ? held : whole);
    if (item.wrapped)
        say(ToolCallDelta{.call = item.call, .arguments = unwrappedInput(item.said)});
    say(ToolCallEnd{.call = item.call});
}

void ResponseStreamDecoder::closeReasoning(Item &item, const JsonValue &json)
{
    auto part = reasoningOf(json);
    if (!part && item.said.empty())
        return;
    ReasoningPart whole = std::move(part).value_or(ReasoningPart{});
    if (item.said.empty() && !whole.text.empty())
        say(ReasoningDelta{.text = whole.text});
    else if (!item.said.empty())
        whole.text = item.said; // what the client has seen
    say(ReasoningEnd{.part = std::move(whole)});
}

/// Items whose end never came.
void ResponseStreamDecoder::closeRest()
{
    for (auto &[place, item] : m_items) {
        if (std::exchange(item.closed, true))
            continue;
        if (item.call >= 0 && item.wrapped)
            say(ToolCallDelta{.call = item.call, .arguments = unwrappedInput(item.said)});
        if (item.call >= 0)
            say(ToolCallEnd{.call = item.call});
        else if (item.is_call)
            fail(invalidAnswer("a call has no name"));
        else if (!item.reasoning.empty())
            say(ReasoningEnd{.part = {.text = item.said}});
    }
}

void ResponseStreamDecoder::onFinal(const JsonValue &event)
{
    const JsonValue response = event["response"];
    if (auto failure = failureOf(response)) {
        fail(*std::move(failure));
        return;
    }
    std::int64_t place = 0;
    for (const JsonValue json : response["output"].elements()) {
        const auto known = m_places.find(json["id"].stringOr(""));
        closeItem(m_items[known == m_places.end() ? place : known->second], json);
        ++place;
    }
    closeRest();
    if (m_ended) // an item was not to be told
        return;
    say(ChoiceFinish{.finish = finishOf(response, m_calls > 0)});
    if (auto usage = usageOf(response["usage"], UsageStyle::OpenAi))
        say(UsageReport{.usage = *std::move(usage)});
    say(StreamEnd{});
    m_ended = true;
}

void ResponseStreamDecoder::onFailed(const JsonValue &event)
{
    fail(failureOf(event["response"]).value_or(openAiErrorOf(event["error"])));
}

void ResponseStreamDecoder::onError(const JsonValue &event)
{
    fail(openAiErrorOf(event["error"].isObject() ? event["error"] : event));
}

} // namespace portolan::dialect::responses
