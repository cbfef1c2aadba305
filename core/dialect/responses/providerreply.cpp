// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/providerreply.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/callids.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/responses/answeritems.h"
#include "core/dialect/tooltext.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::responses {
namespace {

class ReplyReader
{
public:
    explicit ReplyReader(Exchange &exchange)
        : m_exchange(exchange)
        , m_ids(exchange)
    { }

    /// False when the item can't be told.
    [[nodiscard]] bool read(const JsonValue &item);
    [[nodiscard]] Choice take(const JsonValue &response);

private:
    void readMessage(const JsonValue &item);
    bool readCall(const JsonValue &item);
    void readLogprobs(const JsonValue &item);

    Exchange &m_exchange;
    CallIds m_ids;
    Choice m_choice{};
};

bool ReplyReader::read(const JsonValue &item)
{
    if (!item["type"].isString())
        return false;
    if (item["type"].equals("message")) {
        readMessage(item);
    } else if (isCall(item)) {
        return readCall(item);
    } else if (item["type"].equals("reasoning")) {
        if (auto part = reasoningOf(item))
            m_choice.parts.push_back({.content = *std::move(part)});
    } else {
        m_choice.parts.push_back(wholePart(item));
    }
    return true;
}

void ReplyReader::readMessage(const JsonValue &item)
{
    if (std::string text = messageText(item); !text.empty())
        m_choice.parts.push_back({.content = TextPart{.text = std::move(text)}});
    if (std::string refusal = messageRefusal(item); !refusal.empty())
        m_choice.parts.push_back({.content = RefusalPart{.text = std::move(refusal)}});
    if (m_choice.annotations.empty())
        m_choice.annotations = messageAnnotations(item);
    readLogprobs(item);
}

void ReplyReader::readLogprobs(const JsonValue &item)
{
    for (const JsonValue part : item["content"].elements()) {
        const JsonValue logprobs = part["logprobs"];
        if (logprobs.isArray() && !logprobs.empty() && m_choice.logprobs.empty())
            JsonWriter(m_choice.logprobs.text).object().key("content").raw(logprobs.raw()).end();
    }
}

bool ReplyReader::readCall(const JsonValue &item)
{
    auto call = callOf(item, m_exchange);
    if (!call)
        return false;
    call->id = m_ids.take(std::move(call->id));
    call->arguments = isWrapped(*call, item) ? unwrappedInput(callText(item)) : callText(item);
    m_choice.parts.push_back({.content = *std::move(call)});
    return true;
}

Choice ReplyReader::take(const JsonValue &response)
{
    const bool has_calls = std::ranges::any_of(
        m_choice.parts, [](const Part &part) { return std::holds_alternative<ToolCallPart>(part.content); });
    m_choice.finish = finishOf(response, has_calls);
    return std::move(m_choice);
}

} // namespace

std::expected<Reply, ApiError> decodeReply(const WireReply &reply, Exchange &exchange)
{
    const auto body = JsonDocument::parse(reply.body);
    if (!body)
        return std::unexpected(invalidAnswer("it is not JSON"));
    const JsonValue response(*body);
    if (auto failure = failureOf(response))
        return std::unexpected(*std::move(failure));
    if (!response["output"].isArray())
        return std::unexpected(invalidAnswer("it has no output"));
    ReplyReader reader(exchange);
    for (const JsonValue item : response["output"].elements()) {
        if (!reader.read(item))
            return std::unexpected(invalidAnswer("an item of its output lacks its type or name"));
    }
    Reply decoded{.id = response["id"].stringOr(""),
                  .model = response["model"].stringOr(""),
                  .usage = usageOf(response["usage"], UsageStyle::OpenAi),
                  .service_tier = response["service_tier"].stringOr("")};
    decoded.choices.push_back(reader.take(response));
    return decoded;
}

} // namespace portolan::dialect::responses
