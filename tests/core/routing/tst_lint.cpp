// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/lint.h"
#include "walkworld.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

using Lines = std::vector<std::string>;
Q_DECLARE_METATYPE(Lines)

namespace {

const Installation &here()
{
    static const Installation installation{.slugs = {{.slug = "oai", .account = "1"},
                                                     {.slug = "oai-too", .account = "1"},
                                                     {.slug = "ant", .account = "2"},
                                                     {.slug = "off", .account = "3", .enabled = false}},
                                           .providers
                                           = {{.id = "openai"}, {.id = "ollama", .needs_key = false}}};
    return installation;
}

Lines linesOf(const Problems &problems)
{
    Lines lines;
    for (const Problem &problem : problems)
        lines.push_back((problem.severity == Severity::Error ? "error " : "warning ") + problem.pointer + " "
                        + problem.code);
    return lines;
}

std::string quoted(const Lines &lines)
{
    std::string text;
    for (const std::string &line : lines)
        text += "[" + line + "] ";
    return text;
}

std::string fallback(const std::string &targets, const std::string &more = "")
{
    return "{'strategy':{'mode':'fallback'" + more + "},'targets':[" + targets + "]}";
}

} // namespace

class TestLint : public QObject
{
    Q_OBJECT

private slots:
    void warnsOfWhatDoesNotDoWhatItSeems_data();
    void warnsOfWhatDoesNotDoWhatItSeems();
    void findsCredentials_data();
    void findsCredentials();
    void placesItsProblems();
    void countsTheWorstCase_data();
    void countsTheWorstCase();
};

void TestLint::warnsOfWhatDoesNotDoWhatItSeems_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<Lines>("problems");
    const auto row = [](const char *name, std::string config, Lines problems) {
        QTest::newRow(name) << config << problems;
    };
    row("nothing", "{'virtual_key':'oai'}", {});
    row("nothing, by the request", "{}", {});
    row("unknown slug", "{'virtual_key':'none'}", {"warning  lint.unknown_slug"});
    row("unknown slug as a provider", fallback("{'provider':'@ant'},{'provider':'@none'}"),
        {"warning /targets/1 lint.unknown_slug"});
    row("unknown slug in the model", "{'override_params':{'model':'@none/m'}}",
        {"warning  lint.unknown_slug"});
    row("a model of Workers AI is no slug", "{'override_params':{'model':'@cf/m'}}", {});
    row("slug that is off", "{'virtual_key':'off'}", {"warning  lint.slug_off"});
    row("unknown provider", "{'provider':'openia','api_key':''}", {"warning  lint.unknown_provider"});
    row("no key", "{'provider':'openai'}", {"warning  lint.no_key"});
    row("no key needed", "{'provider':'ollama'}", {});
    row("key of another kind", "{'provider':'openai','azure_auth_mode':'managed'}", {});
    row("no destination", fallback("{'virtual_key':'oai'},{'weight':1}"),
        {"warning /targets/1 lint.no_destination"});
    row("the request's destination", fallback("{'virtual_key':'oai'},{'passthrough':true}"), {});
    row("same account", fallback("{'virtual_key':'oai'},{'virtual_key':'oai-too'}"),
        {"warning /targets/1 lint.same_account"});
    row("same account, other model",
        fallback("{'virtual_key':'oai'},{'virtual_key':'oai','override_params':{'model':'m'}}"), {});
    row("same account, not at once",
        fallback("{'virtual_key':'oai'},{'virtual_key':'ant'},{'provider':'@oai'}"),
        {"warning /targets/2 lint.same_account"});
    row("same account in a chain of chains",
        fallback("{'virtual_key':'oai'}," + fallback("{'virtual_key':'ant'},{'virtual_key':'oai'}")),
        {"warning /targets/1/targets/1 lint.same_account"});
    row("same account twice in an inner chain",
        fallback("{'virtual_key':'ant'}," + fallback("{'virtual_key':'oai'},{'virtual_key':'oai'}")),
        {"warning /targets/1/targets/1 lint.same_account"});
    row("same account, by chance only",
        fallback(
            "{'strategy':{'mode':'loadbalance'},'targets':[{'virtual_key':'oai'},{'virtual_key':'ant'}]},"
            "{'virtual_key':'oai'}"),
        {});
    row("same account, switched off",
        fallback("{'virtual_key':'oai','portolan':{'disabled':true}},{'virtual_key':'oai'}"), {});
    row("codes that succeed",
        fallback("{'virtual_key':'oai'},{'virtual_key':'ant'}", ",'on_status_codes':[200,204]"),
        {"warning /strategy/on_status_codes lint.never_matches"});
    row("no codes", fallback("{'virtual_key':'oai'},{'virtual_key':'ant'}", ",'on_status_codes':[]"),
        {"warning /strategy/on_status_codes lint.never_matches"});
    row("codes of both kinds",
        fallback("{'virtual_key':'oai'},{'virtual_key':'ant'}", ",'on_status_codes':[246,429]"), {});
    row("retry codes that succeed", "{'virtual_key':'oai','retry':{'attempts':1,'on_status_codes':[200]}}",
        {"warning /retry/on_status_codes lint.never_matches"});
    row("retry codes that nobody uses",
        "{'virtual_key':'oai','retry':{'attempts':0,'on_status_codes':[200]}}", {});
    row("a fallback of one", fallback("{'virtual_key':'oai'}"), {"warning  lint.no_fallback"});
    row("no default",
        "{'strategy':{'mode':'conditional','conditions':[{'query':{},'then':'a'}]},'targets':[{'name':'a',"
        "'virtual_key':'oai'}]}",
        {"warning /strategy lint.no_default"});
    row("more calls than there are",
        "{'retry':{'attempts':5},'strategy':{'mode':'fallback'},'targets':[{'virtual_key':'oai'},"
        "{'virtual_key':'ant'},{'provider':'ollama'}]}",
        {"warning  lint.too_many_calls"});
    row("more calls than it wants",
        "{'portolan':{'max_attempts':2},'retry':{'attempts':2},'virtual_key':'oai'}",
        {"warning  lint.too_many_calls"});
}

