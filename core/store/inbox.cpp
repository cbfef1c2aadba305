// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/inbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::store {

namespace {

constexpr std::size_t kBatchRecords = 1'000;
// A batch is out of reach for shedding, so it may hold only a small part of the queue.
constexpr std::size_t kBatchesOfQueue = 8;
// While the disk works, rows alone may fill the queue this many times over before any is dropped.
constexpr std::size_t kRowsFactor = 2;

bool hasBody(const trace::Record &record)
{
    return record.request_body || record.response_body;
}

std::uint64_t takeBodies(trace::Record &record, trace::Record &bodies)
{
    const auto count
        = std::uint64_t(record.request_body.has_value()) + std::uint64_t(record.response_body.has_value());
    bodies.request_body = std::exchange(record.request_body, std::nullopt);
    bodies.response_body = std::exchange(record.response_body, std::nullopt);
    return count;
}

} // namespace

Inbox::Inbox(const StoreOptions &options)
    : m_most_bytes(options.queue_bytes)
    , m_most_records(options.queue_records)
    , m_commit_every(options.commit_every)
    , m_shed_from(m_items.end())
    , m_redactor(std::make_shared<const Redactor>(std::vector<SharedSecret>{}))
    , m_retention(options.retention)
{ }

bool Inbox::tryPush(trace::Record &record)
{
    const auto weight = trace::weightOf(record);
    Items one;
    one.emplace_back(std::move(record), weight);
    {
        const std::scoped_lock lock(m_mutex);
        if (fits(weight, 1)) {
            push(one);
            return true;
        }
    }
    record = std::move(one.front().record);
    return false;
}

void Inbox::pushShedding(trace::Record record)
{
    const auto weight = trace::weightOf(record);
    Items one;
    one.emplace_back(std::move(record), weight);
    Items freed; // dies after the lock
    const std::scoped_lock lock(m_mutex);
    if (!fits(weight, 1))
        shedBodies(weight, freed);
    auto &item = one.front();
    if (!fits(item.weight, 1) && hasBody(item.record)) {
        freed.emplace_back();
        m_health.bodies_shed += takeBodies(item.record, freed.back().record);
        item.weight = trace::weightOf(item.record);
    }
    const bool isWorking = m_health.state == StoreHealth::State::Ok;
    dropRows(item.weight, isWorking ? kRowsFactor : 1, freed);
    push(one);
}

void Inbox::noteRunning(trace::Record record)
{
    const auto now = Clock::now();
    Noted before; // dies after the lock
    const std::scoped_lock lock(m_mutex);
    auto &noted = m_running[record.id];
    before.record = std::exchange(noted.record, std::move(record));
    if (noted.at != Clock::time_point())
        return; // a later note of a request waits no longer than its first
    noted.at = now;
    if (m_running.size() == 1) {
        m_running_since = now;
        m_changed.notify_one();
    }
}

void Inbox::post(Job job)
{
    const std::scoped_lock lock(m_mutex);
    job.after = m_arrived;
    m_jobs.push_back(std::move(job));
    m_changed.notify_one();
}

void Inbox::setRedactor(SharedRedactor redactor)
{
    const std::scoped_lock lock(m_mutex);
    if (redactor)
        m_redactor = std::move(redactor);
}

void Inbox::setRetention(Retention retention)
{
    const std::scoped_lock lock(m_mutex);
    m_retention = retention;
    m_changed.notify_one();
}

void Inbox::stop()
{
    const std::scoped_lock lock(m_mutex);
    m_stopping = true;
    m_changed.notify_one();
}

StoreHealth Inbox::health() const
{
    const std::scoped_lock lock(m_mutex);
    auto health = m_health;
    health.queued = m_records;
    health.queued_bytes = m_bytes;
    return health;
}

Inbox::Work Inbox::take(Clock::time_point not_before, Clock::time_point wake)
{
    std::unique_lock lock(m_mutex);
    while (true) {
        const auto now = Clock::now();
        const bool isAllowed = now >= not_before;
        if (!m_jobs.empty() || m_retention || now >= wake || (isAllowed && (m_stopping || isBatchDue(now))))
            break;
        auto until = wake;
        if (m_stopping)
            until = std::min(wake, not_before);
        else if (!m_items.empty() || !m_running.empty())
            until = std::min(wake, std::max(not_before, dueTime()));
        m_changed.wait_until(lock, until);
    }
    Work work{.redactor = m_redactor, .stopping = m_stopping};
    const auto now = Clock::now();
    const bool isAll = m_stopping || !m_jobs.empty();
    if (isAll || (now >= not_before && isBatchDue(now))) {
        takeBatch(work);
        takeRunning(work, isAll ? Clock::time_point::max() : now - m_commit_every / 2);
    }
    work.retention = std::exchange(m_retention, std::nullopt);
    work.dropped = std::exchange(m_dropped, {});
    while (!m_jobs.empty() && areJobsDue()) {
        work.jobs.push_back(std::move(m_jobs.front()));
        m_jobs.pop_front();
    }
    return work;
}

void Inbox::putBack(Items items)
{
    const std::scoped_lock lock(m_mutex);
    m_items.splice(m_items.begin(), items);
    m_shed_from = m_items.begin();
}

