// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/tariffcache.h"

#include <array>

namespace portolan::catalog {

namespace {

std::string_view bytesOf(const std::array<std::size_t, 2> &lengths)
{
    return {reinterpret_cast<const char *>(lengths.data()), sizeof lengths};
}

} // namespace

const Tariff &TariffCache::find(const std::shared_ptr<const Catalog> &catalog, std::string_view provider,
                                std::string_view asked, std::string_view answered)
{
    if (catalog != m_catalog) {
        m_tariffs.clear();
        m_catalog = catalog;
    }
    // With the first two lengths in front no text can pass for another three, whatever a client wrote.
    const std::array lengths{provider.size(), asked.size()};
    m_key.assign(bytesOf(lengths)).append(provider).append(asked).append(answered);
    if (const auto known = m_tariffs.find(m_key); known != m_tariffs.end())
        return known->second;
    // Hundreds of models in one process are a client that tries names: what is in use comes back at once.
    if (m_tariffs.size() >= kMost)
        m_tariffs.clear();
    return m_tariffs.emplace(m_key, catalog->tariff(provider, asked, answered)).first->second;
}

} // namespace portolan::catalog
