// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/usage.h"
#include "core/dialect/usagecounts.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// What an answer, or one event of a streamed one, says beside its content. Fields that are absent stay
/// empty; negative, absurd or non-numeric counts are dropped and `suspect` is set (reliability R23).
struct ReplyFacts {
    std::optional<Usage> usage{};
    std::string model{};
    std::string finish_reason{};
    std::string service_tier{};
    std::optional<std::int64_t> cost_nano_usd{}; ///< the provider's own, e.g. OpenRouter usage.cost
    std::string error_message{};                 ///< of an error object
    std::string error_code{};                    ///< its code or type
    bool has_error = false;
    bool has_content = false; ///< carries text, reasoning, a tool call or other output: what TTFT waits for
    std::size_t content_bytes = 0; ///< of text in it: what an estimate is made from when no usage comes
    bool usage_only = false;       ///< a chunk with "choices":[] and usage: the extra chunk of include_usage
    bool suspect = false;
    bool malformed = false; ///< not one JSON object (or array of them) from its first brace to its last

    ReportedCounts counts{}; ///< what `usage` was made from; mergeFacts makes it anew
    UsageStyle style = UsageStyle::OpenAi;
};

/// Reads the facts of answers and stream events in any of the OpenAI, Anthropic, Responses and embedding
/// shapes that OpenAI-compatible and Anthropic providers send. Never fails: what it does not understand it
/// leaves out. Keep one per thread: it holds simdjson's buffers.
class ReplyReader
{
public:
    ReplyReader();
    ~ReplyReader();
    ReplyReader(const ReplyReader &) = delete;
    ReplyReader &operator=(const ReplyReader &) = delete;

    /// A whole JSON answer. Of its content only the size is looked at.
    ReplyFacts body(std::string_view json, UsageStyle style);
    /// The data of one server-sent event ("[DONE]" included).
    ReplyFacts event(std::string_view data, UsageStyle style);

private:
    struct Parsers;
    ReplyFacts read(std::string_view json, UsageStyle style);

    std::unique_ptr<Parsers> m_parsers; // simdjson stays out of this header
};

/// Later events win; counts are taken over one by one, never added. `content_bytes` is the sum.
void mergeFacts(ReplyFacts &into, const ReplyFacts &event);

/// Tokens that a text of that many bytes has by rule of thumb (4 bytes a token), for interrupted streams.
[[nodiscard]] std::int64_t estimatedTokens(std::size_t bytes) noexcept;

} // namespace portolan::dialect
