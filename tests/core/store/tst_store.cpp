// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/records.h"

#include "core/store/connection.h"
#include "core/trace/requestrow.h"
#include "core/trace/rollup.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

#include <atomic>
#include <fstream>
#include <future>
#include <map>
#include <thread>

using namespace portolan;
using namespace portolan::store;

namespace {

int writableDescriptorsOf(const std::filesystem::path &file)
{
    int count = 0;
    for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone; // the descriptor of this listing itself
        if (std::filesystem::read_symlink(entry.path(), gone) != file)
            continue;
        std::ifstream info("/proc/self/fdinfo/" + entry.path().filename().string());
        std::string word;
        unsigned flags = 0;
        while (info >> word && word != "flags:") { }
        info >> std::oct >> flags;
        count += (flags & O_ACCMODE) != O_RDONLY ? 1 : 0;
    }
    return count;
}

} // namespace

class TestStore : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    int m_count = 0;

    std::filesystem::path freshDirectory()
    {
        return std::filesystem::path(m_home.path().toStdString()) / std::to_string(++m_count);
    }

private slots:
    void bringsBackEveryFieldOfARecord()
    {
        const auto store = openStore(freshDirectory());
        const auto id = nowUs();
        auto record = fullRecord(id);
        QVERIFY(store->tryAppend(record));
        store->flush();

        const auto reader = store->openReader();
        QVERIFY(reader);
        const auto detail = (*reader)->request({id});
        QVERIFY(detail && *detail);
        QVERIFY(areEqual((*detail)->record, fullRecord(id)));
        QVERIFY(!(*detail)->bodies_expired);
        QVERIFY(!*(*reader)->request({id + 1}));
    }

    void theListShowsTheRowOfARecord()
    {
        const auto store = openStore(freshDirectory());
        const auto id = nowUs();
        auto record = fullRecord(id);
        auto expected = trace::rowOf(record);
        expected.error_message = std::string(299, 'e'); // one line of it: the é would be cut in two
        store->appendShedding(std::move(record));
        store->flush();
        const auto page = (*store->openReader())->page({});
        QVERIFY(page);
        QCOMPARE(page->size(), 1U);
        QCOMPARE(page->front(), expected);
    }

    void pagesByKeysetNewestFirst()
    {
        const auto store = openStore(freshDirectory());
        const auto first = nowUs();
        for (int i = 0; i < 500; ++i) {
            auto record = plainRecord(first + i);
            if (i % 10 == 3)
                record.outcome = trace::Outcome::Error;
            store->appendShedding(std::move(record));
        }
        store->flush();
        const auto reader = std::move(*store->openReader());
        PageQuery query{.limit = 120};
        std::vector<std::int64_t> seen;
        while (true) {
            const auto page = reader->page(query);
            QVERIFY(page);
            if (page->empty())
                break;
            for (const auto &row : *page)
                seen.push_back(row.id.value);
            query.before = page->back().id;
        }
        QCOMPARE(seen.size(), 500U);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(seen[std::size_t(i)], first + 499 - i);

        QCOMPARE(reader->page({.errors_only = true})->size(), 50U);
        QCOMPARE(reader->page({.from_us = first + 100, .to_us = first + 149})->size(), 50U);
    }

    void rollupsEqualTheSumsOfTheRows_data()
    {
        QTest::addColumn<int>("step");
        QTest::newRow("minutes") << 60;
        QTest::newRow("hours") << 3'600;
        QTest::newRow("days") << 86'400;
    }

    void rollupsEqualTheSumsOfTheRows()
    {
        QFETCH(int, step);
        const auto store = openStore(freshDirectory());
        const auto end = nowUs();
        std::map<std::int64_t, trace::Rollup> expected;
        for (std::int64_t i = 0; i < 3'000; ++i) {
            auto record = plainRecord(end - (3'000 - i) * 31'000'000); // a day and more
            record.outcome = trace::Outcome(i % 7);
            record.total_us = 1'000 + i * i;
            record.cost_state = trace::CostState(i % 4);
            record.cost = {i};
            record.first_token_us = i % 5 == 0 ? -1 : i;
            const auto start = trace::bucketStart(record.started_us, step);
            expected[start].bucket_s = start;
            trace::addTo(expected[start], record);
            store->appendShedding(std::move(record));
            if (i % 700 == 0)
                store->flush(); // several batches meet in a bucket
        }
        store->flush();
        const auto reader = std::move(*store->openReader());
        const auto rollups = reader->rollups(0, end / 1'000'000 + 1, step);
        QVERIFY(rollups);
        std::vector<trace::Rollup> wanted;
        for (const auto &[start, bucket] : expected)
            wanted.push_back(bucket);
        QCOMPARE(rollups->size(), wanted.size());
        QVERIFY(*rollups == wanted);
        QCOMPARE(*reader->requestCount(), 3'000U);

        const auto middle = wanted[wanted.size() / 2].bucket_s;
        QCOMPARE(reader->rollups(middle, middle + step, step)->size(), 1U);
    }

    void fourThreadsLoseNothing()
    {
        const auto store = openStore(freshDirectory());
        const auto first = nowUs();
        constexpr int kEach = 500;
        std::atomic<int> changed{0};
        {
            std::vector<std::jthread> threads;
            for (int t = 0; t < 4; ++t) {
                threads.emplace_back([&, t] {
                    for (int i = 0; i < kEach; ++i) {
                        auto record = i % 3 == 0 ? fullRecord(first + t * kEach + i)
                                                 : plainRecord(first + t * kEach + i);
                        if (i % 7 == 0)
                            store->appendShedding(std::move(record));
                        else if (!store->tryAppend(record))
                            qFatal("The queue is full.");
                        if (i % 50 == 0) {
                            const auto name = std::to_string(t) + "-" + std::to_string(i);
                            store->change([name](Changes &changes) { return changes.setSetting(name, "x"); },
                                          [&changed](Result<> done) { changed += done ? 1 : 0; });
                        }
                    }
                });
            }
            threads.emplace_back([&] {
                const auto reader = std::move(*store->openReader());
                for (int i = 0; i < 50; ++i)
                    (void)reader->page({.limit = 50});
            });
        }
        store->flush();
        QCOMPARE(changed.load(), 4 * 10);
        const auto reader = std::move(*store->openReader());
        QCOMPARE(reader->page({.limit = 10'000})->size(), std::size_t(4 * kEach));
        QCOMPARE(reader->settings()->size(), 40U);
        QCOMPARE(store->health().written, std::uint64_t(4 * kEach));
        QCOMPARE(store->health().queued_bytes, 0U);
    }

    void aChangeSeesWhatWasAppendedBefore()
    {
        const auto store = openStore(freshDirectory());
        const auto first = nowUs();
        for (int i = 0; i < 2'500; ++i)
            store->appendShedding(plainRecord(first + i));
        QVERIFY(store->changeAndWait([](Changes &changes) { return changes.removeAllRequests(); }));
        QVERIFY((*store->openReader())->page({})->empty());
    }

    void aFullQueueTakesNothingUntilThereIsRoom()
    {
        StoreOptions options{.directory = freshDirectory(), .queue_records = 3};
        const auto store = openStore(options);
        std::promise<void> go;
        store->change(
            [&go](Changes &) -> Result<> {
                go.get_future().wait(); // the writer stands still
                return {};
            },
            {});
        const auto first = nowUs();
        for (int i = 0; i < 3; ++i) {
            auto record = plainRecord(first + i);
            QVERIFY(store->tryAppend(record));
        }
        auto refused = fullRecord(first + 3);
        QVERIFY(!store->tryAppend(refused));
        QVERIFY(areEqual(refused, fullRecord(first + 3))); // still the caller's
        QCOMPARE(store->health().queued, 3U);
        go.set_value();
        store->flush();
        QVERIFY(store->tryAppend(refused));
        store->flush();
        QCOMPARE((*store->openReader())->page({})->size(), 4U);
    }

    void whatIsQueuedIsWrittenAtTheEnd()
    {
        const auto directory = freshDirectory();
        const auto first = nowUs();
        {
            const auto store = openStore(directory);
            for (int i = 0; i < 3'000; ++i)
                store->appendShedding(plainRecord(first + i));
        }
        QVERIFY(!std::filesystem::exists(directory / "portolan.db-wal"));
        const auto store = openStore(directory);
        QCOMPARE((*store->openReader())->page({.limit = 10'000})->size(), 3'000U);
    }

    void r17_oneStoreADirectory()
    {
        const auto directory = freshDirectory();
        auto store = openStore(directory);
        const auto second = Store::open({.directory = directory});
        QVERIFY(!second);
        QCOMPARE(second.error().code, "store.locked");
        QVERIFY(second.error().message.contains(std::to_string(QCoreApplication::applicationPid())));
        store.reset();
        QVERIFY(Store::open({.directory = directory}));
    }

    void aDirectoryThatCannotBeIsAnError()
    {
        const auto blocked = freshDirectory();
        std::ofstream(blocked) << "a file";
        const auto store = Store::open({.directory = blocked});
        QVERIFY(!store);
        QCOMPARE(store.error().code, "store.read_only");
    }

    // Threat-model I1: descriptors of the database that could write, over a session with readers.
    void oneConnectionCanWrite()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        std::vector<std::unique_ptr<Reader>> readers;
        for (int i = 0; i < 3; ++i)
            readers.push_back(std::move(*store->openReader()));
        store->appendShedding(plainRecord(nowUs()));
        store->flush();
        for (const auto &reader : readers)
            QCOMPARE(reader->page({})->size(), 1U);
        QCOMPARE(writableDescriptorsOf(directory / "portolan.db"), 1);
    }

    void readersCannotWrite()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        store->flush();
        const auto connection = Connection::open(directory / "portolan.db", Access::Read);
        QVERIFY(connection);
        const auto written = (*connection)->run("INSERT INTO settings VALUES ('a', 'b')");
        QVERIFY(!written);
        QCOMPARE(written.error().code, "store.read_only");
        QVERIFY(!(*connection)->run("ATTACH 'other.db' AS other"));
    }
};

QTEST_GUILESS_MAIN(TestStore)
#include "tst_store.moc"
