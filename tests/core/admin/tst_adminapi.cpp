// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/admin/world.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;

namespace portolan::admin {

class TestAdminApi : public QObject
{
    Q_OBJECT

private slots:
    void aConfigLivesItsLife()
    {
        World world;
        QVERIFY(world.isReady());
        const auto made
            = world.call("POST", "/v1/configs",
                         R"({"name":"nightly","config":{"retry": {"attempts": 1.0}},"isDefault":0})");
        QCOMPARE(made.status, 200);
        const auto slug = json(made)["slug"_L1].toString();
        QVERIFY(slug.startsWith(u"pc-nightly-"_s));
        QCOMPARE(json(made)[u"success"], QJsonValue(true));
        QCOMPARE(json(made)[u"data"][u"id"], QJsonValue(slug));
        QCOMPARE(json(made)[u"data"][u"version_id"], json(made)[u"version_id"]);

        const auto shown = world.call("GET", "/v1/configs/" + slug.toUtf8());
        QCOMPARE(shown.status, 200);
        QVERIFY(shown.body.contains("\"config\":{\"retry\": {\"attempts\": 1.0}}")); // byte for byte
        QCOMPARE(json(shown)[u"name"], QJsonValue(u"nightly"_s));
        QCOMPARE(json(shown)[u"status"], QJsonValue(u"active"_s));
        QCOMPARE(json(shown)[u"updated_by"], QJsonValue(u"boss"_s));
        QCOMPARE(json(shown)[u"data"][u"config"], json(shown)[u"config"]);

        const auto saved = world.call("PUT", "/v1/configs/" + slug.toUtf8(),
                                      "{\"slug\":\"ignored\",\"name\":\"weekly\",\"note\":\"more\","
                                      "\"config\":\"{\\\"retry\\\":{\\\"attempts\\\":2}}\"}");
        QCOMPARE(saved.status, 200);
        QVERIFY(json(saved)[u"version_id"] != json(made)[u"version_id"]);
        const auto again = json(world.call("GET", "/v1/configs/" + slug.toUtf8()));
        QCOMPARE(again[u"name"], QJsonValue(u"weekly"_s));
        QCOMPARE(again[u"version"], QJsonValue(2));
        QCOMPARE(again[u"config"][u"retry"][u"attempts"], QJsonValue(2));
        const auto old = json(world.call("GET", "/v1/configs/" + slug.toUtf8() + "?version=1"));
        QCOMPARE(old[u"config"][u"retry"][u"attempts"], QJsonValue(1));
        QCOMPARE(world.call("GET", "/v1/configs/" + slug.toUtf8() + "?version=9").status, 404);

        const auto versions = json(world.call("GET", "/v1/configs/" + slug.toUtf8() + "/versions"));
        QCOMPARE(versions[u"total"], QJsonValue(2));
        QCOMPARE(versions[u"data"][0][u"note"], QJsonValue(u"more"_s));

        QCOMPARE(world.call("DELETE", "/v1/configs/" + slug.toUtf8()).status, 200);
        const auto gone = world.call("GET", "/v1/configs/" + slug.toUtf8());
        QCOMPARE(gone.status, 404);
        QCOMPARE(json(gone)[u"error"][u"code"], QJsonValue(u"AB02"_s));
    }

    void whatWasMadeRoutesTheNextRequest()
    {
        World world;
        QVERIFY(world.isReady());
        const auto slug = world.create("echo");
        const PlainClient::Lines lines{{"Authorization", "Bearer " + world.gateway().token()},
                                       {"Content-Type", "application/json"},
                                       {"x-portkey-config", slug}};
        const auto reply = world.send("POST", "/v1/chat/completions", lines,
                                      R"({"messages":[{"role":"user","content":"hello"}]})");
        QCOMPARE(reply.status, 200);
        const auto used = world.makeKey(u"agent"_s, {u"use"_s});
        Awaited<void> set;
        world.control().setClientKeyDefaults(world.control().clientKeys().back().id,
                                             {.config = QString::fromUtf8(slug)}, set.take());
        QVERIFY(set.wait() && *set);
        const auto kept = world.call("DELETE", "/v1/configs/" + slug);
        QCOMPARE(kept.status, 409);
        QCOMPARE(json(kept)[u"error"][u"code"], QJsonValue(u"AB07"_s));
        QVERIFY(kept.body.contains("agent"));
    }

