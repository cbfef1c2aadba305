// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/entry.h"

#include "core/catalog/fields.h"

#include <algorithm>
#include <utility>

namespace portolan::catalog {

namespace {

constexpr std::array<std::string_view, kPriceKeys> kKeyNames = {
    "in",        "out",       "cache_read",       "cache_write", "cache_write_1h",
    "reasoning", "citation",  "audio_in",         "audio_out",   "audio_cache_read",
    "image_in",  "image_out", "image_cache_read", "video_in",    "video_out",
};

std::optional<PriceRow> readRow(std::string_view text)
{
    PriceRow row;
    while (!text.empty()) {
        auto value = takeUntil(text, ',');
        const auto name = takeUntil(value, ':');
        const auto known = std::ranges::find(kKeyNames, name);
        const auto price = readScaled(value, kTokenScale);
        if (known == kKeyNames.end() || !price)
            return {};
        row.set(static_cast<PriceKey>(known - kKeyNames.begin()), *price);
    }
    return row;
}

bool into(std::optional<PriceRow> &row, std::string_view text)
{
    row = readRow(text);
    return row.has_value();
}

bool into(std::int64_t &number, std::string_view text)
{
    const auto count = readCount(text);
    number = count.value_or(0);
    return count.has_value();
}

bool into(std::vector<NamedNumber> &numbers, std::string_view text, int scale)
{
    auto read = readNamed(text, scale);
    if (!read)
        return false;
    numbers = *std::move(read);
    return true;
}

bool readTiers(Entry &entry, std::string_view text)
{
    while (!text.empty()) {
        auto prices = takeUntil(text, ';');
        const auto over = readCount(takeUntil(prices, '>'));
        const auto row = readRow(prices);
        if (!over || !row || (!entry.tiers.empty() && *over <= entry.tiers.back().over))
            return false;
        entry.tiers.push_back({.over = *over, .price = *row});
    }
    return true;
}

bool readRegional(Entry &entry, std::string_view text)
{
    while (!text.empty()) {
        auto prices = takeUntil(text, ';');
        const auto region = takeUntil(prices, '>');
        const auto row = readRow(prices);
        if (region.empty() || !row)
            return false;
        entry.regional.push_back({.region = region, .price = *row});
    }
    return true;
}

bool readPrices(Entry &entry, std::string_view key, std::string_view text)
{
    if (key == "price")
        return into(entry.price, text);
    if (key == "batch")
        return into(entry.batch, text);
    if (key == "flex")
        return into(entry.flex, text);
    if (key == "priority")
        return into(entry.priority, text);
    if (key == "fast")
        return into(entry.fast, text);
    if (key == "tiers")
        return readTiers(entry, text);
    if (key == "units")
        return into(entry.units, text, kUnitScale);
    if (key == "images")
        return into(entry.images, text, kUnitScale);
    if (key == "regional")
        return readRegional(entry, text);
    if (key == "region_multiplier")
        return into(entry.region_multiplier, text, kFactorScale);
    if (key == "scheduled") {
        entry.scheduled_from = takeUntil(text, '>');
        return into(entry.scheduled, text);
    }
    return true; // a fact that no code here needs
}

bool readField(Entry &entry, std::string_view key, std::string_view text)
{
    if (key == "ctx")
        return into(entry.context, text);
    if (key == "max_out")
        return into(entry.max_output, text);
    if (key == "name")
        entry.name = text;
    else if (key == "caps")
        entry.caps = splitList(text, ',');
    else if (key == "status")
        entry.status = text;
    else if (key == "released")
        entry.released = text;
    else if (key == "suspect")
        entry.suspect = true;
    else if (key == "variable_price")
        entry.variable_price = true;
    else if (key == "responses_only")
        entry.responses_only = true;
    else
        return readPrices(entry, key, text);
    return true;
}

} // namespace

bool isOutput(PriceKey key) noexcept
{
    switch (key) {
    case PriceKey::Out:
    case PriceKey::Reasoning:
    case PriceKey::Citation:
    case PriceKey::AudioOut:
    case PriceKey::ImageOut:
    case PriceKey::VideoOut: return true;
    default: return false;
    }
}

std::optional<std::int64_t> PriceRow::get(PriceKey key) const noexcept
{
    const auto price = m_prices[static_cast<std::size_t>(key)];
    return price == kAbsent ? std::nullopt : std::optional(price);
}

std::optional<std::vector<NamedNumber>> readNamed(std::string_view text, int scale)
{
    std::vector<NamedNumber> numbers;
    while (!text.empty()) {
        auto value = takeUntil(text, ',');
        const auto name = takeUntil(value, ':');
        const auto number = readScaled(value, scale);
        if (name.empty() || !number)
            return {};
        numbers.push_back({.name = name, .value = *number});
    }
    return numbers;
}

std::optional<Entry> readEntry(std::string_view line)
{
    Entry entry;
    entry.id = takeUntil(line, '\t');
    entry.aliases = splitList(takeUntil(line, '\t'), ',');
    entry.mode = takeUntil(line, '\t');
    if (entry.id.empty() || entry.mode.empty())
        return {};
    while (!line.empty()) {
        auto text = takeUntil(line, '\t');
        const auto key = takeUntil(text, '=');
        if (key.empty() || !readField(entry, key, text))
            return {};
    }
    return entry;
}

} // namespace portolan::catalog
