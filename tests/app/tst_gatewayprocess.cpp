// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/gatewayprocess.h"
#include "tests/core/control/plainclient.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSet>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;

namespace portolan::test {

namespace {

QByteArray numbered(int n)
{
    return "{\"model\":\"@practice/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"number "
        + QByteArray::number(n) + "\"}]}";
}

QByteArray fileOf(qint64 pid, const char *name)
{
    QFile file(u"/proc/%1/%2"_s.arg(pid).arg(QLatin1StringView(name)));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestGatewayProcess : public QObject
{
    Q_OBJECT

private slots:
    void explainsItself_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::newRow("overview") << QStringList{u"--help"_s} << 0;
        QTest::newRow("serve") << QStringList{u"serve"_s, u"--help"_s} << 0;
        QTest::newRow("account add") << QStringList{u"account"_s, u"add"_s, u"--help"_s} << 0;
        QTest::newRow("unknown command") << QStringList{u"dance"_s} << 2;
        QTest::newRow("unknown option") << QStringList{u"logs"_s, u"--dance"_s} << 2;
        QTest::newRow("bad address") << QStringList{u"serve"_s, u"--listen"_s, u"nowhere"_s} << 2;
        QTest::newRow("missing slug") << QStringList{u"account"_s, u"remove"_s} << 2;
        QTest::newRow("missing credential")
            << QStringList{u"account"_s, u"rotate"_s, u"--slug"_s, u"x"_s, u"--key-stdin"_s} << 2;
    }

    void explainsItself()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        QProcess process;
        const bool helps = arguments.contains(u"--help"_s) || code == 2;
        if (arguments.contains(u"remove"_s) || arguments.contains(u"rotate"_s))
            arguments += {u"--data"_s, directory.path(), u"--key-file"_s};
        process.start(QStringLiteral(PORTOLAN_GATEWAY), arguments);
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), code);
        QVERIFY(helps && !(process.readAllStandardOutput() + process.readAllStandardError()).isEmpty());
    }

    void takesSettingsAndKeysOfSeveralParts()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        const QByteArray keys = "AKIA0123456789ABCDEF\nwJalrXUtnFEMI/K7MDENG\n";
        const QStringList add{u"account"_s, u"add"_s, u"--provider"_s, u"bedrock"_s, u"--key-stdin"_s};
        QCOMPARE(gateway.run(add, keys).code, 1); // no region
        const auto added
            = gateway.run(add + QStringList{u"--setting"_s, u"region=us-east-1"_s, u"--json"_s}, keys);
        QCOMPARE(added.code, 0);
        QCOMPARE(added.json()[u"settings"][u"region"], QJsonValue(u"us-east-1"_s));
        QCOMPARE(added.json()[u"credential"], QJsonValue(u"...CDEF"_s));
        QVERIFY(!(added.out + added.err).contains("wJalrXUtnFEMI"));

        const QStringList set{u"account"_s, u"set"_s,       u"--slug"_s,
                              u"bedrock"_s, u"--setting"_s, u"region=eu-west-1"_s};
        QCOMPARE(gateway.run(set).code, 1); // another host
        QCOMPARE(gateway.run(set + QStringList{u"--key-stdin"_s}, keys).code, 0);
        QCOMPARE(gateway.run({u"account"_s, u"set"_s, u"--slug"_s, u"bedrock"_s, u"--setting"_s, u"region"_s})
                     .code,
                 2);
    }

    void managesAccountsAndKeysWithAndWithoutARunningInstance_data()
    {
        QTest::addColumn<bool>("running");
        QTest::newRow("on the store") << false;
        QTest::newRow("over the control socket") << true;
    }

    void managesAccountsAndKeysWithAndWithoutARunningInstance()
    {
        QFETCH(bool, running);
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        if (running)
            QVERIFY(gateway.start());
        const auto added = gateway.run({u"account"_s, u"add"_s, u"--slug"_s, u"mine"_s, u"--provider"_s,
                                        u"openai"_s, u"--key-stdin"_s, u"--json"_s},
                                       "sk-canary-77aa12bb34cc56dd\n");
        QVERIFY2(added.code == 0, added.err.constData());
        QCOMPARE(added.json()["slug"_L1].toString(), u"mine"_s);
        QCOMPARE(added.json()["credential"_L1].toString(), u"...56dd"_s);
        QVERIFY(!added.out.contains("sk-canary"));
        const auto twice
            = gateway.run({u"account"_s, u"add"_s, u"--slug"_s, u"mine"_s, u"--provider"_s, u"openai"_s});
        QCOMPARE(twice.code, 1);
        QVERIFY(twice.err.contains("@mine is taken"));
        QCOMPARE(gateway.run({u"account"_s, u"list"_s, u"--json"_s}).json()["accounts"_L1].toArray().size(),
                 2);
        QCOMPARE(gateway
                     .run({u"account"_s, u"rotate"_s, u"--slug"_s, u"mine"_s, u"--key-stdin"_s},
                          "sk-other-0123456789abcd9999")
                     .code,
                 0);
        const auto rotated
            = gateway.run({u"account"_s, u"list"_s, u"--json"_s}).json()["accounts"_L1].toArray();
        QCOMPARE(rotated.first().toObject()["credential"_L1].toString(), u"...9999"_s);
        QCOMPARE(gateway.run({u"account"_s, u"test"_s, u"--slug"_s, u"practice"_s}).code, 0);
        QCOMPARE(gateway.run({u"account"_s, u"remove"_s, u"--slug"_s, u"mine"_s}).code, 0);
        QCOMPARE(gateway.run({u"account"_s, u"list"_s, u"--json"_s}).json()["accounts"_L1].toArray().size(),
                 1);

        QVERIFY(gateway.makeKey(u"second"_s).startsWith("pk-portolan-"));
        QCOMPARE(gateway.run({u"key"_s, u"list"_s, u"--json"_s}).json()["keys"_L1].toArray().size(), 2);
        QCOMPARE(gateway.run({u"key"_s, u"revoke"_s, u"--name"_s, u"second"_s}).code, 0);
        QCOMPARE(gateway.run({u"key"_s, u"list"_s, u"--json"_s}).json()["keys"_L1].toArray().size(), 1);
    }

    // R17
    void refusesASecondInstanceOnTheSameData()
    {
        const QTemporaryDir directory;
        GatewayProcess first(directory.path());
        QVERIFY(first.start());
        GatewayProcess second(directory.path());
        QVERIFY(!second.start());
        QCOMPARE(second.exitCode(), 3);
        first.kill();
        QVERIFY(second.start()); // the stale lock is taken over
    }

    // R17
    void namesATakenPort()
    {
        const QTemporaryDir first_directory;
        GatewayProcess first(first_directory.path());
        QVERIFY(first.start());
        const auto port = QUrl(first.url()).port();
        const QTemporaryDir directory;
        GatewayProcess second(directory.path());
        const auto refused = second.run({u"serve"_s, u"--listen"_s, u"127.0.0.1:%1"_s.arg(port)});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("portolan-gatewa"), refused.err.constData());
        QVERIFY(refused.err.contains(QByteArray::number(port)));
    }

    // R15
    void losesNoOldRowToSigkill()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        QVERIFY(gateway.start());
        const auto token = gateway.makeKey(u"load"_s);
        std::atomic<bool> ends{false};
        std::atomic<int> answered_before{0}; // answers at least 100 ms old when the kill comes
        std::thread load([&] {
            PlainClient client(gateway.url());
            QElapsedTimer clock;
            clock.start();
            for (int n = 0; !ends; ++n) {
                if (client.chat(token, numbered(n)).status == 200 && !ends)
                    ++answered_before;
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
        });
        QTRY_VERIFY_WITH_TIMEOUT(answered_before > 300, 30'000);
        const int safe = answered_before;
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        gateway.kill();
        ends = true;
        load.join();

        QElapsedTimer clock;
        clock.start();
        QVERIFY(gateway.start());
        QVERIFY2(clock.elapsed() < 1'000, qPrintable(QString::number(clock.elapsed())));
        const auto rows = gateway.run({u"logs"_s, u"--json"_s, u"--limit"_s, u"10000"_s}).lines();
        QVERIFY2(rows.size() >= safe, qPrintable(u"%1 of %2"_s.arg(rows.size()).arg(safe)));
        QSet<qint64> ids;
        for (const auto &row : rows)
            ids.insert(row["id"_L1].toInteger());
        QCOMPARE(ids.size(), rows.size());
    }

    // R35
    void drainsRunningStreamsOnSigterm()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        QVERIFY(gateway.start());
        const auto token = gateway.makeKey(u"stream"_s);
        PlainReply reply;
        std::thread client([&] {
            reply
                = PlainClient(gateway.url())
                      .chat(
                          token,
                          R"({"model":"@practice/slow-2500ms","stream":true,"messages":[{"role":"user","content":"one two three four five"}]})");
        });
        const bool streams = QTest::qWaitFor(
            [&] { return gateway.run({u"status"_s, u"--json"_s}).json()["active"_L1].toInt() == 1; }, 5'000);
        gateway.terminate();
        QVERIFY(gateway.waitForEnd(12'000));
        client.join();
        QVERIFY(streams);
        QVERIFY(gateway.endedNormally());
        QCOMPARE(gateway.exitCode(), 0);
        QVERIFY(reply.body.contains("[DONE]"));
        const auto rows = gateway.run({u"logs"_s, u"--json"_s}).lines();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows.first()["outcome"_L1].toString(), u"ok"_s);
    }

    void showsNoSecretInItsEnvironmentOrArguments()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        QVERIFY(gateway.start());
        QCOMPARE(gateway
                     .run({u"account"_s, u"add"_s, u"--slug"_s, u"m"_s, u"--provider"_s, u"openai"_s,
                           u"--key-stdin"_s},
                          "sk-canary-aa11bb22cc33dd44")
                     .code,
                 0);
        QVERIFY(!fileOf(gateway.pid(), "cmdline").isEmpty());
        QVERIFY(!fileOf(gateway.pid(), "cmdline").contains("sk-canary"));
        QVERIFY(!fileOf(gateway.pid(), "environ").contains("sk-canary"));
    }
};

} // namespace portolan::test

QTEST_GUILESS_MAIN(portolan::test::TestGatewayProcess)
#include "tst_gatewayprocess.moc"
