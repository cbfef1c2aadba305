// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"
#include "core/catalog/entry.h"
#include "core/catalog/providers.h"

#include <optional>
#include <utility>

namespace portolan::catalog {

/// A resolution with its entry read: ready to price any usage of that model at that provider. Finding it
/// costs ten times what the arithmetic does. Immutable; lives no longer than the catalog.
class Tariff
{
public:
    /// Of an entry: `host` serves the request, `owner` has the entry.
    Tariff(Resolution found, Entry entry, const ProviderPricing &host, const ProviderPricing &owner)
        : m_found(std::move(found))
        , m_entry(std::move(entry))
        , m_host(&host)
        , m_owner(&owner)
    { }
    /// Of what has no entry: unknown, or free.
    explicit Tariff(Resolution found)
        : m_found(std::move(found))
    { }

    [[nodiscard]] const Resolution &resolution() const noexcept { return m_found; }
    /// As Catalog::price().
    [[nodiscard]] std::optional<Cost> price(const Usage &usage, const PriceContext &context) const;

private:
    Resolution m_found;
    std::optional<Entry> m_entry{};
    const ProviderPricing *m_host = nullptr;
    const ProviderPricing *m_owner = nullptr;
};

} // namespace portolan::catalog
