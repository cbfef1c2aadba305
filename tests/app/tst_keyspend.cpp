// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/control.h"
#include "tests/app/gatewayprocess.h"
#include "tests/core/control/plainclient.h"
#include "tests/core/gateway/misbehavingvendor.h"
#include "tests/core/gateway/runninggateway.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;

namespace portolan::test {

namespace {

using admission::Budget;

constexpr std::int64_t kDollar = 1'000'000'000;
constexpr std::int64_t kAnswer = 75'000; ///< nano-dollars: 10 tokens in and 5 out of gpt-4o

QByteArray chat()
{
    return R"({"model":"@mock/gpt-4o","max_tokens":100,"messages":[{"role":"user","content":"Hi"}]})";
}

std::unique_ptr<control::Control> open(const QString &directory)
{
    control::ControlOptions options;
    options.dataDirectory = directory;
    options.useKeyring = false;
    auto control = control::Control::open(std::move(options));
    return control ? *std::move(control) : nullptr;
}

const control::VirtualKey &mockOf(const control::Control &control)
{
    return *std::ranges::find(control.virtualKeys(), u"mock"_s, &control::VirtualKey::slug);
}

/// Rows that another process has written so far.
int rowsOf(const QString &file, const QString &table)
{
    const auto name = u"tst_keyspend"_s;
    int rows = -1;
    {
        auto database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
        database.setDatabaseName(file);
        QSqlQuery query(database);
        if (database.open() && query.exec(u"SELECT count(*) FROM "_s + table) && query.next())
            rows = query.value(0).toInt();
    }
    QSqlDatabase::removeDatabase(name);
    return rows;
}

} // namespace

class TestKeySpend : public QObject
{
    Q_OBJECT

private slots:
    void aKillLosesNothingThatWasSpent()
    {
        MisbehavingVendor vendor("ok", {"ok", "ok", "hang"});
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        QCOMPARE(gateway
                     .run({u"account"_s, u"add"_s, u"--slug"_s, u"mock"_s, u"--provider"_s, u"openai"_s,
                           u"--base-url"_s, u"http://127.0.0.1:%1/v1"_s.arg(vendor.port()), u"--key-stdin"_s},
                          "sk-stored-0123456789abcdef0001")
                     .code,
                 0);
        const auto token = gateway.makeKey(u"spender"_s);
        {
            const auto control = open(directory.path());
            QVERIFY(control);
            admission::KeyLimits limits{.budget = Budget{.limit = kDollar}};
            limits.rates = {{.per = admission::RateLimit::Per::Day, .most = 100}};
            Awaited<void> edited;
            control->editVirtualKey(mockOf(*control).id, {.limits = limits}, edited.take());
            QVERIFY(edited.wait() && *edited);
        }

        QVERIFY(gateway.start());
        PlainClient client(gateway.url());
        QCOMPARE(client.chat(token, chat()).status, 200);
        QCOMPARE(client.chat(token, chat()).status, 200);
        std::thread waiting([&] { PlainClient(gateway.url()).chat(token, chat()); });
        const auto file = directory.filePath(u"portolan.db"_s);
        const bool noted = QTest::qWaitFor(
            [&] { return rowsOf(file, u"running_requests"_s) == 1 && rowsOf(file, u"requests"_s) == 2; },
            10'000);
        gateway.kill();
        waiting.join();
        QVERIFY(noted);

        const auto control = open(directory.path());
        QVERIFY(control);
        const auto use = mockOf(*control).use;
        QVERIFY2(use.spent > 2 * kAnswer, qPrintable(QString::number(use.spent)));
        QVERIFY2(use.spent <= 2 * kAnswer + 2'000'000, qPrintable(QString::number(use.spent))); // 100 tokens
        QCOMPARE(use.reserved, 0);
        QCOMPARE(use.rates, std::vector<std::int64_t>{3});
        Awaited<std::vector<trace::RequestRow>> page;
        control->history({}, page.take());
        QVERIFY(page.wait() && *page);
        QCOMPARE((*page)->size(), 3U);
        QVERIFY((*page)->front().outcome == trace::Outcome::Unknown);
        QCOMPARE(rowsOf(file, u"running_requests"_s), 0);
    }
};

} // namespace portolan::test

QTEST_GUILESS_MAIN(portolan::test::TestKeySpend)
#include "tst_keyspend.moc"
