// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/chargetable.h"
#include "core/store/rolluptable.h"
#include "core/trace/record.h"

#include <vector>

namespace portolan::store {

/// What requests leave behind beside their rows, and what stays of those whose rows were dropped.
struct BatchSums {
    RollupSums rollups{};
    ChargeSums charges{};
    std::vector<RequestId> ended{}; ///< of those that were noted while they ran

    void add(const trace::Record &record, bool was_noted)
    {
        rollups.add(record);
        for (const auto &charge : record.charges)
            charges.add(charge);
        if (was_noted)
            ended.push_back(record.id);
    }
    void merge(const BatchSums &other)
    {
        rollups.merge(other.rollups);
        charges.merge(other.charges);
        ended.insert(ended.end(), other.ended.begin(), other.ended.end());
    }
    void clear()
    {
        rollups.clear();
        charges.clear();
        ended.clear();
    }
    [[nodiscard]] bool isEmpty() const noexcept
    {
        return rollups.isEmpty() && charges.isEmpty() && ended.empty();
    }
};

} // namespace portolan::store
