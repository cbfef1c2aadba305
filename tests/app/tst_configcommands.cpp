// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/gatewayprocess.h"
#include "tests/core/control/plainclient.h"

#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portolan::test {

namespace {

const QByteArray kEcho
    = "{\n  \"provider\": \"@practice\",\n  \"override_params\": {\"model\": \"echo\"}\n}\n";
const QByteArray kFails = "{\"provider\":\"@practice\",\"override_params\":{\"model\":\"server-error-503\"}}";
const QByteArray kBad = "{\"strategy\": {\"mode\": \"best\"},\n \"targets\": [{\"retry\": 3}]}";
const QByteArray kChain = "{\"strategy\":{\"mode\":\"fallback\"},\"targets\":[{\"provider\":\"@openai\"},"
                          "{\"provider\":\"@anthropic\"}]}";

} // namespace

class TestConfigCommands : public QObject
{
    Q_OBJECT

    QTemporaryDir m_files;

    QString file(const QString &name, const QByteArray &text)
    {
        QFile out(m_files.filePath(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("The file cannot be written.");
        return out.fileName();
    }

private slots:
    void keepsConfigsWithAndWithoutARunningInstance_data()
    {
        QTest::addColumn<bool>("running");
        QTest::newRow("on the store") << false;
        QTest::newRow("over the control socket") << true;
    }

    void keepsConfigsWithAndWithoutARunningInstance()
    {
        QFETCH(bool, running);
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        if (running)
            QVERIFY(gateway.start());
        const QString config = u"config"_s;
        const auto echo = file(u"echo.json"_s, kEcho);
        const auto added = gateway.run(
            {config, u"add"_s, echo, u"--name"_s, u"nightly"_s, u"--note"_s, u"first"_s, u"--json"_s});
        QVERIFY2(added.code == 0, added.err.constData());
        const auto slug = added.json()["config"_L1][u"slug"].toString();
        QVERIFY(slug.startsWith(u"pc-nightly-"_s));
        QCOMPARE(gateway.run({config, u"show"_s, slug}).out, kEcho); // byte for byte
        QCOMPARE(gateway.run({config, u"show"_s, u"nightly"_s}).out, kEcho);

        QCOMPARE(gateway.run({config, u"save"_s, slug, u"-"_s, u"--note"_s, u"worse"_s}, kFails).code, 0);
        const auto refused = gateway.run({config, u"save"_s, slug, file(u"bad.json"_s, kBad)});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.out.contains(":1:23: error: "), refused.out.constData());
        QVERIFY2(refused.out.contains(":2:24: error: "), refused.out.constData());
        QCOMPARE(gateway.run({config, u"show"_s, slug, u"--version"_s, u"1"_s}).out, kEcho);
        QCOMPARE(gateway.run({config, u"show"_s, slug}).out, kFails);
        const auto versions
            = gateway.run({config, u"versions"_s, slug, u"--json"_s}).json()["versions"_L1].toArray();
        QCOMPARE(versions.size(), 2);
        QCOMPARE(versions[0][u"note"], QJsonValue(u"worse"_s));
        QCOMPARE(versions[1][u"author"], QJsonValue(u"command line"_s));

        const auto made = gateway.run({u"key"_s, u"create"_s, u"--name"_s, u"agent"_s, u"--config"_s,
                                       u"nightly"_s, u"--no-override"_s, u"--json"_s});
        QCOMPARE(made.code, 0);
        QCOMPARE(made.json()["config"_L1], QJsonValue(slug));
        QCOMPARE(made.json()["allow_config_override"_L1], QJsonValue(false));
        if (running) {
            const auto token = made.json()["token"_L1].toString().toUtf8();
            QCOMPARE(PlainClient(gateway.url()).chat(token, R"({"messages":[]})").status, 503);
        }
        QCOMPARE(gateway.run({config, u"restore"_s, slug, u"1"_s}).code, 0);
        QCOMPARE(gateway.run({config, u"show"_s, slug}).out, kEcho);

        const auto kept = gateway.run({config, u"remove"_s, slug});
        QCOMPARE(kept.code, 1);
        QVERIFY2(kept.err.contains("\"agent\""), kept.err.constData());
        QCOMPARE(gateway.run({u"key"_s, u"set"_s, u"--name"_s, u"agent"_s, u"--config"_s, u""_s}).code, 0);
        QCOMPARE(gateway.run({config, u"rename"_s, slug, u"weekly"_s}).code, 0);
        const auto list = gateway.run({config, u"list"_s, u"--json"_s}).json()["configs"_L1].toArray();
        QCOMPARE(list.size(), 1);
        QCOMPARE(list[0][u"name"], QJsonValue(u"weekly"_s));
        QCOMPARE(list[0][u"version"], QJsonValue(3));
        QCOMPARE(gateway.run({config, u"remove"_s, u"weekly"_s}).code, 0);
        QCOMPARE(gateway.run({config, u"remove"_s, u"weekly"_s}).code, 1);
    }

    void takesAConfigAsLargeAsThereMayBe()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        QVERIFY(gateway.start());
        // Every second byte needs an escape on the control socket.
        QByteArray text = "{\"provider\":\"@practice\"}";
        text += QByteArray((1 << 20) - text.size(), '\n');
        const auto large = file(u"large.json"_s, text);
        const auto added = gateway.run({u"config"_s, u"add"_s, large, u"--name"_s, u"large"_s});
        QVERIFY2(added.code == 0, added.err.constData());
        QCOMPARE(gateway.run({u"config"_s, u"show"_s, u"large"_s}).out, text);
        const auto larger = file(u"larger.json"_s, text + '\n');
        QCOMPARE(gateway.run({u"config"_s, u"save"_s, u"large"_s, larger}).code, 1);
    }

