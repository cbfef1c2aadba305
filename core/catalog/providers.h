// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"
#include "core/catalog/entry.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace portolan::catalog {

/// What a provider adds to the prices of its models.
struct ProviderPricing {
    std::optional<std::int64_t> batch_factor{}; ///< billionths of the standard price
    bool reasoning_prices_output = false;       ///< with thinking on, its price holds for all output
    std::vector<NamedNumber> tools{};           ///< nano-USD per million calls
};

struct ProviderLine {
    Provider provider{};
    ProviderPricing pricing{};
};

/// One line of providers.txt. Nothing when it is not well formed. Views point into the line.
[[nodiscard]] std::optional<ProviderLine> readProvider(std::string_view line);

} // namespace portolan::catalog
