// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/store.h"
#include "tests/core/gateway/runninggateway.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

using namespace Qt::StringLiterals;

namespace portolan::control {

namespace {

using test::Awaited;
using test::PlainReply;
using test::RunningGateway;

constexpr quint16 kNobody = 9; // @mock is never called here

/// A config that makes the practice provider answer with `model`.
std::string practice(const std::string &model)
{
    return "{\"provider\":\"@practice\",\"override_params\":{\"model\":\"" + model + "\"}}";
}

Result<ConfigSave> create(Control &control, const QString &name, const std::string &text)
{
    Awaited<ConfigSave> made;
    control.createConfig({.name = name, .text = text, .note = u"first"_s, .author = u"test"_s}, made.take());
    return made.wait() ? *made : fail({.code = "test.timeout"});
}

Result<ConfigSave> edit(Control &control, ConfigId id, ConfigEdit change)
{
    change.author = u"test"_s;
    Awaited<ConfigSave> made;
    control.editConfig(id, std::move(change), made.take());
    return made.wait() ? *made : fail({.code = "test.timeout"});
}

std::string textOf(Control &control, ConfigId id, int version)
{
    Awaited<ConfigVersion> found;
    control.configVersion(id, version, found.take());
    return found.wait() && *found ? (*found)->text : std::string();
}

PlainReply ask(RunningGateway &gateway, const QByteArray &token, const QByteArray &config)
{
    test::PlainClient::Lines lines{{"Authorization", "Bearer " + token},
                                   {"Content-Type", "application/json"}};
    if (!config.isEmpty())
        lines.append({"x-portkey-config", config});
    return gateway.client().send("POST", "/v1/chat/completions", lines,
                                 R"({"messages":[{"role":"user","content":"hello"}]})");
}

QByteArray makeKey(Control &control, NewClientKey key)
{
    Awaited<CreatedKey> made;
    control.createClientKey(std::move(key), made.take());
    if (!made.wait() || !*made)
        return {};
    const auto token = (*made)->token->view();
    return {token.data(), qsizetype(token.size())};
}

std::unique_ptr<Control> openAt(const QTemporaryDir &directory)
{
    ControlOptions options;
    options.dataDirectory = directory.path();
    options.listen = u"127.0.0.1:0"_s;
    options.useKeyring = false;
    return *Control::open(std::move(options));
}

} // namespace

class TestConfigs : public QObject
{
    Q_OBJECT

private slots:
    void aSaveIsTheNextRequestsVersion()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        QSignalSpy changed(&control, &Control::configsChanged);
        const auto made = create(control, u"nightly"_s, practice("echo"));
        QVERIFY(made && made->saved && made->changed);
        QVERIFY(made->config.slug.startsWith(u"pc-nightly-"_s));
        QCOMPARE(made->config.version, 1);
        QCOMPARE(changed.count(), 1);
        const auto slug = made->config.slug.toUtf8();
        QCOMPARE(ask(gateway, gateway.token(), slug).status, 200);
        QCOMPARE(ask(gateway, gateway.token(), "nightly").status, 200); // by name
        QCOMPARE(ask(gateway, gateway.token(), "pc-nightly-000000").status, 400);

        const auto saved
            = edit(control, made->config.id, {.text = practice("server-error-503"), .note = u"worse"_s});
        QVERIFY(saved && saved->saved && saved->changed);
        QCOMPARE(saved->config.version, 2);
        QCOMPARE(ask(gateway, gateway.token(), slug).status, 503);
        QTRY_COMPARE(gateway.rows().front().status, 503);
        QCOMPARE(gateway.newest()->config_version, 2);
        QCOMPARE(gateway.newest()->config_id.value, made->config.id.value);

        const auto again = edit(control, made->config.id, {.text = practice("server-error-503")});
        QVERIFY(again && again->saved && !again->changed);
        QCOMPARE(control.configs().front().version, 2);

