// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/slidingwindow.h"

#include <QTest>

#include <deque>
#include <random>

using namespace portolan::admission;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;

struct Use {
    std::int64_t at = 0;
    std::int64_t amount = 0;
};

std::int64_t sumSince(const std::deque<Use> &all, std::int64_t from)
{
    std::int64_t sum = 0;
    for (const auto &use : all)
        sum += use.at >= from ? use.amount : 0;
    return sum;
}

} // namespace

class TestSlidingWindow : public QObject
{
    Q_OBJECT

private slots:
    void exactGrainsEqualTheSumOverTheSpan()
    {
        std::mt19937 dice(7);
        SlidingWindow window(kMinute, 1);
        std::deque<Use> all;
        std::int64_t now = 5;
        for (int i = 0; i < 5'000; ++i) {
            now += std::int64_t(dice() % (dice() % 50 == 0 ? 90 * kSecond : kSecond));
            const auto amount = std::int64_t(dice() % 100);
            window.add(now, amount);
            all.push_back({now, amount});
            QCOMPARE(window.used(now), sumSince(all, now - kMinute));
        }
    }

    void coarseGrainsAreStricterByLessThanOneGrain()
    {
        constexpr std::int64_t kGrain = 10 * kSecond;
        std::mt19937 dice(11);
        SlidingWindow window(kMinute, kGrain);
        std::deque<Use> all;
        std::int64_t now = 5;
        for (int i = 0; i < 5'000; ++i) {
            now += std::int64_t(dice() % (3 * kSecond));
            window.add(now, 1);
            all.push_back({now, 1});
            QCOMPARE_GE(window.used(now), sumSince(all, now - kMinute));
            QCOMPARE_LE(window.used(now), sumSince(all, now - kMinute - kGrain));
        }
    }

    void amountsBeyondTheFineOnesAreGrouped()
    {
        constexpr std::int64_t kGrain = kSecond;
        SlidingWindow window(kMinute, kGrain, 10);
        std::deque<Use> all;
        for (std::int64_t now = 0; now < 3 * kMinute; now += kSecond / 8) {
            window.add(now, 1);
            all.push_back({now, 1});
            if (all.size() <= 10)
                QCOMPARE(window.used(now), std::int64_t(all.size()));
            QCOMPARE_GE(window.used(now), sumSince(all, now - kMinute));
            QCOMPARE_LE(window.used(now), sumSince(all, now - kMinute - kGrain));
        }
    }

    void saysWhenRoomComes()
    {
        SlidingWindow window(kMinute, 1);
        window.add(0, 3);
        window.add(10 * kSecond, 5);
        const auto now = 20 * kSecond;
        QCOMPARE(window.leaves(now, 3), std::optional(40 * kSecond + 1));
        QCOMPARE(window.leaves(now, 4), std::optional(50 * kSecond + 1));
        QCOMPARE(window.leaves(now, 9), std::nullopt);
        QCOMPARE(window.empties(now), 50 * kSecond + 1);
        // And when it has come.
        QCOMPARE(window.used(now + 40 * kSecond), 8);
        QCOMPARE(window.used(now + 40 * kSecond + 1), 5);
        QCOMPARE(window.used(now + 50 * kSecond + 1), 0);
        QCOMPARE(window.empties(now + 50 * kSecond + 1), 0);
    }

    void aClockThatSeemsToGoBackStandsStill()
    {
        SlidingWindow window(kMinute, 1);
        window.add(kMinute, 1);
        window.add(0, 1);
        QCOMPARE(window.used(0), 2);
        QCOMPARE(window.used(2 * kMinute), 2);
        QCOMPARE(window.used(2 * kMinute + 1), 0);
    }

    void hugeAmountsStayInRange()
    {
        SlidingWindow window(kMinute, 1);
        window.add(1, std::numeric_limits<std::int64_t>::max());
        window.add(2, std::numeric_limits<std::int64_t>::max());
        window.add(3, -5);
        QCOMPARE(window.used(4), std::numeric_limits<std::int64_t>::max());
        QCOMPARE(window.used(4 + kMinute), 0);
    }
};

QTEST_GUILESS_MAIN(TestSlidingWindow)
#include "tst_slidingwindow.moc"
