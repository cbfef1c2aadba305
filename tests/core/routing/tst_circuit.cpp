// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/circuit.h"

#include <QTest>

#include <sstream>

using namespace portolan::routing;

namespace {

Outcome ended(int status)
{
    return {.status = status};
}

constexpr BreakerRule kThree{.failure_threshold = 3, .cooldown_ms = 30'000};

/// Opened at 0 ms.
Circuit opened(const BreakerRule &rule)
{
    Circuit circuit;
    for (int i = 0; i < 100 && circuit.state(0) == Circuit::State::Closed; ++i)
        circuit.record(ended(500), rule, 0);
    return circuit;
}

} // namespace

class TestCircuit : public QObject
{
    Q_OBJECT

private slots:
    void opensByItsRule_data();
    void opensByItsRule();
    void countsAsFailuresWhatItsCodesSay_data();
    void countsAsFailuresWhatItsCodesSay();
    void staysOpenForItsCooldown();
    void letsOneTrialThrough();
    void closesWhenTheTrialSucceeds();
    void opensAgainWhenTheTrialFails();
    void givesTheTrialBack();
    void hearsNothingFromCallsThatBeganBefore();
    void isForgottenByHand();
};

/// gateway-protocol 3.12: each letter a call, "f" a failure, "s" a success; the number of calls until it
/// opens.
void TestCircuit::opensByItsRule_data()
{
    QTest::addColumn<BreakerRule>("rule");
    QTest::addColumn<std::string>("calls");
    QTest::addColumn<int>("opensAt"); // 0: never
    const auto row = [](const char *name, BreakerRule rule, std::string calls, int opens_at) {
        QTest::newRow(name) << rule << calls << opens_at;
    };
    row("one failure", {.failure_threshold = 1}, "f", 1);
    row("three failures", {.failure_threshold = 3}, "fff", 3);
    row("too few", {.failure_threshold = 3}, "ff", 0);
    row("successes between do not count", {.failure_threshold = 3}, "sfssfsf", 7);
    row("nothing but successes", {.failure_threshold = 1}, "sssss", 0);
    row("half, from the first failure", {.failure_percentage = 50, .minimum_requests = 4}, "ssssssffff", 10);
    row("half, not yet enough calls", {.failure_percentage = 50, .minimum_requests = 5}, "ffff", 0);
    row("half, enough calls", {.failure_percentage = 50, .minimum_requests = 5}, "fffff", 5);
    row("half, mixed", {.failure_percentage = 50, .minimum_requests = 4}, "fsfs", 0);
    row("half, mixed, ending badly", {.failure_percentage = 50, .minimum_requests = 4}, "fssf", 4);
    row("a third is below a half", {.failure_percentage = 50, .minimum_requests = 3}, "fsssf", 0);
    row("all", {.failure_percentage = 100, .minimum_requests = 3}, "fff", 3);
    row("either is enough", {.failure_threshold = 2, .failure_percentage = 100, .minimum_requests = 9}, "fsf",
        3);
    row("five calls unless it says so", {.failure_percentage = 1}, "ffff", 0);
    row("no rule", {}, "ffffffffff", 0);
}

void TestCircuit::opensByItsRule()
{
    QFETCH(BreakerRule, rule);
    QFETCH(std::string, calls);
    QFETCH(int, opensAt);
    Circuit circuit;
    int opened_at = 0;
    for (std::size_t i = 0; i < calls.size() && !opened_at; ++i) {
        QVERIFY(circuit.enter(1'000));
        if (circuit.record(ended(calls[i] == 'f' ? 500 : 200), rule, 1'000))
            opened_at = int(i) + 1;
    }
    QCOMPARE(opened_at, opensAt);
    QCOMPARE(circuit.state(1'000) == Circuit::State::Open, opensAt > 0);
}

void TestCircuit::countsAsFailuresWhatItsCodesSay_data()
{
    QTest::addColumn<StatusSet>("codes");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<bool>("fails");
    using Kind = Outcome::Kind;
    const auto row = [](const char *name, StatusSet codes, Outcome outcome, bool fails) {
        QTest::newRow(name) << codes << outcome << fails;
    };
    row("500", {}, ended(500), true);
    row("529", {}, ended(529), true);
    row("499", {}, ended(499), false);
    row("429", {}, ended(429), false);
    row("200", {}, ended(200), false);
    row("network", {}, {.kind = Kind::NetworkFailure}, true);
    row("time-out", {}, {.kind = Kind::RequestTimeout}, true);
    row("our clock", {}, {.kind = Kind::ClockExpired}, true);
    row("not called", {}, {.kind = Kind::NotCalled, .status = 503}, false);
    row("listed 429", {429}, ended(429), true);
    row("unlisted 500", {429}, ended(500), false);
    row("network by 502", {502}, {.kind = Kind::NetworkFailure}, true);
    row("network unlisted", {429}, {.kind = Kind::NetworkFailure}, false);
    row("time-out by 408", {408}, {.kind = Kind::RequestTimeout}, true);
    row("time-out unlisted", {504}, {.kind = Kind::RequestTimeout}, false);
    row("our clock by 504", {504}, {.kind = Kind::ClockExpired}, true);
    row("not called, listed", {412}, {.kind = Kind::NotCalled, .status = 412}, false);
}

void TestCircuit::countsAsFailuresWhatItsCodesSay()
{
    QFETCH(StatusSet, codes);
    QFETCH(Outcome, outcome);
    QFETCH(bool, fails);
    Circuit circuit;
    QCOMPARE(circuit.record(outcome, {.failure_threshold = 1, .failure_status_codes = codes}, 0), fails);
}

void TestCircuit::staysOpenForItsCooldown()
{
    const Circuit circuit = opened(kThree);
    QCOMPARE(circuit.opensUntil_ms(), std::int64_t(30'000));
    for (const std::int64_t now_ms : {0, 1, 29'999}) {
        QCOMPARE(circuit.state(now_ms), Circuit::State::Open);
        QVERIFY(circuit.blocks(now_ms));
        QVERIFY(!Circuit(circuit).enter(now_ms));
    }
    QCOMPARE(circuit.state(30'000), Circuit::State::HalfOpen);
    QVERIFY(!circuit.blocks(30'000));
}

void TestCircuit::letsOneTrialThrough()
{
    Circuit circuit = opened(kThree);
    QVERIFY(circuit.enter(30'000));
    QVERIFY(circuit.blocks(30'000));
    QVERIFY(!circuit.enter(30'001));
    QVERIFY(!circuit.enter(90'000));
}

void TestCircuit::closesWhenTheTrialSucceeds()
{
    Circuit circuit = opened(kThree);
    QVERIFY(circuit.enter(30'000));
    QVERIFY(!circuit.record(ended(200), kThree, 31'000));
    QCOMPARE(circuit.state(31'000), Circuit::State::Closed);
    QCOMPARE(circuit.failures(), 0);
    QVERIFY(circuit.enter(31'000) && circuit.enter(31'000));
}

void TestCircuit::opensAgainWhenTheTrialFails()
{
    Circuit circuit = opened(kThree);
    QVERIFY(circuit.enter(30'000));
    QVERIFY(circuit.record(ended(503), kThree, 40'000));
    QCOMPARE(circuit.state(69'999), Circuit::State::Open);
    QCOMPARE(circuit.state(70'000), Circuit::State::HalfOpen);
    QVERIFY(circuit.enter(70'000));
}

void TestCircuit::givesTheTrialBack()
{
    Circuit circuit = opened(kThree);
    QVERIFY(circuit.enter(30'000));
    circuit.abandon(); // the client left
    QVERIFY(circuit.enter(30'000));
    QVERIFY(!circuit.record({.kind = Outcome::Kind::NotCalled, .status = 412}, kThree, 30'000));
    QCOMPARE(circuit.state(30'000), Circuit::State::HalfOpen);
    QVERIFY(circuit.enter(30'000));
}

void TestCircuit::hearsNothingFromCallsThatBeganBefore()
{
    Circuit circuit = opened(kThree);
    QVERIFY(!circuit.record(ended(500), kThree, 10'000));
    QVERIFY(!circuit.record(ended(200), kThree, 10'000));
    QCOMPARE(circuit.opensUntil_ms(), std::int64_t(30'000));
    QVERIFY(!circuit.record(ended(200), kThree, 40'000)); // half open, and no trial on its way
    QCOMPARE(circuit.state(40'000), Circuit::State::HalfOpen);
    QVERIFY(!circuit.record(ended(500), kThree, 40'000));
    QCOMPARE(circuit.state(40'000), Circuit::State::HalfOpen);
}

void TestCircuit::isForgottenByHand()
{
    Circuit circuit = opened(kThree);
    circuit.reset();
    QCOMPARE(circuit.state(0), Circuit::State::Closed);
    QCOMPARE(circuit.failures(), 0);
}

QTEST_APPLESS_MAIN(TestCircuit)
#include "tst_circuit.moc"
