// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/writer.h"

#include "core/store/changes.h"
#include "core/store/configcopy.h"
#include "core/store/runningtable.h"
#include "core/store/scrub.h"

#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace portolan::store {

namespace {

using namespace std::chrono_literals;

constexpr auto kFirstPause = 50ms;
constexpr auto kLongestPause = 1'000ms;
constexpr auto kGraceAtEnd = 2s;
constexpr auto kIdle = 1s;
constexpr auto kBetweenCheckpoints = 500ms;
constexpr auto kBetweenReplacements = 60s;
constexpr auto kBetweenCopies = 1s;
constexpr int kPageBytes = 4096 + 24; // a page in the WAL with its header
constexpr int kCheckpointPages = (32 << 20) / kPageBytes;

std::int64_t wallClockUs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

StoreHealth::State stateOf(const Error &error)
{
    if (error.code == "store.busy")
        return StoreHealth::State::Busy;
    if (error.code == "store.disk_full")
        return StoreHealth::State::DiskFull;
    if (error.code == "store.read_only")
        return StoreHealth::State::ReadOnly;
    return StoreHealth::State::Failing;
}

// A transaction that rolls back unless it is committed.
class Transaction
{
public:
    explicit Transaction(const Connection &connection)
        : m_connection(connection)
        , m_begun(connection.run("BEGIN IMMEDIATE"))
    { }
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    ~Transaction()
    {
        if (m_isOpen && m_begun)
            (void)m_connection.run("ROLLBACK"); // fails when SQLite has rolled back by itself
    }
    [[nodiscard]] const Result<> &begun() const noexcept { return m_begun; }
    Result<> commit()
    {
        auto done = m_connection.run("COMMIT");
        m_isOpen = !done;
        return done;
    }

private:
    const Connection &m_connection;
    Result<> m_begun;
    bool m_isOpen = true;
};

} // namespace

struct Writer::Tables {
    explicit Tables(std::unique_ptr<Connection> opened)
        : connection(std::move(opened))
        , records(*connection)
        , rollups(connection->handle())
        , charges(connection->handle())
        , running(*connection)
        , removal(*connection)
    {
        sqlite3_wal_hook(connection->handle(), countPages, this);
    }

    static int countPages(void *tables, sqlite3 *, const char *, int pages)
    {
        static_cast<Tables *>(tables)->wal_pages = pages;
        return SQLITE_OK;
    }

    const std::unique_ptr<Connection> connection;
    RecordWriter records;
    RollupTable rollups;
    ChargeTable charges;
    RunningTable running;
    Removal removal;
    int wal_pages = 0; ///< since the WAL last started anew
};

Writer::Writer(std::filesystem::path directory, Inbox &inbox, std::shared_ptr<std::atomic<int>> generation)
    : m_directory(std::move(directory))
    , m_inbox(inbox)
    , m_generation(std::move(generation))
{ }

Writer::~Writer() = default;

Result<> Writer::open()
{
    if (auto opened = openFile(); !opened)
        return opened;
    if (auto done = recordInterrupted(); !done)
        settle(done); // the next start tries again
    return {};
}

Result<> Writer::openFile()
{
    auto opened = openDatabase(m_directory);
    if (!opened)
        return fail(opened.error());
    use(std::move(*opened));
    m_copy_due = Clock::now(); // the program may have died between a change and its copy
    return {};
}

void Writer::use(Opened opened)
{
    if (!opened.set_aside.empty()) {
        m_inbox.reportSetAside(opened.set_aside);
        m_salvage = std::make_unique<Salvage>(opened.set_aside);
        // Not with the rest in the background: budgets must not begin anew because a page is damaged.
        const auto kept = m_salvage->keyUse();
        for (const auto &charge : kept.charges)
            m_dropped.charges.add(charge);
        for (const auto &use : kept.windows)
            m_dropped.charges.add(use);
    }
    m_tables = std::make_unique<Tables>(std::move(opened.connection));
    m_tables->removal.setRetention(m_retention);
}

Result<> Writer::openAgain()
{
    return m_tables ? Result<>() : openFile();
}

void Writer::run()
{
    std::optional<Clock::time_point> end;
    while (true) {
        auto work = m_inbox.take(m_not_before, nextWake());
        m_redactor = work.redactor;
        if (work.retention) {
            m_retention = *work.retention;
            if (m_tables)
                m_tables->removal.setRetention(m_retention);
        }
        const bool isIdle = work.items.empty() && work.running.empty() && work.jobs.empty();
        write(work);
        for (auto &job : work.jobs)
            run(job);
        if (work.stopping) {
            if (!end)
                end = Clock::now() + kGraceAtEnd;
            if (isIdle || Clock::now() >= *end)
                break;
        }
        maintain();
    }
    if (m_tables) {
        saveCopy();
        (void)m_tables->connection->truncateWal(); // a reader may still be there; the next start does it
        m_tables.reset();
    }
}

