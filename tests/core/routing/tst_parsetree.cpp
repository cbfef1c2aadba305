// SPDX-License-Identifier: GPL-3.0-or-later
#include "walkworld.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

using Lines = std::vector<std::string>;

namespace {

const Node &firstTarget(const SharedConfig &config)
{
    return config->root().targets.front();
}

} // namespace

class TestParseTree : public QObject
{
    Q_OBJECT

private slots:
    void acceptsEverySmallestForm_data();
    void acceptsEverySmallestForm();
    void readsCamelCaseAsSnakeCase();
    void readsContentsLiterally();
    void inherits_data();
    void inherits();
    void mergesParamsShallowly();
    void replacesGuardrailsListByList();
    void inheritsTheBreakerOfTheStrategiesAround();
    void neverInheritsWhatNamesATarget();
    void readsWhereATargetLeads_data();
    void readsWhereATargetLeads();
    void readsKeysOfOurOwn();
    void givesTheTextBackByteForByte();
    void findsNodesByTheirPointer();
};

/// gateway-protocol 3.2: whatever any generation takes, and a target of nothing but a provider.
void TestParseTree::acceptsEverySmallestForm_data()
{
    QTest::addColumn<std::string>("text");
    for (const char *text :
         {"{}", "{'provider':'openai'}", "{'provider':'openai','api_key':'sk-x'}", "{'provider':'@a'}",
          "{'virtual_key':'a'}", "{'retry':{'attempts':1}}", "{'request_timeout':1}", "{'provider':'ollama'}",
          "{'aws_access_key_id':'a','aws_secret_access_key':'b'}",
          "{'vertex_region':'r','vertex_project_id':'p'}",
          "{'provider':'azure-openai','azure_auth_mode':'managed'}", "{'forward_headers':['x']}",
          "{'provider':'openai','custom_host':'http://127.0.0.1:1'}", "{'passthrough':true}",
          "{'default_params':{}}", "{'drop_params':[]}", "{'override_params':{'model':'@a/m'}}"})
        QTest::newRow(text) << std::string(text);
}

void TestParseTree::acceptsEverySmallestForm()
{
    QFETCH(std::string, text);
    const auto reading = parseConfig(json(text));
    QVERIFY(reading.config != nullptr);
    QVERIFY(reading.problems.empty());
    QVERIFY(parseConfig(json("{'strategy':{'mode':'single'},'targets':[" + text + "]}")).problems.empty());
}

