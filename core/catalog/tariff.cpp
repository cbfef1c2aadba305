// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/tariff.h"

#include "core/catalog/cost.h"

namespace portolan::catalog {

std::optional<Cost> Tariff::price(const Usage &usage, const PriceContext &context) const
{
    if (m_found.match == Match::FreeLocal)
        return Cost{};
    if (!m_entry)
        return {};
    auto cost = costOf({
        .entry = *m_entry,
        .host = *m_host,
        .owner = *m_owner,
        .usage = usage,
        .context = context,
    });
    if (cost && isEstimate(m_found.match))
        cost->estimate = true;
    return cost;
}

} // namespace portolan::catalog