    void listsPageByPage()
    {
        World world;
        QVERIFY(world.isReady());
        for (const char *name : {"c", "a", "b"})
            QVERIFY(!world.create(name).isEmpty());
        const auto all = json(world.call("GET", "/v1/configs?workspace_id=x"));
        QCOMPARE(all[u"total"], QJsonValue(3));
        QCOMPARE(all[u"data"].toArray().size(), 3);
        QVERIFY(!all[u"data"][0].toObject().contains(u"config"));
        const auto page = json(world.call("GET", "/v1/configs?current_page=1&page_size=2"));
        QCOMPARE(page[u"total"], QJsonValue(3));
        QCOMPARE(page[u"data"].toArray().size(), 1);
        QCOMPARE(page[u"data"][0][u"name"], QJsonValue(u"c"_s));
        QCOMPARE(json(world.call("GET", "/v1/configs?current_page=7&page_size=2"))[u"data"].toArray().size(),
                 0);
        for (const char *bad :
             {"current_page=-1", "page_size=0", "page_size=x", "page_size=99999999999999999999999"})
            QCOMPARE(world.call("GET", QByteArray("/v1/configs?") + bad).status, 400);
    }

    void allProblemsOfABadConfigAreNamed()
    {
        World world;
        QVERIFY(world.isReady());
        const auto slug = world.create("good");
        const QByteArray bad
            = R"({"name":"bad","config":{"strategy":{"mode":"best"},"targets":[{"provider":"openai","api_key":"sk-canary-5f2e"}]}})";
        for (const auto &refused :
             {world.call("POST", "/v1/configs", bad), world.call("PUT", "/v1/configs/" + slug, bad)}) {
            QCOMPARE(refused.status, 400);
            QCOMPARE(json(refused)[u"error"][u"code"], QJsonValue(u"AB01"_s));
            QVERIFY(json(refused)[u"message"].toString().startsWith(u"Invalid config passed"_s));
            QCOMPARE(json(refused)[u"errors"].toArray().size(), 2);
            QVERIFY(json(refused)[u"errors"][0].toString().startsWith(u"path: strategy,mode, message: "_s));
            QCOMPARE(json(refused)[u"problems"][1][u"pointer"], QJsonValue(u"/targets/0/api_key"_s));
            QVERIFY(!refused.body.contains("sk-canary-5f2e"));
        }
        const auto good = json(world.call("GET", "/v1/configs/" + slug));
        QCOMPARE(good[u"version"], QJsonValue(1));
        QCOMPARE(good[u"name"], QJsonValue(u"good"_s)); // all of an edit or nothing
    }

