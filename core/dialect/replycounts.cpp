// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/replyshapes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace portolan::dialect {

namespace {

using Object = ReplyShape::Object;
using Value = ReplyShape::Value;
using Slot = Count ReportedCounts::*;
namespace ondemand = simdjson::ondemand;

/// More than any model's context or any batch of one request: such a count is a mistake or an attack.
constexpr double kMostTokens = 1e9;
constexpr double kMostUnits = 1e7;
constexpr double kMostCostUsd = 1e6;

struct Named {
    std::string_view name{};
    Slot slot = nullptr;
};

using Counts = ReportedCounts;

/// Members of a usage object (usageMetadata, or for Ollama of the answer itself), of any provider.
constexpr auto kCounts = std::to_array<Named>({
    {"prompt_tokens", &Counts::prompt},
    {"promptTokenCount", &Counts::prompt},
    {"prompt_eval_count", &Counts::prompt},
    {"input_tokens", &Counts::input},
    {"inputTokens", &Counts::input},
    {"completion_tokens", &Counts::output},
    {"output_tokens", &Counts::output},
    {"candidatesTokenCount", &Counts::output},
    {"outputTokens", &Counts::output},
    {"eval_count", &Counts::output},
    {"total_tokens", &Counts::total},
    {"totalTokenCount", &Counts::total},
    {"totalTokens", &Counts::total},
    {"cached_tokens", &Counts::cached},
    {"num_cached_tokens", &Counts::cached},
    {"prompt_cache_hit_tokens", &Counts::cached},
    {"cachedContentTokenCount", &Counts::cached},
    {"cache_read_input_tokens", &Counts::cache_read},
    {"cacheReadInputTokens", &Counts::cache_read},
    {"cache_creation_input_tokens", &Counts::cache_created},
    {"cacheWriteInputTokens", &Counts::cache_created},
    {"reasoning_tokens", &Counts::reasoning},
    {"thoughtsTokenCount", &Counts::thoughts},
    {"toolUsePromptTokenCount", &Counts::tool_prompt},
    {"citation_tokens", &Counts::citation},
});

constexpr auto kInputDetails = std::to_array<Named>({
    {"cached_tokens", &Counts::cached},
    {"cache_write_tokens", &Counts::written},
    {"audio_tokens", &Counts::audio_in},
    {"image_tokens", &Counts::image_in},
});

constexpr auto kCachedDetails = std::to_array<Named>({
    {"audio_tokens", &Counts::audio_cached},
    {"image_tokens", &Counts::image_cached},
});

constexpr auto kOutputDetails = std::to_array<Named>({
    {"reasoning_tokens", &Counts::reasoning},
    {"thinking_tokens", &Counts::reasoning},
    {"audio_tokens", &Counts::audio_out},
    {"image_tokens", &Counts::image_out},
});

constexpr auto kCacheCreation = std::to_array<Named>({
    {"ephemeral_5m_input_tokens", &Counts::created_5m},
    {"ephemeral_1h_input_tokens", &Counts::created_1h},
});

constexpr auto kBilled = std::to_array<Named>({
    {"input_tokens", &Counts::billed_input},
    {"output_tokens", &Counts::billed_output},
});

/// The number, or nothing and a suspicion; null says nothing at all.
std::optional<double> number(Value value, double most, ReplyFacts &facts)
{
    bool is_null = false;
    // Anything but a clean answer ("null5") is no null; the conversion to bool would throw.
    if (value.is_null().get(is_null) == simdjson::SUCCESS && is_null)
        return std::nullopt;
    double read = 0;
    if (value.get_double().get(read) != simdjson::SUCCESS || !(read >= 0 && read <= most)) {
        facts.suspect = true;
        return std::nullopt;
    }
    return read;
}

/// Whole numbers may be written with a fraction of zero (Cohere: 12.0); others are rounded (mapping.md 7).
void take(Value value, Count &count, ReplyFacts &facts)
{
    if (const auto read = number(value, kMostTokens, facts))
        count = std::llround(*read);
}

bool takeNamed(std::span<const Named> known, std::string_view name, Value value, ReplyFacts &facts)
{
    const auto found = std::ranges::find(known, name, &Named::name);
    if (found == known.end())
        return false;
    take(value, facts.counts.*found->slot, facts);
    return true;
}

/// The named counts of a member that is an object.
void takeAll(std::span<const Named> known, Value value, ReplyFacts &facts)
{
    Object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return;
    eachMember(object, [&](std::string_view name, Value member) { takeNamed(known, name, member, facts); });
}

void addUnits(std::string name, Value value, ReplyFacts &facts)
{
    const auto count = number(value, kMostUnits, facts);
    if (count && *count > 0)
        facts.counts.units.push_back({.name = std::move(name), .count_micro = std::llround(*count * 1e6)});
}

void readInputDetails(Value value, ReplyFacts &facts)
{
    Object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return;
    eachMember(object, [&](std::string_view name, Value member) {
        if (name == "cached_tokens_details")
            takeAll(kCachedDetails, member, facts);
        else
            takeNamed(kInputDetails, name, member, facts);
    });
}

/// Gemini: [{"modality":"AUDIO","tokenCount":2000}].
void readModalities(Value value, Slot audio, Slot image, ReplyFacts &facts)
{
    ondemand::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
        return;
    eachElement(list, [&](Value element) {
        Object object;
        if (element.get_object().get(object) != simdjson::SUCCESS)
            return;
        std::string modality;
        Count count;
        eachMember(object, [&](std::string_view name, Value member) {
            if (name == "modality")
                modality = shortText(member, 16);
            else if (name == "tokenCount")
                take(member, count, facts);
        });
        if (modality == "AUDIO")
            facts.counts.*audio = count;
        else if (modality == "IMAGE")
            facts.counts.*image = count;
    });
}

/// Bedrock: [{"ttl":"1h","inputTokens":10}].
void readCacheDetails(Value value, ReplyFacts &facts)
{
    ondemand::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
        return;
    eachElement(list, [&](Value element) {
        Object object;
        if (element.get_object().get(object) != simdjson::SUCCESS)
            return;
        std::string ttl;
        Count count;
        eachMember(object, [&](std::string_view name, Value member) {
            if (name == "ttl")
                ttl = shortText(member, 8);
            else if (name == "inputTokens")
                take(member, count, facts);
        });
        if (ttl == "1h")
            facts.counts.created_1h = count;
    });
}

/// Cohere; search units are what a rerank costs.
void readBilledUnits(Value value, ReplyFacts &facts)
{
    Object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return;
    eachMember(object, [&](std::string_view name, Value member) {
        if (name == "search_units")
            addUnits("query", member, facts);
        else if (name == "images")
            addUnits("image_in", member, facts);
        else
            takeNamed(kBilled, name, member, facts);
    });
}

void readCost(Value value, ReplyFacts &facts)
{
    Object object;
    if (value.get_object().get(object) == simdjson::SUCCESS) { // Perplexity
        eachMember(object, [&](std::string_view name, Value member) {
            if (name == "total_cost")
                readCost(member, facts);
        });
        return;
    }
    if (const auto usd = number(value, kMostCostUsd, facts))
        facts.cost_nano_usd = std::llround(*usd * 1e9);
}

/// Members of usage that hold counts one level further down, or are no counts; says whether the name is one
/// of them.
bool readNested(std::string_view name, Value value, ReplyFacts &facts)
{
    if (name == "prompt_tokens_details" || name == "prompt_token_details" || name == "input_tokens_details"
        || name == "input_token_details") {
        readInputDetails(value, facts);
    } else if (name == "completion_tokens_details" || name == "output_tokens_details"
               || name == "output_token_details") {
        takeAll(kOutputDetails, value, facts);
    } else if (name == "cache_creation") {
        takeAll(kCacheCreation, value, facts);
    } else if (name == "cacheDetails") {
        readCacheDetails(value, facts);
    } else if (name == "promptTokensDetails") {
        readModalities(value, &Counts::audio_in, &Counts::image_in, facts);
    } else if (name == "cacheTokensDetails") {
        readModalities(value, &Counts::audio_cached, &Counts::image_cached, facts);
    } else if (name == "candidatesTokensDetails") {
        readModalities(value, &Counts::audio_out, &Counts::image_out, facts);
    } else if (name == "billed_units") {
        readBilledUnits(value, facts);
    } else if (name == "cost") {
        readCost(value, facts);
    } else {
        return false;
    }
    return true;
}

} // namespace

