// SPDX-License-Identifier: GPL-3.0-or-later
#include "walked.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

using Pointers = std::set<std::string>;
using Lines = std::vector<std::string>;
Q_DECLARE_METATYPE(Pointers)

namespace {

const std::string kThree = "'targets':[{'name':'a'},{'name':'b'},{'name':'c'}]}";
const std::string kFallback = "{'strategy':{'mode':'fallback','cb_config':{'failure_threshold':1}}," + kThree;
const std::string kBalance
    = "{'strategy':{'mode':'loadbalance','cb_config':{'failure_threshold':1}}," + kThree;
/// (a or b), then c.
const std::string kNested
    = "{'strategy':{'mode':'fallback','cb_config':{'failure_threshold':1}},'targets':["
      "{'strategy':{'mode':'loadbalance'},'targets':[{'name':'a'},{'name':'b'}]},{'name':'c'}]}";

} // namespace

class TestWalkHealth : public QObject
{
    Q_OBJECT

private slots:
    void leavesOpenBreakersAlone_data();
    void leavesOpenBreakersAlone();
    void letsOneRequestMakeTheTrial_data();
    void letsOneRequestMakeTheTrial();
    void endsThoughBreakersWaver();
    void stopsRetryingWhenTheBreakerOpens();
    void countsNoBreakerWithoutARule();
    void passesOverWindowsThatAreTooSmall_data();
    void passesOverWindowsThatAreTooSmall();
    void asksNoWindowWhereItIsToldSo();
    void prefersAWindowThatFitsOnlyAmongClosedBreakers();
    void sticksToATarget();
    void sticksByTheFieldsItNames_data();
    void sticksByTheFieldsItNames();
    void leavesAStickyTargetThatCannotBeUsed();
    void saysWhyItPassedOver();
};

/// gateway-protocol 3.12: open targets are left out; when all are, none counts.
void TestWalkHealth::leavesOpenBreakersAlone_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<Pointers>("open");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const auto row
        = [](const char *name, std::string config, Pointers open, std::string outcomes, std::string trail) {
              QTest::newRow(name) << json(config) << open << outcomes << trail;
          };
    row("none is open", kFallback, {}, "500 500", "a b c* | 0");
    row("the first is", kFallback, {"/targets/0"}, "500", "b c* | 0");
    row("the middle is", kFallback, {"/targets/1"}, "500", "a c* | 0");
    row("the last is", kFallback, {"/targets/2"}, "500 500", "a b* | 0");
    row("two are", kFallback, {"/targets/0", "/targets/1"}, "500", "c* | 0");
    row("all are", kFallback, {"/targets/0", "/targets/1", "/targets/2"}, "500 500", "a b c* | 0");
    row("a balance draws among the rest", kBalance, {"/targets/0"}, "ok", "b* | 0");
    row("a balance of which one is left", kBalance, {"/targets/0", "/targets/1"}, "ok", "c* | 0");
    row("a balance of which none is left", kBalance, {"/targets/0", "/targets/1", "/targets/2"}, "ok",
        "a* | 0");
    row("part of an inner strategy", kNested, {"/targets/0/targets/0"}, "500", "b c* | 0");
    row("a whole inner strategy", kNested, {"/targets/0/targets/0", "/targets/0/targets/1"}, "500", "c* | 0");
    row("everything around an inner strategy", kNested, {"/targets/1"}, "500", "a* | 0");
    row("everything, nested", kNested, {"/targets/0/targets/0", "/targets/0/targets/1", "/targets/1"}, "500",
        "a c* | 0");
}

void TestWalkHealth::leavesOpenBreakersAlone()
{
    QFETCH(std::string, config);
    QFETCH(Pointers, open);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    QCOMPARE(walk(config, outcomes, {.open = open}).trail(), trail);
}