    void refusesWhatItCannotRead_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, QByteArray method, QByteArray path, QByteArray body,
                            int status) { QTest::newRow(name) << method << path << body << status; };
        row("no body", "POST", "/v1/configs", "", 400);
        row("no JSON", "POST", "/v1/configs", "{", 400);
        row("no object", "POST", "/v1/configs", "[]", 400);
        row("no name", "POST", "/v1/configs", R"({"config":{}})", 400);
        row("no config", "POST", "/v1/configs", R"({"name":"a"})", 400);
        row("a name that is none", "POST", "/v1/configs", R"({"name":7,"config":{}})", 400);
        row("a config that is none", "POST", "/v1/configs", R"({"name":"a","config":7})", 400);
        row("a default of all", "POST", "/v1/configs", R"({"name":"a","config":{},"is_default":1})", 400);
        row("a status that is none", "PUT", "/v1/configs/SLUG", R"({"status":"gone"})", 400);
        row("a bad name", "PUT", "/v1/configs/SLUG", R"({"name":" "})", 400);
        row("a version that is none", "GET", "/v1/configs/SLUG?version=x", "", 400);
        row("an unknown config", "PUT", "/v1/configs/pc-nothing-000000", "{}", 404);
        row("no such call", "PATCH", "/v1/configs/SLUG", "{}", 404);
        row("no such path", "GET", "/v1/configs/SLUG/runs", "", 404);
        row("no slug", "GET", "/v1/configs/", "", 404);
        row("versions of nothing", "GET", "/v1/configs//versions", "", 404);
        row("versions cannot be made", "POST", "/v1/configs/SLUG/versions", "{}", 404);
        row("logs cannot be sent", "POST", "/v1/logs", "{}", 404);
        row("an unknown log", "GET", "/v1/logs/1790000000000001", "", 404);
        row("a log that is none", "GET", "/v1/logs/12x", "", 404);
        row("a log beyond all numbers", "GET", "/v1/logs/99999999999999999999999", "", 404);
        row("too large", "POST", "/v1/configs", QByteArray(4 << 20, ' '), 413);
    }

    void refusesWhatItCannotRead()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        World world;
        QVERIFY(world.isReady());
        path.replace("SLUG", world.create("there"));
        const auto refused = world.call(method, path, body);
        QVERIFY2(refused.status == status, refused.body.constData());
        QCOMPARE(json(refused)[u"success"], QJsonValue(false));
        QVERIFY(!json(refused)[u"error"][u"message"].toString().isEmpty());
        QCOMPARE(json(world.call("GET", "/v1/configs"))[u"total"], QJsonValue(1));
    }

    // Threat-model B5
    void onlyAKeyWithTheScopeMayCall_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        const auto row = [](const char *method, const char *path) {
            QTest::addRow("%s %s", method, path) << QByteArray(method) << QByteArray(path);
        };
        row("GET", "/v1/configs");
        row("POST", "/v1/configs");
        row("GET", "/v1/configs/pc-a-1");
        row("PUT", "/v1/configs/pc-a-1");
        row("DELETE", "/v1/configs/pc-a-1");
        row("GET", "/v1/configs/pc-a-1/versions");
        row("GET", "/v1/logs/1");
    }

    void onlyAKeyWithTheScopeMayCall()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        World world;
        QVERIFY(world.isReady());
        const auto bare = world.send(method, path, {});
        QCOMPARE(bare.status, 401);
        QCOMPARE(json(bare)[u"error"][u"code"], QJsonValue(u"AB05"_s));
        const auto user = world.send(method, path, {{"x-portkey-api-key", world.gateway().token()}});
        QCOMPARE(user.status, 403);
        QCOMPARE(json(user)[u"error"][u"code"], QJsonValue(u"AB03"_s));
        const auto page = world.send(
            method, path, {{"x-portkey-api-key", world.admin()}, {"Origin", "https://app.example"}});
        QCOMPARE(page.status, 403);
        QVERIFY(page.body.contains("Web pages may not call the admin API"));

        auto settings = world.control().settings();
        settings.openOnLoopback = true;
        Awaited<void> opened;
        world.control().changeSettings(settings, opened.take());
        QVERIFY(opened.wait() && *opened);
        QCOMPARE(world.send(method, path, {}).status, 401); // open for models, not for this
    }

    void theScopesOfAKeySayWhatItMayCall_data()
    {
        QTest::addColumn<QStringList>("scopes");
        QTest::addColumn<int>("configs");
        QTest::addColumn<int>("chat");
        QTest::newRow("admin is all") << QStringList{u"admin"_s} << 200 << 200;
        QTest::newRow("use") << QStringList{u"use"_s} << 403 << 200;
        QTest::newRow("one call") << QStringList{u"configs.list"_s} << 200 << 403;
        QTest::newRow("another call") << QStringList{u"configs.read"_s, u"use"_s} << 403 << 200;
        QTest::newRow("use in Portkey's words") << QStringList{u"completions.write"_s} << 403 << 200;
    }
    void theScopesOfAKeySayWhatItMayCall()
    {
        QFETCH(QStringList, scopes);
        QFETCH(int, configs);
        QFETCH(int, chat);
        World world;
        QVERIFY(world.isReady());
        const auto token = world.makeKey(u"terraform"_s, scopes);
        const PlainClient::Lines lines{{"Authorization", "Bearer " + token},
                                       {"Content-Type", "application/json"}};
        QCOMPARE(world.send("GET", "/v1/configs", lines).status, configs);
        QCOMPARE(world
                     .send("POST", "/v1/chat/completions", lines,
                           R"({"model":"@practice/echo","messages":[{"role":"user","content":"hello"}]})")
                     .status,
                 chat);
    }

    void everyCallIsRecordedWithoutItsBodies()
    {
        World world;
        QVERIFY(world.isReady());
        const auto refused = world.call(
            "POST", "/v1/configs",
            R"({"name":"a","config":{"provider":"openai","api_key":"correct-horse-battery-staple"}})");
        QCOMPARE(refused.status, 400);
        QTRY_COMPARE(world.gateway().rows().size(), 1U);
        const auto record = world.gateway().newest();
        QVERIFY(record);
        QCOMPARE(record->endpoint, "admin");
        QCOMPARE(record->method, "POST");
        QCOMPARE(record->path, "/v1/configs");
        QCOMPARE(record->status, 400);
        QCOMPARE(record->outcome, trace::Outcome::Refused);
        QCOMPARE(record->error_code, "config.secret");
        QCOMPARE(record->client_key_name, "boss");
        QCOMPARE(record->cost_state, trace::CostState::Free);
        QVERIFY(!record->request_body);
        QVERIFY(!record->response_body);
        QVERIFY(!record->error_message.contains("correct-horse"));
        QVERIFY(record->attempts.empty());
    }

    void aLogHasAllThatIsKnown()
    {
        World world;
        QVERIFY(world.isReady());
        const auto slug = world.create(
            "chain",
            R"({"strategy":{"mode":"fallback"},"targets":[{"provider":"@practice","override_params":{"model":"server-error-503"}},{"name":"spare","portolan":{"disabled":true},"provider":"@practice"},{"provider":"@practice","override_params":{"model":"echo"}}]})");
        const PlainClient::Lines lines{{"Authorization", "Bearer " + world.gateway().token()},
                                       {"Content-Type", "application/json"},
                                       {"x-portkey-config", slug},
                                       {"x-portkey-metadata", R"({"team":"search"})"}};
        const QByteArray body = R"({"messages":[{"role":"user","content":"hello there"}]})";
        QCOMPARE(world.send("POST", "/v1/chat/completions", lines, body).status, 200);
        QTRY_COMPARE(world.gateway().rows().size(), 2U);
        const auto id = world.gateway().rows().front().id.value;
        const auto log = json(world.call("GET", "/v1/logs/" + QByteArray::number(qint64(id))));
        QCOMPARE(log[u"id"].toInteger(), id);
        QCOMPARE(log[u"outcome"], QJsonValue(u"ok"_s));
        QCOMPARE(log[u"config_version"], QJsonValue(1));
        QCOMPARE(log[u"metadata"][u"team"], QJsonValue(u"search"_s));
        QCOMPARE(log[u"request_body"][u"text"], QJsonValue(QString::fromUtf8(body)));
        QVERIFY(log[u"response_body"][u"text"].toString().contains(u"hello there"_s));
        const auto attempts = log[u"attempts"].toArray();
        QCOMPARE(attempts.size(), 2);
        QCOMPARE(attempts[0][u"pointer"], QJsonValue(u"/targets/0"_s));
        QCOMPARE(attempts[0][u"status"], QJsonValue(503));
        QVERIFY(!attempts[0][u"then"].toString().isEmpty());
        QCOMPARE(attempts[1][u"pointer"], QJsonValue(u"/targets/2"_s));
        QCOMPARE(attempts[1][u"status"], QJsonValue(200));
        const auto skipped = log[u"skipped"].toArray();
        QCOMPARE(skipped.size(), 1);
        QCOMPARE(skipped[0][u"pointer"], QJsonValue(u"/targets/1"_s));
        QCOMPARE(skipped[0][u"target"], QJsonValue(u"spare"_s));
        QCOMPARE(skipped[0][u"reason"], QJsonValue(u"it is switched off"_s));
        QCOMPARE(skipped[0][u"before_attempt"], QJsonValue(2));
        QVERIFY(attempts[1][u"start_ms"].toDouble() >= attempts[0][u"end_ms"].toDouble());
        for (const auto &line : log[u"request_headers"].toArray()) {
            if (line[0].toString().compare(u"authorization"_s, Qt::CaseInsensitive) == 0)
                QCOMPARE(line[1], QJsonValue(u"[redacted]"_s));
        }
        QVERIFY(!QJsonDocument(log).toJson().contains(world.gateway().token()));
    }

    // The answer comes too late for somebody who has left; nothing waits for it.
    void aProgramThatEndsAnswersFirst_data()
    {
        // The call arrives before the end, beside it or after it.
        QTest::addColumn<int>("head_start_us");
        for (const int microseconds : {0, 100, 300, 1'000, 3'000, 20'000})
            QTest::addRow("%d us", microseconds) << microseconds;
    }

    void aProgramThatEndsAnswersFirst()
    {
        QFETCH(int, head_start_us);
        auto world = std::make_unique<World>();
        QVERIFY(world->isReady());
        const auto port = world->gateway().port();
        const auto admin = world->admin();
        std::atomic<bool> sent{false};
        PlainReply reply;
        std::thread client([&] {
            sent = true;
            reply = PlainClient(u"http://127.0.0.1:%1/v1"_s.arg(port))
                        .send("GET", "/v1/configs", {{"x-portkey-api-key", admin}});
        });
        while (!sent)
            std::this_thread::yield();
        QElapsedTimer clock;
        clock.start();
        while (clock.nsecsElapsed() < qint64(head_start_us) * 1'000)
            std::this_thread::yield();
        world.reset(); // this thread never comes to the call
        client.join();
        QVERIFY2(clock.elapsed() < 9'000, qPrintable(QString::number(clock.elapsed())));
    }
};

} // namespace portolan::admin

QTEST_GUILESS_MAIN(portolan::admin::TestAdminApi)
#include "tst_adminapi.moc"
