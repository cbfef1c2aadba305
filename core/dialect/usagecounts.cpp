// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/usagecounts.h"

#include <algorithm>
#include <array>

namespace portolan::dialect {

namespace {

using Slot = Count ReportedCounts::*;

constexpr auto kSlots = std::to_array<Slot>({
    &ReportedCounts::prompt,        &ReportedCounts::input,         &ReportedCounts::output,
    &ReportedCounts::total,         &ReportedCounts::cached,        &ReportedCounts::written,
    &ReportedCounts::cache_read,    &ReportedCounts::cache_created, &ReportedCounts::created_5m,
    &ReportedCounts::created_1h,    &ReportedCounts::reasoning,     &ReportedCounts::thoughts,
    &ReportedCounts::tool_prompt,   &ReportedCounts::audio_in,      &ReportedCounts::image_in,
    &ReportedCounts::audio_cached,  &ReportedCounts::image_cached,  &ReportedCounts::audio_out,
    &ReportedCounts::image_out,     &ReportedCounts::citation,      &ReportedCounts::billed_input,
    &ReportedCounts::billed_output,
});

std::int64_t without(std::int64_t whole, std::int64_t part)
{
    return std::max<std::int64_t>(whole - part, 0);
}

/// Anthropic and Bedrock Converse count what the cache read and wrote beside the input; so does everyone who
/// names those counts as they do, unless prompt_tokens says that it means all of them.
bool countsCacheBeside(const ReportedCounts &counts, UsageStyle style)
{
    if (counts.prompt)
        return false;
    return style == UsageStyle::Anthropic || style == UsageStyle::BedrockConverse || counts.cache_read
        || counts.cache_created || counts.created_5m || counts.created_1h;
}

void readInput(const ReportedCounts &counts, UsageStyle style, Usage &usage)
{
    const std::int64_t hour = counts.created_1h.value_or(0);
    const std::int64_t split = counts.created_5m.value_or(0) + hour;
    const std::int64_t created = std::max(counts.cache_created.value_or(0), split);
    usage.cache_write = counts.written.value_or(created - hour);
    usage.cache_write_1h = hour;
    usage.audio_cache_read = counts.audio_cached.value_or(0);
    usage.image_cache_read = counts.image_cached.value_or(0);
    usage.audio_in = without(counts.audio_in.value_or(0), usage.audio_cache_read);
    usage.image_in = without(counts.image_in.value_or(0), usage.image_cache_read);

    if (countsCacheBeside(counts, style)) {
        usage.cache_read = counts.cache_read.value_or(0);
        usage.input = counts.input.value_or(0) + usage.cache_read + created;
        return;
    }
    const std::int64_t cached = counts.cached.value_or(counts.cache_read.value_or(0));
    usage.cache_read = without(cached, usage.audio_cache_read + usage.image_cache_read);
    usage.input = counts.prompt.value_or(counts.input.value_or(0)) + counts.tool_prompt.value_or(0);
}

/// xAI and Perplexity's deep research count reasoning beside the completion; the total tells when one does
/// not.
bool countsReasoningBeside(const ReportedCounts &counts, UsageStyle style)
{
    if (style != UsageStyle::OpenAiReasoningExtra || !counts.reasoning)
        return false;
    const std::int64_t inside = counts.prompt.value_or(counts.input.value_or(0)) + counts.output.value_or(0);
    return counts.total != inside;
}

void readOutput(const ReportedCounts &counts, UsageStyle style, Usage &usage)
{
    usage.output = counts.output.value_or(0) + counts.thoughts.value_or(0);
    usage.reasoning = counts.reasoning.value_or(counts.thoughts.value_or(0));
    if (countsReasoningBeside(counts, style))
        usage.output += usage.reasoning;
    usage.audio_out = counts.audio_out.value_or(0);
    usage.image_out = counts.image_out.value_or(0);
    usage.citation = counts.citation.value_or(0);
}

} // namespace

UsageStyle usageStyle(std::string_view name) noexcept
{
    struct Named {
        std::string_view name{};
        UsageStyle style = UsageStyle::OpenAi;
    };
    constexpr auto kStyles = std::to_array<Named>({
        {"openai", UsageStyle::OpenAi},
        {"openai-reasoning-extra", UsageStyle::OpenAiReasoningExtra},
        {"anthropic", UsageStyle::Anthropic},
        {"bedrock-converse", UsageStyle::BedrockConverse},
        {"gemini", UsageStyle::Gemini},
        {"deepseek", UsageStyle::DeepSeek},
        {"cohere", UsageStyle::Cohere},
        {"ollama", UsageStyle::Ollama},
        {"none", UsageStyle::None},
    });
    const auto found = std::ranges::find(kStyles, name, &Named::name);
    return found == kStyles.end() ? UsageStyle::OpenAi : found->style;
}

bool ReportedCounts::empty() const noexcept
{
    return units.empty()
        && std::ranges::none_of(kSlots, [&](Slot slot) { return (this->*slot).has_value(); });
}

void takeOver(ReportedCounts &into, const ReportedCounts &later)
{
    for (const Slot slot : kSlots) {
        if (later.*slot)
            into.*slot = later.*slot;
    }
    if (!later.units.empty())
        into.units = later.units;
}

Usage usageFrom(const ReportedCounts &counts, UsageStyle style)
{
    Usage usage{.units = counts.units};
    if (counts.billed_input || counts.billed_output) {
        usage.input = counts.billed_input.value_or(0);
        usage.output = counts.billed_output.value_or(0);
        return usage;
    }
    readInput(counts, style, usage);
    readOutput(counts, style, usage);
    return usage;
}

bool isConsistent(const Usage &usage) noexcept
{
    const std::int64_t parts_in = usage.cache_read + usage.cache_write + usage.cache_write_1h + usage.audio_in
        + usage.image_in + usage.audio_cache_read + usage.image_cache_read;
    const std::int64_t parts_out = usage.reasoning + usage.audio_out + usage.image_out;
    return parts_in <= usage.input && parts_out <= usage.output;
}

} // namespace portolan::dialect
