// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/faultvfs.h"
#include "tests/core/store/records.h"

#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>

using namespace portolan;
using namespace portolan::store;
using namespace Qt::StringLiterals;
using trace::Charge;

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kAsked = 1'700'000'000'000'000;

Charge chargeOf(std::int64_t key, std::int64_t cost, std::uint8_t windows = 0)
{
    return {.party = Charge::Party::ClientKey,
            .key = key,
            .period = "day UTC",
            .day = 20'000,
            .cost = NanoUsd{cost},
            .tokens = cost / 10,
            .windows = windows,
            .asked_us = kAsked,
            .ended_us = kAsked + 60'000'000};
}

trace::Record charged(std::int64_t id, Charge charge)
{
    auto record = plainRecord(id);
    record.charges.push_back(std::move(charge));
    return record;
}

trace::KeptUse useIn(const Store &store)
{
    return (*store.openReader())->keyUse().value();
}

std::int64_t spentOf(const Store &store, std::int64_t key)
{
    std::int64_t spent = 0;
    for (const auto &charge : useIn(store).charges)
        spent += charge.key == key ? charge.cost.value : 0;
    return spent;
}

void append(Store &store, trace::Record record)
{
    if (!store.tryAppend(record))
        store.appendShedding(std::move(record));
}

} // namespace

class TestStoreCharges : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;
    int m_count = 0;

    fs::path freshDirectory() { return m_home.filePath(QString::number(++m_count)).toStdString(); }

    // What is on the disk while the program runs, as the next start would find it after a kill.
    fs::path killedCopyOf(const fs::path &directory)
    {
        const auto copy = freshDirectory();
        fs::create_directory(copy);
        for (const char *name : {"portolan.db", "portolan.db-wal"})
            fs::copy_file(directory / name, copy / name);
        return copy;
    }

