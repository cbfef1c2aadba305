// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/rates.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace portolan::catalog {

namespace {

PriceKey sideOf(PriceKey key)
{
    return isOutput(key) ? PriceKey::Out : PriceKey::In;
}

template <typename Do>
void forEachKey(Do act)
{
    for (std::size_t i = 0; i < kPriceKeys; ++i)
        act(static_cast<PriceKey>(i));
}

const RegionalRow *regionalRow(const Entry &entry, std::string_view region)
{
    const auto is_it = [&](const RegionalRow &row) { return equalsIgnoringCase(row.region, region); };
    const auto found = std::ranges::find_if(entry.regional, is_it);
    return region.empty() || found == entry.regional.end() ? nullptr : &*found;
}

const Tier *tierFor(const Entry &entry, std::int64_t input)
{
    const auto reaches = [&](const Tier &tier) { return input > tier.over; };
    const auto first_beyond = std::ranges::find_if_not(entry.tiers, reaches);
    return first_beyond == entry.tiers.begin() ? nullptr : &*std::prev(first_beyond);
}

/// Words that providers use for a request without a service of its own.
bool isStandard(std::string_view service)
{
    constexpr std::array<std::string_view, 5> kWords = {"", "default", "standard", "auto", "on_demand"};
    return std::ranges::any_of(kWords, [&](auto word) { return equalsIgnoringCase(word, service); });
}

const std::optional<PriceRow> *serviceRow(const Entry &entry, std::string_view service)
{
    if (equalsIgnoringCase(service, "batch"))
        return &entry.batch;
    if (equalsIgnoringCase(service, "flex"))
        return &entry.flex;
    if (equalsIgnoringCase(service, "priority"))
        return &entry.priority;
    if (equalsIgnoringCase(service, "fast"))
        return &entry.fast;
    return nullptr;
}

} // namespace

std::optional<Rates> Rates::of(const CostQuestion &question)
{
    const Entry &entry = question.entry;
    if (!entry.price || !entry.price->get(PriceKey::In) || !entry.price->get(PriceKey::Out))
        return {};
    Rates rates;
    rates.start(entry, question.context.day);
    if (!rates.applyService(question))
        return {};
    if (const auto *tier = tierFor(entry, question.usage.input))
        rates.applyTier(*tier, *entry.price);
    return rates;
}

void Rates::start(const Entry &entry, std::string_view day)
{
    forEachKey([&](PriceKey key) {
        if (const auto price = entry.price->get(key))
            at(key) = Fraction(*price);
    });
    // Both are YYYY-MM-DD, so the order of the text is the order of the days.
    if (entry.scheduled && !day.empty() && day >= entry.scheduled_from) {
        applyRow(*entry.scheduled);
        m_changed = true;
    }
}

/// The row of the service, else of the region. False when a batch has no known price.
bool Rates::applyService(const CostQuestion &question)
{
    const auto service = question.context.service;
    const auto *row = serviceRow(question.entry, service);
    if (row && *row) {
        applyRow(**row);
        // The row was written for the prices before the announced change.
        m_estimate = m_estimate || m_changed;
        return true;
    }
    if (const auto *regional = regionalRow(question.entry, question.context.region))
        applyRow(regional->price);
    if (isStandard(service))
        return true;
    if (row != &question.entry.batch) {
        m_estimate = true;
        return true;
    }
    if (question.host.batch_factor)
        scale(Fraction::of(*question.host.batch_factor, kFactorOne));
    return question.host.batch_factor.has_value();
}

/// Keys that the row lacks keep their ratio to the text price of their side.
void Rates::applyRow(const PriceRow &row)
{
    const auto before = m_rates;
    forEachKey([&](PriceKey key) {
        auto &rate = at(key);
        const auto &side_before = before[static_cast<std::size_t>(sideOf(key))];
        const auto side_now = row.get(sideOf(key));
        if (const auto price = row.get(key))
            rate = Fraction(*price);
        else if (rate && side_now && side_before && !side_before->isZero())
            rate = rate->times(Fraction(*side_now)).dividedBy(*side_before);
    });
}

/// A tier's prices stand beside the standard ones, so what is applied is their ratio.
void Rates::applyTier(const Tier &tier, const PriceRow &standard)
{
    forEachKey([&](PriceKey key) {
        auto &rate = at(key);
        const auto side = sideOf(key);
        const bool has_own = tier.price.get(key) && standard.get(key).value_or(0) > 0;
        const auto over = tier.price.get(has_own ? key : side);
        const auto under = standard.get(has_own ? key : side);
        if (rate && over && under.value_or(0) > 0)
            rate = rate->times(Fraction::of(*over, *under));
        else if (tier.price.get(key))
            rate = Fraction(*tier.price.get(key)); // no ratio to a price of 0 or none
    });
}

void Rates::scale(const Fraction &factor)
{
    for (auto &rate : m_rates) {
        if (rate)
            rate = rate->times(factor);
    }
}

Fraction Rates::get(PriceKey key) const
{
    if (const auto &rate = at(key))
        return *rate;
    switch (key) {
    case PriceKey::CacheWrite1h:
        if (const auto &write = at(PriceKey::CacheWrite))
            return write->times(
                Fraction::of(8, 5)); // twice the input price where five minutes cost 1.25 times
        return get(PriceKey::In);
    case PriceKey::AudioCacheRead:
    case PriceKey::ImageCacheRead: return get(PriceKey::CacheRead);
    case PriceKey::In:
    case PriceKey::Out: return {}; // not reached: of() asks for both
    default: return get(sideOf(key));
    }
}

} // namespace portolan::catalog
