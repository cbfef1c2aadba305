// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <string>
#include <unordered_set>

namespace portolan::dialect {

/// Ids of one answer's calls: the provider's own, or made where it gives none or one that is taken already
/// (mapping.md 9).
class CallIds
{
public:
    explicit CallIds(Exchange &exchange)
        : m_exchange(exchange)
    { }

    [[nodiscard]] std::string take(std::string given);

private:
    Exchange &m_exchange;
    std::unordered_set<std::string> m_taken{};
};

} // namespace portolan::dialect
