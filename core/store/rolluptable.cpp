// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rolluptable.h"

#include <algorithm>

namespace portolan::store {

namespace {

// Reads the columns from `requests` on, which both tables have in the same order.
trace::Rollup readSums(const Statement &row, int column)
{
    trace::Rollup sums{
        .requests = std::uint64_t(row.number(column)),
        .errors = std::uint64_t(row.number(column + 1)),
        .cancelled = std::uint64_t(row.number(column + 2)),
        .rescued = std::uint64_t(row.number(column + 3)),
        .cached = std::uint64_t(row.number(column + 4)),
        .tokens_in = row.number(column + 5),
        .tokens_out = row.number(column + 6),
        .cost = {row.number(column + 7)},
        .cost_unknown = std::uint64_t(row.number(column + 8)),
    };
    // A damaged histogram loses its percentiles, not the counts beside it.
    sums.total = trace::Histogram::fromBytes(row.bytes(column + 9)).value_or(trace::Histogram());
    sums.first_token = trace::Histogram::fromBytes(row.bytes(column + 10)).value_or(trace::Histogram());
    return sums;
}

Result<> writeSums(Statement &put, const trace::Rollup &sums)
{
    const auto total = sums.total.toBytes();
    const auto firstToken = sums.first_token.toBytes();
    put.bind(std::int64_t(sums.requests)).bind(std::int64_t(sums.errors)).bind(std::int64_t(sums.cancelled));
    put.bind(std::int64_t(sums.rescued))
        .bind(std::int64_t(sums.cached))
        .bind(sums.tokens_in)
        .bind(sums.tokens_out);
    put.bind(sums.cost.value).bind(std::int64_t(sums.cost_unknown));
    return put.blob(total).blob(firstToken).run();
}

} // namespace

void RollupSums::addTotals(const trace::Record &record)
{
    for (const int step : {kMinute, kHour, kDay}) {
        const auto start = trace::bucketStart(record.started_us, step);
        auto &bucket = m_buckets[{step, start}];
        bucket.sums.bucket_s = start;
        bucket.first_id = bucket.first_id == 0 ? record.id.value : std::min(bucket.first_id, record.id.value);
        trace::addTo(bucket.sums, record);
    }
}

void RollupSums::addModels(const trace::Record &record)
{
    if (record.attempts.empty())
        return; // refused: its model is whatever the client wrote
    for (const int step : {kHour, kDay}) {
        const auto start = trace::bucketStart(record.started_us, step);
        auto &model = m_models[{step, start, record.provider, record.model_served}];
        model.bucket_s = start;
        trace::addTo(model, record);
    }
}

void RollupSums::addTotals(int step, const trace::Rollup &sums)
{
    auto &bucket = m_buckets[{step, sums.bucket_s}];
    bucket.sums.bucket_s = sums.bucket_s;
    bucket.first_id
        = sums.bucket_s * 1'000'000; // ids are microseconds: no request of the bucket has a lower one
    trace::merge(bucket.sums, sums);
}

void RollupSums::merge(const RollupSums &other)
{
    for (const auto &[key, bucket] : other.m_buckets) {
        auto &into = m_buckets[key];
        into.sums.bucket_s = bucket.sums.bucket_s;
        into.first_id = into.first_id == 0 ? bucket.first_id : std::min(into.first_id, bucket.first_id);
        trace::merge(into.sums, bucket.sums);
    }
    for (const auto &[key, sums] : other.m_models) {
        auto &into = m_models[key];
        into.bucket_s = sums.bucket_s;
        trace::merge(into, sums);
    }
}

void RollupSums::clear()
{
    m_buckets.clear();
    m_models.clear();
}

RollupTable::RollupTable(sqlite3 *handle)
    : m_find(handle,
             "SELECT first_id, requests, errors, cancelled, rescued, cached, tokens_in, tokens_out, cost,"
             " cost_unknown, total, first_token FROM rollups WHERE step = ? AND bucket_s = ?")
    , m_put(handle,
            "INSERT OR REPLACE INTO rollups (step, bucket_s, first_id, requests, errors, cancelled, rescued, "
            "cached,"
            " tokens_in, tokens_out, cost, cost_unknown, total, first_token) VALUES "
            "(?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    , m_find_model(
          handle,
          "SELECT requests, errors, cancelled, rescued, cached, tokens_in, tokens_out, cost, cost_unknown,"
          " total, first_token FROM model_rollups"
          " WHERE step = ? AND bucket_s = ? AND provider = ? AND model = ?")
    , m_put_model(
          handle,
          "INSERT OR REPLACE INTO model_rollups (step, bucket_s, provider, model, requests, errors,"
          " cancelled, rescued, cached, tokens_in, tokens_out, cost, cost_unknown, total, first_token)"
          " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
{ }

Result<> RollupTable::add(const RollupSums &sums)
{
    for (const auto &[key, bucket] : sums.m_buckets) {
        if (auto done = addBucket(std::get<0>(key), bucket); !done)
            return done;
    }
    for (const auto &[key, model] : sums.m_models) {
        if (auto done = addModel(key, model); !done)
            return done;
    }
    return {};
}

Result<> RollupTable::addBucket(int step, RollupSums::Bucket bucket)
{
    const auto found = m_find.bind(step).bind(bucket.sums.bucket_s).step();
    if (!found)
        return fail(found.error());
    if (*found) {
        bucket.first_id = std::min(bucket.first_id, m_find.number(0));
        trace::merge(bucket.sums, readSums(m_find, 1));
        m_find.reset();
    }
    m_put.bind(step).bind(bucket.sums.bucket_s).bind(bucket.first_id);
    return writeSums(m_put, bucket.sums);
}

Result<> RollupTable::addModel(const RollupSums::ModelKey &key, trace::Rollup sums)
{
    const auto &[step, start, provider, model] = key;
    const auto found = m_find_model.bind(step).bind(start).text(provider).text(model).step();
    if (!found)
        return fail(found.error());
    if (*found) {
        trace::merge(sums, readSums(m_find_model, 0));
        m_find_model.reset();
    }
    m_put_model.bind(step).bind(start).text(provider).text(model);
    return writeSums(m_put_model, sums);
}

} // namespace portolan::store
