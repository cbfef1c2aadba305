// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/ledger.h"
#include "core/base/usage.h"
#include "core/catalog/catalog.h"
#include "core/catalog/tariff.h"
#include "core/trace/histogram.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace portolan::admission {

/// How long the answers of each model were. Bounded, because clients choose the names. One thread.
class LearnedOutputs
{
public:
    /// `output` tokens of one answer; nothing is learned from none.
    void note(std::string_view provider, std::string_view model, std::int64_t output);
    /// What 99 of 100 answers did not pass; nothing before kFewest were seen.
    [[nodiscard]] std::optional<std::int64_t> most(std::string_view provider, std::string_view model) const;
    [[nodiscard]] std::size_t size() const noexcept { return m_models.size(); }

    static constexpr std::size_t kMostModels = 256;
    static constexpr std::uint64_t kFewest = 20;
    static constexpr std::uint64_t kGeneration
        = 1'000; ///< answers; older ones than two of these are forgotten

private:
    struct Learned {
        trace::Histogram before{};
        trace::Histogram now{};
        std::uint64_t used = 0; // m_uses at its last note
    };
    std::unordered_map<std::string, Learned> m_models;
    std::uint64_t m_uses = 0;
};

/// What a model without a price is taken to cost, nano-USD per million tokens (reliability R24).
struct FallbackPrice {
    NanoUsd input{5'000'000'000};
    NanoUsd output{25'000'000'000};
};

/// What is known of a request before it is sent.
struct EstimateQuestion {
    std::int64_t input = 0; ///< tokens, estimated from the size of the prompt
    std::optional<std::int64_t>
        max_output{};                      ///< what the request allows per answer; nothing: it does not say
    std::int64_t choices = 1;              ///< answers asked for (`n`)
    std::optional<std::int64_t> learned{}; ///< LearnedOutputs::most()
    bool has_output = true;                ///< false: embeddings and others that are billed by input alone
    std::vector<UsageUnit> units{};        ///< what is billed by the piece, as far as it is known
};

inline constexpr std::int64_t kGuessedOutput = 4'096; ///< tokens, where nothing is known

/// The most that the request may take: its input and the longest answer that it allows, the model permits, or
/// else was learned; where there is no price, at the fallback's. `tariff` null: the model has no entry.
[[nodiscard]] Estimate estimateOf(const EstimateQuestion &question, const catalog::Tariff *tariff,
                                  const catalog::PriceContext &context, const FallbackPrice &fallback);

/// What such usage costs at the fallback's price, rounded up.
[[nodiscard]] NanoUsd fallbackCost(const FallbackPrice &fallback, std::int64_t input, std::int64_t output);

} // namespace portolan::admission
