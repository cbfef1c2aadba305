// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/callids.h"
#include "core/dialect/codec.h"
#include "core/dialect/cohere/answer.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect::cohere {

/// Reads the events of /v2/chat with stream (cohere.md 3). `message-end` is the terminal one; a "[DONE]"
/// behind it says nothing.
class CohereStreamDecoder final : public StreamDecoder
{
public:
    explicit CohereStreamDecoder(Exchange &exchange)
        : m_exchange(exchange)
        , m_ids(exchange)
    { }

    void frame(const Frame &frame, StreamEvents &out) override;
    void end(StreamEvents &out) override;

private:
    struct Call {
        std::int64_t number = 0;
        bool custom = false;
        bool silent = true; // no argument has come
        std::string held{}; // of a custom tool: its text can be unwrapped when all of it is there
    };

    void read(std::string_view type, const JsonValue &root, StreamEvents &out);
    void takeContent(const JsonValue &content, StreamEvents &out);
    void takeReasoning(const JsonValue &text, StreamEvents &out);
    void startCall(const JsonValue &root, StreamEvents &out);
    void takeArguments(Call &call, std::string arguments, StreamEvents &out);
    void endCall(std::int64_t index, StreamEvents &out);
    void finish(const JsonValue &delta, StreamEvents &out);
    void closeReasoning(StreamEvents &out);
    void fail(ApiError error, StreamEvents &out);

    Exchange &m_exchange;
    CallIds m_ids;
    std::map<std::int64_t, Call> m_open{}; // by Cohere's own index
    std::int64_t m_calls = 0;
    Outcome m_outcome{};
    std::string m_reasoning{}; // of the block that is open
    bool m_over = false;
};

} // namespace portolan::dialect::cohere
