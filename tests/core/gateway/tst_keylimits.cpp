// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/misbehavingvendor.h"
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/rawclient.h"
#include "tests/core/http/scriptedupstream.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;
using admission::Budget;
using admission::KeyLimits;
using admission::RateLimit;
using test::Awaited;
using test::MisbehavingVendor;
using test::PlainReply;
using test::RunningGateway;
using test::ScriptedUpstream;

using Lines = test::PlainClient::Lines;

constexpr std::int64_t kDollar = 1'000'000'000;

/// JSON in a readable form: ' stands for ". (moc 6.4 loses its way in raw strings.)
std::string q(std::string_view json)
{
    std::string text(json);
    std::ranges::replace(text, '\'', '"');
    return text;
}

/// A chat request that asks for no more than `most` tokens.
QByteArray chat(int most = 5, const char *slug = "mock")
{
    return QByteArray::fromStdString(q("{'model':'@" + std::string(slug)
                                       + "/gpt-4o','max_tokens':" + std::to_string(most)
                                       + ",'messages':[{'role':'user','content':'Hi'}]}"));
}

QJsonObject errorOf(const PlainReply &reply)
{
    return QJsonDocument::fromJson(reply.body).object()[u"error"_s].toObject();
}

KeyLimits requestsPerMinute(std::int64_t most)
{
    return {.rates = {{.unit = RateLimit::Unit::Requests, .per = RateLimit::Per::Minute, .most = most}}};
}

KeyLimits tokensPerMinute(std::int64_t most)
{
    return {.rates = {{.unit = RateLimit::Unit::Tokens, .per = RateLimit::Per::Minute, .most = most}}};
}

KeyLimits budget(std::int64_t nano_usd)
{
    return {.budget = Budget{.unit = Budget::Unit::Cost, .limit = nano_usd}};
}

/// A gateway whose one account leads to a vendor; its virtual key is @mock.
class World
{
public:
    explicit World(quint16 vendor_port)
        : gateway(vendor_port)
    { }

    [[nodiscard]] const control::VirtualKey *virtualKey()
    {
        const auto &keys = gateway.control().virtualKeys();
        const auto found = std::ranges::find(keys, u"mock"_s, &control::VirtualKey::slug);
        return found == keys.end() ? nullptr : &*found;
    }
    bool edit(const control::VirtualKeyEdit &change)
    {
        const auto *key = virtualKey();
        Awaited<void> edited;
        if (!key)
            return false;
        gateway.control().editVirtualKey(key->id, change, edited.take());
        return edited.wait() && *edited;
    }
    bool edit(const control::ClientKeyEdit &change)
    {
        Awaited<void> edited;
        gateway.control().editClientKey(gateway.control().clientKeys().front().id, change, edited.take());
        return edited.wait() && *edited;
    }
    /// On the key of which the world asks.
    bool limit(bool client_key, const KeyLimits &limits)
    {
        return client_key ? edit(control::ClientKeyEdit{.limits = limits})
                          : edit(control::VirtualKeyEdit{.limits = limits});
    }

    [[nodiscard]] admission::KeyUse use(bool client_key)
    {
        return client_key ? gateway.control().clientKeys().front().use : virtualKey()->use;
    }
    bool allowMore(bool client_key, std::int64_t amount)
    {
        Awaited<void> done;
        auto &control = gateway.control();
        if (client_key)
            control.allowMore(control.clientKeys().front().id, amount, done.take());
        else
            control.allowMore(virtualKey()->id, amount, done.take());
        return done.wait() && *done;
    }
    bool reset(bool client_key)
    {
        Awaited<void> done;
        auto &control = gateway.control();
        if (client_key)
            control.resetUse(control.clientKeys().front().id, done.take());
        else
            control.resetUse(virtualKey()->id, done.take());
        return done.wait() && *done;
    }

    RunningGateway gateway;
};

} // namespace

class TestKeyLimits : public QObject
{
    Q_OBJECT

private slots:
    void letsExactlySoManyRequestsThrough_data()
    {
        QTest::addColumn<bool>("client_key");
        QTest::newRow("of a client key") << true;
        QTest::newRow("of a virtual key") << false;
    }

