// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::trace {

/// A mergeable latency histogram with logarithmic buckets: 32 per power of two, so a percentile is off by at
/// most 2.2 %. Values are microseconds; 1 us to about 5 hours, outside clamped. Two merged histograms equal
/// the histogram of both sets of values.
class Histogram
{
public:
    void add(std::int64_t value_us, std::uint64_t times = 1);
    void merge(const Histogram &other);

    [[nodiscard]] std::uint64_t count() const noexcept { return m_count; }
    /// The value below which `quantile` (0..1) of the values lie; -1 when empty.
    [[nodiscard]] std::int64_t percentile(double quantile) const noexcept;

    /// Compact bytes for the store; sparse, so that a minute with ten requests takes some 30 bytes.
    [[nodiscard]] std::string toBytes() const;
    static Result<Histogram> fromBytes(std::string_view bytes);

    friend bool operator==(const Histogram &, const Histogram &) = default;

private:
    struct Bucket {
        std::uint16_t index = 0;
        std::uint64_t count = 0;
        friend bool operator==(const Bucket &, const Bucket &) = default;
    };
    std::vector<Bucket> m_buckets; // by index
    std::uint64_t m_count = 0;
};

} // namespace portolan::trace
