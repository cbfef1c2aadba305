// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/connection.h"
#include "core/store/statement.h"
#include "core/store/store.h"

#include <chrono>
#include <cstdint>
#include <span>

namespace portolan::store {

/// Takes requests and bodies out of the store: by age and size (threat-model H2), or because the person said
/// so. Long work is done in steps of at most 500 rows that aim at 20 ms, so that the writer can write between
/// them. What is removed is overwritten (secure_delete), the file shrinks, and the WAL is truncated at the
/// end. The writer's.
class Removal
{
public:
    using Clock = std::chrono::steady_clock;

    explicit Removal(const Connection &connection);

    void setRetention(Retention retention) noexcept;
    /// When the next step is due; looking for something to remove happens once an hour.
    [[nodiscard]] Clock::time_point due() const noexcept { return m_due; }
    /// One step, in a transaction of its own.
    Result<> step(std::int64_t now_us);

    // Inside a transaction of the caller's. Later steps give back the space.
    Result<> removeRequests(std::span<const RequestId> ids);
    /// Marks all requests up to now as gone, which hides them at once; later steps remove them.
    Result<> removeAllRequests();
    /// Counts bodies that were written; beyond the bound by size a step is due.
    Result<> addBodyBytes(std::int64_t bytes);

private:
    Result<bool> removeSome(std::int64_t now_us);
    /// Of requests with an id and a start below both; so too below.
    Result<bool> removeOldest(std::int64_t id, std::int64_t started_us);
    Result<bool> removeOldestBodies(std::int64_t id, std::int64_t started_us);
    Result<> deleteRequests(std::int64_t first, std::int64_t last);
    Result<> deleteBodies(std::int64_t first, std::int64_t last);
    Result<> removeOldWindows(std::int64_t now_us);
    Result<bool> giveBackSpace();
    Result<std::int64_t> counter(std::string_view name);
    Result<> setCounter(std::string_view name, std::int64_t value);

    const Connection &m_connection;
    Retention m_retention;
    std::int64_t m_rows = 64; ///< of the next step: grows and shrinks with the time that steps take
    Clock::time_point m_due = Clock::now();
    bool m_isSpaceFree = true; ///< after a start too: the program may have died before it gave space back

    Statement m_counter;
    Statement m_set_counter;
    Statement m_oldest;
    Statement m_oldest_body;
    Statement m_newest;
    Statement m_body_sum;
    Statement m_delete_bodies;
    Statement m_delete_rows;
    Statement m_delete_details;
    Statement m_delete_attempts;
    Statement m_delete_minutes;
    Statement m_delete_windows;
    Statement m_free_pages;
};

} // namespace portolan::store
