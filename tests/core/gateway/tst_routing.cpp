// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/misbehavingvendor.h"
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/scriptedupstream.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using test::chatBody;
using test::MisbehavingVendor;
using test::PlainReply;
using test::refusingTarget;
using test::RunningGateway;
using test::strategy;

using Lines = test::PlainClient::Lines;

/// JSON in a readable form: ' stands for ". (moc 6.4 loses its way in raw strings.)
std::string q(std::string_view json)
{
    std::string text(json);
    std::ranges::replace(text, '\'', '"');
    return text;
}

PlainReply ask(RunningGateway &gateway, const std::string &config, const std::string &body = chatBody(),
               Lines more = {})
{
    Lines lines{{"Authorization", "Bearer " + gateway.token()},
                {"Content-Type", "application/json"},
                {"x-portkey-config", QByteArray::fromStdString(config)}};
    return gateway.client().send("POST", "/v1/chat/completions", lines + more,
                                 QByteArray::fromStdString(body));
}

QString textOf(const PlainReply &reply)
{
    const auto json = QJsonDocument::fromJson(reply.body).object();
    return json[u"choices"_s][0][u"message"_s][u"content"_s].toString();
}

QString errorOf(const PlainReply &reply)
{
    return QJsonDocument::fromJson(reply.body).object()[u"error"_s][u"message"_s].toString();
}

const std::string kOneRetry = q(",'retry':{'attempts':1}");

} // namespace

