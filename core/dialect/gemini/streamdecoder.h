// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"
#include "core/dialect/gemini/answer.h"

#include <map>
#include <string>

namespace portolan::dialect::gemini {

/// Reads streamGenerateContent?alt=sse, and the same as one JSON array (gemini.md 7). There is no terminal
/// event: the end of the bytes completes what has something to show.
class GeminiStreamDecoder final : public StreamDecoder
{
public:
    explicit GeminiStreamDecoder(Exchange &exchange)
        : m_exchange(exchange)
        , m_ids(exchange)
    { }

    void frame(const Frame &frame, StreamEvents &out) override;
    void end(StreamEvents &out) override;

private:
    struct Candidate {
        std::int64_t calls = 0;
        Outcome outcome{};
        std::string reasoning{};   // of the block that is open
        std::string held{};        // text that a schema tool's call would replace
        std::string schema_text{}; // that call
        RawJson annotations{};     // running totals: the last ones count
        bool finished = false;
    };

    void read(const JsonValue &chunk, StreamEvents &out);
    void readCandidate(const JsonValue &candidate, StreamEvents &out);
    void readParts(std::int64_t choice, Candidate &state, const JsonValue &parts, StreamEvents &out);
    void take(std::int64_t choice, Candidate &state, Part part, StreamEvents &out);
    void takeText(std::int64_t choice, Candidate &state, std::string text, StreamEvents &out);
    void finish(std::int64_t choice, Candidate &state, const JsonValue &candidate, StreamEvents &out);
    void fail(ApiError error, StreamEvents &out);
    static void closeReasoning(std::int64_t choice, Candidate &state, StreamEvents &out);

    Exchange &m_exchange;
    CallIds m_ids;
    std::map<std::int64_t, Candidate> m_candidates{};
    bool m_started = false;
    bool m_over = false;
};

} // namespace portolan::dialect::gemini
