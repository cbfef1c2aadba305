// SPDX-License-Identifier: GPL-3.0-or-later
#include "walked.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

namespace {

const std::string kTwo = "'targets':[{'virtual_key':'a'},{'virtual_key':'b'}]";

std::string fallback(const std::string &strategy_more = "", const std::string &targets = kTwo)
{
    return json("{'strategy':{'mode':'fallback'" + (strategy_more.empty() ? "" : "," + strategy_more) + "},"
                + targets + "}");
}

} // namespace

class TestWalk : public QObject
{
    Q_OBJECT

private slots:
    void goesToTheOneTarget_data();
    void goesToTheOneTarget();
    void fallsBackOnWhatIsNoSuccess_data();
    void fallsBackOnWhatIsNoSuccess();
    void fallsBackOnListedCodesOnly_data();
    void fallsBackOnListedCodesOnly();
    void judgesNestedStrategiesFromTheInside_data();
    void judgesNestedStrategiesFromTheInside();
    void endsWithTheLastAnswerWhenAllFail();
    void nothingFollowsWhatWentToTheClient();
    void asksOnceWithoutWhatWasRefused_data();
    void asksOnceWithoutWhatWasRefused();
    void stopsAtTheCapOfAttempts_data();
    void stopsAtTheCapOfAttempts();
    void knowsWhichAttemptIsTheLast_data();
    void knowsWhichAttemptIsTheLast();
    void saysInWordsWhatItDoes_data();
    void saysInWordsWhatItDoes();
    void numbersItsSteps();
};
void TestWalk::goesToTheOneTarget_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const std::string single = json("{'strategy':{'mode':'single'}," + kTwo + "}");
    QTest::newRow("no strategy") << json("{'virtual_key':'a'}") << std::string("ok") << std::string("a* | 0");
    QTest::newRow("no strategy, failing")
        << json("{'virtual_key':'a'}") << std::string("500") << std::string("a* | 0");
    QTest::newRow("single") << single << std::string("ok") << std::string("a* | 0");
    QTest::newRow("single, failing") << single << std::string("500") << std::string("a* | 0");
}

void TestWalk::goesToTheOneTarget()
{
    QFETCH(std::string, config);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    QCOMPARE(walk(config, outcomes).trail(), trail);
}

void TestWalk::fallsBackOnWhatIsNoSuccess_data()
{
    QTest::addColumn<std::string>("outcome");
    QTest::addColumn<bool>("movesOn");
    for (const char *word : {"200", "201", "204", "206", "246", "299"})
        QTest::newRow(word) << std::string(word) << false;
    for (const char *word :
         {"100", "199", "300", "304", "400", "401", "403", "404",     "408",   "412",     "429",
          "446", "500", "502", "503", "504", "529", "599", "timeout", "clock", "network", "spent"})
        QTest::newRow(word) << std::string(word) << true;
}

void TestWalk::fallsBackOnWhatIsNoSuccess()
{
    QFETCH(std::string, outcome);
    QFETCH(bool, movesOn);
    QCOMPARE(walk(fallback(), outcome).trail(), movesOn ? "a b* | 0" : "a | 0");
}

/// gateway-protocol 3.4 and architecture 9.11: which listed code means which outcome.
void TestWalk::fallsBackOnListedCodesOnly_data()
{
    QTest::addColumn<std::string>("codes");
    QTest::addColumn<std::string>("outcome");
    QTest::addColumn<bool>("movesOn");
    const auto row = [](std::string codes, std::string outcome, bool moves_on) {
        QTest::addRow("%s on [%s]", outcome.c_str(), codes.c_str()) << codes << outcome << moves_on;
    };
    row("429", "429", true);
    row("429,503", "503", true);
    row("503,429", "429", true);
    row("429", "500", false);
    row("429", "400", false);
    row("429", "network", false);
    row("429", "timeout", false);
    row("429", "ok", false);
    row("200", "ok", true);
    row("246", "246", true);
    row("446", "446", true);
    row("500", "network", true);
    row("502", "network", true);
    row("503", "network", true);
    row("504", "network", false);
    row("408", "network", false);
    row("408", "timeout", true);
    row("504", "timeout", false);
    row("500,502,503,504", "timeout", false);
    row("408", "clock", true);
    row("504", "clock", true);
    row("500,502,503", "clock", false);
    row("408", "408", true);
    row("412", "spent", true);
    row("429", "spent", false);
    row("", "500", false);
    row("", "network", false);
    row("", "spent", false);
}

