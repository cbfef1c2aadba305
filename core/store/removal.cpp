// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/removal.h"

#include "core/store/rolluptable.h"
#include "core/store/schema.h"

#include <algorithm>
#include <limits>

namespace portolan::store {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMostRows = 500;
constexpr milliseconds kLongStep{20};
constexpr milliseconds kShortStep{5};
constexpr std::chrono::hours kLookEvery{1};
constexpr milliseconds kReadersInTheWay{250};
constexpr milliseconds kAfterFailure{1'000};
constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kMinutesKeptS = 48 * kHour; // charts of longer ranges read hours and days
constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();

Result<std::int64_t> oneNumber(Statement &statement)
{
    const auto row = statement.step();
    if (!row)
        return fail(row.error());
    const auto value = *row ? statement.number(0) : 0;
    if (*row)
        statement.reset();
    return value;
}

std::int64_t daysBefore(std::int64_t now_us, int days)
{
    return now_us - std::int64_t(std::max(days, 0)) * kDayUs;
}

} // namespace

Removal::Removal(const Connection &connection)
    : m_connection(connection)
    , m_counter(connection.handle(), "SELECT value FROM counters WHERE name = ?")
    , m_set_counter(connection.handle(), "UPDATE counters SET value = ? WHERE name = ?")
    , m_oldest(connection.handle(),
               "SELECT max(id) FROM"
               " (SELECT id FROM requests WHERE id < ? AND started_us < ? ORDER BY id LIMIT ?)")
    , m_oldest_body(connection.handle(),
                    "SELECT max(id) FROM (SELECT b.id FROM bodies b JOIN requests r ON r.id = b.id / 8"
                    " WHERE b.id < ? AND r.started_us < ? ORDER BY b.id LIMIT ?)")
    , m_newest(connection.handle(), "SELECT max(id) FROM requests")
    , m_body_sum(connection.handle(),
                 "SELECT coalesce(sum(packed_size), 0) FROM bodies WHERE id BETWEEN ? AND ?")
    , m_delete_bodies(connection.handle(), "DELETE FROM bodies WHERE id BETWEEN ? AND ?")
    , m_delete_rows(connection.handle(), "DELETE FROM requests WHERE id BETWEEN ? AND ?")
    , m_delete_details(connection.handle(), "DELETE FROM request_details WHERE id BETWEEN ? AND ?")
    , m_delete_attempts(connection.handle(), "DELETE FROM attempts WHERE id BETWEEN ? AND ?")
    , m_delete_minutes(connection.handle(), "DELETE FROM rollups WHERE step = 60 AND bucket_s < ?")
    , m_delete_windows(connection.handle(), "DELETE FROM key_windows WHERE window = ? AND start_us < ?")
    , m_free_pages(connection.handle(), "PRAGMA freelist_count")
{ }

void Removal::setRetention(Retention retention) noexcept
{
    m_retention = retention;
    m_due = Clock::now();
}

Result<> Removal::step(std::int64_t now_us)
{
    const auto started = Clock::now();
    m_due = started + kAfterFailure;
    if (auto begun = m_connection.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto more = removeSome(now_us);
    const auto ended = more ? m_connection.run("COMMIT") : Result<>(fail(more.error()));
    if (!ended) {
        (void)m_connection.run("ROLLBACK"); // fails when SQLite has rolled back by itself
        return ended;
    }
    const auto took = Clock::now() - started;
    if (took > kLongStep)
        m_rows = std::max<std::int64_t>(m_rows / 2, 1);
    else if (took < kShortStep)
        m_rows = std::min(m_rows * 2, kMostRows);

    m_due = Clock::now();
    if (*more) {
        m_isSpaceFree = true;
        return {};
    }
    more = giveBackSpace();
    if (!more)
        return fail(more.error());
    if (!*more)
        m_due += kLookEvery;
    return {};
}

Result<bool> Removal::removeSome(std::int64_t now_us)
{
    const auto removeBefore = counter("remove_before");
    if (!removeBefore)
        return fail(removeBefore.error());
    if (*removeBefore > 0) {
        const auto removed = removeOldest(*removeBefore, kAll);
        if (!removed || *removed)
            return removed;
        if (auto done = setCounter("remove_before", 0); !done)
            return fail(done.error());
    }
    const auto rowsBefore = daysBefore(now_us, m_retention.rows_days);
    if (const auto removed = removeOldest(rowsBefore, rowsBefore); !removed || *removed)
        return removed;
    const auto bodiesBefore = daysBefore(now_us, m_retention.bodies_days);
    if (const auto removed = removeOldestBodies(bodiesBefore * kBodySlots, bodiesBefore);
        !removed || *removed)
        return removed;
    const auto bytes = counter("bodies_bytes");
    if (!bytes)
        return fail(bytes.error());
    if (std::uint64_t(std::max<std::int64_t>(*bytes, 0)) > m_retention.bodies_bytes) {
        if (const auto removed = removeOldestBodies(kAll, kAll); !removed || *removed)
            return removed;
    }
    if (auto done = m_delete_minutes.bind(now_us / 1'000'000 - kMinutesKeptS).run(); !done)
        return fail(done.error());
    if (auto done = removeOldWindows(now_us); !done)
        return fail(done.error());
    return false;
}

Result<> Removal::removeOldWindows(std::int64_t now_us)
{
    for (const auto &kept : trace::kKeptWindows) {
        const auto before = now_us - kept.span_us - kept.grain_us;
        if (auto done = m_delete_windows.bind(kept.window).bind(before).run(); !done)
            return done;
    }
    return {};
}

Result<bool> Removal::removeOldest(std::int64_t id, std::int64_t started_us)
{
    const auto last = oneNumber(m_oldest.bind(id).bind(started_us).bind(m_rows));
    if (!last)
        return fail(last.error());
    if (*last == 0)
        return false;
    if (auto done = deleteRequests(0, *last); !done)
        return fail(done.error());
    return true;
}

Result<bool> Removal::removeOldestBodies(std::int64_t id, std::int64_t started_us)
{
    const auto last = oneNumber(m_oldest_body.bind(id).bind(started_us).bind(m_rows));
    if (!last)
        return fail(last.error());
    if (*last == 0)
        return false;
    if (auto done = deleteBodies(0, *last); !done)
        return fail(done.error());
    return true;
}

Result<> Removal::deleteRequests(std::int64_t first, std::int64_t last)
{
    if (auto done = deleteBodies(first * kBodySlots, last * kBodySlots + kBodySlots - 1); !done)
        return done;
    const auto lastAttempt = last * kAttemptSlots + kAttemptSlots - 1;
    if (auto done = m_delete_attempts.bind(first * kAttemptSlots).bind(lastAttempt).run(); !done)
        return done;
    if (auto done = m_delete_details.bind(first).bind(last).run(); !done)
        return done;
    return m_delete_rows.bind(first).bind(last).run();
}

Result<> Removal::deleteBodies(std::int64_t first, std::int64_t last)
{
    const auto bytes = oneNumber(m_body_sum.bind(first).bind(last));
    if (!bytes)
        return fail(bytes.error());
    if (auto done = m_delete_bodies.bind(first).bind(last).run(); !done)
        return done;
    return addBodyBytes(-*bytes);
}

Result<bool> Removal::giveBackSpace()
{
    if (!m_isSpaceFree)
        return false;
    const auto before = oneNumber(m_free_pages);
    if (!before)
        return fail(before.error());
    if (*before > 0) {
        if (auto done = m_connection.run("PRAGMA incremental_vacuum(256)"); !done)
            return fail(done.error());
        const auto after = oneNumber(m_free_pages);
        if (!after)
            return fail(after.error());
        if (*after > 0 && *after < *before)
            return true;
    }
    // The WAL still holds the pages as they were.
    if (const auto truncated = m_connection.truncateWal(); !truncated) {
        if (truncated.error().code != "store.busy")
            return fail(truncated.error());
        m_due = Clock::now() + kReadersInTheWay;
        return true;
    }
    m_isSpaceFree = false;
    return false;
}

Result<> Removal::removeRequests(std::span<const RequestId> ids)
{
    for (const auto id : ids) {
        if (auto done = deleteRequests(id.value, id.value); !done)
            return done;
    }
    m_isSpaceFree = true;
    m_due = Clock::now();
    return {};
}

Result<> Removal::removeAllRequests()
{
    const auto newest = oneNumber(m_newest);
    if (!newest)
        return fail(newest.error());
    m_isSpaceFree = true;
    m_due = Clock::now();
    return setCounter("remove_before", *newest + 1);
}

Result<> Removal::addBodyBytes(std::int64_t bytes)
{
    const auto sum = counter("bodies_bytes");
    if (!sum)
        return fail(sum.error());
    const auto now = std::max<std::int64_t>(*sum + bytes, 0);
    if (std::uint64_t(now) > m_retention.bodies_bytes)
        m_due = std::min(m_due, Clock::now());
    return setCounter("bodies_bytes", now);
}

Result<std::int64_t> Removal::counter(std::string_view name)
{
    return oneNumber(m_counter.text(name));
}

Result<> Removal::setCounter(std::string_view name, std::int64_t value)
{
    return m_set_counter.bind(value).text(name).run();
}

} // namespace portolan::store
