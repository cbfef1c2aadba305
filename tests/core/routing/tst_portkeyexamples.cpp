// SPDX-License-Identifier: GPL-3.0-or-later
#include "walked.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace portolan;
using namespace portolan::routing;

namespace {

QDir folder()
{
    return QDir(QStringLiteral(PORTOLAN_TEST_DATA) + QStringLiteral("/portkey-examples"));
}

std::string example(const QString &name)
{
    QFile file(folder().filePath(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(file.fileName()));
    return file.readAll().toStdString();
}

} // namespace

/// The shapes that Portkey documents (tests/data/portkey-examples), read and walked as gateway-protocol 3
/// says.
class TestPortkeyExamples : public QObject
{
    Q_OBJECT

private slots:
    void readsWithoutAnErrorAndPrintsByteForByte_data();
    void readsWithoutAnErrorAndPrintsByteForByte();
    void warnsAboutWhatDoesNotActYet_data();
    void warnsAboutWhatDoesNotActYet();
    void walksAsDocumented_data();
    void walksAsDocumented();
    void inheritsTimeouts();
    void keepsTheSpellingOfItsParameters();
    void readsHostsAndHeaders();
    void readsBreakerAndStickiness();
};

void TestPortkeyExamples::readsWithoutAnErrorAndPrintsByteForByte_data()
{
    QTest::addColumn<QString>("name");
    const auto names = folder().entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
    QCOMPARE(names.size(), 18);
    for (const QString &name : names)
        QTest::newRow(qPrintable(name)) << name;
}

void TestPortkeyExamples::readsWithoutAnErrorAndPrintsByteForByte()
{
    QFETCH(QString, name);
    const std::string text = example(name);
    const auto reading = parseConfig(text, ConfigLimits::ofHeader());
    QVERIFY2(reading.config, reading.problems.empty() ? "" : reading.problems.front().message.c_str());
    QCOMPARE(reading.config->text(), text);
}

void TestPortkeyExamples::warnsAboutWhatDoesNotActYet_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<std::string>("warnings");
    const QStringList silent = folder().entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
    const std::map<QString, std::string> loud{
        {QStringLiteral("13-cache-simple-on-target.json"),
         "/cache config.no_cache; /targets/0/cache config.no_cache; "},
        {QStringLiteral("15-guardrails.json"),
         "/input_guardrails/0 config.guardrail_denies; /output_guardrails config.no_guardrails; "},
        {QStringLiteral("17-try-two-failures-then-next.json"), "/cache config.no_cache; "},
        {QStringLiteral("18-unknown-keys-kept.json"),
         "/x_team_note config.unknown_key; /strategy/x_flag config.unknown_key; /targets/0/x_weight_hint "
         "config.unknown_key; "}};
    for (const QString &name : silent) {
        const auto found = loud.find(name);
        QTest::newRow(qPrintable(name)) << name << (found == loud.end() ? std::string() : found->second);
    }
}

void TestPortkeyExamples::warnsAboutWhatDoesNotActYet()
{
    QFETCH(QString, name);
    QFETCH(std::string, warnings);
    std::string said;
    for (const Problem &problem : parseConfig(example(name)).problems)
        said += problem.pointer + " " + problem.code + "; ";
    QCOMPARE(said, warnings);
}