/// Architecture 9.14: half-open lets one request through; the others go on as if it were open.
void TestWalkHealth::letsOneRequestMakeTheTrial_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<Pointers>("open");
    QTest::addColumn<Pointers>("busy");
    QTest::addColumn<std::string>("trail");
    const auto row = [](const char *name, std::string config, Pointers open, Pointers busy,
                        std::string trail) { QTest::newRow(name) << json(config) << open << busy << trail; };
    row("fallback", kFallback, {}, {"/targets/0"}, "b | 0");
    row("fallback, the middle", kFallback, {"/targets/0"}, {"/targets/1"}, "c* | 0");
    row("balance draws again", kBalance, {}, {"/targets/0"}, "b* | 0");
    row("balance draws until one is left", kBalance, {}, {"/targets/0", "/targets/1"}, "c* | 0");
    row("nested", kNested, {"/targets/0/targets/1"}, {"/targets/0/targets/0"}, "c* | 0");
    row("all are open or busy", kFallback, {"/targets/0", "/targets/2"}, {"/targets/1"}, "a | 0");
    row("all are busy", kBalance, {}, {"/targets/0", "/targets/1", "/targets/2"}, "a* | 0");
    row("one target",
        "{'strategy':{'mode':'single','cb_config':{'failure_threshold':1}},'targets':[{'name':'a'}]}", {},
        {"/targets/0"}, "a* | 0");
}

void TestWalkHealth::letsOneRequestMakeTheTrial()
{
    QFETCH(std::string, config);
    QFETCH(Pointers, open);
    QFETCH(Pointers, busy);
    QFETCH(std::string, trail);
    QCOMPARE(walk(config, "ok", {.open = open, .busy = busy}).trail(), trail);
}

namespace {

/// Says something else whenever it is asked again.
class Wavering final : public Surroundings
{
public:
    double dice() override { return 0; }
    bool isOpen(const Node & /*target*/) override { return m_asked++ % 2 == 1; }
    bool enter(const Node & /*target*/) override { return true; }
    std::optional<std::size_t> remembered(const Node & /*balance*/, std::string_view /*identity*/) override
    {
        return std::nullopt;
    }
    void remember(const Node & /*balance*/, std::string_view /*identity*/, std::size_t /*index*/) override { }
    std::string misfit(const Node & /*target*/) override { return {}; }

private:
    int m_asked = 0;
};

} // namespace

/// Other threads open and close breakers while a walk asks for them.
void TestWalkHealth::endsThoughBreakersWaver()
{
    const auto config = configOf(
        json("{'strategy':{'mode':'single','cb_config':{'failure_threshold':1}},'targets':[{'name':'a'}]}"));
    const AskedFacts facts({});
    Wavering surroundings;
    Walk walk(*config, facts, surroundings, 16);
    QCOMPARE(walk.next().target->name, std::string("a"));
    QCOMPARE(walk.next(outcomeOf("500")).kind, Step::Kind::Answer);
}

void TestWalkHealth::stopsRetryingWhenTheBreakerOpens()
{
    const auto config = configOf(json("{'retry':{'attempts':3}," + kFallback.substr(1)));
    World world;
    const AskedFacts facts({});
    Within within(world);
    Walk walk(*config, facts, within, 16);
    QCOMPARE(walk.next().target->name, std::string("a"));
    QCOMPARE(walk.next(outcomeOf("500")).target->name, std::string("a"));
    world.open.insert("/targets/0");
    const Step step = walk.next(outcomeOf("500"));
    QCOMPARE(step.target->name, std::string("b"));
    QCOMPARE(step.skipped.size(), std::size_t(1));
    QCOMPARE(step.skipped.front().target->name, std::string("a"));
}

void TestWalkHealth::countsNoBreakerWithoutARule()
{
    QCOMPARE(walk(json("{'strategy':{'mode':'fallback'}," + kThree), "500", {.open = {"/targets/0"}}).trail(),
             std::string("a b | 0"));
}