    void refusesToSaveACredential()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        const auto secret = file(u"secret.json"_s, "{\"provider\":\"openai\",\"api_key\":\"plain words\"}");
        const auto refused = gateway.run({u"config"_s, u"add"_s, secret, u"--name"_s, u"s"_s});
        QCOMPARE(refused.code, 1);
        QVERIFY(!(refused.out + refused.err).contains("plain words"));
        QCOMPARE(gateway.run({u"check"_s, secret}).code, 0); // it may still come with a request
    }

    void explainsWhatIsMissing_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no file") << QStringList{u"check"_s};
        QTest::newRow("no such file") << QStringList{u"check"_s, u"/nowhere/at.all"_s};
        QTest::newRow("no name") << QStringList{u"config"_s, u"add"_s, u"-"_s};
        QTest::newRow("no slug") << QStringList{u"config"_s, u"show"_s};
        QTest::newRow("too much") << QStringList{u"config"_s, u"show"_s, u"a"_s, u"b"_s};
        QTest::newRow("no version") << QStringList{u"config"_s, u"restore"_s, u"a"_s, u"first"_s};
    }

    void explainsWhatIsMissing()
    {
        QFETCH(QStringList, arguments);
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        const auto refused = gateway.run(arguments, "{}");
        QCOMPARE(refused.code, 2);
        QVERIFY(!refused.err.isEmpty());
    }

    void checkPrintsEveryProblem()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        const auto bad = file(u"bad.json"_s, kBad);
        const auto words = gateway.run({u"check"_s, bad});
        QCOMPARE(words.code, 1);
        QVERIFY2(words.out.contains(bad.toUtf8() + ":1:23: error: Invalid 'mode' value."),
                 words.out.constData());
        QVERIFY2(words.out.contains("(/strategy/mode)"), words.out.constData());
        QVERIFY2(words.out.contains("(/targets/0/retry)"), words.out.constData());
        const auto json = gateway.run({u"check"_s, bad, u"--json"_s}).json();
        QCOMPARE(json["ok"_L1], QJsonValue(false));
        QCOMPARE(json["problems"_L1][0][u"line"], QJsonValue(1));
        QCOMPARE(json["problems"_L1][0][u"column"], QJsonValue(23));
        QCOMPARE(gateway.run({u"check"_s, u"-"_s}, kEcho).code, 0);
        const auto warned = gateway.run({u"check"_s, u"-"_s}, "{\"provider\":\"openai\",\"colour\":1}");
        QCOMPARE(warned.code, 0);
        QVERIFY(warned.out.contains("-:1:31: warning: "));
    }

    void simulateSaysEachStep()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        const auto chain = file(u"chain.json"_s, kChain);
        const auto said = gateway.run({u"simulate"_s, chain, u"--assume"_s, u"0=429,1=ok"_s});
        QVERIFY2(said.code == 0, said.err.constData());
        QCOMPARE(said.out.count('\n'), 3);
        QVERIFY2(said.out.contains("/targets/0") && said.out.contains("/targets/1"), said.out.constData());
        const auto json = gateway.run({u"simulate"_s, chain, u"--assume"_s, u"0=429"_s, u"--json"_s}).json();
        QCOMPARE(json["steps"_L1].toArray().size(), 2);
        QCOMPARE(json["status"_L1], QJsonValue(200));
        QCOMPARE(gateway.run({u"simulate"_s, file(u"bad.json"_s, kBad)}).code, 1);
        QCOMPARE(gateway.run({u"simulate"_s, chain, u"--assume"_s, u"7=429"_s}).code, 1);

        const auto by_metadata = file(
            u"conditional.json"_s,
            "{\"strategy\":{\"mode\":\"conditional\",\"default\":\"dev\",\"conditions\":[{\"query\":"
            "{\"metadata.env\":{\"$eq\":\"prod\"}},\"then\":\"prod\"},{\"query\":{\"params.model\":{\"$eq\":"
            "\"big\"}},\"then\":\"prod\"}]},\"targets\":[{\"name\":\"prod\",\"provider\":\"@a\"},"
            "{\"name\":\"dev\",\"provider\":\"@b\"}]}");
        const auto pointer = [&](const QStringList &more) {
            return gateway.run(QStringList{u"simulate"_s, by_metadata, u"--json"_s} + more)
                .json()["steps"_L1][0][u"pointer"]
                .toString();
        };
        QCOMPARE(pointer({}), u"/targets/1"_s);
        QCOMPARE(pointer({u"--metadata"_s, u"env=prod"_s}), u"/targets/0"_s);
        QCOMPARE(pointer({u"--request"_s, file(u"request.json"_s, "{\"model\":\"big\"}")}), u"/targets/0"_s);
    }

    void oneSeedIsOneChoice()
    {
        const QTemporaryDir directory;
        GatewayProcess gateway(directory.path());
        const auto split = file(u"split.json"_s,
                                "{\"strategy\":{\"mode\":\"loadbalance\"},\"targets\":[{\"provider\":\"@a\"},"
                                "{\"provider\":\"@b\"}]}");
        QSet<QByteArray> seen;
        for (int seed = 1; seed <= 8; ++seed) {
            const QStringList words{u"simulate"_s, split, u"--seed"_s, QString::number(seed)};
            const auto first = gateway.run(words);
            QCOMPARE(first.code, 0);
            QCOMPARE(gateway.run(words).out, first.out);
            seen.insert(first.out);
        }
        QVERIFY(seen.size() > 1);
    }
};

} // namespace portolan::test

QTEST_GUILESS_MAIN(portolan::test::TestConfigCommands)
#include "tst_configcommands.moc"
