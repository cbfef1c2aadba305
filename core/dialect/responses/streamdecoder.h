// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/callids.h"
#include "core/dialect/codec.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace portolan::dialect::responses {

/// Reads the stream of openai.md 13. Events are routed by the id of their item, else by output_index. What
/// no delta said is taken from the item's end or from the final response, so that servers which leave out
/// deltas, ends or the final output are understood too. Events that nobody knows are ignored.
class ResponseStreamDecoder : public StreamDecoder
{
public:
    explicit ResponseStreamDecoder(Exchange &exchange);

    void frame(const Frame &frame, StreamEvents &out) override;
    void end(StreamEvents &out) override;

private:
    struct Item {
        std::int64_t call = -1; ///< of a call that has been started
        bool is_call = false;   ///< arguments have come, whether it has been started or not
        bool wrapped = false;   ///< a custom tool as a function: told when it is whole
        bool whole = false;     ///< all of its arguments have come
        bool closed = false;    ///< its end has come
        bool annotated = false;
        std::string said{}; ///< text, reasoning or arguments that deltas gave
        std::string refusal{};
        std::string_view reasoning{}; ///< which of the two kinds of reasoning it gives; a literal
        std::int64_t paragraph = 0;
    };
    struct Handler {
        std::string_view type;
        void (ResponseStreamDecoder::*read)(const JsonValue &);
    };
    static const Handler kHandlers[];

    void onStart(const JsonValue &event);
    void onItemAdded(const JsonValue &event);
    void onTextDelta(const JsonValue &event);
    void onTextDone(const JsonValue &event);
    void onRefusalDelta(const JsonValue &event);
    void onAnnotation(const JsonValue &event);
    void onSummaryDelta(const JsonValue &event);
    void onReasoningDelta(const JsonValue &event);
    void onCallDelta(const JsonValue &event);
    void onCallDone(const JsonValue &event);
    void onItemDone(const JsonValue &event);
    void onFinal(const JsonValue &event);
    void onFailed(const JsonValue &event);
    void onError(const JsonValue &event);

    Item &itemOf(const JsonValue &event, const JsonValue &id);
    void reasoningDelta(const JsonValue &event, std::string_view kind, const JsonValue &paragraph);
    void startCall(Item &item, const JsonValue &json);
    void closeItem(Item &item, const JsonValue &json);
    void closeMessage(Item &item, const JsonValue &json);
    void closeCall(Item &item, const JsonValue &json);
    void closeReasoning(Item &item, const JsonValue &json);
    void closeRest();
    void callText(Item &item, std::string_view whole);
    void say(StreamEvent event)
    {
        if (!m_ended)
            m_out->push_back(std::move(event));
    }
    void fail(ApiError error);

    Exchange &m_exchange;
    CallIds m_call_ids;
    std::map<std::int64_t, Item> m_items{};         // by output_index
    std::map<std::string, std::int64_t> m_places{}; // ids to output_index
    std::int64_t m_calls = 0;
    bool m_ended = false;
    StreamEvents *m_out = nullptr; // while frame() or end() runs
};

} // namespace portolan::dialect::responses
