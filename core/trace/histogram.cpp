// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace portolan::trace {

namespace {

constexpr int kStepsLog2 = 5; // 32 equal steps per power of two
constexpr int kPowers = 34;   // 2^34 us: 4.8 hours
constexpr std::uint64_t kMaxValue = (1ULL << kPowers) - 1;
constexpr std::uint32_t kBuckets = kPowers << kStepsLog2;
constexpr char kFormat = 1;

std::uint16_t bucketOf(std::int64_t value_us)
{
    const auto value = std::clamp<std::uint64_t>(value_us < 1 ? 1 : std::uint64_t(value_us), 1, kMaxValue);
    const int power = int(std::bit_width(value)) - 1;
    const auto offset = value - (1ULL << power);
    const auto step = power >= kStepsLog2 ? offset >> (power - kStepsLog2) : offset << (kStepsLog2 - power);
    return std::uint16_t((std::uint64_t(power) << kStepsLog2) + step);
}

// The middle of the values that fall into a bucket.
std::int64_t middleOf(std::uint16_t index)
{
    const int power = index >> kStepsLog2;
    const std::uint64_t step = index & ((1U << kStepsLog2) - 1);
    if (power < kStepsLog2)
        return std::int64_t((1ULL << power) + (step >> (kStepsLog2 - power)));
    const auto width = 1ULL << (power - kStepsLog2);
    return std::int64_t((1ULL << power) + step * width + (width - 1) / 2);
}

std::uint64_t sumWithin(std::uint64_t a, std::uint64_t b)
{
    const auto most = std::numeric_limits<std::uint64_t>::max();
    return a > most - b ? most : a + b;
}

constexpr std::size_t kLongestVarint = 10;

char *putVarint(char *out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *out++ = char(0x80 | (value & 0x7f));
    *out++ = char(value);
    return out;
}

// Takes one varint off the front; false when it is cut, too long or not in its shortest form.
bool takeVarint(std::string_view &bytes, std::uint64_t &value)
{
    value = 0;
    for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = std::uint8_t(bytes.front());
        bytes.remove_prefix(1);
        if (shift == 63 && byte > 1)
            return false;
        value |= std::uint64_t(byte & 0x7f) << shift;
        if (byte < 0x80)
            return byte != 0 || shift == 0;
    }
    return false;
}

std::unexpected<Error> damaged()
{
    return fail({.code = "trace.bad_histogram",
                 .message = "The stored latency histogram is damaged; its figures are left out."});
}

} // namespace

void Histogram::add(std::int64_t value_us, std::uint64_t times)
{
    if (times == 0)
        return;
    const auto index = bucketOf(value_us);
    const auto at = std::ranges::lower_bound(m_buckets, index, {}, &Bucket::index);
    if (at != m_buckets.end() && at->index == index)
        at->count = sumWithin(at->count, times);
    else
        m_buckets.insert(at, {.index = index, .count = times});
    m_count = sumWithin(m_count, times);
}

void Histogram::merge(const Histogram &other)
{
    std::vector<Bucket> merged;
    merged.reserve(m_buckets.size() + other.m_buckets.size());
    std::ranges::merge(m_buckets, other.m_buckets, std::back_inserter(merged), {}, &Bucket::index,
                       &Bucket::index);
    m_buckets.clear();
    for (const auto &bucket : merged) {
        if (!m_buckets.empty() && m_buckets.back().index == bucket.index)
            m_buckets.back().count = sumWithin(m_buckets.back().count, bucket.count);
        else
            m_buckets.push_back(bucket);
    }
    m_count = sumWithin(m_count, other.m_count);
}

std::int64_t Histogram::percentile(double quantile) const noexcept
{
    if (m_buckets.empty())
        return -1;
    const double within = quantile > 0 ? std::min(quantile, 1.0) : 0.0; // NaN: the least value
    const double rank = std::max(1.0, std::ceil(within * double(m_count)));
    double below = 0;
    for (const auto &bucket : m_buckets) {
        below += double(bucket.count);
        if (below >= rank)
            return middleOf(bucket.index);
    }
    return middleOf(m_buckets.back().index);
}

std::string Histogram::toBytes() const
{
    std::string bytes(1 + m_buckets.size() * 2 * kLongestVarint, kFormat);
    char *out = bytes.data() + 1;
    std::uint32_t next = 0; // indexes rise, so only the gap is written
    for (const auto &bucket : m_buckets) {
        out = putVarint(out, bucket.index - next);
        out = putVarint(out, bucket.count);
        next = bucket.index + 1U;
    }
    bytes.resize(std::size_t(out - bytes.data()));
    return bytes;
}

Result<Histogram> Histogram::fromBytes(std::string_view bytes)
{
    if (bytes.empty() || bytes.front() != kFormat)
        return damaged();
    bytes.remove_prefix(1);

    Histogram histogram;
    histogram.m_buckets.reserve(bytes.size() / 2); // two varints each
    std::uint64_t next = 0;
    while (!bytes.empty()) {
        std::uint64_t gap = 0;
        std::uint64_t count = 0;
        if (!takeVarint(bytes, gap) || !takeVarint(bytes, count))
            return damaged();
        if (gap >= kBuckets || next + gap >= kBuckets || count == 0)
            return damaged();
        histogram.m_buckets.push_back({.index = std::uint16_t(next + gap), .count = count});
        histogram.m_count = sumWithin(histogram.m_count, count);
        next += gap + 1;
    }
    return histogram;
}

} // namespace portolan::trace
