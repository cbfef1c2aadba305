// SPDX-License-Identifier: GPL-3.0-or-later
#include "walkworld.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

using Lines = std::vector<std::string>;
Q_DECLARE_METATYPE(Lines)

namespace {

/// "error /weight config.bad_type", in the order of the text.
Lines linesOf(const Problems &problems)
{
    Lines lines;
    for (const Problem &problem : problems) {
        lines.push_back((problem.severity == Severity::Error ? "error " : "warning ") + problem.pointer + " "
                        + problem.code);
    }
    return lines;
}

std::string quoted(const Lines &lines)
{
    std::string text;
    for (const std::string &line : lines)
        text += "[" + line + "] ";
    return text;
}

} // namespace

class TestParseConfig : public QObject
{
    Q_OBJECT

private slots:
    void reportsEveryProblemOfAField_data();
    void reportsEveryProblemOfAField();
    void reportsEveryProblemOfAStrategy_data();
    void reportsEveryProblemOfAStrategy();
    void reportsAllProblemsAtOnceInTheOrderOfTheText();
    void placesEveryProblemInTheText();
    void offersFixesThatMend();
};

/// gateway-protocol 3.1 and 3.2, threat-model D6: one value that is wrong in a target that is right.
void TestParseConfig::reportsEveryProblemOfAField_data()
{
    QTest::addColumn<std::string>("members");
    QTest::addColumn<Lines>("problems");
    const auto row = [](const char *name, std::string members, Lines problems) {
        QTest::newRow(name) << members << problems;
    };
    row("nothing wrong", "'name':'a'", {});
    row("null is as good as absent", "'weight':null,'retry':null,'override_params':null,'name':null", {});
    row("name", "'name':1", {"error /name config.bad_type"});
    row("provider", "'provider':1", {"error /provider config.bad_type"});
    row("api_key", "'api_key':{}", {"error /api_key config.bad_type"});
    row("virtual_key", "'virtual_key':['a']", {"error /virtual_key config.bad_type"});
    row("prompt_id", "'prompt_id':'pp-1'", {"error /prompt_id config.no_prompts"});
    row("passthrough", "'passthrough':'true'", {"error /passthrough config.bad_type"});
    row("weight as a text", "'weight':'1'", {"error /weight config.bad_type"});
    row("weight below 0", "'weight':-0.1", {"error /weight config.out_of_range"});
    row("weight above 1e6", "'weight':1000000.5", {"error /weight config.out_of_range"});
    row("weight that no double holds", "'weight':1e400", {"error /weight config.out_of_range"});
    row("weight of 1e6", "'weight':1e6", {});
    row("override_params", "'override_params':[]", {"error /override_params config.bad_type"});
    row("default_params", "'default_params':'x'", {"error /default_params config.bad_type"});
    row("drop_params", "'drop_params':{'a':1}", {"error /drop_params config.bad_type"});
    row("one of drop_params", "'drop_params':['a',1]", {"error /drop_params/1 config.bad_type"});
    row("retry", "'retry':3", {"error /retry config.bad_type"});
    row("retry without attempts", "'retry':{}", {"error /retry config.missing"});
    row("retry.attempts as a text", "'retry':{'attempts':'3'}", {"error /retry/attempts config.bad_type"});
    row("retry.attempts of a half", "'retry':{'attempts':2.5}",
        {"error /retry/attempts config.out_of_range"});
    row("retry.attempts below 0", "'retry':{'attempts':-1}", {"error /retry/attempts config.out_of_range"});
    row("retry.attempts above 5", "'retry':{'attempts':7}",
        {"warning /retry/attempts config.too_many_attempts"});
    row("retry.attempts of 5", "'retry':{'attempts':5}", {});
    row("retry.attempts of a great number", "'retry':{'attempts':1e30}",
        {"error /retry/attempts config.out_of_range"});
    row("retry.on_status_codes", "'retry':{'attempts':1,'on_status_codes':429}",
        {"error /retry/on_status_codes config.bad_type"});
    row("a retry code as a text", "'retry':{'attempts':1,'on_status_codes':['429']}",
        {"error /retry/on_status_codes/0 config.bad_type"});
    row("a retry code of null", "'retry':{'attempts':1,'on_status_codes':[null]}",
        {"error /retry/on_status_codes/0 config.bad_type"});
    row("retry codes out of range", "'retry':{'attempts':1,'on_status_codes':[99,100,599,600]}",
        {"error /retry/on_status_codes/0 config.out_of_range",
         "error /retry/on_status_codes/3 config.out_of_range"});
    row("use_retry_after_header", "'retry':{'attempts':1,'use_retry_after_header':1}",
        {"error /retry/use_retry_after_header config.bad_type"});
    row("use_retry_after_headers", "'retry':{'attempts':1,'use_retry_after_headers':true}", {});
    row("unknown in retry", "'retry':{'attempts':1,'x':1}", {"warning /retry/x config.unknown_key"});
    row("cache", "'cache':true", {"error /cache config.bad_type"});
    row("a cache runs without", "'cache':{'mode':'simple'}", {"warning /cache config.no_cache"});
    row("cache without a mode", "'cache':{}",
        {"error /cache config.missing", "warning /cache config.no_cache"});
    row("cache of another mode", "'cache':{'mode':'fast'}",
        {"warning /cache config.no_cache", "error /cache/mode config.bad_value"});
    row("cache.max_age as a text", "'cache':{'mode':'simple','max_age':'60'}",
        {"warning /cache config.no_cache", "error /cache/max_age config.bad_type"});
    row("cache.max_age above a year", "'cache':{'mode':'simple','max_age':31536001}",
        {"warning /cache config.no_cache", "error /cache/max_age config.out_of_range"});
    row("request_timeout as a text", "'request_timeout':'2000'", {"error /request_timeout config.bad_type"});
    row("request_timeout above an hour", "'request_timeout':3600001",
        {"error /request_timeout config.out_of_range"});
    row("request_timeout of an hour", "'request_timeout':3600000", {});
    row("request_timeout below 0", "'request_timeout':-1", {"error /request_timeout config.out_of_range"});
    row("request_timeout of 0", "'request_timeout':0", {"warning /request_timeout config.no_timeout"});
    row("custom_host", "'custom_host':1", {"error /custom_host config.bad_type"});
    row("forward_headers", "'forward_headers':'x-team'", {"error /forward_headers config.bad_type"});
    row("one of forward_headers", "'forward_headers':['x-team',1]",
        {"error /forward_headers/1 config.bad_type"});
    row("forward_headers that forward themselves", "'forward_headers':['X-Portkey-Forward-Headers']",
        {"error /forward_headers config.bad_value"});
    row("strict_open_ai_compliance", "'strict_open_ai_compliance':'false'",
        {"error /strict_open_ai_compliance config.bad_type"});
    row("input_guardrails", "'input_guardrails':{}", {"error /input_guardrails config.bad_type"});
    row("a guardrail that is no object", "'output_guardrails':[1]",
        {"warning /output_guardrails config.no_guardrails", "error /output_guardrails/0 config.bad_type"});
    row("a guardrail that lets pass", "'input_guardrails':[{'default.contains':{}}]",
        {"warning /input_guardrails config.no_guardrails"});
    row("a guardrail that denies", "'before_request_hooks':[{'type':'guardrail','deny':true}]",
        {"warning /before_request_hooks/0 config.guardrail_denies"});
    row("a guardrail whose deny is no truth", "'after_request_hooks':[{'deny':'true'}]",
        {"warning /after_request_hooks config.no_guardrails",
         "error /after_request_hooks/0/deny config.bad_type"});
    row("a saved guardrail", "'output_guardrails':['pg-1']",
        {"warning /output_guardrails/0 config.guardrail_denies"});
    row("no guardrail at all", "'input_guardrails':[]", {});
    row("on_status_codes of a target", "'on_status_codes':[429]",
        {"warning /on_status_codes config.ignored"});
    row("options of 2023", "'options':[]", {"error /options config.old_format"});
    row("mode of 2023", "'mode':'single'", {"error /mode config.old_format"});
    row("unknown", "'x_team':1", {"warning /x_team config.unknown_key"});
    row("unknown with a slash and a tilde", "'a/b~c':1", {"warning /a~1b~0c config.unknown_key"});
    row("twice", "'name':'a','name':'b'", {"warning /name config.duplicate"});
    row("twice in two spellings", "'request_timeout':1,'requestTimeout':2",
        {"warning /requestTimeout config.duplicate"});
    row("credentials of providers",
        "'aws_region':'eu','azure_foundry_url':'u','vertex_service_account_json':{'a':'b'},'resource_name':'"
        "r',"
        "'openai_project':'p','workers_ai_account_id':'w','deployments':[{'deployment_id':'d'}],"
        "'oracle_private_key':'k','snowflake_account':'s','fetch_integrated_models':true,'id':'pc-1'",
        {});
    row("portolan", "'portolan':1", {"error /portolan config.bad_type"});
    row("portolan.disabled", "'portolan':{'disabled':'yes'}", {"error /portolan/disabled config.bad_type"});
    row("portolan.jitter", "'portolan':{'jitter':1}", {"error /portolan/jitter config.bad_type"});
    row("portolan.first_token_timeout", "'portolan':{'first_token_timeout':'1s'}",
        {"error /portolan/first_token_timeout config.bad_type"});
    row("portolan.stream_idle_timeout", "'portolan':{'stream_idle_timeout':1e9}",
        {"error /portolan/stream_idle_timeout config.out_of_range"});
    row("portolan.context_window", "'portolan':{'context_window':0}",
        {"error /portolan/context_window config.bad_type"});
    row("portolan.max_attempts", "'portolan':{'max_attempts':17}",
        {"error /portolan/max_attempts config.out_of_range"});
    row("unknown in portolan", "'portolan':{'retries':1}", {"warning /portolan/retries config.unknown_key"});
    row("Vertex AI by an account", "'provider':'@vertex'", {});
    row("both names of a target", "'provider':'openai'", {"warning  config.two_destinations"});
}

