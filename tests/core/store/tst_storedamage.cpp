// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/faultvfs.h"
#include "tests/core/store/records.h"

#include "core/store/connection.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <random>
#include <set>
#include <utility>

using namespace portolan;
using namespace portolan::store;

namespace fs = std::filesystem;

namespace {

constexpr int kRecords = 400;
constexpr int kPage = 4096;
constexpr qint64 kStartMs = 3'000; // reliability R14

// PORTOLAN_SEED repeats a run.
std::mt19937_64 seeded()
{
    bool isGiven = false;
    const auto given = qEnvironmentVariable("PORTOLAN_SEED").toULongLong(&isGiven);
    const auto seed = isGiven ? given : std::random_device{}();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    return std::mt19937_64(seed);
}

void overwrite(const fs::path &file, std::uintmax_t offset, const std::string &bytes)
{
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(std::streamoff(offset));
    out.write(bytes.data(), std::streamsize(bytes.size()));
}

std::string garbage(std::mt19937_64 &dice, std::size_t size)
{
    std::string bytes(size, '\0');
    for (auto &byte : bytes)
        byte = char(dice());
    return bytes;
}

} // namespace

class TestStoreDamage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    fs::path m_good;      // closed in order
    fs::path m_left_open; // as after a kill: with a WAL
    int m_count = 0;
    std::int64_t m_first = 0;

    fs::path freshDirectory() { return fs::path(m_home.path().toStdString()) / std::to_string(++m_count); }

    fs::path copyOf(const fs::path &directory)
    {
        const auto copy = freshDirectory();
        fs::copy(directory, copy, fs::copy_options::recursive);
        return copy;
    }

    // Whatever the file was: the store opens in time, has the keys and settings, and takes and shows new
    // requests.
    void checkItWorks(const fs::path &directory)
    {
        QElapsedTimer timer;
        timer.start();
        auto opened = Store::open({.directory = directory});
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
        QCOMPARE_LT(timer.elapsed(), kStartMs);
        const auto store = std::move(*opened);

        const auto id = nowUs();
        store->appendShedding(plainRecord(id));
        store->flush();
        store->flush(); // damage that the first write met is mended by now
        QCOMPARE(int(store->health().state), int(StoreHealth::State::Ok));
        const auto reader = std::move(*store->openReader());
        (void)reader->page({.limit = 1'000}); // an error or rows, never a crash
        (void)reader->rollups(0, id, 86'400);
        (void)reader->request({m_first});
        const auto setting = reader->settings();
        const auto accounts = reader->accounts();
        if (!store->health().set_aside.empty()) {
            QVERIFY(fs::exists(store->health().set_aside));
            QCOMPARE(setting->at("capture"), "full");
            QCOMPARE(accounts->size(), 1U);
            QCOMPARE(accounts->front().sealed, "sealed bytes");
            QCOMPARE(reader->virtualKeys()->size(), 1U);
            QCOMPARE(reader->clientKeys()->size(), 1U);
            QCOMPARE(reader->configs()->size(), 1U);
            QCOMPARE(reader->configs()->front().current.text, "{}");
            QVERIFY(*reader->request({id}));
        }
    }

private slots:
    void initTestCase()
    {
        faultvfs::install(); // nothing loses power here: without real syncs the rounds are quick
        m_first = nowUs() - 1'000'000;
        m_good = freshDirectory();
        const auto store = openStore(m_good);
        QVERIFY(store->changeAndWait([](Changes &changes) -> Result<> {
            if (auto done
                = changes.insertAccount({.slug = "openai", .provider = "openai", .sealed = "sealed bytes"});
                !done)
                return fail(done.error());
            if (auto done = changes.insertClientKey({.name = "laptop", .token_hash = std::string(32, 'h')});
                !done)
                return fail(done.error());
            const ConfigRow config{.slug = "pc-a-1", .current = {.version = 1, .text = "{}"}};
            if (auto done = changes.insertConfig(config); !done)
                return fail(done.error());
            return changes.setSetting("capture", "full");
        }));
        for (int i = 0; i < kRecords; ++i)
            store->appendShedding(fullRecord(m_first + i));
        store->flush();
        m_left_open = freshDirectory();
        fs::create_directory(m_left_open);
        for (const char *name : {"portolan.db", "portolan.db-wal", "config-backup.db"})
            fs::copy_file(m_good / name, m_left_open / name);
        QCOMPARE_GT(fs::file_size(m_left_open / "portolan.db-wal"), 0U);
    }

    void r14_aGoodFileIsLeftAlone()
    {
        for (const auto &directory : {m_good, m_left_open}) {
            const auto store = openStore(copyOf(directory));
            QVERIFY(store->health().set_aside.empty());
            QCOMPARE((*store->openReader())->page({.limit = 1'000})->size(), std::size_t(kRecords));
        }
    }

    void r14_aBadStartIsSetAside_data()
    {
        QTest::addColumn<int>("offset");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("magic") << 0 << QByteArray("not a database");
        QTest::newRow("page size") << 16 << QByteArray("\x12\x34", 2);
        QTest::newRow("application id") << 68 << QByteArray("Fore");
        QTest::newRow("schema format") << 44 << QByteArray("\x00\x00\x00\x7f", 4);
        QTest::newRow("root of the schema") << 100 << QByteArray(200, '\xff');
    }

    void r14_aBadStartIsSetAside()
    {
        QFETCH(int, offset);
        QFETCH(QByteArray, bytes);
        const auto directory = copyOf(m_good);
        overwrite(directory / "portolan.db", std::uintmax_t(offset), bytes.toStdString());
        const auto store = openStore(directory);
        QVERIFY(!store->health().set_aside.empty());
        QVERIFY(fs::exists(store->health().set_aside));
        const auto reader = std::move(*store->openReader());
        QCOMPARE(reader->accounts()->size(), 1U);
        QCOMPARE(reader->settings()->at("capture"), "full");
    }

    void r14_damagedPages()
    {
        auto dice = seeded();
        const auto pages = fs::file_size(m_good / "portolan.db") / kPage;
        for (int round = 0; round < 200; ++round) {
            const auto directory = copyOf(m_good);
            const auto page = dice() % pages;
            const auto offset = page * kPage + dice() % (kPage - 64);
            overwrite(directory / "portolan.db", offset, garbage(dice, 64));
            checkItWorks(directory);
            if (QTest::currentTestFailed())
                return;
            fs::remove_all(directory);
        }
    }

    void r14_damagedPagesOfAFileLeftOpen()
    {
        auto dice = seeded();
        for (const char *name : {"portolan.db", "portolan.db-wal"}) {
            const auto size = fs::file_size(m_left_open / name);
            for (int round = 0; round < 40; ++round) {
                const auto directory = copyOf(m_left_open);
                overwrite(directory / name, dice() % (size - 64), garbage(dice, 64));
                checkItWorks(directory);
                if (QTest::currentTestFailed())
                    return;
                fs::remove_all(directory);
            }
        }
    }

    void r14_cutFiles()
    {
        auto dice = seeded();
        for (const char *name : {"portolan.db", "portolan.db-wal"}) {
            const auto size = fs::file_size(m_left_open / name);
            for (int round = 0; round < 50; ++round) {
                const auto directory = copyOf(m_left_open);
                fs::resize_file(directory / name, dice() % size);
                checkItWorks(directory);
                if (QTest::currentTestFailed())
                    return;
                fs::remove_all(directory);
            }
        }
    }

    void r14_whatCanBeReadIsBroughtOver()
    {
        // In the middle of the requests, so that there is something on both sides.
        const auto directory = copyOf(m_good);
        const auto pages = fs::file_size(m_good / "portolan.db") / kPage;
        auto dice = seeded();
        overwrite(directory / "portolan.db", pages / 2 * kPage, garbage(dice, 5 * kPage));
        overwrite(directory / "portolan.db", 68, "Fore"); // makes sure that the damage is met at once
        const auto store = openStore(directory);
        const auto id = nowUs();
        store->appendShedding(plainRecord(id));
        // Looked at once and together: QTRY_VERIFY asks again after it was true, and rows come meanwhile.
        std::optional<RequestDetail> last;
        const auto isThere = [&] {
            const auto salvaged = store->health().salvaged;
            const auto reader = std::move(*store->openReader());
            last = *reader->request({m_first + kRecords - 1});
            return last && salvaged >= std::uint64_t(kRecords / 2)
                && reader->page({.limit = 1'000})->size() == salvaged + 1;
        };
        QVERIFY(QTest::qWaitFor(isThere, 20'000));
        const auto reader = std::move(*store->openReader());
        QVERIFY(areEqual(last->record, fullRecord(m_first + kRecords - 1)));
        QVERIFY(*reader->request({id}));
        QCOMPARE(int(store->health().state), int(StoreHealth::State::Ok));
    }

    void r14_aWholeFileIsBroughtOverWithItsSums()
    {
        // A bad id with nothing else wrong; a bad first page that the WAL holds once more.
        for (const auto &[good, offset] : {std::pair(m_good, 68U), std::pair(m_left_open, 0U)}) {
            const auto directory = copyOf(good);
            overwrite(directory / "portolan.db", offset, "Fore");
            const auto store = openStore(directory);
            QVERIFY(!store->health().set_aside.empty());
            QTRY_COMPARE(store->health().salvaged, std::uint64_t(kRecords));
            const auto reader = std::move(*store->openReader());
            QCOMPARE(*reader->requestCount(), std::uint64_t(kRecords));
            const auto before = (*openStore(copyOf(good))->openReader())->rollups(0, nowUs(), 3'600);
            QVERIFY(*reader->rollups(0, nowUs(), 3'600) == *before);
            for (const int place : {0, kRecords / 2, kRecords - 1}) {
                const auto detail = *reader->request({m_first + place});
                QVERIFY(detail && areEqual(detail->record, fullRecord(m_first + place)));
            }
        }
    }

    // The first start after an update meets the damage: the copy is still of the program before.
    void aCopyOfAnOlderSchemaIsUsed()
    {
        const auto directory = copyOf(m_good);
        {
            const auto copy = std::move(*Connection::open(directory / "config-backup.db", Access::Write));
            QVERIFY(copy->run("DROP TABLE configs; DROP TABLE config_versions; PRAGMA user_version=1"));
        }
        overwrite(directory / "portolan.db", 0, "garbage");
        const auto store = openStore(directory);
        QVERIFY(!store->health().set_aside.empty());
        const auto reader = std::move(*store->openReader());
        QCOMPARE(reader->accounts()->size(), 1U);
        QCOMPARE(reader->clientKeys()->size(), 1U);
        QVERIFY(reader->configs()->empty());
    }

    void aDamagedFileWithoutACopyStartsEmpty()
    {
        const auto directory = copyOf(m_good);
        overwrite(directory / "portolan.db", 0, "garbage");
        overwrite(directory / "config-backup.db", 0, "garbage");
        const auto store = openStore(directory);
        QVERIFY(!store->health().set_aside.empty());
        QVERIFY((*store->openReader())->accounts()->empty());
    }

    void twoDamagedFilesKeepTheirOwnNames()
    {
        const auto directory = copyOf(m_good);
        std::set<std::string> names;
        for (int i = 0; i < 3; ++i) {
            overwrite(directory / "portolan.db", 0, "garbage");
            names.insert(openStore(directory)->health().set_aside);
        }
        QCOMPARE(names.size(), 3U);
        for (const auto &name : names)
            QVERIFY(fs::exists(name));
    }
};

QTEST_GUILESS_MAIN(TestStoreDamage)
#include "tst_storedamage.moc"
