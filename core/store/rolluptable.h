// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/statement.h"
#include "core/trace/rollup.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace portolan::store {

inline constexpr int kMinute = 60;
inline constexpr int kHour = 3600;
inline constexpr int kDay = 86'400;

/// What a batch of requests adds to the rollups: of every minute, hour and day, and of every model's hour and
/// day.
class RollupSums
{
public:
    void add(const trace::Record &record)
    {
        addTotals(record);
        addModels(record);
    }
    void addTotals(const trace::Record &record);
    void addModels(const trace::Record &record);
    /// A whole bucket, whose first request is not known.
    void addTotals(int step, const trace::Rollup &sums);
    void merge(const RollupSums &other);
    void clear();
    [[nodiscard]] bool isEmpty() const noexcept { return m_buckets.empty(); }

private:
    friend class RollupTable;
    struct Bucket {
        trace::Rollup sums{};
        std::int64_t first_id = 0;
    };
    using Key = std::tuple<int, std::int64_t>;                                // step, start
    using ModelKey = std::tuple<int, std::int64_t, std::string, std::string>; // and provider, model
    std::map<Key, Bucket> m_buckets;
    std::map<ModelKey, trace::Rollup> m_models;
};

/// Adds such sums to the stored rollups, inside a transaction of the caller's.
class RollupTable
{
public:
    explicit RollupTable(sqlite3 *handle);

    Result<> add(const RollupSums &sums);

private:
    Result<> addBucket(int step, RollupSums::Bucket bucket);
    Result<> addModel(const RollupSums::ModelKey &key, trace::Rollup sums);

    Statement m_find;
    Statement m_put;
    Statement m_find_model;
    Statement m_put_model;
};

} // namespace portolan::store