    void letsExactlySoManyRequestsThrough()
    {
        QFETCH(bool, client_key);
        MisbehavingVendor vendor("ok");
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(client_key, requestsPerMinute(60)));

        std::atomic<int> passed{0};
        std::atomic<int> refused{0};
        std::vector<PlainReply> refusals(100);
        std::vector<std::thread> clients;
        for (int client = 0; client < 4; ++client) {
            clients.emplace_back([&, client] {
                for (int i = client; i < 100; i += 4) {
                    const auto reply = world.gateway.chat(chat());
                    ++(reply.status == 200 ? passed : refused);
                    if (reply.status != 200)
                        refusals[std::size_t(i)] = reply;
                }
            });
        }
        for (auto &client : clients)
            client.join();
        QCOMPARE(passed.load(), 60);
        QCOMPARE(refused.load(), 40);
        QCOMPARE(vendor.requests(), 60);
        for (const auto &reply : refusals) {
            if (reply.status == 0)
                continue;
            QCOMPARE(reply.status, 429);
            const int wait = reply.header("Retry-After").toInt();
            QVERIFY2(wait > 0 && wait <= 60, reply.head.constData());
            QCOMPARE(reply.header("x-ratelimit-limit-requests"), QByteArray("60"));
            QCOMPARE(reply.header("x-ratelimit-remaining-requests"), QByteArray("0"));
            QVERIFY(!reply.header("x-ratelimit-reset-requests").isEmpty());
            QVERIFY(!reply.header("x-portkey-trace-id").isEmpty());
            QCOMPARE(errorOf(reply)[u"type"].toString(),
                     client_key ? u"api_key_rate_limit_error"_s : u"virtual_key_rate_limit_error"_s);
            const auto body = QJsonDocument::fromJson(reply.body).object();
            QCOMPARE(body[u"status"], QJsonValue(u"failure"_s));
            QCOMPARE(body[u"message"], QJsonValue(errorOf(reply)[u"message"]));
        }
        QTRY_COMPARE(world.gateway.rows().size(), 100U);
    }

    void saysHowMuchIsLeft()
    {
        MisbehavingVendor vendor("ok");
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(true, requestsPerMinute(3)));
        QCOMPARE(world.gateway.chat(chat()).header("x-ratelimit-remaining-requests"), QByteArray("2"));
        QCOMPARE(world.gateway.chat(chat()).header("x-ratelimit-remaining-requests"), QByteArray("1"));
    }

    void holdsATokenLimit_data() { letsExactlySoManyRequestsThrough_data(); }

    void holdsATokenLimit()
    {
        QFETCH(bool, client_key);
        MisbehavingVendor vendor("ok"); // 15 tokens an answer
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(client_key, tokensPerMinute(50)));
        // 15, 30 and 45 are used, and there is no room for another that may take 5 and its prompt.
        for (int i = 0; i < 3; ++i)
            QCOMPARE(world.gateway.chat(chat()).status, 200);
        const auto refused = world.gateway.chat(chat());
        QCOMPARE(refused.status, 429);
        QCOMPARE(refused.header("x-ratelimit-limit-tokens"), QByteArray("50"));
        QVERIFY(refused.header("Retry-After").toInt() > 0);
        QCOMPARE(vendor.requests(), 3);
    }

    void holdsAConcurrencyLimit_data() { letsExactlySoManyRequestsThrough_data(); }

    void holdsAConcurrencyLimit()
    {
        QFETCH(bool, client_key);
        MisbehavingVendor vendor("ok", {"slow:400", "slow:400", "ok"});
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(client_key, {.concurrency = 2}));
        std::atomic<int> good{0};
        std::vector<std::thread> clients;
        for (int i = 0; i < 2; ++i)
            clients.emplace_back([&] { good += world.gateway.chat(chat()).status == 200 ? 1 : 0; });
        QTRY_COMPARE(vendor.requests(), 2);
        const auto third = world.gateway.chat(chat());
        for (auto &client : clients)
            client.join();
        QCOMPARE(third.status, 429);
        QCOMPARE(good.load(), 2);
        QCOMPARE(world.gateway.chat(chat()).status, 200);
    }

    void spendsABudgetAndNoMore_data() { letsExactlySoManyRequestsThrough_data(); }

    void spendsABudgetAndNoMore()
    {
        QFETCH(bool, client_key);
        MisbehavingVendor vendor("ok"); // 10 tokens in and 5 out of gpt-4o: 75,000 nano-dollars
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(client_key, budget(200'000)));
        QCOMPARE(world.gateway.chat(chat()).status, 200);
        QCOMPARE(world.gateway.chat(chat()).status, 200);
        const auto spent = world.gateway.chat(chat(20));
        QCOMPARE(spent.status, 412);
        QCOMPARE(errorOf(spent)[u"code"], QJsonValue(u"04"_s));
        QCOMPARE(errorOf(spent)[u"type"].toString(),
                 client_key ? u"api_key_exhaust_error"_s : u"virtual_key_exhaust_error"_s);
        QCOMPARE(vendor.requests(), 2);
        // What is left is for whoever fits into it.
        QCOMPARE(world.gateway.chat(chat(3)).status, 200);
    }

    /// Need 29: budgets that one protocol walks around are none.
    void guardsEveryRoute_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<std::string>("body");
        const auto row
            = [](const char *path, const char *body) { QTest::newRow(path) << QByteArray(path) << q(body); };
        row("/v1/chat/completions", "{'model':'@mock/gpt-4o','messages':[{'role':'user','content':'Hi'}]}");
        row("/v1/completions", "{'model':'@mock/gpt-3.5-turbo-instruct','prompt':'Hi'}");
        row("/v1/messages",
            "{'model':'@mock/gpt-4o','max_tokens':5,'messages':[{'role':'user','content':'Hi'}]}");
        row("/v1/responses", "{'model':'@mock/gpt-4o','input':'Hi'}");
        row("/v1/embeddings", "{'model':'@mock/text-embedding-3-small','input':'Hi'}");
        row("/v1/images/generations", "{'model':'@mock/gpt-image-1','prompt':'a cat'}");
        row("/v1/audio/speech", "{'model':'@mock/tts-1','input':'Hi','voice':'alloy'}");
        row("/v1/moderations", "{'model':'@mock/omni-moderation-latest','input':'Hi'}");
        row("/v1/some/later/endpoint", "{'model':'@mock/gpt-4o'}");
    }

    void guardsEveryRoute()
    {
        QFETCH(QByteArray, path);
        QFETCH(std::string, body);
        MisbehavingVendor vendor("ok");
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        for (const bool client_key : {true, false}) {
            QVERIFY(world.limit(client_key, budget(0)));
            const auto reply = world.gateway.post(path, QByteArray::fromStdString(body));
            QCOMPARE(reply.status, 412);
            QCOMPARE(errorOf(reply)[u"code"], QJsonValue(u"04"_s));
            if (path == "/v1/messages")
                QCOMPARE(QJsonDocument::fromJson(reply.body).object()[u"type"], QJsonValue(u"error"_s));
            QVERIFY(world.limit(client_key, {}));
        }
        QCOMPARE(vendor.requests(), 0);
    }

    void fallsBackAroundAKeyThatRefuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("code");
        QTest::newRow("spent") << 412 << std::string("limits.budget");
        QTest::newRow("limited") << 429 << std::string("limits.requests");
        QTest::newRow("off") << 403 << std::string("virtual_key.off");
        QTest::newRow("expired") << 401 << std::string("virtual_key.expired");
        QTest::newRow("not this model") << 412 << std::string("virtual_key.model");
    }

    void fallsBackAroundAKeyThatRefuses()
    {
        QFETCH(int, status);
        QFETCH(std::string, code);
        MisbehavingVendor vendor("ok");
        MisbehavingVendor other("other");
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        control::VirtualKeyEdit change;
        if (code == "limits.budget")
            change.limits = budget(0);
        else if (code == "limits.requests")
            change.limits = requestsPerMinute(0);
        else if (code == "virtual_key.off")
            change.enabled = false;
        else if (code == "virtual_key.expired")
            change.expires = QDateTime::currentDateTime().addSecs(-1);
        else
            change.models = QStringList{u"gpt-4o-mini"_s};
        QVERIFY(world.edit(change));

        const auto ask = [&](const std::string &more) {
            const auto config = test::strategy("fallback", {q("{'provider':'@mock'}"), other.target()}, more);
            return world.gateway.client().send("POST", "/v1/chat/completions",
                                               {{"Authorization", "Bearer " + world.gateway.token()},
                                                {"Content-Type", "application/json"},
                                                {"x-portkey-config", QByteArray::fromStdString(config)}},
                                               QByteArray::fromStdString(test::chatBody()));
        };
        const auto reply = ask({});
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.body.contains("other"));
        const auto record = world.gateway.recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), 2U);
        QCOMPARE(record->attempts[0].slug, std::string("mock"));
        QCOMPARE(record->attempts[0].status, status);
        QCOMPARE(record->attempts[0].error_code, code);
        QVERIFY(!record->attempts[0].then.empty());
        QVERIFY(record->attempts[0].cost_state == trace::CostState::Free);

        // Its status counts like a provider's in a list of codes.
        QCOMPARE(ask(",\"on_status_codes\":[" + std::to_string(status) + "]").status, 200);
        QCOMPARE(ask(",\"on_status_codes\":[500]").status, status);
        QCOMPARE(vendor.requests(), 0);
    }

    // A client's own limits are about the client: no other target may serve it.
    void aClientKeysLimitEndsTheRequest()
    {
        MisbehavingVendor vendor("ok");
        MisbehavingVendor other("other");
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(true, budget(0)));
        const auto config = test::strategy("fallback", {q("{'provider':'@mock'}"), other.target()});
        const auto reply
            = world.gateway.client().send("POST", "/v1/chat/completions",
                                          {{"Authorization", "Bearer " + world.gateway.token()},
                                           {"Content-Type", "application/json"},
                                           {"x-portkey-config", QByteArray::fromStdString(config)}},
                                          QByteArray::fromStdString(test::chatBody()));
        QCOMPARE(reply.status, 412);
        QCOMPARE(vendor.requests() + other.requests(), 0);
        const auto record = world.gateway.recordOf(reply);
        QVERIFY(record);
        QVERIFY(record->outcome == trace::Outcome::Refused);
        QVERIFY(record->attempts.empty());
    }

    void givesBackWhatAFailedAttemptHadReserved()
    {
        MisbehavingVendor vendor("ok", {"500", "503", "ok"});
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(false, budget(100'000)));
        QCOMPARE(world.gateway.chat(chat()).status, 500);
        QCOMPARE(world.gateway.chat(chat()).status, 503);
        QCOMPARE(world.gateway.chat(chat()).status, 200);
        QCOMPARE(world.gateway.chat(chat()).status, 412);
    }

    void aClientKeyCallsOnlyWhatItMay()
    {
        MisbehavingVendor vendor("ok");
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.edit(control::ClientKeyEdit{.slugs = QStringList{u"practice"_s}}));
        QCOMPARE(world.gateway.chat(chat()).status, 403);
        QCOMPARE(world.gateway.chat(chat(5, "practice")).status, 404); // has no such model, but may be asked
        QVERIFY(
            world.edit(control::ClientKeyEdit{.slugs = QStringList(), .models = QStringList{u"gpt-4o"_s}}));
        QCOMPARE(world.gateway.chat(chat()).status, 200);
        QVERIFY(world.edit(control::ClientKeyEdit{.models = QStringList{u"@other/gpt-4o"_s}}));
        const auto refused = world.gateway.chat(chat());
        QCOMPARE(refused.status, 412);
        QCOMPARE(errorOf(refused)[u"type"], QJsonValue(u"model_not_allowed_error"_s));
        QCOMPARE(vendor.requests(), 1);
    }

    void aKeysMetadataStandsOverTheRequests()
    {
        MisbehavingVendor vendor("ok");
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(
            world.edit(control::ClientKeyEdit{.metadata = QMap<QString, QString>{{u"team"_s, u"search"_s}}}));
        const auto reply = world.gateway.client().send(
            "POST", "/v1/chat/completions",
            {{"Authorization", "Bearer " + world.gateway.token()},
             {"Content-Type", "application/json"},
             {"x-portkey-metadata", QByteArray::fromStdString(q("{'team':'other','run':'7'}"))}},
            chat());
        QCOMPARE(reply.status, 200);
        const auto record = world.gateway.recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->metadata, (trace::Pairs{{"team", "search"}, {"run", "7"}}));
    }

    void whatWasUsedOutlivesARestart_data() { letsExactlySoManyRequestsThrough_data(); }

    void whatWasUsedOutlivesARestart()
    {
        QFETCH(bool, client_key);
        MisbehavingVendor vendor("ok"); // 75,000 nano-dollars an answer
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        auto limits = budget(200'000);
        limits.rates = {{.unit = RateLimit::Unit::Requests, .per = RateLimit::Per::Day, .most = 3}};
        QVERIFY(world.limit(client_key, limits));
        QCOMPARE(world.gateway.chat(chat()).status, 200);
        QCOMPARE(world.gateway.chat(chat()).status, 200);
        QVERIFY(world.gateway.restart());
        QCOMPARE(world.use(client_key).spent, 150'000);
        QCOMPARE(world.use(client_key).rates, std::vector<std::int64_t>{2});
        QCOMPARE(world.gateway.chat(chat(20)).status, 412);
        QCOMPARE(world.gateway.chat(chat(3)).status, 200);
        QCOMPARE(world.gateway.chat(chat(1)).status, 412);

        // A person gives more, and it lasts, too.
        QVERIFY(world.allowMore(client_key, 1'000'000));
        QVERIFY(world.gateway.restart());
        QCOMPARE(world.use(client_key).extra, 1'000'000);
        QCOMPARE(world.gateway.chat(chat(1)).status, 429);
        QVERIFY(world.reset(client_key));
        QVERIFY(world.gateway.restart());
        QCOMPARE(world.use(client_key).spent, 0);
        QCOMPARE(world.gateway.chat(chat(1)).status, 200);
    }

    void aBudgetHoldsUnderManyStreams()
    {
        // Each stream takes 10 + 2,000 tokens at most, and its clients leave at any point of it.
        const std::string frame
            = q("data: {'id':'c','object':'chat.completion.chunk','model':'gpt-4o','choices':[{'index':0,"
                "'delta':{'content':'twelve words of text that stand for a longer answer here'},"
                "'finish_reason':null}]}\n\n");
        const std::string usage
            = q("data: {'id':'c','object':'chat.completion.chunk','model':'gpt-4o','choices':[],'usage':"
                "{'prompt_tokens':10,'completion_tokens':2000,'total_tokens':2010}}\n\ndata: [DONE]\n\n");
        ScriptedUpstream vendor([&](ScriptedUpstream::Peer &peer) {
            if (!peer.readRequest())
                return;
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
            for (int i = 0; i < 20 && peer.send(frame); ++i)
                peer.pause(5ms);
            peer.send(usage);
        });
        World world(vendor.port());
        QVERIFY(world.gateway.isReady());
        QVERIFY(world.limit(false, budget(kDollar))); // 2,000 tokens out are $0.02
        const auto body = QByteArray::fromStdString(
            q("{'model':'@mock/gpt-4o','max_tokens':2000,'stream':true,'messages':[{'role':'user','content':"
              "'Hi'}]}"));

        std::atomic<int> let_in{0};
        std::atomic<int> refused{0};
        std::vector<std::thread> clients;
        for (int client = 0; client < 200; ++client) {
            clients.emplace_back([&, client] {
                if (client % 3 != 0) {
                    const auto reply = world.gateway.chat(body);
                    ++(reply.status == 200 ? let_in : refused);
                    return;
                }
                test::RawClient leaving(world.gateway.port());
                leaving.send("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                             + world.gateway.token().toStdString()
                             + "\r\nContent-Type: application/json\r\nContent-Length: "
                             + std::to_string(body.size()) + "\r\n\r\n" + body.toStdString());
                (void)leaving.closesWithin(std::chrono::milliseconds(client % 80));
                leaving.reset();
            });
        }
        for (auto &client : clients)
            client.join();
        QTRY_COMPARE_WITH_TIMEOUT(world.gateway.control().gateway().active, 0, 20'000);
        QVERIFY(let_in > 0);
        QVERIFY(refused > 0);
        QTRY_VERIFY(world.virtualKey()->use.spent > kDollar / 4 && world.virtualKey()->use.reserved == 0);
        const auto spent = world.virtualKey()->use.spent;
        QVERIFY2(spent <= kDollar, qPrintable(QString::number(spent)));
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestKeyLimits)
#include "tst_keylimits.moc"