void TestWalk::fallsBackOnListedCodesOnly()
{
    QFETCH(std::string, codes);
    QFETCH(std::string, outcome);
    QFETCH(bool, movesOn);
    const std::string last = codes.empty() ? "a* | 0" : "a | 0";
    QCOMPARE(walk(fallback("'on_status_codes':[" + codes + "]"), outcome).trail(),
             movesOn ? "a b* | 0" : last);
}

void TestWalk::judgesNestedStrategiesFromTheInside_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const auto row = [](const char *name, std::string config, std::string outcomes, std::string trail) {
        QTest::newRow(name) << json(config) << outcomes << trail;
    };
    const std::string nested = "{'strategy':{'mode':'fallback','on_status_codes':[429]},'targets':["
                               "{'strategy':{'mode':'fallback','on_status_codes':[500]},"
        + kTwo
        + "},"
          "{'virtual_key':'c'}]}";
    row("the inner one moves on", nested, "500 ok", "a b | 0");
    row("the outer one judges the inner one's end", nested, "500 429", "a b c* | 0");
    row("the outer one does not want it", nested, "500 500", "a b | 0");
    row("the inner one does not want it", nested, "429 ok", "a c* | 0");
    row("nobody wants it", nested, "400", "a | 0");
    row("all fail", nested, "500 429 503", "a b c* | 0");
    row("a balance inside has no other way",
        "{'strategy':{'mode':'fallback'},'targets':[{'strategy':{'mode':'loadbalance'}," + kTwo
            + "},{'virtual_key':'c'}]}",
        "500", "a c* | 0");
    row("a fallback inside a balance",
        "{'strategy':{'mode':'loadbalance'},'targets':[{'strategy':{'mode':'fallback'}," + kTwo
            + "},{'virtual_key':'c'}]}",
        "500 500", "a b* | 0");
    row("a fallback inside a single",
        "{'strategy':{'mode':'single'},'targets':[{'strategy':{'mode':'fallback'}," + kTwo + "}]}", "500 500",
        "a b* | 0");
    row("three deep",
        "{'strategy':{'mode':'fallback'},'targets':[{'strategy':{'mode':'fallback'},'targets':[{'strategy':{'"
        "mode':"
        "'fallback'},"
            + kTwo + "},{'virtual_key':'c'}]},{'virtual_key':'d'}]}",
        "500 429 400", "a b c d* | 0");
    row("the inner one's last child is a strategy",
        "{'strategy':{'mode':'fallback'},'targets':[{'virtual_key':'x'},{'strategy':{'mode':'fallback'},"
            + kTwo + "}]}",
        "500 500 500", "x a b* | 0");
}

void TestWalk::judgesNestedStrategiesFromTheInside()
{
    QFETCH(std::string, config);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    QCOMPARE(walk(config, outcomes).trail(), trail);
}

void TestWalk::endsWithTheLastAnswerWhenAllFail()
{
    const auto walked = walk(fallback(), "500 network");
    QCOMPARE(walked.trail(), std::string("a b* | 0"));
    QCOMPARE(walked.steps.back().kind, Step::Kind::Answer);
    QCOMPARE(walked.steps.back().why, std::string("nothing is left to try"));
}

void TestWalk::nothingFollowsWhatWentToTheClient()
{
    QCOMPARE(walk(fallback("'on_status_codes':[200]"), "sent").trail(), std::string("a | 0"));
    const auto retried = walk(json("{'virtual_key':'a','retry':{'attempts':2}}"), "500 sent");
    QCOMPARE(retried.trail(), std::string("a 1000:a | 1"));
    QCOMPARE(retried.steps.back().why, std::string("its answer was on the way to the client"));
}

