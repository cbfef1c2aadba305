// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/requestid.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>
#ifndef Q_MOC_RUN // moc of Qt 6.4 cannot read libstdc++'s <thread>
#include <thread>
#endif

using namespace portolan;

class TestRequestId : public QObject
{
    Q_OBJECT

private slots:
    void idsRiseThoughTheClockStepsBack()
    {
        const auto first = makeRequestId(2'000'000);
        const auto second = makeRequestId(1'000'000);
        const auto third = makeRequestId(3'000'000);
        QVERIFY(first < second);
        QVERIFY(second < third);
        QCOMPARE(third.value, std::int64_t{3'000'000});
    }

    void idsOfManyThreadsDiffer()
    {
        constexpr std::size_t kThreads = 4;
        constexpr std::size_t kEach = 5000;
        std::vector<std::vector<RequestId>> made(kThreads);
        {
            std::vector<std::jthread> threads;
            for (auto &mine : made) {
                threads.emplace_back([&mine] {
                    for (std::size_t i = 0; i < kEach; ++i)
                        mine.push_back(makeRequestId(4'000'000));
                });
            }
        }
        std::set<RequestId> all;
        for (const auto &mine : made) {
            QVERIFY(std::ranges::is_sorted(mine));
            all.insert(mine.begin(), mine.end());
        }
        QCOMPARE(all.size(), kThreads * kEach);
    }

    void uuidsHaveVersionFour()
    {
        std::set<std::string> seen;
        for (int i = 0; i < 200; ++i) {
            const auto uuid = makeUuid();
            QCOMPARE(uuid.size(), std::size_t{36});
            QCOMPARE(uuid.find_first_not_of("0123456789abcdef-"), std::string::npos);
            QCOMPARE(uuid[8], '-');
            QCOMPARE(uuid[13], '-');
            QCOMPARE(uuid[14], '4');
            QCOMPARE(uuid[18], '-');
            QVERIFY(std::string_view("89ab").contains(uuid[19]));
            QCOMPARE(uuid[23], '-');
            seen.insert(uuid);
        }
        QCOMPARE(seen.size(), std::size_t{200});
    }

    void spanIdsAreSixteenHexDigits()
    {
        const auto span = makeSpanId();
        QCOMPARE(span.size(), std::size_t{16});
        QCOMPARE(span.find_first_not_of("0123456789abcdef"), std::string::npos);
        QVERIFY(span != makeSpanId());
    }
};

QTEST_APPLESS_MAIN(TestRequestId)
#include "tst_requestid.moc"
