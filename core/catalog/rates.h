// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/cost.h"
#include "core/catalog/entry.h"
#include "core/catalog/fraction.h"

#include <array>
#include <optional>

namespace portolan::catalog {

/// The token prices that hold for one request, nano-USD per million tokens: the standard row with the
/// announced change, the service's or the region's row, and the context tier applied in this order.
class Rates
{
public:
    /// Nothing when the entry has no token price, or none for a batch.
    static std::optional<Rates> of(const CostQuestion &question);

    /// With the README's substitutes for absent keys: a cached token without a price costs as much as any
    /// other.
    [[nodiscard]] Fraction get(PriceKey key) const;
    /// A row was missing or may be out of date.
    [[nodiscard]] bool isEstimate() const noexcept { return m_estimate; }

private:
    Rates() = default;
    void start(const Entry &entry, std::string_view day);
    bool applyService(const CostQuestion &question);
    void applyRow(const PriceRow &row);
    void applyTier(const Tier &tier, const PriceRow &standard);
    void scale(const Fraction &factor);

    [[nodiscard]] const std::optional<Fraction> &at(PriceKey key) const
    {
        return m_rates[static_cast<std::size_t>(key)];
    }
    [[nodiscard]] std::optional<Fraction> &at(PriceKey key) { return m_rates[static_cast<std::size_t>(key)]; }

    std::array<std::optional<Fraction>, kPriceKeys> m_rates{};
    bool m_estimate = false;
    bool m_changed = false; // an announced change is in force
};

} // namespace portolan::catalog
