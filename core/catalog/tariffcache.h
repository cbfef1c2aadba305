// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/tariff.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace portolan::catalog {

/// The tariffs that one thread has looked up: requests name the same few models again and again. Bounded,
/// because clients choose the names. One thread.
class TariffCache
{
public:
    /// The tariff for a model at a provider (see Catalog::tariff), valid until the next call. Another catalog
    /// than the last one begins anew.
    const Tariff &find(const std::shared_ptr<const Catalog> &catalog, std::string_view provider,
                       std::string_view asked, std::string_view answered);

    [[nodiscard]] std::size_t size() const noexcept { return m_tariffs.size(); }

    static constexpr std::size_t kMost = 256;

private:
    std::shared_ptr<const Catalog> m_catalog{}; // outlives the views in m_tariffs
    std::unordered_map<std::string, Tariff> m_tariffs{};
    std::string m_key{}; // keeps its memory from call to call
};

} // namespace portolan::catalog
