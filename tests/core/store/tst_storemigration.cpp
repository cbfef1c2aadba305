// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/faultvfs.h"
#include "tests/core/store/records.h"

#include "core/store/connection.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <iterator>

using namespace portolan;
using namespace portolan::store;
using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace {

// The record in tests/data/store/schema*.db; retention is told to leave it alone.
constexpr std::int64_t kFixtureId = 1'790'000'000'000'000;
constexpr int kForEver = 100'000;

constexpr std::array kStep2{
    "ALTER TABLE settings ADD COLUMN note TEXT NOT NULL DEFAULT 'moved'",
    "CREATE TABLE second (id INTEGER PRIMARY KEY)",
    "INSERT INTO second VALUES (2)",
};
constexpr std::array kStep3{"CREATE TABLE third (id INTEGER PRIMARY KEY)"};

std::vector<Migration> withTwoMoreSteps()
{
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    steps.push_back({.version = schemaVersion() + 1, .statements = kStep2});
    steps.push_back({.version = schemaVersion() + 2, .statements = kStep3});
    return steps;
}

std::int64_t numberOf(const Connection &connection, const QString &sql)
{
    Sql query(connection.database(), sql);
    return query.run() && query.next() ? query.number(0) : -1;
}

std::string bytesOf(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

class TestStoreMigration : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    int m_count = 0;

    // A directory with a database of the present schema and one setting.
    fs::path freshStore()
    {
        const fs::path directory = m_home.filePath(QString::number(++m_count)).toStdString();
        const auto store = openStore(directory);
        if (!store->changeAndWait([](Changes &changes) { return changes.setSetting("a", "b"); }))
            qFatal("The setting cannot be stored.");
        return directory;
    }

private slots:
    void initTestCase() { faultvfs::install(); }
    void cleanup() { faultvfs::heal(); }

    void aNewFileHasTheSettingsThatCannotBeChangedLater()
    {
        const auto file = freshStore() / "portolan.db";
        const auto connection = std::move(*Connection::open(file, Access::Write));
        QCOMPARE(*storedVersion(*connection), schemaVersion());
        QCOMPARE(numberOf(*connection, u"PRAGMA application_id"_s), kApplicationId);
        QCOMPARE(numberOf(*connection, u"PRAGMA auto_vacuum"_s), 2);
        Sql mode(connection->database(), u"PRAGMA journal_mode"_s);
        QVERIFY(mode.run() && mode.next());
        QCOMPARE(mode.textAt(0), "wal");
    }

    void r29_eachReleasedSchemaOpens_data()
    {
        QTest::addColumn<int>("version");
        for (int version = 1; version <= schemaVersion(); ++version)
            QTest::addRow("schema %d", version) << version;
    }

    void r29_eachReleasedSchemaOpens()
    {
        QFETCH(int, version);
        const fs::path directory = m_home.filePath(QString::number(++m_count)).toStdString();
        fs::create_directory(directory);
        const auto fixture
            = fs::path(PORTOLAN_TEST_DATA) / "store" / ("schema" + std::to_string(version) + ".db");
        fs::copy_file(fixture, directory / "portolan.db");
        const auto store = openStore({
            .directory = directory,
            .retention = {.rows_days = kForEver, .bodies_days = kForEver},
        });
        QVERIFY(store->health().set_aside.empty());
        const auto reader = std::move(*store->openReader());
        const auto detail = *reader->request({kFixtureId});
        QVERIFY(detail);
        QVERIFY(areEqual(detail->record, fullRecord(kFixtureId)));
        QCOMPARE(reader->settings()->at("capture"), "full");
        QCOMPARE(reader->accounts()->front().sealed, "sealed");
        QCOMPARE(reader->clientKeys()->front().name, "laptop");
        QCOMPARE(*reader->requestCount(), version < 5 ? 1U : 2U); // one ran when the program was killed
        const auto configs = *reader->configs();
        QCOMPARE(configs.size(), version < 2 ? 0U : 1U);
        if (version >= 2) {
            QCOMPARE(configs.front().current.version, 2);
            QCOMPARE((*reader->configVersion(configs.front().id, 1))->text, "{}");
        }
        // Since schema 3; a file from before has room for them now.
        const AccountModelsRow listed{.account = reader->accounts()->front().id,
                                      .models = {{.id = "gpt-4o"}, {.id = "my-model:1"}},
                                      .listed_us = 5};
        if (version >= 3)
            QCOMPARE(*reader->accountModels(), std::vector{listed});
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.setAccountModels(listed); }));
        QCOMPARE(*reader->accountModels(), std::vector{listed});
        // Since schema 4.
        const ModelChoiceRow choice{.account = listed.account,
                                    .model = "gpt-4o",
                                    .enabled = false,
                                    .price_in = 1'000'000'000,
                                    .price_out = 0,
                                    .source = "contract",
                                    .edited_us = 6};
        if (version >= 4)
            QCOMPARE(*reader->modelChoices(), std::vector{choice});
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.setModelChoice(choice); }));
        QCOMPARE(*reader->modelChoices(), std::vector{choice});
        auto governed = fullRecord(kFixtureId + 1);
        governed.skipped = {{.pointer = "/targets/0", .label = "a", .reason = "it is switched off"}};
        auto appended = governed;
        QVERIFY(store->tryAppend(appended));
        store->flush();
        QCOMPARE((*reader->request({kFixtureId + 1}))->record.skipped, governed.skipped);
        // Since schema 5, likewise.
        trace::Charge spent{.party = trace::Charge::Party::VirtualKey,
                            .key = reader->virtualKeys()->front().id.value,
                            .period = "month UTC",
                            .day = 20'758,
                            .cost = NanoUsd{150},
                            .tokens = 15,
                            .extra = 5,
                            .guessed_cost = NanoUsd{51}};
        const AuditRow change{.id = 1,
                              .at_us = 5,
                              .actor_kind = "admin key",
                              .actor = "boss",
                              .action = "update",
                              .resource = "config",
                              .name = "pc-a-1",
                              .before = "{}",
                              .after = "{\"a\":1}"};
        if (version < 6)
            QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.addAudit(change); }));
        QCOMPARE(*reader->audit({}), std::vector{change});
        if (version >= 5) {
            QCOMPARE(reader->keyUse()->charges, std::vector{spent});
            QCOMPARE(reader->keyUse()->windows.back().amount, 3);
            return;
        }
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.addCharge(spent); }));
        QCOMPARE(reader->keyUse()->charges, std::vector{spent});
    }

    void r29_stepsRunInOrderWithABackupBeforeEach()
    {
        const auto file = freshStore() / "portolan.db";
        const auto connection = std::move(*Connection::open(file, Access::Write));
        QVERIFY(migrate(*connection, file, withTwoMoreSteps()));
        QCOMPARE(*storedVersion(*connection), schemaVersion() + 2);
        QCOMPARE(numberOf(*connection, u"SELECT count(*) FROM settings WHERE note = 'moved'"_s), 1);
        for (int version = schemaVersion(); version < schemaVersion() + 2; ++version) {
            const auto backup = fs::path(file.string() + ".v" + std::to_string(version) + ".bak");
            struct stat status{};
            QCOMPARE(stat(backup.c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0777U, 0600U);
            const auto old = std::move(*Connection::open(backup, Access::Read));
            QCOMPARE(*storedVersion(*old), version);
            QCOMPARE(numberOf(*old, u"SELECT count(*) FROM settings"_s), 1);
        }
        QVERIFY(migrate(*connection, file, withTwoMoreSteps())); // nothing is left to do
    }

    void r29_aStatementThatFailsLeavesTheVersionBefore_data()
    {
        QTest::addColumn<int>("place");
        for (int place = 0; place < int(kStep2.size()); ++place)
            QTest::addRow("statement %d", place + 1) << place;
    }

    void r29_aStatementThatFailsLeavesTheVersionBefore()
    {
        QFETCH(int, place);
        auto statements = kStep2;
        statements[std::size_t(place)] = "INSERT INTO nothing VALUES (1)";
        std::vector<Migration> steps(migrations().begin(), migrations().end());
        steps.push_back({.version = schemaVersion() + 1, .statements = statements});

        const auto file = freshStore() / "portolan.db";
        const auto connection = std::move(*Connection::open(file, Access::Write));
        QVERIFY(!migrate(*connection, file, steps));
        QCOMPARE(*storedVersion(*connection), schemaVersion());
        QCOMPARE(numberOf(*connection, u"SELECT count(*) FROM sqlite_schema WHERE name = 'second'"_s), 0);
        QCOMPARE(numberOf(*connection, u"SELECT count(*) FROM pragma_table_info('settings')"_s), 2);
        QVERIFY(migrate(*connection, file, withTwoMoreSteps())); // the mended program goes on
    }

    // A program that dies at any write, seen by the next start: nothing after that write reached the disk.
    void r29_aCrashAtAnyWriteLeavesOldOrNew()
    {
        constexpr int kMostOperations = 500;
        const auto before = freshStore();
        for (int n = 0; n < kMostOperations; ++n) {
            const QTemporaryDir directory;
            const fs::path file = directory.filePath(u"portolan.db"_s).toStdString();
            fs::copy_file(before / "portolan.db", file);
            bool wasReached = false;
            {
                const auto connection = std::move(*Connection::open(file, Access::Write));
                faultvfs::failFrom(n, SQLITE_IOERR_WRITE, n % 2 == 0);
                (void)migrate(*connection, file, withTwoMoreSteps());
                wasReached = faultvfs::hasFailed();
            }
            faultvfs::heal();
            const auto connection = std::move(*Connection::open(file, Access::Write));
            const auto version = *storedVersion(*connection);
            QCOMPARE_GE(version, schemaVersion());
            QCOMPARE(numberOf(*connection, u"SELECT count(*) FROM sqlite_schema WHERE name = 'second'"_s),
                     version > schemaVersion() ? 1 : 0);
            QCOMPARE(numberOf(*connection, u"SELECT count(*) FROM sqlite_schema WHERE name = 'third'"_s),
                     version > schemaVersion() + 1 ? 1 : 0);
            QCOMPARE(numberOf(*connection, u"SELECT count(*) FROM settings"_s), 1);
            QVERIFY(migrate(*connection, file, withTwoMoreSteps()));
            if (!wasReached)
                return;
        }
        QFAIL("The fault was always reached.");
    }

    void r29_aNewerFileIsRefusedAndNotTouched()
    {
        const auto directory = freshStore();
        const auto file = directory / "portolan.db";
        {
            const auto connection = std::move(*Connection::open(file, Access::Write));
            QVERIFY(connection->run("PRAGMA user_version=99"));
        }
        const auto before = bytesOf(file);
        const auto store = Store::open({.directory = directory});
        QVERIFY(!store);
        QCOMPARE(store.error().code, "store.newer_schema");
        QVERIFY(store.error().message.contains("99"));
        QVERIFY(bytesOf(file) == before);
        QVERIFY(fs::exists(file));
    }
};

QTEST_GUILESS_MAIN(TestStoreMigration)
#include "tst_storemigration.moc"
