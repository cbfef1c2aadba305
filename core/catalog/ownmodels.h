// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"
#include "core/catalog/entry.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::catalog {

/// What an account's owner says of its models: which ones are switched off, which ones no list has, and what
/// they cost there. Immutable, shared by requests.
class OwnModels
{
public:
    struct Said {
        std::string model{}; ///< as calls name it
        bool own = false;    ///< stands in no list
        bool enabled = true;
        std::int64_t context = 0;        ///< tokens; 0: what the catalog says
        std::optional<PriceRow> price{}; ///< nothing: the catalog's
        std::string priced_on{};         ///< YYYY-MM-DD
    };

    explicit OwnModels(std::vector<Said> said);

    [[nodiscard]] const std::vector<Said> &all() const noexcept { return m_said; } ///< by model
    /// Null: nothing was said of it.
    [[nodiscard]] const Said *find(std::string_view model) const;
    [[nodiscard]] bool isOff(std::string_view model) const;
    [[nodiscard]] bool isOwn(std::string_view model) const;

private:
    std::vector<Said> m_said; // by model
};

/// At the owner's price, whatever service or region the request had: it is what the bill will say. Nothing
/// when the owner gave none.
[[nodiscard]] std::optional<Cost> ownCost(const OwnModels::Said &said, const Usage &usage);

} // namespace portolan::catalog