/// Architecture 9.13: a repair is one more call of the same target, and no retry.
void TestWalk::asksOnceWithoutWhatWasRefused_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    QTest::addColumn<int>("most");
    const auto row = [](const char *name, std::string config, std::string outcomes, std::string trail,
                        int most = 16) { QTest::newRow(name) << json(config) << outcomes << trail << most; };
    row("one target", "{'name':'a'}", "mend ok", "a* a* | 0");
    row("once", "{'name':'a'}", "mend mend", "a* a* | 0");
    row("within the cap", "{'name':'a'}", "mend", "a* | 0", 1);
    row("once for each target", "{'strategy':{'mode':'fallback'}," + kTwo + "}", "mend mend mend ok",
        "a a b* b* | 0");
    row("retries go on as before", "{'name':'a','retry':{'attempts':2}}", "500 mend 500 ok",
        "a 1000:a a 2000:a* | 2");
    row("a retry is not a repair", "{'name':'a','retry':{'attempts':1,'on_status_codes':[400]}}",
        "mend mend mend", "a a 1000:a* | -1");
}

void TestWalk::asksOnceWithoutWhatWasRefused()
{
    QFETCH(std::string, config);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    QFETCH(int, most);
    const auto walked = walk(config, outcomes, {}, {}, most);
    QCOMPARE(walked.trail(), trail);
    for (std::size_t i = 1; i < walked.steps.size(); ++i)
        QCOMPARE(walked.steps[i].repair,
                 walked.steps[i].why == "repair: asked again without what it refused");
}

void TestWalk::stopsAtTheCapOfAttempts_data()
{
    QTest::addColumn<std::string>("own");
    QTest::addColumn<int>("most");
    QTest::addColumn<std::string>("trail");
    QTest::newRow("retries") << std::string() << 2 << std::string("a 1000:a* | -1");
    QTest::newRow("targets") << std::string() << 4 << std::string("a 1000:a 2000:a b* | -1");
    QTest::newRow("not reached") << std::string() << 16
                                 << std::string("a 1000:a 2000:a b 1000:b 2000:b* | -1");
    QTest::newRow("one") << std::string() << 1 << std::string("a* | -1");
    QTest::newRow("the config's own is lower")
        << std::string("'max_attempts':2") << 16 << std::string("a 1000:a* | -1");
    QTest::newRow("the config's own is higher")
        << std::string("'max_attempts':9") << 2 << std::string("a 1000:a* | -1");
    QTest::newRow("less than one is one") << std::string() << 0 << std::string("a* | -1");
}

void TestWalk::stopsAtTheCapOfAttempts()
{
    QFETCH(std::string, own);
    QFETCH(int, most);
    QFETCH(std::string, trail);
    const std::string config = json(
        "{'portolan':{" + own + "},'retry':{'attempts':2},'strategy':{'mode':'fallback'}," + kTwo + "}");
    const auto walked = walk(config, "500 500 500 500 500 500", {}, {}, most);
    QCOMPARE(walked.trail(), trail);
}

void TestWalk::knowsWhichAttemptIsTheLast_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const auto row = [](const char *name, std::string config, std::string outcomes, std::string trail) {
        QTest::newRow(name) << json(config) << outcomes << trail;
    };
    row("one target", "{'name':'a'}", "", "a* | 0");
    row("one retry left", "{'name':'a','retry':{'attempts':1}}", "500", "a 1000:a* | 1");
    row("another target", "{'strategy':{'mode':'fallback'}," + kTwo + "}", "500", "a b* | 0");
    row("a fallback that never moves", "{'strategy':{'mode':'fallback','on_status_codes':[]}," + kTwo + "}",
        "500", "a* | 0");
    row("the last one of an inner fallback",
        "{'strategy':{'mode':'fallback'},'targets':[{'strategy':{'mode':'fallback'}," + kTwo
            + "},{'name':'c'}]}",
        "500 500", "a b c* | 0");
    row("nothing but what is off",
        "{'strategy':{'mode':'fallback'},'targets':[{'name':'a'},{'portolan':{'disabled':true}}]}", "500",
        "a* | 0");
}

void TestWalk::knowsWhichAttemptIsTheLast()
{
    QFETCH(std::string, config);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    QCOMPARE(walk(config, outcomes).trail(), trail);
}

