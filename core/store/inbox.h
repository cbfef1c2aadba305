// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/redact.h"
#include "core/store/batchsums.h"
#include "core/store/store.h"
#include "core/trace/record.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace portolan::store {

/// Where all threads meet the writer: records, changes and wishes go in, health comes out. Locks are held for
/// a push, a swap or a copy of a few numbers, never during work. What the writer has taken still counts
/// against the bound until it says that it is done with it, so a failing disk cannot make the program grow.
class Inbox
{
public:
    using Clock = std::chrono::steady_clock;

    struct Item {
        trace::Record record{};
        std::size_t weight = 0;
        std::uint64_t number = 0; ///< in order of arrival
        bool was_noted = false;   ///< the writer has heard of it while it ran
    };
    using Items = std::list<Item>;
    using Running = std::vector<trace::Record>;

    struct Job {
        std::function<Result<>(Changes &)> run{}; ///< empty: a flush
        std::function<void(Result<>)> done{};
        std::uint64_t after = 0; ///< records up to this number come first
    };

    struct Work {
        Items items{};
        Running running{}; ///< requests that have run for a while, on the account of a key
        std::vector<Job> jobs{};
        SharedRedactor redactor{};
        std::optional<Retention> retention{}; ///< when it changed
        BatchSums dropped{}; ///< figures of records that were dropped: spend and usage are never lost
        bool stopping = false;
    };

    explicit Inbox(const StoreOptions &options);

    // For everyone.
    bool tryPush(trace::Record &record);
    void pushShedding(trace::Record record);
    void noteRunning(trace::Record record);
    void post(Job job);
    void setRedactor(SharedRedactor redactor);
    void setRetention(Retention retention);
    void stop();
    [[nodiscard]] StoreHealth health() const;
    /// Half full: whoever can wait a little should. Any thread; never blocks.
    [[nodiscard]] bool isPressed() const noexcept { return m_pressed.load(std::memory_order_relaxed); }

    // For the writer.

    /// Waits until there is something to do, or until `wake`. Records are given out from `not_before` on:
    /// when a batch is full or its oldest record has waited for commit_every, or with a job or the end.
    Work take(Clock::time_point not_before, Clock::time_point wake);
    void putBack(Items items);
    void putBack(Running running);
    /// Records that need no place any more, `lost` of them unwritten.
    void finish(const Items &items, std::uint64_t lost);
    void report(StoreHealth::State state, std::string reason);
    void reportWal(std::uint64_t bytes);
    void reportSetAside(std::string path);
    void reportSalvaged(std::uint64_t requests);

private:
    [[nodiscard]] bool fits(std::size_t weight, std::size_t factor) const;
    void notePressure() noexcept;
    void push(Items &one);
    void shedBodies(std::size_t weight, Items &freed);
    void dropRows(std::size_t weight, std::size_t factor, Items &freed);
    [[nodiscard]] bool areJobsDue() const;
    [[nodiscard]] Clock::time_point dueTime() const;
    [[nodiscard]] bool isBatchDue(Clock::time_point now) const;
    void takeBatch(Work &work);
    void takeRunning(Work &work, Clock::time_point started_before);

    const std::size_t m_most_bytes;
    const std::size_t m_most_records;
    const std::chrono::milliseconds m_commit_every;
    std::atomic<bool> m_pressed{false};

    mutable std::mutex m_mutex; // guards all below
    std::condition_variable m_changed;
    Items m_items;
    Items::iterator m_shed_from; // nothing before it has a body
    std::size_t m_bytes = 0;     // of m_items and of what the writer holds
    std::size_t m_records = 0;   // likewise
    std::uint64_t m_arrived = 0;
    std::uint64_t m_taken = 0; // highest number given to the writer
    Clock::time_point m_oldest{};
    std::deque<Job> m_jobs;
    BatchSums m_dropped;
    struct Noted {
        trace::Record record{};
        Clock::time_point at{};
    };
    std::unordered_map<RequestId, Noted> m_running;               // the writer has not heard of these
    std::unordered_set<RequestId> m_noted;                        // of these it has
    Clock::time_point m_running_since = Clock::time_point::max(); // the oldest of m_running, or before it
    SharedRedactor m_redactor;
    std::optional<Retention> m_retention;
    bool m_stopping = false;
    StoreHealth m_health;
};

} // namespace portolan::store
