// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/usage.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace portolan::dialect {

/// How a provider reports token counts: `usage_style` of the catalog (its README, "Usage reports").
enum class UsageStyle : std::uint8_t {
    OpenAi,
    OpenAiReasoningExtra,
    Anthropic,
    BedrockConverse,
    Gemini,
    DeepSeek,
    Cohere,
    Ollama,
    None
};

/// OpenAi for a name that is not the catalog's.
[[nodiscard]] UsageStyle usageStyle(std::string_view name) noexcept;

using Count = std::optional<std::int64_t>;

/// What reports have said so far, under the names of the many providers but one slot for each meaning. Absent
/// and zero differ: a stream repeats some counts and leaves others out.
struct ReportedCounts {
    Count prompt{}; ///< prompt_tokens, promptTokenCount, prompt_eval_count: cached ones included
    Count input{};  ///< input_tokens, inputTokens: with or without the cached ones, see usageFrom()
    Count output{}; ///< completion_tokens, output_tokens, candidatesTokenCount, outputTokens, eval_count
    Count total{};
    Count cached{};     ///< cached_tokens, prompt_cache_hit_tokens, cachedContentTokenCount: a part of prompt
    Count written{};    ///< cache_write_tokens: a part of prompt
    Count cache_read{}; ///< cache_read_input_tokens, cacheReadInputTokens: beside input
    Count cache_created{}; ///< cache_creation_input_tokens, cacheWriteInputTokens: beside input
    Count created_5m{};    ///< the parts of cache_created
    Count created_1h{};
    Count reasoning{};
    Count thoughts{};    ///< thoughtsTokenCount: beside output
    Count tool_prompt{}; ///< toolUsePromptTokenCount: beside prompt
    Count audio_in{};    ///< with the cached ones
    Count image_in{};    ///< with the cached ones
    Count audio_cached{};
    Count image_cached{};
    Count audio_out{};
    Count image_out{};
    Count citation{};
    Count billed_input{}; ///< Cohere billed_units: they win over everything else
    Count billed_output{};
    std::vector<UsageUnit> units{};

    [[nodiscard]] bool empty() const noexcept;
    friend bool operator==(const ReportedCounts &, const ReportedCounts &) = default;
};

/// Takes each count over that the later report has; nothing is added up (README: "take the latest of each").
void takeOver(ReportedCounts &into, const ReportedCounts &later);

/// The one form that prices are computed from.
[[nodiscard]] Usage usageFrom(const ReportedCounts &counts, UsageStyle style);

/// False when parts are larger than what they are parts of: the report was read in the wrong style, or lies.
[[nodiscard]] bool isConsistent(const Usage &usage) noexcept;

} // namespace portolan::dialect
