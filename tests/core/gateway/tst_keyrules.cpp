// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/keyrules.h"

#include <QTest>

#include <string>
#include <vector>

namespace portolan::gateway {

namespace {

constexpr std::int64_t kNow_us = 1'800'000'000'000'000;

Target target(const char *slug = "openai-prod")
{
    Target made;
    made.slug = slug;
    return made;
}

std::vector<std::string> linesOf(const http::Fields &fields)
{
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < fields.size(); ++i)
        lines.push_back(std::string(fields[i].name) + ": " + std::string(fields[i].value));
    return lines;
}

} // namespace

class TestKeyRules : public QObject
{
    Q_OBJECT

private slots:
    void aVirtualKeyRefusesForItself_data()
    {
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<qint64>("expires_us");
        QTest::addColumn<std::vector<std::string>>("models");
        QTest::addColumn<int>("status"); // 0: it lets the call through
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("body_code");
        using Models = std::vector<std::string>;
        const auto row = [](const char *name, bool enabled, qint64 expires_us, Models models, int status,
                            std::string type, std::string body_code) {
            QTest::newRow(name) << enabled << expires_us << models << status << type << body_code;
        };
        row("free", true, 0, {}, 0, {}, {});
        row("off", false, 0, {}, 403, "virtual_key_disabled_error", {});
        row("before its end", true, kNow_us + 1, {}, 0, {}, {});
        row("at its end", true, kNow_us, {}, 401, "virtual_key_expired_error", "01");
        row("a model it has", true, 0, {"gpt-4o", "gpt-4o-mini"}, 0, {}, {});
        row("a model it has not", true, 0, {"gpt-4o"}, 412, "model_not_allowed_error", {});
    }

    void aVirtualKeyRefusesForItself()
    {
        QFETCH(bool, enabled);
        QFETCH(qint64, expires_us);
        QFETCH(std::vector<std::string>, models);
        QFETCH(int, status);
        QFETCH(std::string, type);
        QFETCH(std::string, body_code);
        auto called = target();
        called.enabled = enabled;
        called.expires_us = expires_us;
        called.models = models;
        const auto checked = checkKeys(called, "gpt-4o-mini", nullptr, kNow_us);
        QCOMPARE(checked.has_value(), status == 0);
        QCOMPARE(mayCall(called, "gpt-4o-mini", nullptr, kNow_us), status == 0);
        if (checked)
            return;
        QCOMPARE(checked.error().status, status);
        QCOMPARE(checked.error().type, type);
        QCOMPARE(checked.error().body_code, body_code);
        QVERIFY(checked.error().message.find("@openai-prod") != std::string::npos);
        QVERIFY(isOfVirtualKey(checked.error()));
    }

    void aClientKeyCallsOnlyWhatItMay_data()
    {
        QTest::addColumn<std::vector<std::string>>("slugs");
        QTest::addColumn<std::vector<std::string>>("models");
        QTest::addColumn<std::string>("slug");
        QTest::addColumn<int>("status");
        using Names = std::vector<std::string>;
        const auto row = [](const char *name, Names slugs, Names models, std::string slug, int status) {
            QTest::newRow(name) << slugs << models << slug << status;
        };
        row("anything", {}, {}, "openai-prod", 0);
        row("its slug", {"openai-prod"}, {}, "openai-prod", 0);
        row("another slug", {"openai-prod"}, {}, "openai-dev", 403);
        row("a client's own credential", {"openai-prod"}, {}, "", 403);
        row("its model", {}, {"gpt-4o"}, "openai-dev", 0);
        row("its model at this slug", {}, {"@openai-prod/gpt-4o"}, "openai-prod", 0);
        row("its model at another slug", {}, {"@openai-prod/gpt-4o"}, "openai-dev", 412);
        row("another model", {}, {"gpt-4o-mini"}, "openai-prod", 412);
    }

    void aClientKeyCallsOnlyWhatItMay()
    {
        QFETCH(std::vector<std::string>, slugs);
        QFETCH(std::vector<std::string>, models);
        QFETCH(std::string, slug);
        QFETCH(int, status);
        admission::ClientKey key;
        key.slugs = slugs;
        key.models = models;
        const auto checked = checkKeys(target(slug.c_str()), "gpt-4o", &key, kNow_us);
        QCOMPARE(checked ? 0 : checked.error().status, status);
        QVERIFY(checked || !isOfVirtualKey(checked.error()));
    }

    // A list of models would be worth nothing if calls that name none could use them all.
    void aCallWithoutAModelIsNotOnAList()
    {
        auto called = target();
        QVERIFY(mayCall(called, "", nullptr, kNow_us));
        called.models = {"gpt-4o"};
        QVERIFY(!mayCall(called, "", nullptr, kNow_us));
    }

