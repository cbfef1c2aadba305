// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/simulate.h"
#include "walkworld.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

namespace {

const std::string kChain
    = "{'strategy':{'mode':'fallback'},'targets':[{'virtual_key':'a','retry':{'attempts':2,"
      "'use_retry_after_header':true}},{'name':'second','virtual_key':'b'},"
      "{'strategy':{'mode':'fallback'},'targets':[{'virtual_key':'c'},{'virtual_key':'d'}]}]}";

Simulation simulated(const std::string &config, const std::string &assumptions, std::uint64_t seed = 1)
{
    // Nothing of a simulation points into the config.
    const auto read = configOf(json(config));
    const auto assumed = Assumptions::parse(assumptions, *read);
    if (!assumed)
        qFatal("%s", assumed.error().message.c_str());
    const AskedFacts facts({});
    return simulate(*read, facts, *assumed, seed);
}

std::string trailOf(const Simulation &simulation)
{
    std::string trail;
    for (const SimulatedStep &step : simulation.steps)
        trail += (step.delay_ms ? std::to_string(step.delay_ms) + ":" : "") + step.label + " ";
    return trail + std::to_string(simulation.status);
}

} // namespace

class TestSimulate : public QObject
{
    Q_OBJECT

private slots:
    void walksWithWhatIsAssumed_data();
    void walksWithWhatIsAssumed();
    void refusesWhatSaysNothing_data();
    void refusesWhatSaysNothing();
    void tellsItInSentences();
    void tellsWhatItPassedOver();
    void refusesAsTheGatewayDoes();
    void throwsItsDiceByTheSeed();
};

void TestSimulate::walksWithWhatIsAssumed_data()
{
    QTest::addColumn<std::string>("assumptions");
    QTest::addColumn<std::string>("trail");
    const auto row = [](const char *name, std::string assumptions, std::string trail) {
        QTest::newRow(name) << assumptions << trail;
    };
    row("nothing", "", "@a 200");
    row("blanks", " , ", "@a 200");
    row("by position", "0=404", "@a second 200");
    row("by pointer", "/targets/0=404", "@a second 200");
    row("by name", "0=404, second=403", "@a second @c 200");
    row("several", "0=404,1=500,2.0=refused,2.1=cut", "@a second @c @d 502");
    row("retries", "0=500", "@a 1000:@a 2000:@a second 200");
    row("one call after the other", "0=500,0=ok", "@a 1000:@a 200");
    row("the last one goes on", "0=429:3s,0=500", "@a 3000:@a @a second 200");
    row("Retry-After in ms", "0=429:1500ms,0=ok", "@a 1500:@a 200");
    row("a time-out", "0=timeout,1=timeout,2=timeout", "@a 1000:@a 2000:@a second @c @d 504");
    row("of a strategy", "0=404,1=404,2=503", "@a second @c @d 503");
    row("nearer counts", "0=404,1=404,2=503,2.1=ok", "@a second @c @d 200");
    row("of the whole config", "/targets/0=404,/targets/1=404,/targets/2/targets/0=404",
        "@a second @c @d 200");
}

void TestSimulate::walksWithWhatIsAssumed()
{
    QFETCH(std::string, assumptions);
    QFETCH(std::string, trail);
    QCOMPARE(trailOf(simulated(kChain, assumptions)), trail);
}

void TestSimulate::refusesWhatSaysNothing_data()
{
    QTest::addColumn<std::string>("assumptions");
    QTest::addColumn<std::string>("code");
    for (const char *text : {"429", "0=", "0=maybe", "0=99", "0=600", "0=429:", "0=429:2", "0=429:s",
                             "0=429:-2s", "0=429:9999999s", "0=4 2 9", "0=ok:2s"})
        QTest::newRow(text) << std::string(text) << std::string("simulate.bad_assumption");
    for (const char *text :
         {"=429", "7=429", "2.7=429", "0.0=ok", "/targets/9=ok", "third=ok", "-1=ok", "2.=ok", "x.0=ok"})
        QTest::newRow(text) << std::string(text) << std::string("simulate.unknown_target");
}

void TestSimulate::refusesWhatSaysNothing()
{
    QFETCH(std::string, assumptions);
    QFETCH(std::string, code);
    const auto read = Assumptions::parse(assumptions, *configOf(json(kChain)));
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().code, code);
    QVERIFY(read.error().message.ends_with('.'));
}

void TestSimulate::tellsItInSentences()
{
    const auto simulation = simulated(kChain, "0=429:2s,0=refused,0=404");
    QCOMPARE(simulation.steps.size(), std::size_t(4));
    QCOMPARE(
        simulation.steps[0].sentence,
        std::string("1. @a (/targets/0), first of the fallback. It ends with 429 and asks to wait for 2 s."));
    QCOMPARE(simulation.steps[1].sentence,
             std::string(
                 "2. After 2 s: @a (/targets/0), retry 1 of 2 after 429, as long as the provider asked for. "
                 "It ends with a refused connection."));
    QCOMPARE(simulation.steps[2].sentence,
             std::string("3. @a (/targets/0), retry 2 of 2 after a refused connection. It ends with 404."));
    QCOMPARE(
        simulation.steps[3].sentence,
        std::string("4. second (/targets/1), fallback from @a at /targets/0 after 404. It ends with 200."));
    QCOMPARE(simulation.end, std::string("The client gets 200 from second: it answered."));
    QCOMPARE(simulated("{'virtual_key':'a'}", "0=500").steps[0].sentence,
             std::string("1. @a (the config itself), the only target. It ends with 500."));
}

void TestSimulate::tellsWhatItPassedOver()
{
    const auto simulation
        = simulated("{'strategy':{'mode':'fallback'},'targets':[{'virtual_key':'a','portolan':"
                    "{'disabled':true}},{'virtual_key':'b'},{'name':'c','portolan':{'disabled':true}}]}",
                    "1=500");
    QCOMPARE(simulation.steps.size(), std::size_t(1));
    QCOMPARE(simulation.steps[0].skipped.size(), std::size_t(1));
    QCOMPARE(simulation.steps[0].skipped[0].label, std::string("@a"));
    QCOMPARE(simulation.steps[0].skipped[0].reason, std::string("it is switched off"));
    QCOMPARE(simulation.skipped.size(), std::size_t(1));
    QCOMPARE(simulation.skipped[0].pointer, std::string("/targets/2"));
}

void TestSimulate::refusesAsTheGatewayDoes()
{
    const auto simulation = simulated("{'strategy':{'mode':'conditional','conditions':[{'query':{'metadata.a'"
                                      ":'b'},'then':'c'}]},'targets':["
                                      "{'name':'c'}]}",
                                      "");
    QVERIFY(simulation.steps.empty());
    QCOMPARE(simulation.status, 400);
    QVERIFY(simulation.end.starts_with(
        "Nothing is called, and the client gets 400: Query router did not resolve"));
}

void TestSimulate::throwsItsDiceByTheSeed()
{
    const std::string balance
        = "{'strategy':{'mode':'loadbalance'},'targets':[{'virtual_key':'a'},{'virtual_key':'b'}]}";
    int a = 0;
    for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
        const auto trail = trailOf(simulated(balance, "", seed));
        QCOMPARE(trailOf(simulated(balance, "", seed)), trail);
        a += trail == "@a 200";
    }
    QVERIFY2(a > 450 && a < 550, qPrintable(QString::number(a)));
}

QTEST_APPLESS_MAIN(TestSimulate)
#include "tst_simulate.moc"