        Awaited<std::vector<ConfigVersion>> versions;
        control.configVersions(made->config.id, versions.take());
        QVERIFY(versions.wait() && *versions);
        QCOMPARE((*versions)->size(), 2U);
        QCOMPARE((*versions)->front().note, u"worse"_s);
        QCOMPARE((*versions)->back().author, u"test"_s);
        QCOMPARE(textOf(control, made->config.id, 1), practice("echo"));
        QCOMPARE(textOf(control, made->config.id, 0), practice("server-error-503"));

        Awaited<ConfigSave> restored;
        control.restoreConfig(made->config.id, 1, u"test"_s, restored.take());
        QVERIFY(restored.wait() && *restored);
        QCOMPARE((*restored)->config.version, 3);
        QCOMPARE(textOf(control, made->config.id, 3), practice("echo"));
        QCOMPARE(ask(gateway, gateway.token(), slug).status, 200);
        Awaited<ConfigSave> missing;
        control.restoreConfig(made->config.id, 17, u"test"_s, missing.take());
        QVERIFY(missing.wait() && !*missing);
        QCOMPARE((*missing).error().code, "config.unknown_version");
    }

    // R18
    void aBadSaveNeverReplacesAGoodVersion_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("errors");
        QTest::newRow("no JSON") << std::string("{") << 1;
        QTest::newRow("no object") << std::string("[]") << 1;
        QTest::newRow("two errors") << std::string(R"({"strategy":{"mode":"best"},"targets":[]})") << 2;
        QTest::newRow("a credential") << std::string(R"({"provider":"openai","api_key":"sk-1"})") << 1;
        QTest::newRow("look-behind") << std::string(
            R"({"strategy":{"mode":"conditional","conditions":[{"query":{"metadata.a":{"$regex":"(?<=a)b"}},"then":"x"}],"default":"x"},"targets":[{"name":"x"}]})")
                                     << 1;
        QTest::newRow("too large") << std::string(2U << 20, 'x') << 1;
    }

    void aBadSaveNeverReplacesAGoodVersion()
    {
        QFETCH(std::string, text);
        QFETCH(int, errors);
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto made = create(control, u"good"_s, practice("echo"));
        QVERIFY(made && made->saved);
        const auto saved = edit(control, made->config.id, {.text = text});
        QVERIFY(saved && !saved->saved && !saved->changed);
        QVERIFY(std::ranges::count(saved->problems, routing::Severity::Error, &routing::Problem::severity)
                >= errors);
        const auto refused = create(control, u"bad"_s, text);
        QVERIFY(refused && !refused->saved);
        QCOMPARE(control.configs().size(), 1U);
        QCOMPARE(control.configs().front().version, 1);
        QCOMPARE(textOf(control, made->config.id, 0), practice("echo"));
        QCOMPARE(ask(gateway, gateway.token(), made->config.slug.toUtf8()).status, 200);
    }

    void warningsComeWithTheSave()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        const auto made = create(gateway.control(), u"odd"_s, R"({"provider":"@practice","colour":"red"})");
        QVERIFY(made && made->saved);
        QCOMPARE(made->problems.size(), 1U);
        QCOMPARE(made->problems.front().pointer, "/colour");
    }

    void aClientKeyHasItsConfig()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto echo = create(control, u"echo"_s, practice("echo"));
        const auto fails = create(control, u"fails"_s, practice("server-error-503"));
        QVERIFY(echo && fails);
        const auto token = makeKey(
            control, {.name = u"agent"_s, .scopes = {u"use"_s}, .defaults = {.config = u"fails"_s}});
        QCOMPARE(ask(gateway, token, {}).status, 503);
        QCOMPARE(ask(gateway, token, echo->config.slug.toUtf8()).status, 200);

        const auto key = control.clientKeys().back();
        QCOMPARE(key.defaultConfig, fails->config.slug);
        Awaited<void> set;
        control.setClientKeyDefaults(key.id, {.config = fails->config.slug, .allowConfigOverride = false},
                                     set.take());
        QVERIFY(set.wait() && *set);
        const auto refused = ask(gateway, token, echo->config.slug.toUtf8());
        QCOMPARE(refused.status, 400);
        QVERIFY(refused.body.contains("Cannot override default config set for this API key."));
        QCOMPARE(ask(gateway, token, fails->config.slug.toUtf8()).status,
                 503); // its own, by slug and by name
        QCOMPARE(ask(gateway, token, "fails").status, 503);

        QCOMPARE(control.configs().back().usedBy, QStringList{u"agent"_s});
        Awaited<void> removed;
        control.removeConfig(fails->config.id, removed.take());
        QVERIFY(removed.wait() && !*removed);
        QCOMPARE((*removed).error().code, "store.config_in_use");
        Awaited<void> cleared;
        control.setClientKeyDefaults(key.id, {}, cleared.take());
        QVERIFY(cleared.wait() && *cleared);
        Awaited<void> gone;
        control.removeConfig(fails->config.id, gone.take());
        QVERIFY(gone.wait() && *gone);
        QCOMPARE(control.configs().size(), 1U);

        Awaited<void> unknown;
        control.setClientKeyDefaults(key.id, {.config = fails->config.slug}, unknown.take());
        QVERIFY(unknown.wait() && !*unknown);
        QCOMPARE((*unknown).error().code, "config.unknown");
    }

    void aRunningRequestKeepsItsVersion()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto made = create(control, u"slow"_s, practice("slow-3000ms"));
        QVERIFY(made && made->saved);
        PlainReply reply;
        std::thread client([&] { reply = ask(gateway, gateway.token(), made->config.slug.toUtf8()); });
        const bool runs = QTest::qWaitFor([&] { return control.gateway().active == 1; }, 5'000);
        const auto saved = edit(control, made->config.id, {.text = practice("server-error-503")});
        client.join();
        QVERIFY(runs && saved && saved->changed);
        QCOMPARE(reply.status, 200);
        QTRY_COMPARE(gateway.rows().size(), 1U);
        QCOMPARE(gateway.newest()->config_version, 1);
    }

    void aNameOfTwoConfigsIsNoName()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto first = create(control, u"twin"_s, practice("echo"));
        const auto second = create(control, u"twin"_s, practice("echo"));
        QVERIFY(first && second);
        QCOMPARE(ask(gateway, gateway.token(), "twin").status, 400);
        QCOMPARE(ask(gateway, gateway.token(), second->config.slug.toUtf8()).status, 200);
        QVERIFY(!configNamed(control, u"twin"_s));
        const auto renamed = edit(control, second->config.id, {.name = u" other "_s});
        QVERIFY(renamed && renamed->saved && !renamed->changed);
        QCOMPARE(renamed->config.name, u"other"_s);
        QCOMPARE(renamed->config.slug, second->config.slug);
        QCOMPARE(ask(gateway, gateway.token(), "twin").status, 200);
        QVERIFY(!edit(control, second->config.id, {.name = u"{}"_s}));
    }

    void anArchivedConfigIsKeptButNotUsed()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto made = create(control, u"old"_s, practice("echo"));
        QVERIFY(made && edit(control, made->config.id, {.archived = true}));
        const auto refused = ask(gateway, gateway.token(), made->config.slug.toUtf8());
        QCOMPARE(refused.status, 400);
        QVERIFY(refused.body.contains("archived"));
        QVERIFY(edit(control, made->config.id, {.archived = false}));
        QCOMPARE(ask(gateway, gateway.token(), made->config.slug.toUtf8()).status, 200);
    }

    void configsOutliveTheProgram()
    {
        const QTemporaryDir directory;
        QString slug;
        {
            const auto control = openAt(directory);
            slug = create(*control, u"nightly"_s, practice("echo"))->config.slug;
        }
        const auto control = openAt(directory);
        QCOMPARE(control->configs().size(), 1U);
        QCOMPARE(control->configs().front().slug, slug);
        QCOMPARE(textOf(*control, control->configs().front().id, 0), practice("echo"));
    }

    // R18: what a fault of the disk has broken is named, and everything else goes on.
    void aBrokenTextTakesNothingElseDown()
    {
        const QTemporaryDir directory;
        {
            const auto control = openAt(directory);
            QVERIFY(create(*control, u"good"_s, practice("echo")));
        }
        {
            const auto store = std::move(*store::Store::open({.directory = directory.path().toStdString()}));
            QVERIFY(store->changeAndWait([](store::Changes &changes) -> Result<> {
                auto id = changes.insertConfig({.slug = "pc-broken-1",
                                                .name = "broken",
                                                .current = {.version = 1, .text = practice("echo")}});
                if (!id)
                    return fail(id.error());
                if (auto saved = changes.saveConfigVersion(*id, {.text = "{\"strategy\":"}); !saved)
                    return fail(saved.error());
                return {};
            }));
        }
        const auto control = openAt(directory);
        const auto token = makeKey(*control, {.name = u"k"_s, .scopes = {u"use"_s}});
        control->startGateway();
        QTRY_COMPARE(control->gateway().state, GatewayStatus::State::Running);
        const auto *broken = configNamed(*control, u"broken"_s);
        QVERIFY(broken && !broken->broken.isEmpty());
        QCOMPARE(std::ranges::count(control->problems(), u"config.pc-broken-1"_s, &Problem::id), 1);
        const auto send = [&](const QByteArray &config) {
            return test::PlainClient(control->gateway().baseUrl)
                .send("POST", "/v1/chat/completions",
                      {{"Authorization", "Bearer " + token},
                       {"Content-Type", "application/json"},
                       {"x-portkey-config", config}},
                      R"({"messages":[{"role":"user","content":"hello"}]})");
        };
        QCOMPARE(send("good").status, 200);
        const auto refused = send("pc-broken-1");
        QCOMPARE(refused.status, 400);
        QVERIFY2(refused.body.contains("cannot be read"), refused.body.constData());

        const auto id = broken->id;
        QVERIFY(edit(*control, id, {.name = u"still broken"_s})); // may be renamed
        Awaited<ConfigSave> restored;
        control->restoreConfig(id, 1, u"test"_s, restored.take());
        QVERIFY(restored.wait() && *restored && (*restored)->saved);
        QCOMPARE(send("pc-broken-1").status, 200);
        QCOMPARE(std::ranges::count(control->problems(), u"config.pc-broken-1"_s, &Problem::id), 0);
    }

    // Edits that are asked for at the same time all come to something.
    void editsDoNotOverwriteOneAnother()
    {
        RunningGateway gateway(kNobody);
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto made = create(control, u"busy"_s, practice("echo"));
        QVERIFY(made && made->saved);
        constexpr int kEdits = 20;
        int answered = 0;
        for (int i = 0; i < kEdits; ++i) {
            ConfigEdit change{.text = practice("echo-" + std::to_string(i)), .author = u"test"_s};
            control.editConfig(made->config.id, std::move(change),
                               [&](Result<ConfigSave> done) { answered += done && done->changed ? 1 : 0; });
        }
        Awaited<ConfigSave> renamed;
        control.editConfig(made->config.id, {.name = u"renamed"_s}, renamed.take());
        Awaited<ConfigSave> archived;
        control.editConfig(made->config.id, {.archived = true}, archived.take());
        QVERIFY(renamed.wait() && archived.wait());
        QTRY_COMPARE(answered, kEdits);
        const auto &config = control.configs().front();
        QCOMPARE(config.version, kEdits + 1);
        QCOMPARE(config.name, u"renamed"_s);
        QVERIFY(config.archived);
        QCOMPARE(textOf(control, config.id, 0), practice("echo-" + std::to_string(kEdits - 1)));
    }
};

} // namespace portolan::control

QTEST_GUILESS_MAIN(portolan::control::TestConfigs)
#include "tst_configs.moc"
