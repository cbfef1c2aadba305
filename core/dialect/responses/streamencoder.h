// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/responses/responseobject.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect::responses {

/// Writes the stream of openai.md 13. Messages and reasoning stand one after another; calls may be open side
/// by side, each with the output_index it got when it was first seen. Every item is closed before the final
/// event, except that a failed stream leaves open what it broke off: an agent runs a call as soon as it is
/// closed.
class ResponseStreamEncoder : public StreamEncoder
{
public:
    explicit ResponseStreamEncoder(Exchange &exchange);

    void event(const StreamEvent &event, std::string &out) override;

private:
    void on(const StreamStart &start);
    void on(const TextDelta &delta);
    void on(const RefusalDelta &delta);
    void on(const ReasoningDelta &delta);
    void on(const ReasoningEnd &end);
    void on(const ToolCallStart &start);
    void on(const ToolCallDelta &delta);
    void on(const ToolCallEnd &end);
    void on(const WholePart &whole);
    void on(const AnnotationDelta &delta);
    void on(const LogprobsDelta &delta);
    void on(const ChoiceFinish &finish);
    void on(const UsageReport &report);
    void on(const StreamFailure &failure);
    void on(const StreamEnd &end);

    // Every event goes through these three: its head, what is in it, its end.
    JsonWriter &begin(std::string_view type);
    JsonWriter &beginFor(std::string_view type, std::size_t index); ///< with item_id and output_index
    void send();

    std::size_t open(OutputItem item);
    void close(std::size_t index, ItemStatus status);
    void closeText(ItemStatus status); ///< reasoning or message, whichever is open
    void closePart(std::size_t index);
    void finishCall(std::size_t index, ItemStatus status);
    void content(bool refusal, std::string_view text);
    void openPart(bool refusal);
    void reasoningText(std::string_view text);
    void itemEvent(std::string_view type, std::size_t index);
    void snapshot(std::string_view type);
    [[nodiscard]] ContentPart *openText();

    Exchange &m_exchange;
    ToolSpaces m_spaces;
    ResponseObject m_response{};
    std::vector<OutputItem> m_items{};
    std::optional<std::size_t> m_open_text{};      // the message or reasoning that is open
    std::map<std::int64_t, std::size_t> m_calls{}; // open ones
    bool m_told_reasoning = false; // of the block that the provider has not called complete yet
    bool m_started = false;
    std::int64_t m_sequence = 0;
    std::string m_json{};
    std::optional<JsonWriter> m_writer{};
    std::string_view m_type{};
    std::string *m_out = nullptr; // while event() runs
};

} // namespace portolan::dialect::responses