void TestParseConfig::reportsEveryProblemOfAField()
{
    QFETCH(std::string, members);
    QFETCH(Lines, problems);
    const bool names_key = members.starts_with("'virtual_key'");
    const auto reading = parseConfig(json("{" + members + (names_key ? "}" : ",'virtual_key':'a'}")));
    QCOMPARE(quoted(linesOf(reading.problems)), quoted(problems));
    QCOMPARE(reading.config == nullptr, hasErrors(reading.problems));
    for (const Problem &problem : reading.problems)
        QVERIFY2(problem.message.size() > 10, problem.code.c_str());
}

void TestParseConfig::reportsEveryProblemOfAStrategy_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Lines>("problems");
    const auto row
        = [](const char *name, std::string text, Lines problems) { QTest::newRow(name) << text << problems; };
    const std::string two = "'targets':[{'virtual_key':'a'},{'virtual_key':'b'}]";
    const auto with
        = [&](const std::string &strategy) { return "{'strategy':" + strategy + "," + two + "}"; };
    const auto when = [](const std::string &more) {
        return "{'strategy':{'mode':'conditional'," + more
            + "},'targets':[{'name':'x','virtual_key':'a'},{'name':'y','virtual_key':'b'}]}";
    };
    row("no object", "[]", {"error  config.bad_type"});
    row("Vertex AI without a place", "{'provider':'vertex-ai'}", {"error  config.missing"});
    row("Vertex AI without a project", "{'provider':'vertex-ai','vertex_region':'eu'}",
        {"error  config.missing"});
    row("Vertex AI without a region", "{'provider':'vertex-ai','vertex_project_id':'p'}",
        {"error  config.missing"});
    row("Vertex AI with a project", "{'provider':'vertex-ai','vertex_region':'eu','vertex_project_id':'p'}",
        {});
    row("Vertex AI with an account",
        "{'provider':'vertex-ai','vertex_region':'eu','vertex_service_account_json':{'a':'b'}}", {});
    row("no JSON", "{'provider':}", {"error  config.syntax"});
    row("nothing", "", {"error  config.syntax"});
    row("a target that is no object", "{'strategy':{'mode':'fallback'},'targets':['a']}",
        {"error /targets/0 config.bad_type"});
    row("strategy that is no object", with("'fallback'"), {"error /strategy config.bad_type"});
    row("no mode", with("{}"), {"error /strategy config.bad_mode"});
    row("another mode", with("{'mode':'roundrobin'}"), {"error /strategy/mode config.bad_mode"});
    row("mode that is no text", with("{'mode':1}"), {"error /strategy/mode config.bad_type"});
    row("unknown in strategy", with("{'mode':'fallback','x':1}"), {"warning /strategy/x config.unknown_key"});
    row("twice in strategy", with("{'mode':'fallback','mode':'loadbalance'}"),
        {"warning /strategy/mode config.duplicate"});
    row("no targets", "{'strategy':{'mode':'fallback'}}", {"error  config.missing"});
    row("empty targets", "{'strategy':{'mode':'single'},'targets':[]}", {"error /targets config.no_targets"});
    row("targets that are no list", "{'strategy':{'mode':'fallback'},'targets':{}}",
        {"error /targets config.bad_type"});
    row("targets without strategy", "{" + two + "}", {"error  config.missing"});
    row("single with two", with("{'mode':'single'}"), {"warning /targets/1 config.unreachable"});
    row("fallback codes as texts", with("{'mode':'fallback','on_status_codes':['429']}"),
        {"error /strategy/on_status_codes/0 config.bad_type"});
    row("fallback codes out of range", with("{'mode':'fallback','on_status_codes':[1,1000]}"),
        {"error /strategy/on_status_codes/0 config.out_of_range",
         "error /strategy/on_status_codes/1 config.out_of_range"});
    row("any status may be listed", with("{'mode':'fallback','on_status_codes':[200,246,446,100,599]}"), {});
    row("weights all 0",
        "{'strategy':{'mode':'loadbalance'},'targets':[{'virtual_key':'a','weight':0},"
        "{'virtual_key':'b','weight':0.0}]}",
        {"error /targets config.no_weight"});
    row("one weight of 0",
        "{'strategy':{'mode':'loadbalance'},'targets':[{'virtual_key':'a','weight':0},{'virtual_key':'b'}]}",
        {});
    row("sticky that is no object", with("{'mode':'loadbalance','sticky':true}"),
        {"error /strategy/sticky config.bad_type"});
    row("sticky by something else",
        with("{'mode':'loadbalance','sticky':{'enabled':true,'hash_fields':['user']}}"),
        {"error /strategy/sticky/hash_fields/0 config.bad_field"});
    row("sticky for no time", with("{'mode':'loadbalance','sticky':{'enabled':true,'ttl':0}}"),
        {"error /strategy/sticky/ttl config.out_of_range"});
    row("sticky in full",
        with("{'mode':'loadbalance','sticky':{'enabled':true,'ttl':60,'hash_fields':['metadata.a','params.b',"
             "'headers.c']}}"),
        {});
    row("sticky in a fallback",
        with("{'mode':'fallback','sticky':{'enabled':true,'hash_fields':['metadata.a']}}"),
        {"warning /strategy/sticky config.ignored"});
    row("breaker that is no object", with("{'mode':'fallback','cb_config':3}"),
        {"error /strategy/cb_config config.bad_type"});
    row("breaker that never opens", with("{'mode':'fallback','cb_config':{}}"),
        {"warning /strategy/cb_config config.breaker_never_opens"});
    row("breaker's threshold", with("{'mode':'fallback','cb_config':{'failure_threshold':0}}"),
        {"warning /strategy/cb_config config.breaker_never_opens",
         "error /strategy/cb_config/failure_threshold config.out_of_range"});
    row("breaker's percentage", with("{'mode':'fallback','cb_config':{'failure_threshold_percentage':101}}"),
        {"warning /strategy/cb_config config.breaker_never_opens",
         "error /strategy/cb_config/failure_threshold_percentage config.out_of_range"});
    row("breaker's short cooldown",
        with("{'mode':'fallback','cb_config':{'failure_threshold':1,'cooldown_interval':1000}}"),
        {"warning /strategy/cb_config/cooldown_interval config.short_cooldown"});
    row("breaker's codes",
        with("{'mode':'fallback','cb_config':{'failure_threshold':1,'failure_status_codes':[0]}}"),
        {"error /strategy/cb_config/failure_status_codes/0 config.out_of_range"});
    row("breaker's minimum",
        with("{'mode':'fallback','cb_config':{'failure_threshold':1,'minimum_requests':0}}"),
        {"error /strategy/cb_config/minimum_requests config.out_of_range"});
    row("breaker beside the strategy",
        "{'cb_config':{'failure_threshold':1},'strategy':{'mode':'fallback'}," + two + "}", {});
    row("no conditions", when("'default':'x'"), {"error /strategy config.no_conditions"});
    row("empty conditions", when("'conditions':[]"), {"error /strategy/conditions config.no_conditions"});
    row("condition that is no object", when("'conditions':[1,{'query':{},'then':'x'}],'default':'y'"),
        {"error /strategy/conditions/0 config.bad_type"});
    row("condition without a query", when("'conditions':[{'then':'x'}],'default':'y'"),
        {"error /strategy/conditions/0 config.missing"});
    row("condition without a target",
        when("'conditions':[{'query':{}},{'query':{},'then':'x'}],'default':'y'"),
        {"error /strategy/conditions/0 config.missing"});
    row("condition to nobody",
        when("'conditions':[{'query':{},'then':'z'},{'query':{},'then':'x'}],'default':'y'"),
        {"error /strategy/conditions/0/then config.unknown_target"});
    row("condition to no text",
        when("'conditions':[{'query':{},'then':0},{'query':{},'then':'x'}],'default':'y'"),
        {"error /strategy/conditions/0/then config.bad_type"});
    row("default to nobody",
        when("'conditions':[{'query':{},'then':'x'},{'query':{},'then':'y'}],'default':'z'"),
        {"error /strategy/default config.unknown_target"});
    row("no way to a target", when("'conditions':[{'query':{},'then':'x'}]"),
        {"warning /targets/1 config.unreachable"});
    row("unknown in a condition", when("'conditions':[{'query':{},'then':'x','x':1}],'default':'y'"),
        {"warning /strategy/conditions/0/x config.unknown_key"});
    row("a query's problem",
        when("'conditions':[{'query':{'metadata.a':{'$x':1}},'then':'x'}],'default':'y'"),
        {"error /strategy/conditions/0/query/metadata.a/$x config.unknown_operator"});
    row("codes beside a strategy", "{'on_status_codes':[429],'strategy':{'mode':'fallback'}," + two + "}",
        {"warning /on_status_codes config.ignored"});
    row("conditions of a fallback", with("{'mode':'fallback','conditions':[],'default':'x'}"),
        {"warning /strategy/conditions config.ignored", "warning /strategy/default config.ignored"});
    row("codes of a load balance", with("{'mode':'loadbalance','on_status_codes':[429]}"),
        {"warning /strategy/on_status_codes config.ignored"});
}

