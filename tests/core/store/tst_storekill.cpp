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
#include <random>

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

struct Line {
    std::int64_t id = 0;
    qint64 read_ms = 0;
};

// Starts the writer, reads what it prints and kills it after `lifetime_ms`.
std::vector<Line> runAndKill(const QString &directory, qint64 lifetime_ms)
{
    QProcess writer;
    writer.start(QCoreApplication::applicationDirPath() + u"/store_writer"_s, {directory, u"200"_s});
    std::vector<Line> lines;
    if (!writer.waitForReadyRead(20'000))
        return lines;
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < lifetime_ms) {
        while (writer.canReadLine())
            lines.push_back({writer.readLine().trimmed().toLongLong(), clock.elapsed()});
        writer.waitForReadyRead(int(std::max<qint64>(lifetime_ms - clock.elapsed(), 1)));
    }
    const auto killed = clock.elapsed();
    writer.kill();
    writer.waitForFinished();
    std::erase_if(lines, [killed](const Line &line) { return line.read_ms > killed - kLostMs; });
    return lines;
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
        std::vector<Line> all;
        const int rounds = fromEnvironment("PORTOLAN_KILL_ROUNDS", 6);
        for (int round = 0; round < rounds; ++round) {
            const auto lines
                = runAndKill(QString::fromStdString(directory.string()), 150 + qint64(dice() % 700));
            QVERIFY(!lines.empty());
            all.insert(all.end(), lines.begin(), lines.end());

            QElapsedTimer timer;
            timer.start();
            auto store = openStore(directory); // the lock of the killed one is taken over (R17)
            QCOMPARE_LT(timer.elapsed(), 1'000);
            QVERIFY(store->health().set_aside.empty());
            const auto reader = std::move(*store->openReader());
            for (const auto &line : lines) {
                const auto detail = reader->request({line.id});
                QVERIFY2(detail && *detail,
                         qPrintable(u"%1 of %2 ms is lost"_s.arg(line.id).arg(line.read_ms)));
                QVERIFY(areEqual((*detail)->record, fullRecord(line.id)));
            }
            store->flush();
            QCOMPARE(integrityOf(directory / "portolan.db"), u"ok"_s);
        }
        const auto store = openStore(directory);
        const auto reader = std::move(*store->openReader());
        for (const auto &line : all)
            QVERIFY(*reader->request({line.id}));
        // The sums were committed with the rows.
        std::uint64_t rows = 0;
        PageQuery query{.limit = 10'000};
        for (auto page = reader->page(query); !page->empty(); page = reader->page(query)) {
            rows += page->size();
            query.before = page->back().id;
        }
        QCOMPARE(*reader->requestCount(), rows);
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
        QVERIFY(!runAndKill(QString::fromStdString(directory.string()), 300).empty());
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