    void spentAndLimitedKeysAnswerAsClientsKnowIt_data()
    {
        using Limit = admission::Refusal::Limit;
        using Party = trace::Charge::Party;
        QTest::addColumn<int>("hit");
        QTest::addColumn<int>("party");
        QTest::addColumn<qint64>("retry_after_us");
        QTest::addColumn<int>("status");
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("body_code");
        QTest::addColumn<int>("retry_after_s"); // -1: not said
        const auto row = [](const char *name, Limit hit, Party party, qint64 retry_after_us, int status,
                            std::string type, std::string body_code, int retry_after_s) {
            QTest::newRow(name) << int(hit) << int(party) << retry_after_us << status << type << body_code
                                << retry_after_s;
        };
        row("a virtual key's budget", Limit::Budget, Party::VirtualKey, 0, 412, "virtual_key_exhaust_error",
            "04", -1);
        row("a client key's budget", Limit::Budget, Party::ClientKey, 3'600'000'000, 412,
            "api_key_exhaust_error", "04", 3'600);
        row("a virtual key's requests", Limit::Requests, Party::VirtualKey, 1, 429,
            "virtual_key_rate_limit_error", "", 1);
        row("a client key's requests", Limit::Requests, Party::ClientKey, 1'000'001, 429,
            "api_key_rate_limit_error", "05", 2);
        row("a client key's tokens", Limit::Tokens, Party::ClientKey, 1'000'000, 429,
            "api_key_rate_limit_error", "05", 1);
        row("a virtual key's concurrency", Limit::Concurrency, Party::VirtualKey, 0, 429,
            "virtual_key_rate_limit_error", "", -1);
    }

    void spentAndLimitedKeysAnswerAsClientsKnowIt()
    {
        QFETCH(int, hit);
        QFETCH(int, party);
        QFETCH(qint64, retry_after_us);
        QFETCH(int, status);
        QFETCH(std::string, type);
        QFETCH(std::string, body_code);
        QFETCH(int, retry_after_s);
        const admission::Refusal refused{.hit = admission::Refusal::Limit(hit),
                                         .error = {.code = "limits.budget", .message = "A sentence."},
                                         .retry_after_us = retry_after_us};
        const auto answer = limitRefusal(refused, trace::Charge::Party(party));
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.type, type);
        QCOMPARE(answer.body_code, body_code);
        QCOMPARE(answer.retry_after_s.value_or(-1), retry_after_s);
        QCOMPARE(answer.message, std::string("A sentence."));
    }

    void ourRateLimitsTakeThePlaceOfTheProviders()
    {
        http::Fields fields;
        fields.add("content-type", "application/json");
        fields.add("X-RateLimit-Limit-Requests", "9999");
        fields.add("x-ratelimit-reset-requests", "1ms");
        fields.add("x-ratelimit-remaining-tokens", "5");
        const admission::Standing standing{
            .requests = admission::Headroom{.limit = 60, .remaining = 12, .reset_us = 59'000'001}};
        putRateLimits(standing, fields);
        QCOMPARE(
            linesOf(fields),
            (std::vector<std::string>{"content-type: application/json", "x-ratelimit-remaining-tokens: 5",
                                      "x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 12",
                                      "x-ratelimit-reset-requests: 1m0s"}));
    }

    void timesAreWrittenAsOpenAiWritesThem_data()
    {
        QTest::addColumn<qint64>("us");
        QTest::addColumn<std::string>("text");
        QTest::newRow("none") << qint64(0) << std::string("0ms");
        QTest::newRow("a little") << qint64(1) << std::string("1ms");
        QTest::newRow("milliseconds") << qint64(16'001) << std::string("17ms");
        QTest::newRow("seconds") << qint64(1'000'001) << std::string("2s");
        QTest::newRow("minutes") << qint64(360'000'000) << std::string("6m0s");
        QTest::newRow("hours") << qint64(3'661'000'000) << std::string("1h1m1s");
    }

    void timesAreWrittenAsOpenAiWritesThem()
    {
        QFETCH(qint64, us);
        QFETCH(std::string, text);
        http::Fields fields;
        putRateLimits({.tokens = admission::Headroom{.limit = 1, .remaining = 0, .reset_us = us}}, fields);
        QCOMPARE(std::string(fields.find("x-ratelimit-reset-tokens").value_or("")), text);
    }

    void withoutLimitsTheProvidersStay()
    {
        http::Fields fields;
        fields.add("x-ratelimit-limit-requests", "9999");
        putRateLimits({}, fields);
        QCOMPARE(linesOf(fields), (std::vector<std::string>{"x-ratelimit-limit-requests: 9999"}));
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestKeyRules)
#include "tst_keyrules.moc"