std::optional<UsageUnit> audioSeconds(Value value, ReplyFacts &facts)
{
    const auto seconds = number(value, kMostUnits, facts);
    if (!seconds)
        return std::nullopt;
    return UsageUnit{.name = "audio_second", .count_micro = std::llround(*seconds * 1e6)};
}

bool readCount(std::string_view name, Value value, ReplyFacts &facts)
{
    return takeNamed(kCounts, name, value, facts);
}

void readCounts(Object object, ReplyFacts &facts)
{
    std::string search_size;
    Count searches;
    eachMember(object, [&](std::string_view name, Value value) {
        if (readCount(name, value, facts) || readNested(name, value, facts))
            return;
        if (name == "service_tier") {
            facts.service_tier = shortText(value, 64);
        } else if (name == "seconds") { // transcriptions: {"type":"duration","seconds":95}
            if (auto seconds = audioSeconds(value, facts))
                facts.counts.units.push_back(*std::move(seconds));
        } else if (name == "search_context_size") {
            search_size = shortText(value, 16);
        } else if (name == "num_search_queries") {
            take(value, searches, facts);
        } else if (name == "server_tool_use") {
            Object tools;
            if (value.get_object().get(tools) != simdjson::SUCCESS)
                return;
            eachMember(tools, [&](std::string_view tool, Value count) {
                if (tool == "web_search_requests")
                    addUnits("web_search", count, facts);
            });
        }
    });
    // Perplexity bills its deep research, which alone reports citations, by the search and the rest by the
    // request.
    if (facts.counts.citation && searches && *searches > 0)
        facts.counts.units.push_back({.name = "web_search", .count_micro = *searches * 1'000'000});
    else if (search_size == "low" || search_size == "medium" || search_size == "high")
        facts.counts.units.push_back({.name = "web_search_" + search_size, .count_micro = 1'000'000});
}

} // namespace portolan::dialect
