// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/estimate.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace portolan::admission {

namespace {

constexpr std::int64_t kMostTokens = 1'000'000'000; // of one request: what a hostile client writes is larger
constexpr std::int64_t kMostChoices = 1'024;

/// A length in front: no provider and model pass for another two.
std::string keyOf(std::string_view provider, std::string_view model)
{
    std::string key = std::to_string(provider.size());
    key.append(1, ' ').append(provider).append(model);
    return key;
}

std::int64_t answerOf(const EstimateQuestion &question, const catalog::Resolution *found)
{
    auto answer = question.max_output.value_or(question.learned.value_or(kGuessedOutput));
    // A near name may have other limits.
    const bool isSure = found && found->model && !catalog::isEstimate(found->match);
    if (isSure && found->model->max_output > 0)
        answer = std::min(answer, found->model->max_output);
    return std::clamp<std::int64_t>(answer, 0, kMostTokens);
}

} // namespace

void LearnedOutputs::note(std::string_view provider, std::string_view model, std::int64_t output)
{
    if (output <= 0)
        return;
    auto key = keyOf(provider, model);
    auto place = m_models.find(key);
    if (place == m_models.end()) {
        if (m_models.size() >= kMostModels)
            m_models.erase(
                std::ranges::min_element(m_models, {}, [](const auto &entry) { return entry.second.used; }));
        place = m_models.emplace(std::move(key), Learned{}).first;
    }
    auto &learned = place->second;
    learned.used = ++m_uses;
    learned.now.add(output);
    if (learned.now.count() >= kGeneration)
        learned.before = std::exchange(learned.now, {});
}

std::optional<std::int64_t> LearnedOutputs::most(std::string_view provider, std::string_view model) const
{
    const auto found = m_models.find(keyOf(provider, model));
    if (found == m_models.end())
        return std::nullopt;
    const auto &[before, now, used] = found->second;
    if (before.count() + now.count() < kFewest)
        return std::nullopt;
    return std::max(before.percentile(0.99), now.percentile(0.99));
}

NanoUsd fallbackCost(const FallbackPrice &fallback, std::int64_t input, std::int64_t output)
{
    constexpr std::int64_t kMillion = 1'000'000;
    const auto sum = __int128(std::max<std::int64_t>(input, 0)) * fallback.input.value
        + __int128(std::max<std::int64_t>(output, 0)) * fallback.output.value;
    const auto cost = (sum + kMillion - 1) / kMillion;
    return NanoUsd{std::int64_t(std::min<__int128>(cost, std::numeric_limits<std::int64_t>::max()))};
}

Estimate estimateOf(const EstimateQuestion &question, const catalog::Tariff *tariff,
                    const catalog::PriceContext &context, const FallbackPrice &fallback)
{
    Usage usage;
    usage.input = std::clamp<std::int64_t>(question.input, 0, kMostTokens);
    if (question.has_output)
        usage.output = answerOf(question, tariff ? &tariff->resolution() : nullptr)
            * std::clamp<std::int64_t>(question.choices, 1, kMostChoices);
    usage.units = question.units;
    const auto cost = tariff ? tariff->price(usage, context) : std::nullopt;
    return {.tokens = usage.input + usage.output,
            .cost = cost ? cost->total : fallbackCost(fallback, usage.input, usage.output),
            .guessed = question.has_output && !question.max_output};
}

} // namespace portolan::admission
