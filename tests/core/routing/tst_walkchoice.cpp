// SPDX-License-Identifier: GPL-3.0-or-later
#include "walked.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace portolan;
using namespace portolan::routing;

namespace {

const std::string kTwo = "'targets':[{'virtual_key':'a'},{'virtual_key':'b'}]";

std::string balanced(const std::vector<double> &weights)
{
    std::string targets;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        targets += (i ? "," : "") + ("{'virtual_key':'" + std::string(1, char('a' + i)))
            + "','weight':" + std::to_string(weights[i]) + "}";
    }
    return json("{'strategy':{'mode':'loadbalance'},'targets':[" + targets + "]}");
}

} // namespace

class TestWalkChoice : public QObject
{
    Q_OBJECT

private slots:
    void keepsTheSharesOfItsWeights_data();
    void keepsTheSharesOfItsWeights();
    void drawsByTheDice_data();
    void drawsByTheDice();
    void returnsTheDrawnTargetsError();
    void branchesOnTheFirstConditionThatHolds_data();
    void branchesOnTheFirstConditionThatHolds();
    void asksConditionsOnce();
    void refusesAMissWithoutDefault();
    void passesOverWhatIsSwitchedOff_data();
    void passesOverWhatIsSwitchedOff();
    void refusesWhenNothingMayBeUsed_data();
    void refusesWhenNothingMayBeUsed();
};
/// Shares of 5,000 requests lie within three standard deviations.
void TestWalkChoice::keepsTheSharesOfItsWeights_data()
{
    QTest::addColumn<std::vector<double>>("weights");
    QTest::newRow("70/20/10") << std::vector<double>{70, 20, 10};
    QTest::newRow("no need to sum to 1") << std::vector<double>{0.9, 0.1};
    QTest::newRow("zero is never drawn") << std::vector<double>{0, 3, 0, 1, 0};
    QTest::newRow("one of many") << std::vector<double>(20, 1);
    QTest::newRow("heavy and light") << std::vector<double>{1e6, 1e5};
}

void TestWalkChoice::keepsTheSharesOfItsWeights()
{
    QFETCH(std::vector<double>, weights);
    constexpr int kRequests = 5'000;
    const auto config = configOf(balanced(weights));
    const AskedFacts facts({});
    std::mt19937_64 random(20261121);
    std::uniform_real_distribution<double> dice(0, 1);
    World world;
    world.rolls.resize(kRequests);
    for (double &roll : world.rolls)
        roll = dice(random);
    std::vector<int> counts(weights.size());
    for (int i = 0; i < kRequests; ++i) {
        Within within(world);
        Walk walk(*config, facts, within, 16);
        ++counts[walk.next().target->index - 1];
    }
    double sum = 0;
    for (const double weight : weights)
        sum += weight;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double share = weights[i] / sum;
        const double sigma = std::sqrt(kRequests * share * (1 - share));
        QVERIFY2(std::abs(counts[i] - kRequests * share) <= 3 * sigma,
                 qPrintable(QString::number(counts[i])));
    }
}

void TestWalkChoice::drawsByTheDice_data()
{
    QTest::addColumn<std::vector<double>>("weights");
    QTest::addColumn<double>("roll");
    QTest::addColumn<std::string>("trail");
    const double almost = std::nextafter(1.0, 0.0);
    QTest::newRow("the least") << std::vector<double>{1, 1} << 0.0 << std::string("a* | 0");
    QTest::newRow("just below the border") << std::vector<double>{1, 1} << 0.499 << std::string("a* | 0");
    QTest::newRow("the border belongs to the next")
        << std::vector<double>{1, 1} << 0.5 << std::string("b* | 0");
    QTest::newRow("the most") << std::vector<double>{1, 1} << almost << std::string("b* | 0");
    QTest::newRow("not the zero at the front") << std::vector<double>{0, 1} << 0.0 << std::string("b* | 0");
    QTest::newRow("not the zero at the end") << std::vector<double>{1, 0} << almost << std::string("a* | 0");
    QTest::newRow("weights that do not add up exactly")
        << std::vector<double>{0.1, 0.2, 0.3, 0.0} << almost << std::string("c* | 0");
}

void TestWalkChoice::drawsByTheDice()
{
    QFETCH(std::vector<double>, weights);
    QFETCH(double, roll);
    QFETCH(std::string, trail);
    QCOMPARE(walk(balanced(weights), "ok", {.rolls = {roll}}).trail(), trail);
}

void TestWalkChoice::returnsTheDrawnTargetsError()
{
    QCOMPARE(walk(balanced({1, 1}), "500", {.rolls = {0.7}}).trail(), std::string("b* | 0"));
}

void TestWalkChoice::branchesOnTheFirstConditionThatHolds_data()
{
    QTest::addColumn<std::string>("env");
    QTest::addColumn<std::string>("trail");
    QTest::newRow("first") << std::string("prod") << std::string("a* | 0");
    QTest::newRow("second") << std::string("dev") << std::string("b* | 0");
    QTest::newRow("both hold: declared order") << std::string("prod-dev") << std::string("a* | 0");
    QTest::newRow("default") << std::string("x") << std::string("c* | 0");
    QTest::newRow("nothing said") << std::string() << std::string("c* | 0");
}