void TestWalkHealth::passesOverWindowsThatAreTooSmall_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<Pointers>("small");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const auto row
        = [](const char *name, std::string config, Pointers small, std::string outcomes, std::string trail) {
              QTest::newRow(name) << json(config) << small << outcomes << trail;
          };
    row("the first", kFallback, {"/targets/0"}, "500", "b c* | 0");
    row("the middle", kFallback, {"/targets/1"}, "500", "a c* | 0");
    row("the last is no answer either", kFallback, {"/targets/2"}, "500 500", "a b* | 0");
    row("an estimate leaves nobody without a target", kFallback, {"/targets/0", "/targets/1", "/targets/2"},
        "500 500", "a b c* | 0");
    row("a balance draws among what fits", kBalance, {"/targets/0", "/targets/1"}, "ok", "c* | 0");
    row("a balance of which nothing fits", kBalance, {"/targets/0", "/targets/1", "/targets/2"}, "ok",
        "a* | 0");
    row("a whole inner strategy", kNested, {"/targets/0/targets/0", "/targets/0/targets/1"}, "ok", "c* | 0");
    row("the only target", "{'name':'a'}", {""}, "ok", "a* | 0");
    row("where a condition leads",
        "{'strategy':{'mode':'conditional','conditions':[{'query':{},'then':'a'}],'default':'b'}," + kThree,
        {"/targets/0"}, "ok", "a* | 0");
}

void TestWalkHealth::passesOverWindowsThatAreTooSmall()
{
    QFETCH(std::string, config);
    QFETCH(Pointers, small);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    World world;
    for (const std::string &pointer : small)
        world.misfits[pointer] = "too long";
    QCOMPARE(walk(config, outcomes, world).trail(), trail);
}

void TestWalkHealth::asksNoWindowWhereItIsToldSo()
{
    const std::string config
        = json("{'portolan':{'context_window':false},'strategy':{'mode':'fallback'}," + kThree);
    QCOMPARE(walk(config, "ok", {.misfits = {{"/targets/0", "too long"}}}).trail(), std::string("a | 0"));
}

void TestWalkHealth::prefersAWindowThatFitsOnlyAmongClosedBreakers()
{
    World world{.open = {"/targets/0", "/targets/1"}, .misfits = {{"/targets/2", "too long"}}};
    QCOMPARE(walk(json(kFallback), "500", world).trail(), std::string("c* | 0"));
    world.open.insert("/targets/2");
    QCOMPARE(walk(json(kFallback), "500", world).trail(), std::string("a b* | 0"));
    world.misfits = {{"/targets/0", "x"}, {"/targets/1", "x"}, {"/targets/2", "x"}};
    QCOMPARE(walk(json(kFallback), "500 500", world).trail(), std::string("a b c* | 0"));
}

namespace {

std::string sticky(const std::string &fields)
{
    return json("{'strategy':{'mode':'loadbalance','sticky':{'enabled':true,'hash_fields':[" + fields + "]}},"
                + kThree);
}

} // namespace

void TestWalkHealth::sticksToATarget()
{
    const auto config = configOf(sticky("'metadata.user'"));
    World world{.rolls = {0.5, 0.0, 0.9}};
    const AskedFacts ann({.metadata = {{"user", "ann"}}});
    const AskedFacts bob({.metadata = {{"user", "bob"}}});
    QCOMPARE(walk(*config, "ok", world, ann).trail(), std::string("b* | 0"));
    QCOMPARE(walk(*config, "ok", world, bob).trail(), std::string("a* | 0"));
    QCOMPARE(walk(*config, "ok", world, ann).trail(), std::string("b* | 0"));
    QCOMPARE(walk(*config, "500", world, bob).trail(), std::string("a* | 0"));
    QCOMPARE(world.rolled, std::size_t(2));
    QCOMPARE(walk(*config, "ok", world, ann).steps.front().why, std::string("this caller went there before"));
}

void TestWalkHealth::sticksByTheFieldsItNames_data()
{
    QTest::addColumn<std::string>("fields");
    QTest::addColumn<bool>("same");
    QTest::newRow("nothing but the caller") << std::string() << true;
    QTest::newRow("metadata that is the same") << std::string("'metadata.same'") << true;
    QTest::newRow("metadata that differs") << std::string("'metadata.other'") << false;
    QTest::newRow("params that differ") << std::string("'params.model'") << false;
    QTest::newRow("params that are the same") << std::string("'params.stream'") << true;
    QTest::newRow("nested params") << std::string("'params.options.a'") << false;
    QTest::newRow("headers that differ") << std::string("'headers.x-session'") << false;
    QTest::newRow("what is missing") << std::string("'metadata.none','params.none','headers.none'") << true;
    QTest::newRow("two that look alike together") << std::string("'metadata.left','metadata.right'") << false;
}

