// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/faultvfs.h"
#include "tests/core/store/records.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <cstdio>
#include <utility>

using namespace portolan;
using namespace portolan::store;
using namespace Qt::StringLiterals;
using State = StoreHealth::State;

namespace {

// Waits for the writer, which tries again by itself; flush() makes it try at once.
bool recovers(Store &store)
{
    for (const QDeadlineTimer end(5'000); !end.hasExpired();) {
        store.flush();
        const auto health = store.health();
        if (health.state == State::Ok && health.queued == 0)
            return true;
    }
    return false;
}

std::size_t rowsIn(Store &store)
{
    const auto reader = store.openReader();
    if (!reader)
        return 0;
    const auto page = (*reader)->page({.limit = 10'000});
    return page ? page->size() : 0;
}

// Holds the database in a transaction of its own until end(). popen, because ThreadSanitizer does not bear
// QProcess.
class OtherProgram
{
public:
    OtherProgram(const std::filesystem::path &file, const std::filesystem::path &held)
        : m_input(popen("exec python3 -c '"
                        "import sqlite3,sys\n"
                        "c=sqlite3.connect(sys.stdin.readline().strip(),isolation_level=None)\n"
                        "c.execute(\"BEGIN EXCLUSIVE\")\n"
                        "open(sys.stdin.readline().strip(),\"w\").close()\n"
                        "sys.stdin.read()'",
                        "w"))
    {
        std::fprintf(m_input, "%s\n%s\n", file.c_str(), held.c_str());
        std::fflush(m_input);
    }
    OtherProgram(const OtherProgram &) = delete;
    OtherProgram &operator=(const OtherProgram &) = delete;
    ~OtherProgram() { end(); }
    void end()
    {
        if (m_input)
            pclose(std::exchange(m_input, nullptr));
    }

private:
    std::FILE *m_input;
};

} // namespace

class TestStoreFaults : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    int m_count = 0;

    std::filesystem::path freshDirectory()
    {
        return std::filesystem::path(m_home.path().toStdString()) / std::to_string(++m_count);
    }

private slots:
    void initTestCase() { faultvfs::install(); }

    void cleanup()
    {
        faultvfs::heal();
        faultvfs::slowDown({});
    }

    void r12_goesOnWhenTheNthWriteFails_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("torn");
        QTest::addColumn<int>("state");
        QTest::newRow("disk full") << SQLITE_FULL << false << int(State::DiskFull);
        QTest::newRow("disk full, half written") << SQLITE_FULL << true << int(State::DiskFull);
        QTest::newRow("EIO") << SQLITE_IOERR_WRITE << true << int(State::Failing);
        QTest::newRow("read-only") << SQLITE_READONLY << false << int(State::ReadOnly);
    }

    void r12_goesOnWhenTheNthWriteFails()
    {
        QFETCH(int, code);
        QFETCH(bool, torn);
        QFETCH(int, state);
        constexpr int kMostOperations = 500;
        int n = 0;
        for (bool wasReached = true; wasReached; ++n) {
            QCOMPARE_LT(n, kMostOperations);
            const auto directory = freshDirectory();
            const auto store = openStore(directory);
            store->flush();
            const auto first = nowUs();
            faultvfs::failFrom(n, code, torn);
            for (int i = 0; i < 5; ++i) {
                auto record = plainRecord(first + i);
                QVERIFY(store->tryAppend(record));
            }
            store->flush();
            const auto changed
                = store->changeAndWait([](Changes &changes) { return changes.setSetting("a", "b"); });
            wasReached = faultvfs::hasFailed();
            if (const auto health = store->health(); health.state != State::Ok) {
                QCOMPARE(int(health.state), state);
                QVERIFY(!health.reason.empty());
            }
            faultvfs::heal();
            QVERIFY(recovers(*store));
            QCOMPARE(rowsIn(*store), 5U);
            const auto settings = (*store->openReader())->settings();
            QCOMPARE(settings->contains("a"), changed.has_value());
            QVERIFY(store->health().set_aside.empty());
        }
        QCOMPARE_GT(n, 3);
    }

    void r12_anOpenThatFailsChangesNothing()
    {
        constexpr int kMostOperations = 500;
        for (int n = 0; n < kMostOperations; ++n) {
            const auto directory = freshDirectory();
            faultvfs::failFrom(n, SQLITE_FULL);
            const auto failed = Store::open({.directory = directory});
            const bool wasReached = faultvfs::hasFailed();
            if (!failed)
                QVERIFY2(failed.error().code == "store.disk_full" || failed.error().code == "store.io",
                         failed.error().code.c_str());
            faultvfs::heal();
            if (failed)
                QVERIFY(recovers(**failed));
            else
                QVERIFY(openStore(directory)->health().set_aside.empty());
            if (!wasReached)
                return;
        }
        QFAIL("The fault was always reached.");
    }

    void r12_aFullDiskShedsBodiesThenRowsAndKeepsTheSums()
    {
        StoreOptions options{.directory = freshDirectory(), .queue_bytes = 400'000, .queue_records = 1'000};
        const auto store = openStore(options);
        store->flush();
        faultvfs::failFrom(0, SQLITE_FULL);
        const auto first = nowUs();
        constexpr int kRecords = 2'000;
        constexpr std::size_t kOneRecord = 10'000; // the one that is being handed over
        for (int i = 0; i < kRecords; ++i) {
            auto record = plainRecord(first + i);
            record.started_us = first; // one bucket
            record.request_body->text = std::string(2'000, 'x');
            if (!store->tryAppend(record))
                store->appendShedding(std::move(record));
            if (i == 100) {
                store->flush();
                QCOMPARE(int(store->health().state), int(State::DiskFull));
            }
            QCOMPARE_LE(store->health().queued_bytes, options.queue_bytes + kOneRecord);
        }
        auto health = store->health();
        QCOMPARE_GT(health.bodies_shed, 0U);
        QCOMPARE_GT(health.rows_dropped, 0U);

        faultvfs::heal();
        QVERIFY(recovers(*store));
        health = store->health();
        QCOMPARE(health.written + health.rows_dropped, std::uint64_t(kRecords));
        const auto days = (*store->openReader())->rollups(0, first, 86'400);
        QCOMPARE(days->size(), 1U);
        QCOMPARE(days->front().requests, std::uint64_t(kRecords));
        QCOMPARE(days->front().cost.value, 450'000LL * kRecords);
    }

    void r13_aLockOfAnotherProgramStopsNobody()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        store->flush();
        const auto held = QString::fromStdString((directory / "held").string());
        OtherProgram other(directory / "portolan.db", directory / "held");
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(held), 20'000);

        const auto first = nowUs();
        QElapsedTimer timer;
        qint64 longest = 0;
        for (int i = 0; i < 1'000; ++i) {
            auto record = plainRecord(first + i);
            timer.start();
            QVERIFY(store->tryAppend(record));
            longest = std::max(longest, timer.elapsed());
        }
        QCOMPARE_LT(longest, 100); // it would be the whole time of the lock
        store->flush();
        QCOMPARE(int(store->health().state), int(State::Busy));
        QCOMPARE(rowsIn(*store), 0U); // readers go on
        const auto refused
            = store->changeAndWait([](Changes &changes) { return changes.setSetting("a", "b"); });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, "store.busy");
        QVERIFY(refused.error().retryable);

        other.end();
        QVERIFY(recovers(*store));
        QCOMPARE(rowsIn(*store), 1'000U);
    }

    void r26_aSlowDiskShedsBodiesOldestFirstAndKeepsEveryRow()
    {
        StoreOptions options{.directory = freshDirectory(), .queue_bytes = 1'200'000, .queue_records = 5'000};
        const auto store = openStore(options);
        store->flush();
        faultvfs::slowDown(std::chrono::milliseconds(20));
        const auto first = nowUs();
        constexpr int kRecords = 300;
        for (int i = 0; i < kRecords; ++i) {
            auto record = plainRecord(first + i);
            record.request_body->text = std::string(4'000, char('a' + i % 26));
            if (!store->tryAppend(record))
                store->appendShedding(std::move(record));
        }
        faultvfs::slowDown({});
        QVERIFY(recovers(*store));
        const auto health = store->health();
        QCOMPARE(health.written, std::uint64_t(kRecords));
        QCOMPARE(health.rows_dropped, 0U);
        QCOMPARE_GT(health.bodies_shed, 0U);
        const auto reader = std::move(*store->openReader());
        const auto newest = reader->request({first + kRecords - 1});
        QVERIFY((*newest)->record.request_body);
        QVERIFY(!(*newest)->bodies_expired);
    }

    void r27_aLongReaderDoesNotStopTheWriterAndTheWalComesBack()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        sqlite3 *reader = nullptr; // holds an old view, as a stalled window would
        QCOMPARE(sqlite3_open_v2((directory / "portolan.db").c_str(), &reader, SQLITE_OPEN_READONLY, nullptr),
                 SQLITE_OK);
        sqlite3_db_config(reader, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        QCOMPARE(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM requests", nullptr, nullptr, nullptr),
                 SQLITE_OK);

        const auto first = nowUs();
        for (int i = 0; i < 3'000; ++i)
            store->appendShedding(plainRecord(first + i));
        QVERIFY(recovers(*store));
        QCOMPARE(rowsIn(*store), 3'000U);
        const auto wal = directory / "portolan.db-wal";
        QTRY_COMPARE_GT(store->health().wal_bytes, 100'000U);
        QCOMPARE_GT(std::filesystem::file_size(wal), 100'000U);

        sqlite3_close(reader);
        QTRY_COMPARE_WITH_TIMEOUT(std::filesystem::file_size(wal), 0U, 10'000);
    }

    void oneRecordThatSqliteRefusesDoesNotStopTheOthers()
    {
        const auto store = openStore(freshDirectory());
        const auto first = nowUs();
        for (const int offset : {0, 1, 1, 2})
            store->appendShedding(plainRecord(first + offset));
        QVERIFY(recovers(*store));
        QCOMPARE(rowsIn(*store), 3U);
        QCOMPARE(store->health().written, 3U);
        QCOMPARE(store->health().rows_dropped, 1U);
        QCOMPARE(*(*store->openReader())->requestCount(), 3U);
    }
};

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "tst_storefaults.moc"
