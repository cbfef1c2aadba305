// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kills a program that writes 200 requests a second. PORTOLAN_KILL_ROUNDS (default 6) and PORTOLAN_STORE_ROWS
// (default 20,000) make the long runs of packaging/deep.sh.

#include "tests/core/store/records.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QProcess>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QVariant>

#include <csignal>
#include <map>
#include <random>
#include <set>

using namespace portolan;
using namespace portolan::store;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLostMs = 100; // what a kill may cost (reliability, numeric floor)

int fromEnvironment(const char *name, int otherwise)
{
    bool isGiven = false;
    const int value = qEnvironmentVariableIntValue(name, &isGiven);
    return isGiven ? value : otherwise;
}

struct Printed {
    QByteArray text{};
    bool is_late = false; // so shortly before the end that it may be lost
};

// Starts a program that writes, reads what it prints and kills it after `lifetime_ms`.
std::vector<Printed> runAndKill(const QString &program, const QString &directory, qint64 lifetime_ms)
{
    QProcess writer;
    writer.start(QCoreApplication::applicationDirPath() + u'/' + program, {directory, u"200"_s});
    std::vector<Printed> lines;
    if (!writer.waitForReadyRead(20'000))
        return lines;
    QElapsedTimer clock;
    clock.start();
    std::vector<qint64> read_ms;
    const auto readAll = [&] {
        while (writer.canReadLine()) {
            lines.push_back({.text = writer.readLine().trimmed()});
            read_ms.push_back(clock.elapsed());
        }
    };
    while (clock.elapsed() < lifetime_ms) {
        readAll();
        writer.waitForReadyRead(int(std::max<qint64>(lifetime_ms - clock.elapsed(), 1)));
    }
    const auto killed = clock.elapsed();
    writer.kill();
    writer.waitForFinished();
    readAll();
    for (std::size_t i = 0; i < lines.size(); ++i)
        lines[i].is_late = read_ms[i] > killed - kLostMs;
    return lines;
}

std::vector<std::int64_t> idsOf(const std::vector<Printed> &lines)
{
    std::vector<std::int64_t> ids;
    for (const auto &line : lines) {
        if (!line.is_late)
            ids.push_back(line.text.toLongLong());
    }
    return ids;
}

std::vector<trace::RequestRow> allRows(Reader &reader)
{
    std::vector<trace::RequestRow> rows;
    PageQuery query{.limit = 10'000};
    for (auto page = reader.page(query); page && !page->empty(); page = reader.page(query)) {
        rows.insert(rows.end(), page->begin(), page->end());
        query.before = page->back().id;
    }
    return rows;
}

QString integrityOf(const std::filesystem::path &file)
{
    const auto name = u"integrity"_s;
    QString answer;
    {
        auto database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setDatabaseName(QString::fromStdString(file.string()));
        database.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
        if (database.open()) {
            QSqlQuery query(u"PRAGMA integrity_check"_s, database);
            if (query.next())
                answer = query.value(0).toString();
        }
    }
    QSqlDatabase::removeDatabase(name);
    return answer;
}

} // namespace

class TestStoreKill : public QObject
{
    Q_OBJECT

    QTemporaryDir m_home;

private slots:
    void r15_aKillLosesAtMostATenthOfASecond()
    {
        const auto seed = fromEnvironment("PORTOLAN_SEED", int(std::random_device{}() & 0x7fffffff));
        qInfo("seed %d", seed);
        std::mt19937 dice{unsigned(seed)};
        const std::filesystem::path directory = m_home.filePath(u"killed"_s).toStdString();
        std::vector<std::int64_t> all;
        const int rounds = fromEnvironment("PORTOLAN_KILL_ROUNDS", 6);
        for (int round = 0; round < rounds; ++round) {
            const auto ids = idsOf(runAndKill(u"store_writer"_s, QString::fromStdString(directory.string()),
                                              150 + qint64(dice() % 700)));
            QVERIFY(!ids.empty());
            all.insert(all.end(), ids.begin(), ids.end());

            QElapsedTimer timer;
            timer.start();
            auto store = openStore(directory); // the lock of the killed one is taken over (R17)
            QCOMPARE_LT(timer.elapsed(), 1'000);
            QVERIFY(store->health().set_aside.empty());
            const auto reader = std::move(*store->openReader());
            for (const auto id : ids) {
                const auto detail = reader->request({id});
                QVERIFY2(detail && *detail, qPrintable(u"%1 is lost"_s.arg(id)));
                QVERIFY(areEqual((*detail)->record, fullRecord(id)));
            }
            store->flush();
            QCOMPARE(integrityOf(directory / "portolan.db"), u"ok"_s);
        }
        const auto store = openStore(directory);
        const auto reader = std::move(*store->openReader());
        for (const auto id : all)
            QVERIFY(*reader->request({id}));
        // The sums were committed with the rows.
        QCOMPARE(*reader->requestCount(), std::uint64_t(allRows(*reader).size()));
    }

    // Every request that was let in is there with its cost, or as of unknown outcome with what it had
    // reserved, and the key's spend is the sum of just these.
    void r15_aKillLosesNoSpend()
    {
        const auto seed = fromEnvironment("PORTOLAN_SEED", int(std::random_device{}() & 0x7fffffff));
        qInfo("seed %d", seed);
        std::mt19937 dice{unsigned(seed)};
        const std::filesystem::path directory = m_home.filePath(u"spent"_s).toStdString();
        struct Known {
            std::int64_t reserved = 0;
            std::int64_t cost = -1; // -1: runs
            bool is_begin_late = false;
            bool is_end_late = false;
        };
        std::map<std::int64_t, Known> known;
        std::size_t interrupted = 0;
        const int rounds = fromEnvironment("PORTOLAN_KILL_ROUNDS", 6);
        for (int round = 0; round < rounds; ++round) {
            for (const auto &line : runAndKill(u"store_spender"_s, QString::fromStdString(directory.string()),
                                               400 + qint64(dice() % 700))) {
                const auto words = line.text.split(' ');
                QCOMPARE(words.size(), 3);
                auto &one = known[words[1].toLongLong()];
                if (words[0] == "begin") {
                    one.reserved = words[2].toLongLong();
                    one.is_begin_late = line.is_late;
                } else {
                    one.cost = words[2].toLongLong();
                    one.is_end_late = line.is_late;
                }
            }
            const auto store = openStore(directory);
            const auto reader = std::move(*store->openReader());
            std::int64_t spent = 0;
            std::int64_t requests = 0;
            interrupted = 0;
            std::set<std::int64_t> seen;
            for (const auto &row : allRows(*reader)) {
                const auto &one = known[row.id.value];
                const bool isUnknown = row.outcome == trace::Outcome::Unknown;
                QCOMPARE(row.cost.value, isUnknown ? one.reserved : one.cost);
                QVERIFY(!isUnknown || one.cost < 0 || one.is_end_late);
                interrupted += isUnknown ? 1 : 0;
                spent += row.cost.value;
                ++requests;
                seen.insert(row.id.value);
            }
            for (const auto &[id, one] : known)
                QVERIFY2(seen.contains(id) || one.is_begin_late, qPrintable(u"%1 is lost"_s.arg(id)));

            // What the next run of the program starts from.
            admission::Ledger ledger;
            const auto now = admission::Instant::now();
            ledger.restore(*reader->keyUse());
            ledger.setLimits(kSpender, spenderLimits(), now);
            const auto use = *ledger.use(kSpender, now);
            QCOMPARE(use.spent, spent);
            QCOMPARE(use.reserved, 0);
            QCOMPARE(use.rates[0], requests);
        }
        QVERIFY(interrupted > 0);
    }

    void r15_opensWithinASecondAfterAKill()
    {
        const std::filesystem::path directory = m_home.filePath(u"large"_s).toStdString();
        const int rows = fromEnvironment("PORTOLAN_STORE_ROWS", 20'000);
        {
            const auto store = openStore(directory);
            const auto first = nowUs() - rows;
            for (int i = 0; i < rows; ++i) {
                auto record = plainRecord(first + i);
                while (!store->tryAppend(record))
                    store->flush();
            }
        }
        QVERIFY(!runAndKill(u"store_writer"_s, QString::fromStdString(directory.string()), 300).empty());
        QElapsedTimer timer;
        timer.start();
        const auto store = openStore(directory);
        const auto page = (*store->openReader())->page({});
        QCOMPARE(page->size(), 200U);
        qInfo("%d rows: ready after %lld ms", rows, static_cast<long long>(timer.elapsed()));
        QCOMPARE_LT(timer.elapsed(), 1'000);
        QVERIFY(store->health().set_aside.empty());
    }
};

QTEST_GUILESS_MAIN(TestStoreKill)
#include "tst_storekill.moc"