void Inbox::putBack(Running running)
{
    const std::scoped_lock lock(m_mutex);
    for (auto &record : running) {
        // Nothing more is to be said of one that has ended meanwhile, and a newer note holds. An older one
        // may stand in the file already, so it stays among those that the writer has heard of.
        if (m_noted.contains(record.id))
            m_running.try_emplace(record.id, Noted{.record = std::move(record), .at = Clock::now()});
    }
    if (!m_running.empty())
        m_running_since = std::min(m_running_since, Clock::now());
}

void Inbox::finish(const Items &items, std::uint64_t lost)
{
    std::size_t bytes = 0;
    for (const auto &item : items)
        bytes += item.weight;
    const std::scoped_lock lock(m_mutex);
    m_bytes -= bytes;
    m_records -= items.size();
    notePressure();
    m_health.written += items.size() - lost;
    m_health.rows_dropped += lost;
}

void Inbox::report(StoreHealth::State state, std::string reason)
{
    const std::scoped_lock lock(m_mutex);
    m_health.state = state;
    m_health.reason = std::move(reason);
}

void Inbox::reportWal(std::uint64_t bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_health.wal_bytes = bytes;
}

void Inbox::reportSetAside(std::string path)
{
    const std::scoped_lock lock(m_mutex);
    m_health.set_aside = std::move(path);
}

void Inbox::reportSalvaged(std::uint64_t requests)
{
    const std::scoped_lock lock(m_mutex);
    m_health.salvaged = requests;
}

bool Inbox::fits(std::size_t weight, std::size_t factor) const
{
    return m_records < m_most_records * factor && m_bytes + weight <= m_most_bytes * factor;
}

void Inbox::push(Items &one)
{
    auto &item = one.front();
    item.number = ++m_arrived;
    m_running.erase(item.record.id);
    item.was_noted = m_noted.erase(item.record.id) > 0;
    m_bytes += item.weight;
    ++m_records;
    notePressure();
    const bool wasEmpty = m_items.empty();
    const bool startsShedding = m_shed_from == m_items.end();
    m_items.splice(m_items.end(), one);
    if (startsShedding)
        m_shed_from = std::prev(m_items.end());
    if (wasEmpty)
        m_oldest = Clock::now();
    // The writer sleeps until the first record, and then until the batch is full or old enough.
    if (wasEmpty || m_items.size() == kBatchRecords)
        m_changed.notify_one();
}

void Inbox::notePressure() noexcept
{
    m_pressed.store(m_bytes > m_most_bytes / 2, std::memory_order_relaxed);
}

void Inbox::shedBodies(std::size_t weight, Items &freed)
{
    // An eighth more than needed, so that the next callers find room at once.
    const auto goal = m_most_bytes - m_most_bytes / 8;
    for (; m_shed_from != m_items.end() && m_bytes + weight > goal; ++m_shed_from) {
        auto &item = *m_shed_from;
        if (!hasBody(item.record))
            continue;
        freed.emplace_back();
        m_health.bodies_shed += takeBodies(item.record, freed.back().record);
        const auto lighter = trace::weightOf(item.record);
        m_bytes -= item.weight - lighter;
        item.weight = lighter;
    }
}

void Inbox::dropRows(std::size_t weight, std::size_t factor, Items &freed)
{
    while (!m_items.empty() && !fits(weight, factor)) {
        if (m_shed_from == m_items.begin())
            ++m_shed_from;
        auto &item = m_items.front();
        m_bytes -= item.weight;
        --m_records;
        ++m_health.rows_dropped;
        m_dropped.add(item.record, item.was_noted);
        freed.splice(freed.end(), m_items, m_items.begin());
    }
}

bool Inbox::areJobsDue() const
{
    // A store that fails answers its jobs at once: what came before them has been tried.
    return m_jobs.front().after <= m_taken || m_health.state != StoreHealth::State::Ok;
}

Inbox::Clock::time_point Inbox::dueTime() const
{
    const auto never = Clock::time_point::max();
    const auto oldest
        = std::min(m_items.empty() ? never : m_oldest, m_running.empty() ? never : m_running_since);
    return oldest == never ? never : oldest + m_commit_every;
}

bool Inbox::isBatchDue(Clock::time_point now) const
{
    return m_items.size() >= kBatchRecords || now >= dueTime();
}

// Those that have just begun may be over before the next batch.
void Inbox::takeRunning(Work &work, Clock::time_point started_before)
{
    m_running_since = Clock::time_point::max();
    for (auto noted = m_running.begin(); noted != m_running.end();) {
        if (noted->second.at > started_before) {
            m_running_since = std::min(m_running_since, noted->second.at);
            ++noted;
            continue;
        }
        m_noted.insert(noted->first);
        work.running.push_back(std::move(noted->second.record));
        noted = m_running.erase(noted);
    }
}

void Inbox::takeBatch(Work &work)
{
    std::size_t bytes = 0;
    auto end = m_items.begin();
    const auto mostBytes = m_most_bytes / kBatchesOfQueue;
    for (std::size_t count = 0; end != m_items.end() && count < kBatchRecords && bytes < mostBytes;
         ++count, ++end) {
        bytes += end->weight;
        m_taken = std::max(m_taken, end->number);
    }
    work.items.splice(work.items.end(), m_items, m_items.begin(), end);
    m_shed_from = m_items.begin();
}

} // namespace portolan::store
