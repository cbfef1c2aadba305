// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace portolan::catalog {

/// What a token price is for (resources/catalog/README.md).
enum class PriceKey : std::uint8_t {
    In,
    Out,
    CacheRead,
    CacheWrite,
    CacheWrite1h,
    Reasoning,
    Citation,
    AudioIn,
    AudioOut,
    AudioCacheRead,
    ImageIn,
    ImageOut,
    ImageCacheRead,
    VideoIn,
    VideoOut,
};
inline constexpr std::size_t kPriceKeys = 15;

[[nodiscard]] bool isOutput(PriceKey key) noexcept;

/// Token prices, nano-USD per million tokens.
class PriceRow
{
public:
    [[nodiscard]] std::optional<std::int64_t> get(PriceKey key) const noexcept;
    void set(PriceKey key, std::int64_t price) noexcept { m_prices[static_cast<std::size_t>(key)] = price; }

private:
    static constexpr std::int64_t kAbsent = -1;
    std::array<std::int64_t, kPriceKeys> m_prices = [] {
        std::array<std::int64_t, kPriceKeys> prices{};
        prices.fill(kAbsent);
        return prices;
    }();
};

struct Tier {
    std::int64_t over = 0; ///< holds for requests with more input tokens than this
    PriceRow price{};
};

struct RegionalRow {
    std::string_view region{};
    PriceRow price{};
};

/// A price or a factor with its name.
struct NamedNumber {
    std::string_view name{};
    std::int64_t value = 0;
};

inline constexpr int kTokenScale = 9;  ///< USD per million tokens to nano-USD per million
inline constexpr int kUnitScale = 15;  ///< USD per unit to nano-USD per million units
inline constexpr int kFactorScale = 9; ///< 1.1 to 1,100,000,000
inline constexpr std::int64_t kFactorOne = 1'000'000'000;

/// Everything that one line of models.txt says. Views point into the line.
struct Entry {
    std::string_view id{};
    std::vector<std::string_view> aliases{};
    std::string_view mode{};
    std::string_view name{};
    std::vector<std::string_view> caps{};
    std::string_view status{};
    std::string_view released{}; ///< YYYY-MM or YYYY-MM-DD
    std::int64_t context = 0;
    std::int64_t max_output = 0;
    bool suspect = false;
    bool variable_price = false;
    bool responses_only = false;

    std::optional<PriceRow> price{};
    std::optional<PriceRow> batch{};
    std::optional<PriceRow> flex{};
    std::optional<PriceRow> priority{};
    std::optional<PriceRow> fast{};
    std::vector<Tier> tiers{}; ///< ascending
    std::string_view scheduled_from{};
    std::optional<PriceRow> scheduled{};
    std::vector<NamedNumber> units{};  ///< nano-USD per million units
    std::vector<NamedNumber> images{}; ///< by quality/size, likewise
    std::vector<RegionalRow> regional{};
    std::vector<NamedNumber> region_multiplier{}; ///< billionths
};

/// Nothing when the line is not well formed.
[[nodiscard]] std::optional<Entry> readEntry(std::string_view line);

/// "web_search:0.01,request:0.005" at the given scale.
[[nodiscard]] std::optional<std::vector<NamedNumber>> readNamed(std::string_view text, int scale);

} // namespace portolan::catalog