private slots:
    void initTestCase() { faultvfs::install(); }
    void cleanup() { faultvfs::heal(); }

    void chargesAddUpByKeyAndPeriod()
    {
        const auto directory = freshDirectory();
        const auto id = nowUs();
        {
            const auto store = openStore(directory);
            auto both = charged(id, chargeOf(1, 100));
            both.charges.push_back(chargeOf(2, 70));
            append(*store, std::move(both));
            append(*store, charged(id + 1, chargeOf(1, 50)));
            store->flush();
            auto next = chargeOf(1, 5);
            next.day = 20'001;
            next.guessed_cost = NanoUsd{5};
            append(*store, charged(id + 2, next));
            append(*store, charged(id + 3, chargeOf(1, 1)));
        }
        const auto store = openStore(directory);
        const auto kept = useIn(*store);
        QCOMPARE(kept.charges.size(), 3U);
        QCOMPARE(kept.charges[0].cost, NanoUsd{151});
        QCOMPARE(kept.charges[0].tokens, 15);
        QCOMPARE(kept.charges[0].period, "day UTC");
        QCOMPARE(kept.charges[1].day, 20'001);
        QCOMPARE(kept.charges[1].guessed_cost, NanoUsd{5});
        QCOMPARE(kept.charges[2].key, 2);
        QVERIFY(kept.windows.empty());
    }

    void windowsAreKeptByStretches()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        const auto id = nowUs();
        auto charge = chargeOf(1, 100, Charge::RequestsPerHour | Charge::TokensPerWeek);
        charge.asked_us = id;
        charge.ended_us = id + 1;
        append(*store, charged(id, charge));
        append(*store, charged(id + 1, charge));
        store->flush();
        const auto kept = useIn(*store);
        QCOMPARE(kept.windows.size(), 2U);
        for (const auto &use : kept.windows) {
            const bool ofTokens = use.window == Charge::TokensPerWeek;
            QCOMPARE(use.amount, ofTokens ? 20 : 2);
            const auto grain = ofTokens ? 900'000'000 : 10'000'000;
            QCOMPARE(use.start_us % grain, 0);
            QVERIFY(use.start_us <= id + 1 && use.start_us > id - grain);
        }
    }

    void sumsThatWouldLeaveTheRangeStayAtItsEnd()
    {
        const auto store = openStore(freshDirectory());
        const auto most = std::numeric_limits<std::int64_t>::max();
        for (int i = 0; i < 3; ++i) {
            append(*store, charged(nowUs(), chargeOf(1, most, Charge::TokensPerDay)));
            store->flush();
        }
        QCOMPARE(spentOf(*store, 1), most);
        QCOMPARE(store->health().rows_dropped, 0U);
    }

    void aPersonsChangesAreAdded()
    {
        const auto store = openStore(freshDirectory());
        auto record = charged(nowUs(), chargeOf(1, 100, Charge::RequestsPerWeek));
        record.charges.front().asked_us = nowUs();
        append(*store, std::move(record));
        append(*store, charged(nowUs(), chargeOf(2, 100)));
        auto more = chargeOf(1, 0);
        more.extra = 30;
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.addCharge(more); }));
        QCOMPARE(useIn(*store).charges.front().extra, 30);
        QCOMPARE(useIn(*store).windows.size(), 1U);
        auto back = chargeOf(1, -100, Charge::RequestsPerWeek);
        back.extra = -30;
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.resetKey(back); }));
        QCOMPARE(spentOf(*store, 1), 0);
        QCOMPARE(useIn(*store).charges.front().extra, 0);
        QVERIFY(useIn(*store).windows.empty());
        QCOMPARE(spentOf(*store, 2), 100);
    }

    void aKeyThatGoesTakesItsUseAlong()
    {
        const auto store = openStore(freshDirectory());
        AccountId account;
        ClientKeyId client;
        QVERIFY(store->changeAndWait([&](Changes &changes) -> Result<> {
            const auto made = changes.insertAccount({.slug = "a", .provider = "openai"});
            const auto key = changes.insertClientKey({.name = "k", .token_hash = std::string(32, 'h')});
            if (!made || !key)
                return fail(made ? key.error() : made.error());
            account = *made;
            client = *key;
            return {};
        }));
        const auto virtualKey = (*store->openReader())->virtualKeys()->front().id;
        auto of = chargeOf(virtualKey.value, 10, Charge::RequestsPerWeek);
        of.party = Charge::Party::VirtualKey;
        of.asked_us = nowUs();
        auto record = charged(nowUs(), of);
        record.charges.push_back(chargeOf(client.value, 10));
        append(*store, std::move(record));
        store->flush();
        QCOMPARE(useIn(*store).charges.size(), 2U);
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.removeAccount(account); }));
        QCOMPARE(useIn(*store).charges.size(), 1U);
        QVERIFY(useIn(*store).windows.empty());
        QVERIFY(store->changeAndWait([&](Changes &changes) { return changes.removeClientKey(client); }));
        QVERIFY(useIn(*store).charges.empty());
    }

    void r15_whatRanAtAKillIsOfUnknownOutcomeAndCountsAsReserved()
    {
        const auto directory = freshDirectory();
        const auto store = openStore(directory);
        const auto first = nowUs();
        store->noteRunning(charged(first, chargeOf(1, 500)));
        store->noteRunning(charged(first + 1, chargeOf(1, 500)));
        store->noteRunning(charged(first + 2, chargeOf(1, 500)));
        store->flush();
        store->noteRunning(charged(first + 1, chargeOf(1, 700))); // the second note holds
        append(*store, charged(first + 2, chargeOf(1, 60)));
        store->flush();
        QCOMPARE(spentOf(*store, 1), 60); // nothing counts before it is over

        const auto again = openStore(killedCopyOf(directory));
        QCOMPARE(spentOf(*again, 1), 60 + 500 + 700);
        const auto reader = std::move(*again->openReader());
        const auto interrupted = (*reader->request({first + 1}))->record;
        QCOMPARE(int(interrupted.outcome), int(trace::Outcome::Unknown));
        QCOMPARE(interrupted.error_code, "store.unknown_outcome");
        QCOMPARE(interrupted.cost, NanoUsd{700});
        QCOMPARE(int(interrupted.cost_state), int(trace::CostState::Estimated));
        QCOMPARE(interrupted.model_asked, "@openai/gpt-4o");
        QVERIFY(!interrupted.request_body);
        QCOMPARE(int((*reader->request({first + 2}))->record.outcome), int(trace::Outcome::Ok));
        QCOMPARE(*reader->requestCount(), 3U);
        std::uint64_t timed = 0;
        for (const auto &day : *reader->rollups(0, first, 86'400))
            timed += day.total.count();
        QCOMPARE(timed, 1U); // how long the others took is not known

        // They end here as if nothing had been, and once is enough.
        append(*store, charged(first, chargeOf(1, 10)));
        append(*store, charged(first + 1, chargeOf(1, 10)));
        store->flush();
        QCOMPARE(spentOf(*openStore(killedCopyOf(directory)), 1), 80);
    }

    void aRequestThatIsOverSoonIsNeverNoted()
    {
        const auto directory = freshDirectory();
        const auto store = openStore({.directory = directory, .commit_every = std::chrono::seconds(60)});
        const auto id = nowUs();
        store->noteRunning(charged(id, chargeOf(1, 500)));
        append(*store, charged(id, chargeOf(1, 10)));
        store->flush();
        const auto again = openStore(killedCopyOf(directory));
        QCOMPARE(spentOf(*again, 1), 10);
        QCOMPARE(*(*again->openReader())->requestCount(), 1U);
    }

    // A note that the disk does not take is tried again, and no note outlives its request.
    void r12_notesAndSpendSurviveAFullDisk()
    {
        const auto directory = freshDirectory();
        const StoreOptions options{.directory = directory, .queue_bytes = 100'000, .queue_records = 50};
        const auto store = openStore(options);
        const auto first = nowUs();
        store->noteRunning(charged(first, chargeOf(1, 500)));
        store->flush();
        faultvfs::failFrom(0, SQLITE_FULL);
        constexpr int kRecords = 200;
        for (int i = 0; i < kRecords; ++i) {
            store->noteRunning(charged(first + 1 + i, chargeOf(1, 500)));
            store->flush();
            append(*store, charged(first + 1 + i, chargeOf(1, 1)));
        }
        append(*store, charged(first, chargeOf(1, 1)));
        store->noteRunning(charged(first + 1'000, chargeOf(1, 500)));
        QVERIFY(store->health().rows_dropped > 0);
        faultvfs::heal();
        QTRY_COMPARE(spentOf(*store, 1), kRecords + 1); // also of rows that were dropped
        store->flush();
        QCOMPARE(spentOf(*openStore(killedCopyOf(directory)), 1), kRecords + 1 + 500);
    }

    void r14_aDamagedFileLeavesItsSpendBeforeAnybodyAsks()
    {
        const auto directory = freshDirectory();
        {
            const auto store = openStore(directory);
            for (int i = 0; i < 100; ++i)
                append(*store, charged(nowUs() + i, chargeOf(1, 10)));
        }
        {
            std::fstream file(directory / "portolan.db", std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(68);
            file.write("Fore", 4); // not ours any more
        }
        const auto store = openStore(directory);
        QVERIFY(!store->health().set_aside.empty());
        QCOMPARE(spentOf(*store, 1), 1'000);
        QTRY_COMPARE(store->health().salvaged, 100U);
        QCOMPARE(spentOf(*store, 1), 1'000);
    }
};

QTEST_GUILESS_MAIN(TestStoreCharges)
#include "tst_storecharges.moc"
