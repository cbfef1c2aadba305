// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/rollup.h"

#include <limits>

namespace portolan::trace {

namespace {

// Counts are never negative; a sum that would leave the range stays at its end.
std::int64_t sumWithin(std::int64_t a, std::int64_t b)
{
    if (b < 0)
        return a;
    const auto most = std::numeric_limits<std::int64_t>::max();
    return a > most - b ? most : a + b;
}

bool isCacheHit(CacheState state)
{
    return state == CacheState::Hit || state == CacheState::SemanticHit;
}

} // namespace

void addTo(Rollup &bucket, const Record &record)
{
    ++bucket.requests;
    bucket.errors += record.outcome != Outcome::Ok && record.outcome != Outcome::Cancelled ? 1 : 0;
    bucket.cancelled += record.outcome == Outcome::Cancelled ? 1 : 0;
    bucket.rescued += record.isRescued() ? 1 : 0;
    bucket.cached += isCacheHit(record.cache) ? 1 : 0;
    bucket.tokens_in = sumWithin(bucket.tokens_in, record.usage.input);
    bucket.tokens_out = sumWithin(bucket.tokens_out, record.usage.output);
    if (record.cost_state == CostState::Unknown)
        ++bucket.cost_unknown;
    else
        bucket.cost.value = sumWithin(bucket.cost.value, record.cost.value);
    if (record.outcome != Outcome::Unknown) // how long it took is not known either
        bucket.total.add(record.total_us);
    if (record.first_token_us >= 0)
        bucket.first_token.add(record.first_token_us);
}

void merge(Rollup &into, const Rollup &other)
{
    into.requests += other.requests;
    into.errors += other.errors;
    into.cancelled += other.cancelled;
    into.rescued += other.rescued;
    into.cached += other.cached;
    into.tokens_in = sumWithin(into.tokens_in, other.tokens_in);
    into.tokens_out = sumWithin(into.tokens_out, other.tokens_out);
    into.cost.value = sumWithin(into.cost.value, other.cost.value);
    into.cost_unknown += other.cost_unknown;
    into.total.merge(other.total);
    into.first_token.merge(other.first_token);
}

std::int64_t bucketStart(std::int64_t time_us, int step_s) noexcept
{
    const std::int64_t step_us = std::int64_t(step_s) * 1'000'000;
    const std::int64_t past = time_us % step_us;
    return (time_us - (past < 0 ? past + step_us : past)) / 1'000'000;
}

} // namespace portolan::trace
