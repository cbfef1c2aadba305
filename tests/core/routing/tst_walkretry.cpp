// SPDX-License-Identifier: GPL-3.0-or-later
#include "walked.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

namespace {

std::string retried(const std::string &retry, const std::string &own = "")
{
    return json("{'virtual_key':'a','portolan':{" + own + "},'retry':{" + retry + "}}");
}

} // namespace

class TestWalkRetry : public QObject
{
    Q_OBJECT

private slots:
    void triesAgain_data();
    void triesAgain();
    void retriesDefaultCodes_data();
    void retriesDefaultCodes();
    void retriesListedCodes_data();
    void retriesListedCodes();
    void obeysRetryAfter_data();
    void obeysRetryAfter();
    void spreadsItsWaits();
    void triesATargetToItsEndBeforeTheNext();
};

/// gateway-protocol 3.7: order, waits and what x-portkey-retry-attempt-count says.
void TestWalkRetry::triesAgain_data()
{
    QTest::addColumn<std::string>("retry");
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const auto row = [](const char *name, std::string retry, std::string outcomes, std::string trail) {
        QTest::newRow(name) << retry << outcomes << trail;
    };
    row("not needed", "'attempts':3", "ok", "a | 0");
    row("none", "'attempts':0", "500", "a* | 0");
    row("once", "'attempts':3", "500 ok", "a 1000:a | 1");
    row("twice", "'attempts':3", "500 503 ok", "a 1000:a 2000:a | 2");
    row("to the end and well", "'attempts':3", "500 500 500 ok", "a 1000:a 2000:a 4000:a* | 3");
    row("to the end", "'attempts':3", "500 500 500 500", "a 1000:a 2000:a 4000:a* | -1");
    row("waits grow to 16 s", "'attempts':5", "500 500 500 500 500 500",
        "a 1000:a 2000:a 4000:a 8000:a 16000:a* | -1");
    row("more than five are five", "'attempts':9", "500 500 500 500 500 500",
        "a 1000:a 2000:a 4000:a 8000:a 16000:a* | -1");
    row("a status that is not listed ends it", "'attempts':3", "500 400", "a 1000:a | 1");
    row("at once", "'attempts':3", "404", "a | 0");
    row("network failures always", "'attempts':2,'on_status_codes':[]", "network network ok",
        "a 1000:a 2000:a* | 2");
    row("network failures to the end", "'attempts':1,'on_status_codes':[429]", "network network",
        "a 1000:a* | -1");
    row("a spent key is not tried again", "'attempts':3,'on_status_codes':[412]", "spent", "a | 0");
    row("a Retry-After that nobody asked for", "'attempts':2", "429/9000 429/9000 ok",
        "a 1000:a 2000:a* | 2");
}

void TestWalkRetry::triesAgain()
{
    QFETCH(std::string, retry);
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    QCOMPARE(walk(retried(retry), outcomes).trail(), trail);
}

void TestWalkRetry::retriesDefaultCodes_data()
{
    QTest::addColumn<std::string>("outcome");
    QTest::addColumn<bool>("again");
    for (const char *word : {"429", "500", "502", "503", "504", "529", "network", "clock"})
        QTest::newRow(word) << std::string(word) << true;
    for (const char *word : {"200", "204", "206", "246", "400", "401", "403", "404", "408", "412", "446",
                             "501", "timeout", "spent"})
        QTest::newRow(word) << std::string(word) << false;
}

void TestWalkRetry::retriesDefaultCodes()
{
    QFETCH(std::string, outcome);
    QFETCH(bool, again);
    QCOMPARE(walk(retried("'attempts':1"), outcome).trail(), again ? "a 1000:a* | 1" : "a | 0");
}

