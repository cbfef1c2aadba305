// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/ledger.h"

#include <QTest>

#include <vector>

using namespace portolan;
using namespace portolan::admission;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr Party kKey{trace::Charge::Party::VirtualKey, 7};

Instant at(std::int64_t us)
{
    return {.wall_us = 1'800'000'000 * kSecond + us, .steady_us = us};
}

Estimate costing(std::int64_t nano_usd, std::int64_t tokens = 1)
{
    return {.tokens = tokens, .cost = NanoUsd{nano_usd}};
}

KeyLimits withRate(RateLimit::Unit unit, RateLimit::Per per, std::int64_t most)
{
    return {.rates = {{.unit = unit, .per = per, .most = most}}};
}

KeyLimits withBudget(std::int64_t limit, Budget::Unit unit = Budget::Unit::Cost, Period period = {})
{
    return {.budget = Budget{.unit = unit, .limit = limit, .period = std::move(period)}};
}

} // namespace

class TestLedger : public QObject
{
    Q_OBJECT

private slots:
    void aKeyWithoutLimitsLetsAllThrough()
    {
        Ledger ledger;
        const auto place = ledger.reserve(kKey, costing(1'000), at(0));
        QVERIFY(place);
        QVERIFY(!place->isOpen());
        QVERIFY(!ledger.use(kKey, at(0)));
    }

    void sixtyPerMinuteLetsSixtyOfAHundredThrough()
    {
        Ledger ledger;
        ledger.setLimits(kKey, withRate(RateLimit::Unit::Requests, RateLimit::Per::Minute, 60), at(0));
        std::vector<trace::Charge> charges;
        int passed = 0;
        for (int i = 0; i < 100; ++i) {
            const auto now = at(i * kSecond / 10);
            auto place = ledger.reserve(kKey, costing(0), now);
            if (place) {
                ++passed;
                QCOMPARE(place->standing().requests->remaining, 60 - passed);
                place->settle(Actual::nothing(), now, charges); // however it ends
                continue;
            }
            QCOMPARE(place.error().hit, Refusal::Limit::Requests);
            QCOMPARE(place.error().error.code, "limits.requests");
            QCOMPARE(place.error().limit, 60);
            QCOMPARE(place.error().used, 60);
            QCOMPARE(place.error().retry_after_us, kMinute + 1 - i * kSecond / 10);
            QCOMPARE(place.error().standing.requests->remaining, 0);
        }
        QCOMPARE(passed, 60);
        QVERIFY(charges.empty()); // a minute does not outlive the program
        QVERIFY(!ledger.reserve(kKey, costing(0), at(kMinute)));
        QVERIFY(ledger.reserve(kKey, costing(0), at(kMinute + 1)));
        QVERIFY(!ledger.reserve(kKey, costing(0), at(kMinute + 1)));
        QCOMPARE(ledger.use(kKey, at(kMinute + 1))->refused, 42U);
    }

    void tokensAreReservedThenCountedAsTheyWere()
    {
        Ledger ledger;
        ledger.setLimits(kKey, withRate(RateLimit::Unit::Tokens, RateLimit::Per::Minute, 1'000), at(0));
        std::vector<trace::Charge> charges;
        auto first = ledger.reserve(kKey, costing(0, 600), at(0));
        QVERIFY(first);
        QCOMPARE(first->standing().tokens->remaining, 400);
        auto second = ledger.reserve(kKey, costing(0, 600), at(1));
        QVERIFY(!second);
        QCOMPARE(second.error().hit, Refusal::Limit::Tokens);
        QCOMPARE(second.error().retry_after_us, kSecond); // when the first one ends, nobody knows
        first->settle({.tokens = 100, .cost = NanoUsd{}}, at(5 * kSecond), charges);
        QCOMPARE(ledger.use(kKey, at(5 * kSecond))->rates, std::vector<std::int64_t>{100});
        second = ledger.reserve(kKey, costing(0, 600), at(5 * kSecond));
        QVERIFY(second);
        second->settle({.tokens = 5'000, .cost = NanoUsd{}}, at(6 * kSecond), charges); // more than it said
        auto third = ledger.reserve(kKey, costing(0, 1), at(7 * kSecond));
        QVERIFY(!third);
        QCOMPARE(third.error().used, 5'100);
        QCOMPARE(third.error().retry_after_us, kMinute + 1 - kSecond);
        QVERIFY(ledger.reserve(kKey, costing(0, 1), at(66 * kSecond + 1)));
    }

    void aRequestLargerThanTheLimitIsToldThatWaitingDoesNotHelp()
    {
        Ledger ledger;
        ledger.setLimits(kKey, withRate(RateLimit::Unit::Tokens, RateLimit::Per::Minute, 1'000), at(0));
        const auto large = ledger.reserve(kKey, costing(0, 1'001), at(0));
        QVERIFY(!large);
        QCOMPARE(large.error().retry_after_us, 0);
        QVERIFY(!large.error().error.retryable);
        // A guess does not shut it out for ever.
        QVERIFY(ledger.reserve(kKey, {.tokens = 4'096, .guessed = true}, at(0)));
    }

    void zeroLetsNothingThrough_data()
    {
        QTest::addColumn<KeyLimits>("limits");
        QTest::newRow("budget") << withBudget(0);
        QTest::newRow("requests") << withRate(RateLimit::Unit::Requests, RateLimit::Per::Second, 0);
        QTest::newRow("tokens") << withRate(RateLimit::Unit::Tokens, RateLimit::Per::Week, 0);
        QTest::newRow("concurrency") << KeyLimits{.concurrency = 0};
    }

    void zeroLetsNothingThrough()
    {
        QFETCH(KeyLimits, limits);
        Ledger ledger;
        ledger.setLimits(kKey, limits, at(0));
        for (const bool guessed : {false, true}) {
            const auto place = ledger.reserve(kKey, {.tokens = 0, .cost = {}, .guessed = guessed}, at(0));
            QVERIFY(!place);
            QVERIFY(!place.error().error.retryable);
            QVERIFY(!place.error().error.message.empty());
        }
    }

    void aBudgetReservesAndSettles()
    {
        Ledger ledger;
        ledger.setLimits(kKey, withBudget(1'000), at(0));
        std::vector<trace::Charge> charges;
        auto first = ledger.reserve(kKey, costing(600), at(0));
        QVERIFY(first);
        QCOMPARE(ledger.use(kKey, at(0))->reserved, 600);
        const auto second = ledger.reserve(kKey, costing(600), at(0));
        QVERIFY(!second);
        QCOMPARE(second.error().hit, Refusal::Limit::Budget);
        QCOMPARE(second.error().used, 600);
        QVERIFY(second.error().error.retryable); // the first one may give back
        first->settle({.tokens = 10, .cost = NanoUsd{400}}, at(1), charges);
        first->settle({.tokens = 10, .cost = NanoUsd{400}}, at(1), charges);
        QCOMPARE(ledger.use(kKey, at(1))->spent, 400);
        QCOMPARE(ledger.use(kKey, at(1))->reserved, 0);
        QCOMPARE(charges.size(), 1U);
        QCOMPARE(charges.front().cost, NanoUsd{400});
        QCOMPARE(charges.front().period, "never");
        QVERIFY(ledger.reserve(kKey, costing(600), at(2)));
        QVERIFY(!ledger.reserve(kKey, costing(601), at(2)));
    }

    void aReservationThatIsDroppedGivesAllBack()
    {
        Ledger ledger;
        auto limits = withBudget(1'000);
        limits.concurrency = 1;
        ledger.setLimits(kKey, limits, at(0));
        {
            const auto place = ledger.reserve(kKey, costing(600), at(0));
            QVERIFY(place);
            QCOMPARE(ledger.use(kKey, at(0))->running, 1);
            const auto other = ledger.reserve(kKey, costing(1), at(0));
            QVERIFY(!other);
            QCOMPARE(other.error().hit, Refusal::Limit::Concurrency);
        }
        QCOMPARE(ledger.use(kKey, at(0))->running, 0);
        QCOMPARE(ledger.use(kKey, at(0))->reserved, 0);
        QCOMPARE(ledger.use(kKey, at(0))->spent, 0);
    }

    void anUnknownCostStaysAtItsEstimateAndIsMarked()
    {
        Ledger ledger;
        ledger.setLimits(kKey, withBudget(1'000), at(0));
        std::vector<trace::Charge> charges;
        auto place = ledger.reserve(kKey, costing(600, 50), at(0));
        place->settle({}, at(1), charges);
        QCOMPARE(ledger.use(kKey, at(1))->spent, 600);
        QCOMPARE(charges.front().guessed_cost, NanoUsd{600});
        QCOMPARE(charges.front().tokens, 50);
    }

    void nonsenseStaysInRange()
    {
        constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
        Ledger ledger;
        auto limits = withRate(RateLimit::Unit::Tokens, RateLimit::Per::Hour, kMost);
        limits.budget = Budget{.limit = kMost};
        ledger.setLimits(kKey, limits, at(0));
        QVERIFY(ledger.allowMore(kKey, kMost, at(0)));
        std::vector<trace::Charge> charges;
        std::vector<Reservation> running;
        for (const auto amount : {kMost, std::numeric_limits<std::int64_t>::min(), std::int64_t(-1)}) {
            auto place = ledger.reserve(kKey, costing(amount, amount), at(0));
            QVERIFY(place);
            running.push_back(*std::move(place));
        }
        for (auto &place : running)
            place.settle({.tokens = kMost, .cost = NanoUsd{std::numeric_limits<std::int64_t>::min()}}, at(0),
                         charges);
        QCOMPARE(ledger.use(kKey, at(0))->reserved, 0);
        QCOMPARE(ledger.use(kKey, at(0))->spent, 0);
        QCOMPARE_GT(ledger.use(kKey, at(0))->rates.front(), 0);
        QVERIFY(ledger.reserve(kKey, costing(1), at(0)));
    }

    void changedLimitsHoldAtOnceAndKeepWhatWasUsed()
    {
        Ledger ledger;
        auto limits = withRate(RateLimit::Unit::Requests, RateLimit::Per::Minute, 10);
        limits.budget = withBudget(1'000).budget;
        ledger.setLimits(kKey, limits, at(0));
        std::vector<trace::Charge> charges;
        for (int i = 0; i < 5; ++i)
            ledger.reserve(kKey, costing(100), at(0))
                ->settle({.tokens = 1, .cost = NanoUsd{100}}, at(0), charges);
        limits.rates.front().most = 5;
        ledger.setLimits(kKey, limits, at(1));
        QCOMPARE(ledger.reserve(kKey, costing(1), at(1)).error().hit, Refusal::Limit::Requests);
        limits.rates.front().most = 100;
        limits.budget->limit = 500;
        ledger.setLimits(kKey, limits, at(1));
        QCOMPARE(ledger.reserve(kKey, costing(1), at(1)).error().hit, Refusal::Limit::Budget);
        QVERIFY(ledger.allowMore(kKey, 50, at(1)));
        QVERIFY(ledger.reserve(kKey, costing(50), at(1)));
        QVERIFY(!ledger.reserve(kKey, costing(51), at(1)));
        limits.budget->unit = Budget::Unit::Tokens;
        limits.budget->limit = 10;
        ledger.setLimits(kKey, limits, at(1));
        QCOMPARE(ledger.use(kKey, at(1))->spent, 5);
        ledger.setLimits(kKey, {}, at(1));
        QVERIFY(ledger.reserve(kKey, costing(1'000'000), at(1)));
        ledger.setLimits(kKey, limits, at(1));
        QCOMPARE(ledger.use(kKey, at(1))->spent, 5);
        QVERIFY(ledger.reset(kKey, at(1)));
        QCOMPARE(ledger.use(kKey, at(1))->spent, 0);
        QCOMPARE(ledger.use(kKey, at(1))->rates, std::vector<std::int64_t>{0});
    }

    void aKeyThatIsRemovedLetsItsRequestsEnd()
    {
        std::vector<trace::Charge> charges;
        std::expected<Reservation, Refusal> place;
        {
            Ledger ledger;
            ledger.setLimits(kKey, withBudget(1'000), at(0));
            place = ledger.reserve(kKey, costing(600), at(0));
            ledger.remove(kKey);
            QVERIFY(!ledger.use(kKey, at(0)));
        }
        place->settle({.tokens = 1, .cost = NanoUsd{1}}, at(0), charges);
        QCOMPARE(charges.size(), 1U);
    }

    void aChangedPeriodCarriesSpendAndReservationsAlong()
    {
        Ledger ledger;
        ledger.setLimits(kKey, withBudget(1'000), at(0));
        std::vector<trace::Charge> charges;
        ledger.reserve(kKey, costing(300), at(0))
            ->settle({.tokens = 1, .cost = NanoUsd{300}}, at(0), charges);
        auto running = ledger.reserve(kKey, costing(400), at(0));
        const auto weekly = withBudget(1'000, Budget::Unit::Cost, {.kind = Period::Kind::Week});
        const auto moved = ledger.setLimits(kKey, weekly, at(0));
        QCOMPARE(moved.size(), 2U);
        QCOMPARE(moved[0].cost, NanoUsd{-300});
        QCOMPARE(moved[0].period, "never");
        QCOMPARE(moved[1].cost, NanoUsd{300});
        QCOMPARE(moved[1].period, "week1 UTC");
        QCOMPARE(ledger.use(kKey, at(0))->spent, 300);
        QCOMPARE(ledger.use(kKey, at(0))->reserved, 400);
        running->settle({.tokens = 1, .cost = NanoUsd{350}}, at(1), charges);
        QCOMPARE(ledger.use(kKey, at(1))->spent, 650);
        QCOMPARE(ledger.use(kKey, at(1))->reserved, 0);
        QCOMPARE(charges.back().day, moved[1].day);
    }
};

QTEST_GUILESS_MAIN(TestLedger)
#include "tst_ledger.moc"