class TestRouting : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_idle = std::make_unique<MisbehavingVendor>("idle");
        m_gateway = std::make_unique<RunningGateway>(m_idle->port());
        QVERIFY(m_gateway->isReady());
    }

    void fallsBackFromWhateverFails_data()
    {
        QTest::addColumn<std::string>("mood");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<std::string>("beside");
        QTest::addColumn<int>("status"); // of the first attempt
        const std::string quick = q(",'request_timeout':150");
        const std::string first_token = q(",'portolan':{'first_token_timeout':150}");
        const std::string idle = q(",'portolan':{'stream_idle_timeout':150}");
        QTest::newRow("a status") << std::string("500") << false << std::string() << 500;
        QTest::newRow("a client's error") << std::string("404") << false << std::string() << 404;
        QTest::newRow("reset") << std::string("reset") << false << std::string() << 0;
        QTest::newRow("refused") << std::string("refused") << false << std::string() << 0;
        QTest::newRow("time-out") << std::string("hang") << false << quick << 0;
        QTest::newRow("no JSON") << std::string("not-json") << false << std::string() << 200;
        QTest::newRow("a status, streamed") << std::string("503") << true << std::string() << 503;
        QTest::newRow("cut before the first token") << std::string("cut") << true << std::string() << 200;
        QTest::newRow("an error first") << std::string("error-event") << true << std::string() << 200;
        QTest::newRow("no first token") << std::string("silent") << true << first_token << 200;
        QTest::newRow("no head and no first token") << std::string("hang") << true << first_token << 0;
        QTest::newRow("a page") << std::string("html") << false << std::string() << 200;
        QTest::newRow("an error that says 200") << std::string("error-200") << false << std::string() << 200;
        QTest::newRow("an idle stream") << std::string("silent") << true << idle << 200;
    }

    void fallsBackFromWhateverFails()
    {
        QFETCH(std::string, mood);
        QFETCH(bool, stream);
        QFETCH(std::string, beside);
        QFETCH(int, status);
        MisbehavingVendor first("first", {mood == "refused" ? "ok" : mood});
        MisbehavingVendor second("second");
        const auto reply
            = ask(*m_gateway,
                  strategy("fallback",
                           {mood == "refused" ? refusingTarget() : first.target(beside), second.target()}),
                  chatBody(stream));
        QCOMPARE(reply.status, 200);
        QVERIFY2(reply.body.contains("second"), reply.body.constData());
        QVERIFY(!reply.body.contains("error"));
        QVERIFY(!stream || reply.body.contains("[DONE]"));
        QCOMPARE(first.requests(), mood == "refused" ? 0 : 1);
        QCOMPARE(second.requests(), 1);
        QCOMPARE(reply.header("x-portkey-last-used-option-index"), QByteArray("config.targets[1]"));
        QCOMPARE(reply.header("x-portkey-retry-attempt-count"), QByteArray("0"));

        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record);
        QVERIFY(record->outcome == trace::Outcome::Ok);
        QCOMPARE(record->attempts.size(), std::size_t(2));
        QCOMPARE(record->attempts[0].status, status);
        QCOMPARE(record->attempts[0].pointer, std::string("/targets/0"));
        QVERIFY(!record->attempts[0].error_code.empty());
        QCOMPARE(record->attempts[1].pointer, std::string("/targets/1"));
        QVERIFY2(record->attempts[1].chosen_by.starts_with("fallback from openai"),
                 record->attempts[1].chosen_by.c_str());
        QVERIFY(record->attempts[1].error_code.empty());
        QCOMPARE(record->config, std::string("inline"));
    }

    void movesOnOnlyForListedCodes_data()
    {
        QTest::addColumn<std::string>("mood");
        QTest::addColumn<bool>("moves");
        QTest::newRow("listed") << std::string("429") << true;
        QTest::newRow("not listed") << std::string("500") << false;
        QTest::newRow("a success that is listed") << std::string("ok") << true;
    }

    void movesOnOnlyForListedCodes()
    {
        QFETCH(std::string, mood);
        QFETCH(bool, moves);
        MisbehavingVendor first("first", {mood});
        MisbehavingVendor second("second");
        const auto reply
            = ask(*m_gateway,
                  strategy("fallback", {first.target(), second.target()}, q(",'on_status_codes':[200,429]")));
        QCOMPARE(second.requests(), moves ? 1 : 0);
        QCOMPARE(reply.status, moves ? 200 : 500);
    }

    void givesTheLastAnswerWhenAllFail()
    {
        MisbehavingVendor first("first", {"500"});
        MisbehavingVendor second("second", {"429"});
        const auto reply = ask(*m_gateway, strategy("fallback", {first.target(), second.target()}));
        QCOMPARE(reply.status, 429);
        QCOMPARE(errorOf(reply), u"no luck today"_s);
        QCOMPARE(reply.header("x-portkey-last-used-option-index"), QByteArray("config.targets[1]"));
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record && record->outcome == trace::Outcome::Error);
        QCOMPARE(record->attempts.size(), std::size_t(2));
        QCOMPARE(record->attempts[1].then, std::string("nothing is left to try"));
    }

    void neverRepeatsAStreamThatHasStarted()
    {
        MisbehavingVendor first("first", {"late-cut"});
        MisbehavingVendor second("second");
        const auto reply = ask(*m_gateway, strategy("fallback", {first.target(kOneRetry), second.target()}),
                               chatBody(true));
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.body.contains("first"));
        QVERIFY(reply.body.contains("error"));
        QVERIFY(!reply.body.contains("[DONE]"));
        QCOMPARE(first.requests(), 1);
        QCOMPARE(second.requests(), 0);
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record && record->outcome == trace::Outcome::Truncated);
        QCOMPARE(record->attempts.size(), std::size_t(1));
    }

    void retriesBeforeItFallsBackAndCallsAsOftenAsTheTraceSays()
    {
        MisbehavingVendor first("first", {"503"});
        MisbehavingVendor second("second", {"503", "ok"});
        const auto reply
            = ask(*m_gateway, strategy("fallback", {first.target(kOneRetry), second.target(kOneRetry)}));
        QCOMPARE(reply.status, 200);
        QCOMPARE(first.requests(), 2);
        QCOMPARE(second.requests(), 2);
        QCOMPARE(reply.header("x-portkey-retry-attempt-count"), QByteArray("1"));
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), std::size_t(4));
        QVERIFY2(record->attempts[1].chosen_by.starts_with("retry 1 of 1 after 503"),
                 record->attempts[1].chosen_by.c_str());
        QVERIFY(record->attempts[1].start_us - record->attempts[0].end_us >= 950'000);
    }

    void waitsAsLongAsTheProviderAsks()
    {
        MisbehavingVendor first("first", {"429:0", "429:0", "ok"});
        QElapsedTimer clock;
        clock.start();
        const auto reply
            = ask(*m_gateway, first.target(q(",'retry':{'attempts':3,'use_retry_after_header':true}")));
        QCOMPARE(reply.status, 200);
        QVERIFY(clock.elapsed() < 900); // Retry-After: 0 instead of one second and two
        QCOMPARE(first.requests(), 3);
        QCOMPARE(reply.header("x-portkey-retry-attempt-count"), QByteArray("2"));
    }

    void passesATooLongRetryAfterOn()
    {
        MisbehavingVendor first("first", {"429:61"});
        const auto reply
            = ask(*m_gateway, first.target(q(",'retry':{'attempts':3,'use_retry_after_header':true}")));
        QCOMPARE(reply.status, 429);
        QCOMPARE(reply.header("Retry-After"), QByteArray("61"));
        QCOMPARE(first.requests(), 1);
        QCOMPARE(reply.header("x-portkey-retry-attempt-count"), QByteArray("-1"));
    }

    void answers408WhenTheRequestTimesOut()
    {
        MisbehavingVendor first("first", {"hang"});
        const auto reply
            = ask(*m_gateway, first.target(), chatBody(), {{"x-portkey-request-timeout", "120"}});
        QCOMPARE(reply.status, 408);
        QCOMPARE(errorOf(reply), u"Request exceeded the timeout sent in the request: 120ms"_s);
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record && record->outcome == trace::Outcome::TimedOut);
        QCOMPARE(record->attempts.at(0).then,
                 std::string("openai timed out; the config has no other target"));
    }

    void namesTheNodeThatTimedOut()
    {
        MisbehavingVendor first("first", {"hang"});
        MisbehavingVendor second("second", {"hang"});
        const auto reply = ask(*m_gateway,
                               strategy("fallback",
                                        {first.target(q(",'name':'near','request_timeout':100")),
                                         second.target(q(",'request_timeout':100"))}));
        QCOMPARE(reply.status, 408);
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), std::size_t(2));
        QCOMPARE(record->attempts[0].pointer, std::string("/targets/0"));
        QCOMPARE(record->attempts[0].error_code, std::string("request.timeout"));
        QCOMPARE(record->attempts[0].then, std::string("fallback from near at /targets/0 after a time-out"));
        QCOMPARE(record->attempts[1].chosen_by, record->attempts[0].then);
        QCOMPARE(record->attempts[1].then,
                 std::string("openai at /targets/1 timed out; nothing is left to try"));
    }

    void endsAtTheCapOfTheSettingsAndSaysSo()
    {
        MisbehavingVendor failing("failing", {"500"});
        RunningGateway gateway(failing.port(),
                               [](control::Settings &settings) { settings.mostAttempts = 3; });
        QVERIFY(gateway.isReady());
        const auto one = failing.target();
        const auto reply = ask(gateway, strategy("fallback", {one, one, one, one, one}));
        QCOMPARE(reply.status, 500);
        QCOMPARE(failing.requests(), 3);
        const auto record = gateway.recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), std::size_t(3));
        QCOMPARE(record->attempts.back().then,
                 std::string("the limit of 3 attempts for one request was reached"));
    }

    void walksNestedStrategies()
    {
        MisbehavingVendor a("a", {"500"});
        MisbehavingVendor b("b", {"500"});
        MisbehavingVendor c("c");
        const auto inner = strategy("fallback", {a.target(), b.target()});
        const auto reply = ask(*m_gateway, strategy("fallback", {inner, c.target()}));
        QCOMPARE(textOf(reply), u"c"_s);
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), std::size_t(3));
        QCOMPARE(record->attempts[1].pointer, std::string("/targets/0/targets/1"));
        QCOMPARE(record->attempts[2].pointer, std::string("/targets/1"));
    }

    void spreadsLoadByWeight()
    {
        MisbehavingVendor a("a");
        MisbehavingVendor b("b");
        MisbehavingVendor c("c");
        const auto config = strategy(
            "loadbalance",
            {a.target(q(",'weight':70")), b.target(q(",'weight':20")), c.target(q(",'weight':10"))});
        constexpr int kRequests = 5'000;
        for (int i = 0; i < kRequests; ++i)
            QCOMPARE(ask(*m_gateway, config).status, 200);
        const auto within = [](int seen, double share) {
            return std::abs(seen - kRequests * share) <= 3 * std::sqrt(kRequests * share * (1 - share));
        };
        QVERIFY2(within(a.requests(), 0.7), qPrintable(QString::number(a.requests())));
        QVERIFY2(within(b.requests(), 0.2), qPrintable(QString::number(b.requests())));
        QVERIFY2(within(c.requests(), 0.1), qPrintable(QString::number(c.requests())));
    }

    void routesByMetadata()
    {
        MisbehavingVendor prod("prod");
        MisbehavingVendor dev("dev");
        const std::string conditions = q(",'conditions':[{'query':{'metadata.env':'prod'},'then':'p'},")
            + q("{'query':{'metadata.env':{'$eq':'dev'},'params.model':{'$regex':'^gpt'}},'then':'d'}]");
        const auto config = strategy(
            "conditional", {prod.target(q(",'name':'p'")), dev.target(q(",'name':'d'"))}, conditions);
        const auto with = [&](const std::string &metadata) {
            return ask(*m_gateway, config, chatBody(),
                       {{"x-portkey-metadata", QByteArray::fromStdString(metadata)}});
        };
        QCOMPARE(textOf(with(q("{'env':'prod'}"))), u"prod"_s);
        QCOMPARE(textOf(with(q("{'env':'dev'}"))), u"dev"_s);
        const auto missed = with(q("{'env':'elsewhere'}"));
        QCOMPARE(missed.status, 400);
        QVERIFY(errorOf(missed).startsWith(u"Query router did not resolve to any valid target"_s));
        const auto baggage = ask(*m_gateway, config, chatBody(), {{"baggage", "env=pr%6fd;x=1"}});
        QCOMPARE(textOf(baggage), u"prod"_s);
    }

    void overridesParametersAndForwardsHeaders()
    {
        MisbehavingVendor first("first");
        const auto reply
            = ask(*m_gateway,
                  first.target(q(",'override_params':{'model':'gpt-4o-mini','temperature':0.10},")
                               + q("'default_params':{'top_p':1,'model':'none'},'drop_params':['seed'],")
                               + q("'forward_headers':['x-team','authorization','x-portkey-api-key']")),
                  q("{'seed':7,'model':'gpt-4o','messages':[{'role':'user','content':'Hi'}]}"),
                  {{"X-Team", "blue"}});
        QCOMPARE(reply.status, 200);
        const auto sent = first.received();
        QVERIFY2(sent.find(q("'model':'gpt-4o-mini'")) != std::string::npos, sent.c_str());
        QVERIFY(sent.find(q("'temperature':0.10")) != std::string::npos);
        QVERIFY(sent.find(q("'top_p':1")) != std::string::npos);
        QVERIFY(sent.find("seed") == std::string::npos);
        QVERIFY(sent.find("Bearer sk-of-the-config") != std::string::npos);
        QVERIFY(sent.find(m_gateway->token().toStdString()) == std::string::npos);
        QVERIFY(sent.find("blue") != std::string::npos);
    }

    void showsARequestThatWentOutTwice()
    {
        MisbehavingVendor first("first", {"ok", "reset", "ok"});
        QCOMPARE(ask(*m_gateway, first.target()).status, 200);
        const auto reply = ask(*m_gateway, first.target()); // on the pooled connection
        QCOMPARE(reply.status, 200);
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record);
        QCOMPARE(first.requests(), 1 + int(record->attempts.size()));
        QCOMPARE(record->attempts.size(), std::size_t(2));
        QCOMPARE(record->attempts[0].error_code, std::string("upstream.stale_connection"));
    }

    void repairsWhatAnEarlierModelLeftBehind_data()
    {
        QTest::addColumn<std::string>("refusal");
        QTest::addColumn<QByteArray>("beta");
        QTest::newRow("a foreign signature")
            << std::string("messages.1.content.0: Invalid `signature` in `thinking` block")
            << QByteArray("a,b");
        QTest::newRow("a beta it has not")
            << std::string("Unexpected value(s) `b` for the `anthropic-beta` header.") << QByteArray("a");
    }

    void repairsWhatAnEarlierModelLeftBehind()
    {
        QFETCH(std::string, refusal);
        QFETCH(QByteArray, beta);
        const std::string refused
            = q("{'type':'error','error':{'type':'invalid_request_error','message':'") + refusal + q("'}}");
        const std::string fine
            = q("{'id':'msg_1','type':'message','role':'assistant','model':'claude','content':"
                "[{'type':'text','text':'Ahoy'}],'stop_reason':'end_turn',"
                "'usage':{'input_tokens':1,'output_tokens':1}}");
        test::ScriptedUpstream vendor([&](test::ScriptedUpstream::Peer &peer) {
            for (int i = 0; peer.readRequest(); ++i) {
                const std::string_view line = "Content-Type: application/json\r\n";
                peer.send(i == 0 ? test::answer(refused, line, 400) : test::answer(fine, line));
            }
        });
        const std::string config
            = q("{'provider':'anthropic','api_key':'sk-a','custom_host':'http://127.0.0.1:")
            + std::to_string(vendor.port()) + q("'}");
        const std::string body
            = q("{'model':'claude','max_tokens':9,'messages':[{'role':'user','content':'a'},"
                "{'role':'assistant','content':[{'type':'thinking','thinking':'t','signature':'foreign'},"
                "{'type':'text','text':'b'}]},{'role':'user','content':'c'}]}");
        const auto reply = m_gateway->client().send("POST", "/v1/messages",
                                                    {{"Authorization", "Bearer " + m_gateway->token()},
                                                     {"Content-Type", "application/json"},
                                                     {"anthropic-beta", "a,b"},
                                                     {"x-portkey-config", QByteArray::fromStdString(config)}},
                                                    QByteArray::fromStdString(body));
        QCOMPARE(reply.status, 200);
        QCOMPARE(vendor.requests(), 2);
        const auto sent = vendor.received();
        const auto second = sent.substr(sent.rfind("POST "));
        QCOMPARE(second.find("foreign") == std::string::npos, beta == "a,b");
        QVERIFY2(second.find("anthropic-beta: " + beta.toStdString() + "\r\n") != std::string::npos,
                 second.c_str());
        const auto record = m_gateway->recordOf(reply);
        QVERIFY(record);
        QCOMPARE(record->attempts.size(), std::size_t(2));
        QVERIFY(record->attempts[1].kind == trace::AttemptKind::Repair);
    }

    void sendsAFormToTheNextTargetToo()
    {
        MisbehavingVendor first("first", {"500"});
        MisbehavingVendor second("second");
        const QByteArray file(300'000, 'x');
        const QByteArray form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
                                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
            + file + "\r\n--b--\r\n";
        const auto config = strategy("fallback",
                                     {first.target(),
                                      second.target(q(",'override_params':"
                                                      "{'model':'whisper-2'}"))});
        const auto reply = m_gateway->client().send("POST", "/v1/audio/transcriptions",
                                                    {{"Authorization", "Bearer " + m_gateway->token()},
                                                     {"Content-Type", "multipart/form-data; boundary=b"},
                                                     {"x-portkey-config", QByteArray::fromStdString(config)}},
                                                    form);
        QCOMPARE(reply.status, 200);
        QCOMPARE(first.requests(), 1);
        QCOMPARE(second.requests(), 1);
        const auto sent = second.received();
        QVERIFY(sent.find("\r\n\r\nwhisper-2\r\n") != std::string::npos);
        QVERIFY(sent.find(file.toStdString() + "\r\n--b--") != std::string::npos);
    }

    void opensTheBreakerOfATargetThatKeepsFailing()
    {
        MisbehavingVendor first("first", {"500"});
        MisbehavingVendor second("second");
        const auto config = strategy("fallback", {first.target(), second.target()},
                                     q(",'cb_config':{'failure_threshold':2,'cooldown_interval':30000}"));
        std::vector<trace::Record> records;
        for (int i = 0; i < 5; ++i) {
            const auto reply = ask(*m_gateway, config);
            QCOMPARE(textOf(reply), u"second"_s);
            const auto record = m_gateway->recordOf(reply);
            QVERIFY(record);
            records.push_back(*record);
        }
        QCOMPARE(first.requests(), 2);
        QCOMPARE(second.requests(), 5);
        QVERIFY(records[0].attempts[0].then.find("breaker") == std::string::npos);
        QCOMPARE(records[1].attempts[0].then,
                 std::string("fallback from openai at /targets/0 after 500; the breaker of openai at "
                             "/targets/0 opened for 30 s"));
        QCOMPARE(records[2].attempts.size(), std::size_t(1));
        QCOMPARE(records[2].skipped.size(), std::size_t(1));
        QCOMPARE(records[2].skipped[0].pointer, std::string("/targets/0"));
        QCOMPARE(records[2].skipped[0].reason, std::string("its breaker is open after repeated failures"));
    }

    void showsAnOpenBreakerAtItsAccountAndClosesItByHand()
    {
        MisbehavingVendor vendor("vendor", {"500", "ok"});
        RunningGateway gateway(vendor.port());
        QVERIFY(gateway.isReady());
        auto &control = gateway.control();
        const auto breakers = [&] {
            const auto &accounts = control.accounts();
            const auto mock = std::ranges::find(accounts, u"mock"_s, &control::Account::slug);
            return mock == accounts.end() ? std::vector<control::Breaker>() : mock->breakers;
        };
        MisbehavingVendor other("other");
        const auto config = strategy("fallback", {q("{'provider':'@mock','name':'main'}"), other.target()},
                                     q(",'cb_config':{'failure_threshold':1,'cooldown_interval':60000}"));
        const auto before = QDateTime::currentDateTime().addSecs(-1);
        QCOMPARE(textOf(ask(gateway, config)), u"other"_s);
        QTRY_COMPARE(breakers().size(), std::size_t(1));
        const auto breaker = breakers().front();
        QCOMPARE(breaker.pointer, u"/targets/0"_s);
        QCOMPARE(breaker.target, u"main"_s);
        QCOMPARE(breaker.configName, QString());
        QVERIFY(breaker.since >= before && breaker.since <= QDateTime::currentDateTime());
        QVERIFY(std::abs(breaker.since.msecsTo(breaker.trialAt) - 60'000) < 2'000);
        QCOMPARE(textOf(ask(gateway, config)), u"other"_s);
        QCOMPARE(vendor.requests(), 1);

        control.closeBreaker(breaker);
        QVERIFY(breakers().empty());
        QCOMPARE(textOf(ask(gateway, config)), u"vendor"_s);
    }

    void refusesWhatItCannotRun_data()
    {
        QTest::addColumn<std::string>("config");
        QTest::addColumn<QString>("message");
        QTest::newRow("unknown slug")
            << (q("{'virtual_key':'nobody'}")) << u"Following keys are not valid: nobody"_s;
        QTest::newRow("no key") << q("{'provider':'openai'}") << u"has no key"_s;
        QTest::newRow("unknown id") << std::string("pc-nothing-000000") << u"Invalid config id passed"_s;
        QTest::newRow("a denying guardrail")
            << q("{'provider':'@mock','input_guardrails':[{'default.contains':{},'deny':true}]}")
            << u"guardrail"_s;
        QTest::newRow("a stored key to a host of the request")
            << q("{'provider':'@mock','custom_host':'http://127.0.0.1:9'}")
            << u"A stored credential is never sent to a host that a request names"_s;
        QTest::newRow("a host that is none")
            << q("{'provider':'openai','api_key':'k','custom_host':'http://169.254.169.254/'}")
            << u"Invalid custom host"_s;
        QTest::newRow("a wrong type") << q("{'targets':[{'weight':'7'}]}") << u"Invalid config passed"_s;
    }

    void refusesWhatItCannotRun()
    {
        QFETCH(std::string, config);
        QFETCH(QString, message);
        const auto reply = ask(*m_gateway, config);
        QVERIFY2(reply.status >= 400 && reply.status <= 502, reply.body.constData());
        QVERIFY2(errorOf(reply).contains(message), reply.body.constData());
        QCOMPARE(m_idle->requests(), 0);
    }

    void namesEveryProblemOfAnInlineConfig()
    {
        const auto reply = ask(*m_gateway, q("{'strategy':{'mode':'best'},'targets':[{'weight':'7'}]}"));
        QCOMPARE(reply.status, 400);
        const auto errors = QJsonDocument::fromJson(reply.body).object()[u"errors"_s].toArray();
        QCOMPARE(errors.size(), qsizetype(2));
        QVERIFY(errors[0].toString().startsWith(u"path: strategy,mode, message: Invalid 'mode' value."_s));
        QVERIFY(errors[1].toString().startsWith(u"path: targets,0,weight"_s));
    }

private:
    std::unique_ptr<MisbehavingVendor> m_idle;
    std::unique_ptr<RunningGateway> m_gateway;
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestRouting)
#include "tst_routing.moc"
