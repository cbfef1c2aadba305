// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/cost.h"

#include "core/base/text.h"
#include "core/catalog/fraction.h"
#include "core/catalog/rates.h"

#include <algorithm>
#include <array>
#include <limits>

namespace portolan::catalog {

namespace {

constexpr std::int64_t kMillion = 1'000'000;
/// More than any report can mean; larger counts are cut to it.
constexpr std::int64_t kMostTokens = std::int64_t{1} << 53;

const NamedNumber *named(const std::vector<NamedNumber> &numbers, std::string_view name)
{
    const auto is_it = [&](const NamedNumber &number) { return equalsIgnoringCase(number.name, name); };
    const auto found = std::ranges::find_if(numbers, is_it);
    return found == numbers.end() ? nullptr : &*found;
}

class Calculation
{
public:
    explicit Calculation(const CostQuestion &question)
        : m_question(question)
        , m_usage(question.usage)
    { }

    std::optional<Cost> run();

private:
    enum Part : std::uint8_t { Input, Cached, Output };

    void checkCounts();
    void addTokens();
    bool addUnits();
    void add(Part part, std::int64_t count, const Fraction &rate);
    std::int64_t textOf(std::int64_t total, std::int64_t parts);
    [[nodiscard]] bool isFee(std::string_view unit) const;
    [[nodiscard]] std::optional<std::int64_t> unitPrice(std::string_view unit) const;
    [[nodiscard]] Cost split() const;

    const CostQuestion &m_question;
    Usage m_usage;
    bool m_has_tokens = false;
    bool m_prices_tokens = false;
    std::array<Fraction, 3> m_parts{}; // nano-USD
    bool m_estimate = false;
};

std::optional<Cost> Calculation::run()
{
    if (m_question.entry.variable_price)
        return {};
    checkCounts();
    addTokens();
    if (!addUnits())
        return {};
    Cost cost = split();
    cost.estimate = cost.estimate || m_estimate || m_question.entry.suspect;
    return cost;
}

void Calculation::checkCounts()
{
    for (auto *count :
         {&m_usage.input, &m_usage.cache_read, &m_usage.cache_write, &m_usage.cache_write_1h,
          &m_usage.audio_in, &m_usage.image_in, &m_usage.audio_cache_read, &m_usage.image_cache_read,
          &m_usage.output, &m_usage.reasoning, &m_usage.audio_out, &m_usage.image_out, &m_usage.citation}) {
        const auto possible = std::clamp<std::int64_t>(*count, 0, kMostTokens);
        m_estimate = m_estimate || possible != *count;
        m_has_tokens = m_has_tokens || possible > 0;
        *count = possible;
    }
}

void Calculation::add(Part part, std::int64_t count, const Fraction &rate)
{
    if (count == 0)
        return; // most counts of a report are, and exact arithmetic is slow
    m_parts[part] = m_parts[part].plus(rate.times(Fraction::of(count, kMillion)));
}

/// Text tokens: what the other counts leave of the total. Parts beyond the total mean that the report was
/// read in the wrong style.
std::int64_t Calculation::textOf(std::int64_t total, std::int64_t parts)
{
    m_estimate = m_estimate || parts > total;
    return std::max<std::int64_t>(0, total - parts);
}

void Calculation::addTokens()
{
    const auto rates = Rates::of(m_question);
    m_prices_tokens = rates.has_value();
    if (!rates || !m_has_tokens)
        return;
    m_estimate = m_estimate || rates->isEstimate();

    const Usage &u = m_usage;
    const auto text_in = textOf(u.input,
                                u.cache_read + u.cache_write + u.cache_write_1h + u.audio_in + u.image_in
                                    + u.audio_cache_read + u.image_cache_read);
    const auto text_out = textOf(u.output, u.reasoning + u.audio_out + u.image_out);
    const bool thinking_price = m_question.owner.reasoning_prices_output && u.reasoning > 0;

    add(Input, text_in, rates->get(PriceKey::In));
    add(Input, u.cache_write, rates->get(PriceKey::CacheWrite));
    add(Input, u.cache_write_1h, rates->get(PriceKey::CacheWrite1h));
    add(Input, u.audio_in, rates->get(PriceKey::AudioIn));
    add(Input, u.image_in, rates->get(PriceKey::ImageIn));
    add(Cached, u.cache_read, rates->get(PriceKey::CacheRead));
    add(Cached, u.audio_cache_read, rates->get(PriceKey::AudioCacheRead));
    add(Cached, u.image_cache_read, rates->get(PriceKey::ImageCacheRead));
    add(Output, text_out, rates->get(thinking_price ? PriceKey::Reasoning : PriceKey::Out));
    add(Output, u.reasoning, rates->get(PriceKey::Reasoning));
    add(Output, u.audio_out, rates->get(PriceKey::AudioOut));
    add(Output, u.image_out, rates->get(PriceKey::ImageOut));
    add(Output, u.citation, rates->get(PriceKey::Citation));

    if (const auto *factor = named(m_question.entry.region_multiplier, m_question.context.region)) {
        for (Fraction &part : m_parts)
            part = part.times(Fraction::of(factor->value, kFactorOne));
    }
}

/// Charged beside the tokens, not instead of them.
bool Calculation::isFee(std::string_view unit) const
{
    return startsWithIgnoringCase(unit, "web_search") || equalsIgnoringCase(unit, "request")
        || named(m_question.host.tools, unit) != nullptr;
}

std::optional<std::int64_t> Calculation::unitPrice(std::string_view unit) const
{
    const Entry &entry = m_question.entry;
    const auto *price = named(entry.units, unit);
    if (!price)
        price = named(entry.images, unit);
    if (!price && unit.find('/') != std::string_view::npos)
        price = named(entry.units, "image"); // a size without a price of its own
    if (!price && startsWithIgnoringCase(unit, "web_search_"))
        price = named(entry.units, "web_search");
    if (!price)
        price = named(m_question.host.tools, unit);
    return price ? std::optional(price->value) : std::nullopt;
}

/// False when something was used whose price is not known.
bool Calculation::addUnits()
{
    bool by_unit = false;
    for (const UsageUnit &unit : m_usage.units) {
        m_estimate = m_estimate || unit.count_micro < 0;
        const bool fee = isFee(unit.name);
        // Tokens and seconds (or pictures) of the same thing: tokens if they are reported, never both.
        if (unit.count_micro <= 0 || (!fee && m_has_tokens && m_prices_tokens))
            continue;
        if (const auto price = unitPrice(unit.name)) {
            add(Input, unit.count_micro, Fraction(*price).times(Fraction::of(1, kMillion)));
            by_unit = by_unit || !fee || !m_has_tokens;
        } else if (m_has_tokens && m_prices_tokens) {
            m_estimate = true;
        } else {
            return false;
        }
    }
    return m_prices_tokens || by_unit;
}

/// The whole is rounded once; its parts are cut, and what that loses goes to the largest.
Cost Calculation::split() const
{
    const Fraction sum = m_parts[Input].plus(m_parts[Cached]).plus(m_parts[Output]);
    std::array<std::int64_t, 3> parts{};
    auto left = sum.rounded();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i] = std::min(m_parts[i].floor(), left);
        left -= parts[i];
    }
    *std::ranges::max_element(parts) += left;
    return {
        .total = {sum.rounded()},
        .input = {parts[Input]},
        .cached = {parts[Cached]},
        .output = {parts[Output]},
        .estimate = sum.isTooLarge(),
    };
}

} // namespace

std::optional<Cost> costOf(const CostQuestion &question)
{
    return Calculation(question).run();
}

} // namespace portolan::catalog