void TestWalk::saysInWordsWhatItDoes_data()
{
    QTest::addColumn<std::string>("config");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::vector<std::string>>("whys");
    using Whys = std::vector<std::string>;
    const auto row = [](const char *name, std::string config, std::string outcomes, Whys whys) {
        QTest::newRow(name) << json(config) << outcomes << whys;
    };
    row("one target", "{'virtual_key':'a'}", "ok", {"the only target", "it answered"});
    row("one target, failing", "{'virtual_key':'a'}", "500",
        {"the only target", "the config has no other target"});
    row("fallback", "{'strategy':{'mode':'fallback'}," + kTwo + "}", "429 timeout",
        {"first of the fallback", "fallback from @a at /targets/0 after 429",
         "@b at /targets/1 timed out; nothing is left to try"});
    row("network", "{'strategy':{'mode':'fallback'}," + kTwo + "}", "network ok",
        {"first of the fallback", "fallback from @a at /targets/0 after a network failure", "it answered"});
    row("retry", "{'virtual_key':'a','retry':{'attempts':2,'use_retry_after_header':true}}",
        "503 429/1500 ok",
        {"the only target", "retry 1 of 2 after 503",
         "retry 2 of 2 after 429, as long as the provider asked for", "it answered"});
    row("balance", "{'strategy':{'mode':'loadbalance'},'targets':[{'weight':70},{'weight':30}]}", "ok",
        {"drawn with weight 70 of 100", "it answered"});
    row("single", "{'strategy':{'mode':'single'},'targets':[{}]}", "ok", {"the only target", "it answered"});
    row("condition",
        "{'strategy':{'mode':'conditional','conditions':[{'query':{'metadata.a':'x'},'then':'n'},{'query':{},"
        "'then':'n'}]"
        "},'targets':[{'name':'n'}]}",
        "ok", {"condition 2 holds: {}", "it answered"});
    row("default",
        "{'strategy':{'mode':'conditional','conditions':[{'query':{'metadata.a':'x'},'then':'n'}],'default':'"
        "n'"
        "},'targets':[{'name':'n'}]}",
        "ok", {"no condition holds: the default", "it answered"});
    row("nested",
        "{'strategy':{'mode':'loadbalance'},'targets':[{'strategy':{'mode':'fallback'}," + kTwo + "}]}",
        "500 ok",
        {"drawn with weight 1 of 1; first of the fallback",
         "fallback from @a at /targets/0/targets/0 after 500", "it answered"});
    row("first switched off",
        "{'strategy':{'mode':'fallback'},'targets':[{'portolan':{'disabled':true}},{'name':'b'}]}", "ok",
        {"the targets before it cannot be used", "it answered"});
    row("codes that do not count", "{'strategy':{'mode':'fallback','on_status_codes':[429]}," + kTwo + "}",
        "500", {"first of the fallback", "the fallback at the top does not fall back on 500"});
    row("a wait that is too long",
        "{'strategy':{'mode':'fallback'},'retry':{'attempts':1,'use_retry_after_header':true}," + kTwo + "}",
        "429/90000 ok",
        {"first of the fallback",
         "fallback from @a at /targets/0 after 429, which asks to wait for 90 s: too long for a retry",
         "it answered"});
    row("a wait that is too long, at the end",
        "{'virtual_key':'a','retry':{'attempts':1,'use_retry_after_header':true}}", "429/90000",
        {"the only target",
         "429, which asks to wait for 90 s: too long for a retry; the config has no other target"});
    row("the cap", "{'portolan':{'max_attempts':2},'virtual_key':'a','retry':{'attempts':5}}", "500 500",
        {"the only target", "retry 1 of 5 after 500", "the limit of 2 attempts for one request was reached"});
}

void TestWalk::saysInWordsWhatItDoes()
{
    QFETCH(std::string, config);
    QFETCH(std::string, outcomes);
    QFETCH(std::vector<std::string>, whys);
    const auto walked = walk(config, outcomes);
    std::vector<std::string> said;
    for (const Step &step : walked.steps)
        said.push_back(step.why);
    QCOMPARE(said, whys);
}

void TestWalk::numbersItsSteps()
{
    const auto walked
        = walk(json("{'retry':{'attempts':1},'strategy':{'mode':'fallback'}," + kTwo + "}"), "500 500 500");
    std::vector<std::pair<int, int>> numbers;
    for (const Step &step : walked.steps)
        numbers.emplace_back(step.number, step.retry);
    QCOMPARE(numbers, (std::vector<std::pair<int, int>>{{1, 0}, {2, 1}, {3, 0}, {4, 1}, {0, 0}}));
}

QTEST_APPLESS_MAIN(TestWalk)
#include "tst_walk.moc"
