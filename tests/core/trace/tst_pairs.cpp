// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/pairs.h"

#include <QTest>

#include <vector>

using namespace portolan::trace;

class TestPairs : public QObject
{
    Q_OBJECT

private slots:
    void keepsOrderRepetitionsAndEveryByte()
    {
        const std::string odd("\0 and \xff", 7);
        Pairs pairs{{"b", "1"}, {"", ""}, {"a", odd}};
        pairs.add("b", std::string(70'000, 'x'));

        QCOMPARE(pairs.size(), 4U);
        const std::vector<std::pair<std::string, std::string>> all(pairs.begin(), pairs.end());
        const std::vector<std::pair<std::string, std::string>> expected{
            {"b", "1"}, {"", ""}, {"a", odd}, {"b", std::string(70'000, 'x')}};
        QCOMPARE(all, expected);
        QVERIFY(pairs[2].name == "a" && pairs[2].value == odd);
    }

    void isEmptyAtFirstAndWhenCleared()
    {
        Pairs pairs;
        QVERIFY(pairs.empty() && pairs.begin() == pairs.end() && pairs.block().empty());
        pairs.add("", "");
        QVERIFY(!pairs.empty());
        pairs.clear();
        QVERIFY(pairs.empty());
        QCOMPARE(pairs, Pairs());
    }

    void comparesNamesValuesAndOrder()
    {
        const Pairs pairs{{"a", "bc"}, {"d", "e"}};
        QCOMPARE(pairs, (Pairs{{"a", "bc"}, {"d", "e"}}));
        QVERIFY(pairs != (Pairs{{"ab", "c"}, {"d", "e"}}));
        QVERIFY(pairs != (Pairs{{"d", "e"}, {"a", "bc"}}));
        QVERIFY(pairs != (Pairs{{"a", "bc"}}));
    }

    void isOneBlockOfTheSizeReserved()
    {
        const std::string value(100, 'v');
        Pairs pairs;
        pairs.reserve(20, 20 * (4 + value.size()));
        const auto reserved = pairs.heapBytes();
        for (int i = 0; i < 20; ++i)
            pairs.add("name", value);
        QCOMPARE(pairs.heapBytes(), reserved);
        QCOMPARE_LE(reserved, std::size_t(20 * (4 + 100 + 16)));
    }

    void bordersEveryTextWithZeros()
    {
        const Pairs pairs{{"first", "one"}, {"second", "two"}};
        for (const std::string_view text : {"first", "one", "second", "two"}) {
            const auto at = pairs.block().find(text);
            QVERIFY(at != std::string_view::npos && at > 0);
            QCOMPARE(pairs.block()[at - 1], '\0');
            QCOMPARE(pairs.block()[at + text.size()], '\0');
        }
    }
};

QTEST_APPLESS_MAIN(TestPairs)
#include "tst_pairs.moc"