void TestLint::warnsOfWhatDoesNotDoWhatItSeems()
{
    QFETCH(std::string, config);
    QFETCH(Lines, problems);
    const auto found = lint(*configOf(json(config)), here(), Keeping::Saved);
    QCOMPARE(quoted(linesOf(found)), quoted(problems));
    for (const Problem &problem : found)
        QVERIFY(problem.message.ends_with('.'));
}

void TestLint::findsCredentials_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<Lines>("pointers");
    const auto row = [](const char *name, std::string config, Lines pointers) {
        QTest::newRow(name) << config << pointers;
    };
    const std::string shaped = "sk-proj-a1b2c3d4e5f6g7h8i9j0k1l2m3n4";
    row("none", "{'virtual_key':'oai'}", {});
    row("api_key", "{'provider':'openai','api_key':'x'}", {"/api_key"});
    row("camel case", "{'provider':'openai','apiKey':'x'}", {"/apiKey"});
    row("empty", "{'provider':'openai','api_key':''}", {});
    row("of AWS", "{'aws_access_key_id':'a','aws_secret_access_key':'b','aws_region':'eu'}",
        {"/aws_access_key_id", "/aws_secret_access_key"});
    row("of Google", "{'vertex_region':'eu','vertex_service_account_json':{'private_key':'x'}}",
        {"/vertex_service_account_json"});
    row("of Azure", "{'azure_entra_client_secret':'x','azure_ad_token':'y','resource_name':'r'}",
        {"/azure_entra_client_secret", "/azure_ad_token"});
    row("in a target", fallback("{'virtual_key':'oai'},{'provider':'openai','api_key':'x'}"),
        {"/targets/1/api_key"});
    row("by its look, anywhere", "{'virtual_key':'oai','x_note':['" + shaped + "']}", {"/x_note/0"});
    row("by its look, in a parameter", "{'virtual_key':'oai','override_params':{'a':{'b':'" + shaped + "'}}}",
        {"/override_params/a/b"});
    row("in whatever spelling", "{'override_params':{'headers':{'X-API-Key':'x','Authorization':'y'}}}",
        {"/override_params/headers/X-API-Key", "/override_params/headers/Authorization"});
    row("what says nothing", "{'override_params':{'password':true,'api_key':null}}", {});
    row("once, where both are so", "{'provider':'openai','api_key':'" + shaped + "'}", {"/api_key"});
}

void TestLint::findsCredentials()
{
    QFETCH(std::string, config);
    QFETCH(Lines, pointers);
    for (const Keeping keeping : {Keeping::Read, Keeping::Saved}) {
        Lines found;
        for (const Problem &problem : lint(*configOf(json(config)), here(), keeping)) {
            if (problem.code != "config.secret")
                continue;
            found.push_back(problem.pointer);
            QCOMPARE(problem.severity, keeping == Keeping::Saved ? Severity::Error : Severity::Warning);
            QVERIFY(problem.message.find("sk-") == std::string::npos);
        }
        QCOMPARE(found, pointers);
    }
}

void TestLint::placesItsProblems()
{
    const std::string text
        = json(fallback("{'virtual_key':'none'},{'virtual_key':'ant'}", ",'on_status_codes':[ 200 ]"));
    const auto problems = lint(*configOf(text), here(), Keeping::Read);
    QCOMPARE(problems.size(), std::size_t(2));
    QCOMPARE(text.substr(problems[0].range.offset, problems[0].range.size), std::string("[ 200 ]"));
    QCOMPARE(text.substr(problems[1].range.offset, problems[1].range.size), json("{'virtual_key':'none'}"));
}

void TestLint::countsTheWorstCase_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<WorstCase>("worst");
    const auto row = [](const char *name, std::string config, WorstCase worst) {
        QTest::newRow(name) << config << worst;
    };
    row("one", "{}", {1, 0});
    row("retries", "{'retry':{'attempts':3}}", {4, 7'000});
    row("chain", fallback("{'retry':{'attempts':1}},{'retry':{'attempts':2}},{}"), {6, 4'000});
    row("switched off", fallback("{'portolan':{'disabled':true},'retry':{'attempts':1}},{}"), {1, 0});
    row("balance", "{'strategy':{'mode':'loadbalance'},'targets':[{'retry':{'attempts':5}},{}]}",
        {6, 31'000});
    row("single", "{'strategy':{'mode':'single'},'targets':[{},{'retry':{'attempts':5}}]}", {1, 0});
    row("multiplied", "{'retry':{'attempts':5},'strategy':{'mode':'fallback'},'targets':[{},{},{}]}",
        {18, 93'000});
}

void TestLint::countsTheWorstCase()
{
    QFETCH(std::string, config);
    QFETCH(WorstCase, worst);
    QCOMPARE(worstCase(configOf(json(config))->root()), worst);
}

QTEST_APPLESS_MAIN(TestLint)
#include "tst_lint.moc"
