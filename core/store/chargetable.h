// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/statement.h"
#include "core/trace/charge.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace portolan::store {

/// What a batch of requests takes from the limits of keys.
class ChargeSums
{
public:
    void add(const trace::Charge &charge);
    void add(const trace::WindowUse &use);
    void merge(const ChargeSums &other);
    void clear();
    [[nodiscard]] bool isEmpty() const noexcept { return m_spends.empty() && m_windows.empty(); }

private:
    friend class ChargeTable;
    using Key = std::tuple<int, std::int64_t, std::string, std::int32_t>; // party, key, period, day
    using WindowKey = std::tuple<int, std::int64_t, int, std::int64_t>;   // window, start, party, key
    struct Spend {
        std::int64_t cost = 0;
        std::int64_t tokens = 0;
        std::int64_t extra = 0;
        std::int64_t guessed_cost = 0;
    };
    std::map<Key, Spend> m_spends;
    std::map<WindowKey, std::int64_t> m_windows;
};

/// Adds such sums to the stored ones, inside a transaction of the caller's. A sum that would leave the range
/// stays at its end.
class ChargeTable
{
public:
    explicit ChargeTable(sqlite3 *handle);

    Result<> add(const ChargeSums &sums);

private:
    Statement m_spend;
    Statement m_window;
};

} // namespace portolan::store