void TestWalkHealth::sticksByTheFieldsItNames()
{
    QFETCH(std::string, fields);
    QFETCH(bool, same);
    const auto config = configOf(sticky(fields));
    World world;
    const AskedFacts first(
        {.body = R"({"model":"a","stream":true,"options":{"a":1}})",
         .metadata = {{"same", "1"}, {"other", "1"}, {"left", "x|metadata.right:y"}, {"right", "z"}},
         .headers = {{"x-session", "1"}}});
    const AskedFacts second(
        {.body = R"({"model":"b","stream":true,"options":{"a":2}})",
         .metadata = {{"same", "1"}, {"other", "2"}, {"left", "x"}, {"right", "y|metadata.right:z"}},
         .headers = {{"x-session", "2"}}});
    QCOMPARE(walk(*config, "ok", world, first).trail(), std::string("a* | 0"));
    QCOMPARE(walk(*config, "ok", world, second).trail(), std::string("a* | 0"));
    QCOMPARE(world.stuck.size(), std::size_t(same ? 1 : 2));
    const AskedFacts other({.body = R"({"model":"a","stream":true,"options":{"a":1}})", .caller = "key-2"});
    QCOMPARE(walk(*config, "ok", world, other).trail(), std::string("a* | 0"));
    QCOMPARE(world.stuck.size(), std::size_t(same ? 2 : 3));
}

void TestWalkHealth::leavesAStickyTargetThatCannotBeUsed()
{
    const auto config = configOf(json(
        "{'strategy':{'mode':'loadbalance','sticky':{'enabled':true},'cb_config':{'failure_threshold':1}},"
        + kThree));
    World world{.rolls = {0.9}};
    const AskedFacts facts({});
    QCOMPARE(walk(*config, "ok", world, facts).trail(), std::string("c* | 0"));
    world.open = {"/targets/2"};
    QCOMPARE(walk(*config, "ok", world, facts).trail(), std::string("b* | 0"));
    world.open = {};
    QCOMPARE(walk(*config, "ok", world, facts).trail(), std::string("b* | 0"));
    world.busy = {"/targets/1"};
    QCOMPARE(walk(*config, "ok", world, facts).trail(), std::string("c* | 0"));
    for (auto &[identity, index] : world.stuck)
        index = 64; // of a version with more targets
    world.busy = {};
    QCOMPARE(walk(*config, "ok", world, facts).trail(), std::string("c* | 0"));
}

void TestWalkHealth::saysWhyItPassedOver()
{
    const std::string config
        = json("{'strategy':{'mode':'fallback','cb_config':{'failure_threshold':1}},'targets':["
               "{'portolan':{'disabled':true}},{'name':'b'},{'name':'c'},"
               "{'strategy':{'mode':'loadbalance'},'targets':[{'portolan':{'disabled':true}},{'weight':0}]},"
               "{'strategy':{'mode':'fallback'},'targets':[{'name':'d'}]},"
               "{'strategy':{'mode':'fallback'},'targets':[{'name':'e'}]},"
               "{'name':'f'},{'name':'g'}]}");
    const World world{.open = {"/targets/1", "/targets/4/targets/0"},
                      .busy = {"/targets/6"},
                      .misfits
                      = {{"/targets/2", "its window holds 8,000 tokens"}, {"/targets/5/targets/0", "x"}}};
    QCOMPARE(
        walk(config, "ok", world).skips(),
        (Lines{"/targets/0: it is switched off", "/targets/1: its breaker is open after repeated failures",
               "/targets/2: its window holds 8,000 tokens",
               "/targets/3: all its targets are switched off or have the weight 0",
               "/targets/4: the breakers of all its targets are open", "/targets/5: none of its targets fits",
               "/targets/6: its breaker lets one trial through, which another request makes"}));
}

QTEST_APPLESS_MAIN(TestWalkHealth)
#include "tst_walkhealth.moc"