void TestParseConfig::reportsEveryProblemOfAStrategy()
{
    QFETCH(std::string, text);
    QFETCH(Lines, problems);
    const auto reading = parseConfig(json(text));
    QCOMPARE(quoted(linesOf(reading.problems)), quoted(problems));
    QCOMPARE(reading.config == nullptr, hasErrors(reading.problems));
}

void TestParseConfig::reportsAllProblemsAtOnceInTheOrderOfTheText()
{
    const auto reading = parseConfig(json("{'weight':'x','strategy':{'mode':'best'},'targets':[{'retry':{}},"
                                          "{'portolan':{'disabled':0},'x':1}],'request_timeout':-1}"));
    QVERIFY(!reading.config);
    QCOMPARE(
        quoted(linesOf(reading.problems)),
        quoted({"error /weight config.bad_type", "error /strategy/mode config.bad_mode",
                "error /targets/0/retry config.missing", "error /targets/1/portolan/disabled config.bad_type",
                "warning /targets/1/x config.unknown_key", "error /request_timeout config.out_of_range"}));
}

void TestParseConfig::placesEveryProblemInTheText()
{
    const std::string text = json("{'strategy':{'mode':'conditional','conditions':[{'query':{}}]},"
                                  "'targets':[{'name':'x','weight':'1'}]}");
    const auto problems = parseConfig(text).problems;
    const auto said
        = [&](const Problem &problem) { return text.substr(problem.range.offset, problem.range.size); };
    QCOMPARE(problems.size(), std::size_t(3));
    QCOMPARE(said(problems[0]), json("{'query':{}}"));
    QCOMPARE(said(problems[1]), json("{'name':'x','weight':'1'}"));
    QCOMPARE(said(problems[2]), json("'1'"));
}

void TestParseConfig::offersFixesThatMend()
{
    std::string text = json("{'virtual_key':'a','retry':{'attempts':9}}");
    const auto problems = parseConfig(text).problems;
    QCOMPARE(problems.size(), std::size_t(1));
    QVERIFY(problems.front().fix.has_value());
    text.replace(problems.front().fix->range.offset, problems.front().fix->range.size,
                 problems.front().fix->text);
    const auto mended = parseConfig(text);
    QVERIFY(mended.problems.empty());
    QCOMPARE(mended.config->root().settings.retry->attempts, 5);
}

QTEST_APPLESS_MAIN(TestParseConfig)
#include "tst_parseconfig.moc"