void TestWalkChoice::branchesOnTheFirstConditionThatHolds()
{
    QFETCH(std::string, env);
    QFETCH(std::string, trail);
    const std::string config = json("{'strategy':{'mode':'conditional','conditions':["
                                    "{'query':{'metadata.env':{'$regex':'prod'}},'then':'a'},"
                                    "{'query':{'metadata.env':{'$regex':'dev'}},'then':'b'}],'default':'c'},"
                                    "'targets':[{'name':'b'},{'name':'c'},{'name':'a'}]}");
    Asked asked;
    if (!env.empty())
        asked.metadata["env"] = env;
    QCOMPARE(walk(config, "500", {}, asked).trail(), trail);
}

void TestWalkChoice::asksConditionsOnce()
{
    const auto config = configOf(json(
        "{'strategy':{'mode':'fallback'},'targets':[{'strategy':{'mode':'conditional','conditions':[{'query':"
        "{'metadata.env':'x'},'then':'a'}],'default':'b'},'targets':[{'name':'a'},{'name':'b'}]},{'name':'c'}"
        "]}"));
    int asked = 0;
    Facts facts;
    facts.metadata = [&](std::string_view) -> std::optional<std::string_view> {
        ++asked;
        return "x";
    };
    World world;
    QCOMPARE(walk(*config, "500 500", world, facts).trail(), std::string("a c* | 0"));
    QCOMPARE(asked, 1);
}

void TestWalkChoice::refusesAMissWithoutDefault()
{
    const std::string miss
        = "{'strategy':{'mode':'conditional','conditions':[{'query':{'metadata.env':'x'},'then':'a'}]},"
          "'targets':[{'name':'a'}]}";
    const auto walked = walk(json(miss), "");
    QCOMPARE(walked.trail(), std::string("| config.no_condition_holds"));
    QCOMPARE(walked.steps.back().status, 400);
    QVERIFY(walked.steps.back().message.starts_with("Query router did not resolve to any valid target"));
    QCOMPARE(walk(json("{'strategy':{'mode':'fallback'},'targets':[" + miss + ",{'name':'b'}]}"), "").trail(),
             std::string("b* | 0"));
    QCOMPARE(
        walk(json("{'strategy':{'mode':'fallback'},'targets':[{'name':'b'}," + miss + "]}"), "500").trail(),
        std::string("b* | 0"));
}

void TestWalkChoice::passesOverWhatIsSwitchedOff_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<std::string>("trail");
    const std::string off = "'portolan':{'disabled':true}";
    const auto row = [](const char *name, std::string config, std::string trail) {
        QTest::newRow(name) << json(config) << trail;
    };
    row("first of a fallback",
        "{'strategy':{'mode':'fallback'},'targets':[{'name':'a'," + off + "},{'name':'b'}]}", "b* | 0");
    row("second of a fallback",
        "{'strategy':{'mode':'fallback'},'targets':[{'name':'a'},{'name':'b'," + off + "},{'name':'c'}]}",
        "a c* | 0");
    row("last of a fallback",
        "{'strategy':{'mode':'fallback'},'targets':[{'name':'a'},{'name':'b'," + off + "}]}", "a* | 0");
    row("of a balance",
        "{'strategy':{'mode':'loadbalance'},'targets':[{'name':'a'," + off + "},{'name':'b'}]}", "b* | 0");
    row("a strategy",
        "{'strategy':{'mode':'fallback'},'targets':[{" + off + ",'strategy':{'mode':'fallback'}," + kTwo
            + "},{'name':'c'}]}",
        "c* | 0");
    row("a strategy of which everything is",
        "{'strategy':{'mode':'fallback'},'targets':[{'strategy':{'mode':'loadbalance'},'targets':[{" + off
            + "}]},{'name':'c'}]}",
        "c* | 0");
    row("where a condition leads",
        "{'strategy':{'mode':'fallback'},'targets':[{'strategy':{'mode':'conditional','conditions':[{'query':"
        "{},"
        "'then':'a'}],'default':'b'},'targets':[{'name':'a',"
            + off + "},{'name':'b'}]},{'name':'c'}]}",
        "c* | 0");
}

void TestWalkChoice::passesOverWhatIsSwitchedOff()
{
    QFETCH(std::string, config);
    QFETCH(std::string, trail);
    const auto walked = walk(config, "500 500");
    QCOMPARE(walked.trail(), trail);
    QVERIFY(!walked.skips().empty());
}

void TestWalkChoice::refusesWhenNothingMayBeUsed_data()
{
    QTest::addColumn<std::string>("config");
    const std::string off = "{'portolan':{'disabled':true}}";
    QTest::newRow("the only target") << off;
    QTest::newRow("single") << "{'strategy':{'mode':'single'},'targets':[" + off + "]}";
    QTest::newRow("all of a fallback")
        << "{'strategy':{'mode':'fallback'},'targets':[" + off + "," + off + "]}";
    QTest::newRow("whatever has a weight")
        << "{'strategy':{'mode':'loadbalance'},'targets':[" + off + ",{'weight':0}]}";
    QTest::newRow("the config itself")
        << "{'portolan':{'disabled':true},'strategy':{'mode':'fallback'}," + kTwo + "}";
}

void TestWalkChoice::refusesWhenNothingMayBeUsed()
{
    QFETCH(std::string, config);
    const auto walked = walk(json(config), "");
    QCOMPARE(walked.trail(), std::string("| config.no_target"));
    QCOMPARE(walked.steps.size(), std::size_t(1));
    QCOMPARE(walked.steps.back().status, 400);
    QVERIFY(!walked.steps.back().skipped.empty());
}

QTEST_APPLESS_MAIN(TestWalkChoice)
#include "tst_walkchoice.moc"
