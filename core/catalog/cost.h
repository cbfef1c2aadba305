// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/usage.h"
#include "core/catalog/catalog.h"
#include "core/catalog/entry.h"
#include "core/catalog/providers.h"

#include <optional>

namespace portolan::catalog {

/// What a cost is made of. `host` serves the request (its batch discount holds), `owner` has the entry.
struct CostQuestion {
    const Entry &entry;
    const ProviderPricing &host;
    const ProviderPricing &owner;
    const Usage &usage;
    const PriceContext &context;
};

/// The catalog README's "Cost" in exact fractions. Nothing when the entry does not price what was used.
[[nodiscard]] std::optional<Cost> costOf(const CostQuestion &question);

} // namespace portolan::catalog
