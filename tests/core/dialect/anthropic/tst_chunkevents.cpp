// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/chunkevents.h"

#include "core/dialect/base64.h"
#include "tests/core/dialect/bedrock/eventstreambytes.h"

#include <QTest>

#include <string>

using namespace portolan::dialect;
using namespace portolan::dialect::anthropic;
using eventstreambytes::eventMessage;
using eventstreambytes::exceptionMessage;

namespace {

std::string chunk(std::string_view event)
{
    return eventMessage("chunk", R"({"bytes":")" + base64Of(event) + R"(","p":"ab"})");
}

/// "name data\n" of each event.
std::string allOf(ChunkEvents &events)
{
    std::string all;
    while (const auto event = events.next())
        all += event->name + ' ' + event->data + '\n';
    return all;
}

} // namespace

class TestChunkEvents : public QObject
{
    Q_OBJECT

private slots:
    void givesTheSameEventsHoweverTheBytesArrive()
    {
        const std::string bytes = chunk(R"({"type":"ping"})") + eventMessage("initial-response", "{}")
            + chunk("{\n \"type\" : \"content_block_delta\", \"x\":\"\\u00e9\\n\" }");
        const std::string expected
            = "ping {\"type\":\"ping\"}\n"
              "content_block_delta { \"type\" : \"content_block_delta\", \"x\":\"\\u00e9\\n\" }\n";
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            ChunkEvents events;
            events.feed(std::string_view(bytes).substr(0, cut));
            std::string all = allOf(events);
            events.feed(std::string_view(bytes).substr(cut));
            all += allOf(events);
            QCOMPARE(all, expected);
            QVERIFY(!events.failure());
        }
    }

    void failsForGood_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("code");
        std::string damaged = chunk(R"({"type":"ping"})");
        damaged.back() = char(damaged.back() ^ 1);
        const std::string invalid = "upstream_invalid_response";
        QTest::newRow("a wrong checksum") << damaged << invalid;
        QTest::newRow("a length that cannot be") << std::string(16, '\xff') << invalid;
        QTest::newRow("no bytes") << eventMessage("chunk", "{}") << invalid;
        QTest::newRow("no base64") << eventMessage("chunk", R"({"bytes":"*"})") << invalid;
        QTest::newRow("no JSON") << chunk("{") << invalid;
        QTest::newRow("no type") << chunk("{}") << invalid;
        QTest::newRow("a type with a line of its own") << chunk(R"({"type":"ping\ndata: x"})") << invalid;
        QTest::newRow("an exception") << exceptionMessage("throttlingException", R"({"message":"m"})")
                                      << std::string("rate_limit_exceeded");
    }
    void failsForGood()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, code);
        ChunkEvents events;
        events.feed(bytes);
        QVERIFY(!events.next());
        QVERIFY(events.failure());
        QCOMPARE(events.failure()->code, code);
        const std::string good = chunk(R"({"type":"ping"})");
        events.feed(good);
        QVERIFY(!events.next());
    }
};

QTEST_APPLESS_MAIN(TestChunkEvents)
#include "tst_chunkevents.moc"