void Writer::write(Inbox::Work &work)
{
    m_dropped.merge(work.dropped);
    if (work.items.empty() && work.running.empty() && m_dropped.isEmpty())
        return;
    for (auto &item : work.items)
        scrub(item.record, *m_redactor);
    for (auto &record : work.running)
        scrub(record, *m_redactor);
    auto done = openAgain();
    if (done)
        done = writeBatch(work.items, work.running);
    if (done)
        m_inbox.finish(work.items, 0);
    else if (isRecordAtFault(done.error()))
        done = writeOneByOne(work.items, work.running);
    if (!done) {
        m_inbox.putBack(std::move(work.items));
        m_inbox.putBack(std::move(work.running));
    }
    settle(done);
}

Result<> Writer::writeBatch(const Inbox::Items &items, const Inbox::Running &running)
{
    Transaction transaction(*m_tables->connection);
    if (!transaction.begun())
        return transaction.begun();
    (void)m_tables->records.takeBodyBytes(); // what a failed batch has left
    auto sums = m_dropped;
    for (const auto &item : items) {
        if (auto done = m_tables->records.write(item.record); !done)
            return done;
        sums.add(item.record, item.was_noted);
    }
    for (const auto &record : running) {
        if (auto done = m_tables->running.put(record); !done)
            return done;
    }
    for (const auto id : sums.ended) {
        if (auto done = m_tables->running.remove(id); !done)
            return done;
    }
    if (auto done = m_tables->rollups.add(sums.rollups); !done)
        return done;
    if (auto done = m_tables->charges.add(sums.charges); !done)
        return done;
    if (auto done = m_tables->removal.addBodyBytes(m_tables->records.takeBodyBytes()); !done)
        return done;
    if (auto done = transaction.commit(); !done)
        return done;
    m_dropped.clear();
    return {};
}

// One record that SQLite does not take must not keep the others from the disk.
Result<> Writer::writeOneByOne(Inbox::Items &items, const Inbox::Running &running)
{
    while (!items.empty()) {
        Inbox::Items one;
        one.splice(one.end(), items, items.begin());
        const auto done = writeBatch(one, {});
        if (!done && !isRecordAtFault(done.error())) {
            items.splice(items.begin(), one);
            return done;
        }
        m_inbox.finish(one, done ? 0 : 1);
    }
    for (const auto &record : running) {
        const auto done = writeBatch({}, {record});
        if (!done && !isRecordAtFault(done.error()))
            return done;
    }
    return {};
}

// What ran when the program was killed: nobody else will ever say how it ended. With what a damaged file knew
// of keys it stands in the tables before anybody reads them.
Result<> Writer::recordInterrupted()
{
    auto left = m_tables->running.left();
    if (!left)
        return fail(left.error());
    if (!m_dropped.isEmpty()) {
        if (auto done = writeBatch({}, {}); !done)
            return done;
    }
    Inbox::Items all;
    for (auto &record : *left)
        all.push_back({.record = std::move(record), .was_noted = true});
    const auto written = all.empty() ? Result<>() : writeBatch(all, {});
    if (written || !isRecordAtFault(written.error()))
        return written;
    while (!all.empty()) {
        Inbox::Items one;
        one.splice(one.end(), all, all.begin());
        const auto done = writeBatch(one, {});
        if (!done && !isRecordAtFault(done.error()))
            return done;
        if (!done)
            m_dropped.ended.push_back(one.front().record.id); // it has its row
    }
    return {};
}

void Writer::run(Inbox::Job &job)
{
    auto outcome = m_outcome; // of a flush
    if (job.run) {
        outcome = openAgain();
        if (outcome)
            outcome = change(job.run);
        if (!outcome && outcome.error().code == "store.damaged")
            settle(outcome);
    }
    if (job.done)
        job.done(std::move(outcome));
}