void TestPortkeyExamples::walksAsDocumented_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<std::string>("body");
    QTest::addColumn<std::string>("metadata"); // "name=value"
    QTest::addColumn<double>("roll");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const auto row = [](const char *name, std::string outcomes, std::string trail, double roll = 0,
                        std::string metadata = "", std::string body = "{}") {
        const auto file = folder().entryList({QLatin1String(name).left(2) + QStringLiteral("*.json")});
        QTest::newRow(name) << file.value(0) << body << metadata << roll << outcomes << trail;
    };
    row("01 one call", "500", "openai* | 0");
    row("02 one call", "ok", "openai-prod* | 0");
    row("03 first answers", "ok", "anthropic-prod | 0");
    row("03 any failure moves on", "401", "anthropic-prod openai-prod* | 0");
    row("03 both fail", "500 429", "anthropic-prod openai-prod* | 0");
    row("04 listed", "429 503 ok", "anthropic-prod openai-prod bedrock-prod* | 0");
    row("04 not listed", "500", "anthropic-prod | 0");
    row("04 no connection", "network ok", "anthropic-prod openai-prod | 0");
    row("05 the first 70", "ok", "openai-a* | 0", 0.6999);
    row("05 the next 20", "ok", "openai-b* | 0", 0.7001);
    row("05 the last 10", "500", "openai-c* | 0", 0.9001);
    row("06 most", "500", "openai-prod* | 0", 0.89);
    row("06 the canary", "500 ok", "candidate openai-prod* | 0", 0.91);
    row("07 production", "ok", "paid* | 0", 0, "env=prod");
    row("07 development", "ok", "sandbox* | 0", 0, "env=dev");
    row("07 nothing said", "ok", "sandbox* | 0");
    row("08 a team with gpt-4", "ok", "strong* | 0", 0, "plan=team", R"({"model":"gpt-4o"})");
    row("08 a team with a long answer", "ok", "strong* | 0", 0, "plan=enterprise", R"({"max_tokens":2001})");
    row("08 a team with neither", "ok", "cheap* | 0", 0, "plan=team", R"({"model":"o3","max_tokens":2000})");
    row("08 nobody", "ok", "cheap* | 0", 0, "", R"({"model":"gpt-4o"})");
    row("09 listed", "429 401 timeout ok",
        "openai-prod 1000:openai-prod 2000:openai-prod 4000:openai-prod* | 3");
    row("09 not listed", "500", "openai-prod | 0");
    row("10 as the provider asks", "429/7000 ok", "openai-prod 7000:openai-prod | 1");
    row("11 time-outs only", "timeout timeout timeout", "openai-prod azure-prod local-llama | 0");
    row("11 the last one tries again", "timeout timeout 503 timeout",
        "openai-prod azure-prod local-llama 1000:local-llama* | 1");
    row("11 an error ends it", "500", "openai-prod | 0");
    row("12 fallback", "400 ok", "openai-prod /targets/1* | 0");
    row("13 balance", "ok", "openai-b* | 0", 0.5);
    row("14 one call", "ok", "openai* | 0");
    row("15 one call", "ok", "openai-prod* | 0");
    row("16 balance", "ok", "openai-b* | 0", 0.5);
    row("17 two failures, then the next", "500 503 429 ok", "model-a 1000:model-a 2000:model-a model-b* | 0");
    row("17 what is nobody's fault stays", "400", "model-a | 0");
    row("18 fallback", "500", "openai-prod anthropic-prod* | 0");
}

void TestPortkeyExamples::walksAsDocumented()
{
    QFETCH(QString, name);
    QFETCH(std::string, body);
    QFETCH(std::string, metadata);
    QFETCH(double, roll);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    Asked asked{.body = body};
    if (const auto equals = metadata.find('='); equals != std::string::npos)
        asked.metadata[metadata.substr(0, equals)] = metadata.substr(equals + 1);
    QCOMPARE(walk(example(name), outcomes, {.rolls = {roll}}, asked).trail(), trail);
}

void TestPortkeyExamples::inheritsTimeouts()
{
    const auto config = configOf(example(QStringLiteral("11-timeouts-inherited.json")));
    std::vector<std::int64_t> timeouts;
    for (const Node &target : config->root().targets)
        timeouts.push_back(target.settings.request_timeout_ms.value_or(-1));
    QCOMPARE(timeouts, (std::vector<std::int64_t>{2'000, 10'000, 2'000}));
}

void TestPortkeyExamples::keepsTheSpellingOfItsParameters()
{
    const auto config = configOf(example(QStringLiteral("12-override-params.json")));
    QCOMPARE(config->root().targets[0].settings.params.override_of("temperature")->text, std::string("0.10"));
    QCOMPARE(config->root().targets[1].settings.params.override_of("model")->text,
             std::string(R"("@bedrock-prod/us.meta.llama3-3-70b-instruct-v1:0")"));
}

void TestPortkeyExamples::readsHostsAndHeaders()
{
    const auto config = configOf(example(QStringLiteral("14-custom-host-forward-headers.json")));
    QCOMPARE(config->root().settings.custom_host, std::string("http://127.0.0.1:11434/v1"));
    QCOMPARE(config->root().settings.forward_headers,
             (std::vector<std::string>{"x-team", "x-request-source"}));
}

void TestPortkeyExamples::readsBreakerAndStickiness()
{
    const auto config = configOf(example(QStringLiteral("16-circuit-breaker-sticky.json")));
    QCOMPARE(
        config->root().targets[1].breaker,
        std::optional(BreakerRule{.failure_threshold = 3, .failure_status_codes = {500, 502, 503, 504}}));
    QCOMPARE(config->root().strategy->sticky,
             std::optional(Sticky{.hash_fields = {"metadata.user_id"}, .ttl_s = 3'600}));
}

QTEST_APPLESS_MAIN(TestPortkeyExamples)
#include "tst_portkeyexamples.moc"
