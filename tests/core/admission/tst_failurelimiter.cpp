// SPDX-License-Identifier: GPL-3.0-or-later
// moc 6.4 loses its way when <compare>, which the room's header brings, is the first header of the library.
#include <QTest>

#include "core/admission/clientkeys.h"

using namespace portolan::admission;
using namespace std::chrono_literals;

class TestFailureLimiter : public QObject
{
    Q_OBJECT

private slots:
    void looksAtAsManyAsTheBurst();
    void looksAtSomeMoreEachSecond();
    void neverSavesUpMoreThanTheBurst();
    void isNotMovedByTimeThatStandsStillOrGoesBack();
    void costsNothingWhileNobodyFails();

private:
    const std::chrono::steady_clock::time_point m_now = std::chrono::steady_clock::time_point{} + 1h;
};

namespace {

int failuresLookedAt(FailureLimiter &limiter, std::chrono::steady_clock::time_point now, int tries)
{
    int looked_at = 0;
    for (int i = 0; i < tries; ++i) {
        if (!limiter.allows(now))
            continue;
        ++looked_at;
        limiter.failed(now);
    }
    return looked_at;
}

} // namespace

void TestFailureLimiter::looksAtAsManyAsTheBurst()
{
    FailureLimiter limiter(20.0, 50.0);
    QCOMPARE(failuresLookedAt(limiter, m_now, 1000), 50);
}

void TestFailureLimiter::looksAtSomeMoreEachSecond()
{
    FailureLimiter limiter(20.0, 50.0);
    (void)failuresLookedAt(limiter, m_now, 1000);
    QVERIFY(!limiter.allows(m_now + 40ms));
    QCOMPARE(failuresLookedAt(limiter, m_now + 1s, 1000), 20);
    QCOMPARE(failuresLookedAt(limiter, m_now + 1500ms, 1000), 10);
}

void TestFailureLimiter::neverSavesUpMoreThanTheBurst()
{
    FailureLimiter limiter(20.0, 50.0);
    (void)failuresLookedAt(limiter, m_now, 1000);
    QCOMPARE(failuresLookedAt(limiter, m_now + 24h, 1000), 50);
}

void TestFailureLimiter::isNotMovedByTimeThatStandsStillOrGoesBack()
{
    FailureLimiter limiter(20.0, 50.0);
    (void)failuresLookedAt(limiter, m_now, 1000);
    QVERIFY(!limiter.allows(m_now));
    QVERIFY(!limiter.allows(m_now - 1h));
    QCOMPARE(failuresLookedAt(limiter, m_now + 1s, 1000), 20);
}

void TestFailureLimiter::costsNothingWhileNobodyFails()
{
    FailureLimiter limiter(20.0, 50.0);
    for (int i = 0; i < 10'000; ++i)
        QVERIFY(limiter.allows(m_now));
}

QTEST_APPLESS_MAIN(TestFailureLimiter)
#include "tst_failurelimiter.moc"