Result<> Writer::change(const std::function<Result<>(Changes &)> &job)
{
    const auto &connection = *m_tables->connection;
    SqlChanges changes(connection, m_tables->removal);
    {
        // A person waits for this, and nothing waits for the writer: give a short lock of another program
        // time to go.
        sqlite3_busy_timeout(connection.handle(), 1'000);
        Transaction transaction(connection);
        sqlite3_busy_timeout(connection.handle(), 0);
        if (!transaction.begun())
            return transaction.begun();
        if (auto done = job(changes); !done)
            return done;
        if (auto done = transaction.commit(); !done)
            return done;
    }
    m_last_write = Clock::now();
    if (changes.hasChangedConfiguration())
        copyAfterChange();
    return {};
}

// Many changes in a row, as a script makes them, share a copy.
void Writer::copyAfterChange()
{
    const auto now = Clock::now();
    if (now < m_copied + kBetweenCopies) {
        m_copy_due = std::min(m_copy_due, m_copied + kBetweenCopies);
        return;
    }
    m_copied = now;
    saveCopy();
}

Result<> Writer::salvageSome()
{
    Transaction transaction(*m_tables->connection);
    if (!transaction.begun())
        return transaction.begun();
    if (auto done = m_salvage->step(m_tables->records, m_tables->rollups, m_tables->removal, *m_redactor);
        !done)
        return done;
    if (auto done = transaction.commit(); !done)
        return done;
    m_salvage->keep();
    m_inbox.reportSalvaged(m_salvage->requests());
    if (m_salvage->isDone())
        m_salvage.reset();
    return {};
}

void Writer::maintain()
{
    const auto now = Clock::now();
    if (now < m_not_before)
        return;
    if (!m_tables)
        settle(openAgain());
    if (!m_tables)
        return;
    if (now >= m_copy_due)
        saveCopy();
    if (now >= m_tables->removal.due()) {
        settle(m_tables->removal.step(wallClockUs()));
        if (!m_tables)
            return;
    }
    if (m_salvage) {
        settle(salvageSome());
        if (!m_tables)
            return;
    }
    checkpoint(now);
    if (m_tables)
        m_inbox.reportWal(std::uint64_t(m_tables->wal_pages) * kPageBytes);
}

void Writer::saveCopy()
{
    const auto saved = saveConfigCopy(*m_tables->connection, m_directory);
    m_copy_due = saved ? Clock::time_point::max() : Clock::now() + kLongestPause;
}

void Writer::checkpoint(Clock::time_point now)
{
    if (m_tables->wal_pages == 0 || now < m_checkpoint_not_before)
        return;
    const bool isIdle = now >= m_last_write + kIdle;
    if (!isIdle && m_tables->wal_pages < kCheckpointPages)
        return;
    m_checkpoint_not_before = now + kBetweenCheckpoints;
    // While requests come the WAL keeps its size and starts anew by itself; when idle it is given back.
    const auto done = isIdle ? m_tables->connection->truncateWal() : m_tables->connection->checkpoint();
    if (done && isIdle)
        m_tables->wal_pages = 0;
    const bool isReaderInTheWay = !done && done.error().code == "store.busy";
    if (!isReaderInTheWay && done.has_value() != m_outcome.has_value())
        settle(done);
}

void Writer::settle(const Result<> &outcome)
{
    const bool wasGood = m_outcome.has_value();
    m_outcome = outcome;
    if (outcome) {
        m_last_write = Clock::now();
        m_not_before = {};
        m_pause = {};
        if (!wasGood)
            m_inbox.report(StoreHealth::State::Ok, {});
        return;
    }
    if (outcome.error().code == "store.damaged")
        replaceDamaged();
    m_pause = std::clamp<std::chrono::milliseconds>(m_pause * 2, kFirstPause, kLongestPause);
    m_not_before = Clock::now() + m_pause;
    m_inbox.report(stateOf(m_outcome.error()), m_outcome.error().message);
}

void Writer::replaceDamaged()
{
    if (m_replaced != Clock::time_point() && Clock::now() < m_replaced + kBetweenReplacements)
        return; // it is the disk, not the file
    m_replaced = Clock::now();
    m_tables.reset();
    auto opened = replaceDatabase(m_directory);
    ++*m_generation;
    if (!opened)
        return; // openAgain() goes on with what is there
    use(std::move(*opened));
}

Writer::Clock::time_point Writer::nextWake() const
{
    if (!m_tables)
        return Clock::now() + kLongestPause;
    auto wake = m_salvage ? Clock::now() : std::min(m_copy_due, m_tables->removal.due());
    if (m_tables->wal_pages > 0)
        wake = std::min(wake, std::max(m_last_write + kIdle, m_checkpoint_not_before));
    return std::max(wake, m_not_before);
}

} // namespace portolan::store