void TestWalkRetry::retriesListedCodes_data()
{
    QTest::addColumn<std::string>("codes");
    QTest::addColumn<std::string>("outcome");
    QTest::addColumn<bool>("again");
    const auto row = [](std::string codes, std::string outcome, bool again) {
        QTest::addRow("%s on [%s]", outcome.c_str(), codes.c_str()) << codes << outcome << again;
    };
    row("408", "timeout", true);
    row("504", "timeout", false);
    row("408", "clock", true);
    row("504", "clock", true);
    row("401", "401", true);
    row("401", "429", false);
    row("200", "200", false); // 200 to 204 end it
    row("204", "204", false);
    row("205", "205", true);
    row("246", "246", true);
    row("446", "446", true);
    row("", "500", false);
}

void TestWalkRetry::retriesListedCodes()
{
    QFETCH(std::string, codes);
    QFETCH(std::string, outcome);
    QFETCH(bool, again);
    QCOMPARE(walk(retried("'attempts':1,'on_status_codes':[" + codes + "]"), outcome).trail(),
             again ? "a 1000:a* | 1" : "a | 0");
}

void TestWalkRetry::obeysRetryAfter_data()
{
    QTest::addColumn<std::string>("outcomes");
    QTest::addColumn<std::string>("trail");
    const auto row = [](const char *name, std::string outcomes, std::string trail) {
        QTest::newRow(name) << outcomes << trail;
    };
    row("waits as long", "429/2500 ok", "a 2500:a | 1");
    row("at once", "429/0 ok", "a a | 1");
    row("without the header as usual", "429 ok", "a 1000:a | 1");
    row("only of a 429", "503/2500 ok", "a 1000:a | 1");
    row("then the other waits are nothing", "429/2500 500 500 ok", "a 2500:a a a | 3");
    row("before it they are as usual", "500 500 429/3000 ok", "a 1000:a 2000:a 3000:a | 3");
    row("just below a minute", "429/59999 ok", "a 59999:a | 1");
    row("a minute is too long", "429/60000", "a | -1");
    row("more is too long", "429/100000", "a | -1");
    row("together a minute", "429/30000 429/30000 ok", "a 30000:a 30000:a | 2");
    row("together more than a minute", "429/30000 429/30001", "a 30000:a | -1");
    row("what it did not ask for does not count", "500 500 429/59000 ok", "a 1000:a 2000:a 59000:a | 3");
    row("no attempts left", "429/1 429/1 429/1 429/1 429/1", "a 1:a 1:a 1:a 1:a* | -1");
    row("nonsense", "429/-5 ok", "a 1000:a | 1");
}

void TestWalkRetry::obeysRetryAfter()
{
    QFETCH(std::string, outcomes);
    QFETCH(std::string, trail);
    QCOMPARE(walk(retried("'attempts':4,'use_retry_after_header':true"), outcomes).trail(), trail);
    QCOMPARE(walk(retried("'attempts':4,'use_retry_after_headers':true"), outcomes).trail(), trail);
}

void TestWalkRetry::spreadsItsWaits()
{
    World world{.rolls = {0, 0.5, 0.999}};
    QCOMPARE(walk(retried("'attempts':3", "'jitter':true"), "500 500 500 ok", world).trail(),
             std::string("a 500:a 1500:a 3998:a* | 3"));
    QCOMPARE(walk(retried("'attempts':3,'use_retry_after_header':true", "'jitter':true"), "429/700 ok", world)
                 .trail(),
             std::string("a 700:a | 1"));
}

void TestWalkRetry::triesATargetToItsEndBeforeTheNext()
{
    const std::string config
        = json("{'retry':{'attempts':1},'strategy':{'mode':'fallback'},'targets':[{'virtual_key':'a'},"
               "{'virtual_key':'b','retry':{'attempts':2,'on_status_codes':[400]}},{'virtual_key':'c'}]}");
    QCOMPARE(walk(config, "500 500 400 400 400 500 500").trail(),
             std::string("a 1000:a b 1000:b 2000:b c 1000:c* | -1"));
    // The count and the sum of waits are those of the target that was called last.
    QCOMPARE(walk(config, "500 500 400 429 ok").trail(), std::string("a 1000:a b 1000:b c | 0"));
}

QTEST_APPLESS_MAIN(TestWalkRetry)
#include "tst_walkretry.moc"