void TestParseTree::readsCamelCaseAsSnakeCase()
{
    const auto config = configOf(
        json("{'strategy':{'mode':'fallback','onStatusCodes':[429],'cbConfig':{'failureThreshold':2,"
             "'cooldownInterval':60000}},'targets':[{'virtualKey':'a','requestTimeout':9,"
             "'overrideParams':{'maxTokens':1},'retry':{'attempts':1,'useRetryAfterHeader':true},"
             "'forwardHeaders':['X-A'],'awsRegion':'eu','strictOpenAiCompliance':false}]}"));
    QCOMPARE(config->root().strategy->on_status_codes, std::optional(StatusSet{429}));
    const Node &target = firstTarget(config);
    QCOMPARE(target.breaker->failure_threshold, std::optional(2));
    QCOMPARE(target.breaker->cooldown_ms, std::int64_t(60'000));
    QCOMPARE(target.destination.slug, std::string("a"));
    QCOMPARE(target.destination.fields.front().first, std::string("aws_region"));
    QCOMPARE(target.settings.request_timeout_ms, std::optional(std::int64_t(9)));
    QCOMPARE(target.settings.forward_headers, Lines{"x-a"});
    QVERIFY(target.settings.retry->use_retry_after);
    QCOMPARE(target.settings.strict_open_ai_compliance, std::optional(false));
    QVERIFY(target.settings.params.override_of("maxTokens") != nullptr); // its contents are taken literally
}

void TestParseTree::readsContentsLiterally()
{
    const auto config
        = configOf(json("{'override_params':{'temperature':0.10,'max_tokens':1e2,'b':{'z':1, 'a':2}}}"));
    const Params &params = config->root().settings.params;
    QCOMPARE(params.override_of("temperature")->text, std::string("0.10"));
    QCOMPARE(params.override_of("max_tokens")->text, std::string("1e2"));
    QCOMPARE(params.override_of("b")->text, json("{'z':1, 'a':2}"));
}

/// gateway-protocol 3.3: of a parent, of a child, and what holds for the child.
void TestParseTree::inherits_data()
{
    QTest::addColumn<std::string>("parent");
    QTest::addColumn<std::string>("child");
    QTest::addColumn<std::string>("holds");
    const auto row = [](const char *name, std::string parent, std::string child, std::string holds) {
        QTest::newRow(name) << parent << child << holds;
    };
    row("nothing", "", "", "");
    row("the parent's timeout", "'request_timeout':5", "", "timeout=5");
    row("the child's timeout", "'request_timeout':5", "'request_timeout':7", "timeout=7");
    row("the child's wish for none", "'request_timeout':5", "'request_timeout':0", "timeout=0");
    row("the parent's retry", "'retry':{'attempts':2}", "", "retry=2");
    row("the child's retry as a whole", "'retry':{'attempts':2,'use_retry_after_header':true}",
        "'retry':{'attempts':0}", "retry=0");
    row("the parent's Retry-After", "'retry':{'attempts':2,'use_retry_after_header':true}", "",
        "retry=2 after");
    row("the parent's jitter with the child's retry", "'portolan':{'jitter':true}", "'retry':{'attempts':1}",
        "retry=1 jitter");
    row("the child's jitter with the parent's retry", "'retry':{'attempts':1}", "'portolan':{'jitter':true}",
        "retry=1 jitter");
    row("the parent's host", "'custom_host':'http://h'", "", "host=http://h");
    row("the child's host", "'custom_host':'http://h'", "'custom_host':'http://i'", "host=http://i");
    row("the parent's headers", "'forward_headers':['a','b']", "", "headers=a,b,");
    row("the child's headers alone", "'forward_headers':['a']", "'forward_headers':['b']", "headers=b,");
    row("no headers", "'forward_headers':['a']", "'forward_headers':[]", "");
    row("the parent's strictness", "'strict_open_ai_compliance':false", "", "strict=0");
    row("the child's strictness", "'strict_open_ai_compliance':false", "'strict_open_ai_compliance':true",
        "strict=1");
    row("the parent's cache", "'cache':{'mode':'simple'}", "", "cache");
    row("the parent's first token", "'portolan':{'first_token_timeout':3}", "", "first=3");
    row("the child's idle time", "'portolan':{'stream_idle_timeout':3}",
        "'portolan':{'stream_idle_timeout':4}", "idle=4");
    row("the parent's window", "'portolan':{'context_window':false}", "", "nowindow");
    row("the child's window", "'portolan':{'context_window':false}", "'portolan':{'context_window':true}",
        "");
}

void TestParseTree::inherits()
{
    QFETCH(std::string, parent);
    QFETCH(std::string, child);
    QFETCH(std::string, holds);
    const auto config = configOf(json("{'strategy':{'mode':'single'},'targets':[{" + child + "}]"
                                      + (parent.empty() ? "" : "," + parent) + "}"));
    const Settings &settings = firstTarget(config).settings;
    std::string said;
    const auto say = [&](const std::string &more) { said += (said.empty() ? "" : " ") + more; };
    if (settings.request_timeout_ms)
        say("timeout=" + std::to_string(*settings.request_timeout_ms));
    if (settings.retry)
        say("retry=" + std::to_string(settings.retry->attempts)
            + (settings.retry->use_retry_after ? " after" : "") + (settings.jitters ? " jitter" : ""));
    if (!settings.custom_host.empty())
        say("host=" + settings.custom_host);
    if (!settings.forward_headers.empty())
        say("headers=");
    for (const std::string &name : settings.forward_headers)
        said += name + ",";
    if (settings.strict_open_ai_compliance)
        say("strict=" + std::to_string(int(*settings.strict_open_ai_compliance)));
    if (settings.has_cache)
        say("cache");
    if (settings.first_token_timeout_ms)
        say("first=" + std::to_string(*settings.first_token_timeout_ms));
    if (settings.stream_idle_timeout_ms)
        say("idle=" + std::to_string(*settings.stream_idle_timeout_ms));
    if (!settings.checks_context_window)
        say("nowindow");
    QCOMPARE(said, holds);
}

void TestParseTree::mergesParamsShallowly()
{
    const auto config
        = configOf(json("{'override_params':{'model':'a','o':{'x':1,'y':2}},'default_params':{'p':1,'q':1},"
                        "'drop_params':['d','e'],'strategy':{'mode':'single'},'targets':[{"
                        "'override_params':{'o':{'z':3},'n':1},'default_params':{'q':2},"
                        "'drop_params':['e','f']}]}"));
    const Params &params = firstTarget(config).settings.params;
    QCOMPARE(params.overrides.size(), std::size_t(3));
    QCOMPARE(params.override_of("model")->text, json("'a'"));
    QCOMPARE(params.override_of("o")->text, json("{'z':3}"));
    QCOMPARE(params.override_of("n")->text, std::string("1"));
    QCOMPARE(params.defaults.size(), std::size_t(2));
    QCOMPARE(params.defaults.back().second.text, std::string("2"));
    QCOMPARE(params.drops, (Lines{"d", "e", "f"}));
}

void TestParseTree::replacesGuardrailsListByList()
{
    const auto child = [](const std::string &own) {
        return configOf(json("{'input_guardrails':[{'deny':true}],'output_guardrails':[{'deny':false}],"
                             "'strategy':{'mode':'single'},'targets':[{"
                             + own + "}]}"))
            ->root()
            .targets.front()
            .settings;
    };
    QVERIFY(child("").denies && child("").has_guardrails);
    QVERIFY(!child("'input_guardrails':[]").denies && child("'input_guardrails':[]").has_guardrails);
    QVERIFY(child("'output_guardrails':[]").denies);
    QVERIFY(!child("'input_guardrails':[],'output_guardrails':[]").has_guardrails);
}

void TestParseTree::inheritsTheBreakerOfTheStrategiesAround()
{
    const auto config = configOf(json(
        "{'strategy':{'mode':'fallback','cb_config':{'failure_threshold':3}},'targets':[{'virtual_key':'a'},"
        "{'strategy':{'mode':'fallback','cb_config':{'failure_threshold_percentage':50}},'targets':[{}]},"
        "{'strategy':{'mode':'single'},'targets':[{}]}]}"));
    QCOMPARE(config->find("/targets/0")->breaker->failure_threshold, std::optional(3));
    QCOMPARE(config->find("/targets/1/targets/0")->breaker->failure_percentage, std::optional(50.0));
    QVERIFY(!config->find("/targets/1/targets/0")->breaker->failure_threshold);
    QCOMPARE(config->find("/targets/2/targets/0")->breaker->failure_threshold, std::optional(3));
    QVERIFY(!configOf("{}")->root().breaker);
}

void TestParseTree::neverInheritsWhatNamesATarget()
{
    const auto config
        = configOf(json("{'name':'n','weight':3,'provider':'openai','api_key':'k','aws_region':'eu',"
                        "'portolan':{'disabled':true},'strategy':{'mode':'single'},'targets':[{}]}"));
    const Node &target = firstTarget(config);
    QVERIFY(target.name.empty() && !target.destination.isNamed() && !target.destination.api_key);
    QVERIFY(target.destination.fields.empty());
    QVERIFY(!target.disabled);
    QCOMPARE(target.weight, 1.0);
}

void TestParseTree::readsWhereATargetLeads_data()
{
    QTest::addColumn<std::string>("members");
    QTest::addColumn<std::string>("provider");
    QTest::addColumn<std::string>("slug");
    QTest::newRow("plain id") << std::string("'provider':'openai'") << std::string("openai") << std::string();
    QTest::newRow("slug") << std::string("'provider':'@oai'") << std::string() << std::string("oai");
    QTest::newRow("slug with a model")
        << std::string("'provider':'@oai/m/x'") << std::string() << std::string("oai");
    QTest::newRow("virtual key") << std::string("'virtual_key':'oai'") << std::string() << std::string("oai");
    QTest::newRow("virtual key as a slug")
        << std::string("'virtual_key':'@oai'") << std::string() << std::string("oai");
    QTest::newRow("provider's slug before virtual key")
        << std::string("'virtual_key':'b','provider':'@a'") << std::string() << std::string("a");
    QTest::newRow("nothing") << std::string("'weight':1") << std::string() << std::string();
}

void TestParseTree::readsWhereATargetLeads()
{
    QFETCH(std::string, members);
    QFETCH(std::string, provider);
    QFETCH(std::string, slug);
    const auto config = configOf(json("{" + members + "}"));
    QCOMPARE(config->root().destination.provider, provider);
    QCOMPARE(config->root().destination.slug, slug);
    QCOMPARE(config->root().destination.isNamed(), !provider.empty() || !slug.empty());
}

void TestParseTree::readsKeysOfOurOwn()
{
    const auto config = configOf(json(
        "{'portolan':{'max_attempts':4},'strategy':{'mode':'single'},'targets':[{'portolan':{'disabled':true,"
        "'first_token_timeout':1000,'stream_idle_timeout':2000,'context_window':false}}]}"));
    QCOMPARE(config->extent().max_attempts, std::optional(4));
    QVERIFY(!config->root().disabled);
    QVERIFY(firstTarget(config).disabled);
    QVERIFY(!configOf("{}")->extent().max_attempts);
}

void TestParseTree::givesTheTextBackByteForByte()
{
    const std::string text
        = "\n { \"x\" : 1.50 , \"targets\":[ {\"weight\":1e0,\"n\":\"\\u00e9\"},\t{} ],\r\n"
          "\"strategy\":{\"mode\":\"fallback\"}, \"y\":[1, 2,3] }  \n";
    const auto reading = parseConfig(text);
    QVERIFY(reading.config != nullptr);
    QCOMPARE(reading.config->text(), text);
}

void TestParseTree::findsNodesByTheirPointer()
{
    const auto config
        = configOf(json("{'strategy':{'mode':'fallback'},'targets':[{},{'strategy':{'mode':'single'},"
                        "'targets':[{'name':'deep'}]},{}]}"));
    QCOMPARE(config->extent().nodes, std::size_t(5));
    QCOMPARE(config->find("")->index, std::size_t(0));
    QCOMPARE(config->find("/targets/1/targets/0")->name, std::string("deep"));
    QCOMPARE(config->find("/targets/1/targets/0")->index, std::size_t(3));
    QCOMPARE(config->find("/targets/2")->index, std::size_t(4));
    for (const char *unknown : {"/targets/3", "/targets/1/targets/1", "/targets", "/targets/0/x", "x"})
        QVERIFY(config->find(unknown) == nullptr);
    QCOMPARE(optionIndex(""), std::string("config"));
    QCOMPARE(optionIndex("/targets/1"), std::string("config.targets[1]"));
    QCOMPARE(optionIndex("/targets/0/targets/12"), std::string("config.targets[0].targets[12]"));
}

QTEST_APPLESS_MAIN(TestParseTree)
#include "tst_parsetree.moc"
