// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/money.h"
#include "core/trace/histogram.h"

#include <cstdint>

namespace portolan::trace {

/// One time bucket of the rollups.
struct Rollup {
    std::int64_t bucket_s = 0; ///< start, seconds since 1970
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;  ///< every outcome but Ok and Cancelled
    std::uint64_t cancelled = 0;
    std::uint64_t rescued = 0;
    std::uint64_t cached = 0;
    std::int64_t tokens_in = 0;
    std::int64_t tokens_out = 0;
    NanoUsd cost{};
    std::uint64_t cost_unknown = 0; ///< requests whose cost is not in `cost`
    Histogram total{};
    Histogram first_token{};
};

} // namespace portolan::trace
