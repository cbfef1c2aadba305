// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/money.h"
#include "core/trace/histogram.h"
#include "core/trace/record.h"

#include <cstdint>

namespace portolan::trace {

/// One time bucket of the rollups.
struct Rollup {
    std::int64_t bucket_s = 0; ///< start, seconds since 1970
    std::uint64_t requests = 0;
    std::uint64_t errors = 0; ///< every outcome but Ok and Cancelled
    std::uint64_t cancelled = 0;
    std::uint64_t rescued = 0;
    std::uint64_t cached = 0;
    std::int64_t tokens_in = 0;
    std::int64_t tokens_out = 0;
    NanoUsd cost{};
    std::uint64_t cost_unknown = 0; ///< requests whose cost is not in `cost`
    Histogram total{};
    Histogram first_token{};

    friend bool operator==(const Rollup &, const Rollup &) = default;
};

/// Adds one request to a bucket. Its time is not looked at: choosing the bucket is the caller's part
/// (bucketStart).
void addTo(Rollup &bucket, const Record &record);
/// Adds a bucket's figures to another's, as when minutes become an hour; `into` keeps its start.
void merge(Rollup &into, const Rollup &other);

/// The start, in seconds since 1970, of the bucket of `step_s` seconds that holds a time; days are UTC days.
[[nodiscard]] std::int64_t bucketStart(std::int64_t time_us, int step_s) noexcept;

} // namespace portolan::trace
