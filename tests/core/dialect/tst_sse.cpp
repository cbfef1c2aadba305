// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/sse.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace portolan::dialect;

namespace {

struct Seen {
    std::string raw{};
    std::string name{};
    std::string data{};
    bool has_data = false;

    friend bool operator==(const Seen &, const Seen &) = default;
};

struct Reading {
    std::vector<Seen> events{};
    std::string pending{};

    friend bool operator==(const Reading &, const Reading &) = default;
};

/// Feeds the pieces that the stream has between the given offsets.
Reading read(std::string_view stream, const std::vector<std::size_t> &cuts)
{
    SseSplitter splitter;
    Reading reading;
    std::size_t begin = 0;
    const auto feed = [&](std::size_t end) {
        // A copy of its own: views into an earlier piece would be caught by the sanitizer.
        const std::string piece(stream.substr(begin, end - begin));
        begin = end;
        if (!splitter.feed(piece))
            return;
        SseSplitter::Event event;
        while (splitter.next(event)) {
            reading.events.push_back({.raw = std::string(event.raw),
                                      .name = std::string(event.name),
                                      .data = std::string(event.data),
                                      .has_data = event.has_data});
        }
    };
    for (const std::size_t cut : cuts)
        feed(cut);
    feed(stream.size());
    reading.pending = splitter.pending();
    return reading;
}

const std::string kRecorded = "\xEF\xBB\xBF: hello\n\n"
                              "event: message_start\r\ndata: {\"type\":\"message_start\"}\r\n\r\n"
                              "data: one\ndata:two\ndata\n\n"
                              ": OPENROUTER PROCESSING\n\n\n"
                              "id: 7\rretry: 10\rdata:  blank kept\r\r"
                              "event: a\nevent: b\ndatax: no\ndata: \xE2\x82\xAC\r\n\n"
                              "data: [DONE]\n\n"
                              "data: cut off\n";

} // namespace

class TestSse : public QObject
{
    Q_OBJECT

private slots:
    void findsTheEvents()
    {
        const Reading reading = read(kRecorded, {});
        std::vector<std::string> data;
        std::string all;
        for (const Seen &event : reading.events) {
            all += event.raw;
            if (event.has_data)
                data.push_back(event.name + '|' + event.data);
        }
        QCOMPARE(all + reading.pending, kRecorded);
        QCOMPARE(reading.pending, "data: cut off\n");
        const std::vector<std::string> expected{"message_start|{\"type\":\"message_start\"}", "|one\ntwo\n",
                                                "| blank kept", "b|\xE2\x82\xAC", "|[DONE]"};
        QVERIFY(data == expected);
    }

    void everySplitGivesTheSameEvents()
    {
        const Reading whole = read(kRecorded, {});
        for (std::size_t first = 0; first <= kRecorded.size(); ++first) {
            QVERIFY(read(kRecorded, {first}) == whole);
            for (std::size_t second = first; second <= kRecorded.size(); second += 3)
                QVERIFY(read(kRecorded, {first, second}) == whole);
        }
        std::vector<std::size_t> each;
        for (std::size_t i = 1; i < kRecorded.size(); ++i)
            each.push_back(i);
        QVERIFY(read(kRecorded, each) == whole);
    }

    void takesBlankLinesOfEveryKind_data()
    {
        QTest::addColumn<std::string>("stream");
        QTest::addColumn<int>("events");
        const auto row = [](const char *name, std::string stream, int events) {
            QTest::newRow(name) << std::move(stream) << events;
        };
        row("nothing", "", 0);
        row("LF", "data: a\n\ndata: b\n\n", 2);
        row("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", 2);
        row("CR, the last one waits for its LF", "data: a\r\rdata: b\r\r", 1);
        row("mixed", "data: a\n\r\ndata: b\r\n\n", 2);
        row("blank lines alone", "\n\r\n\n", 3);
        row("byte order mark alone", "\xEF\xBB\xBF\n", 1);
        row("byte order mark in the middle is text", "\n\xEF\xBB\xBF\n", 1);
        row("no blank line", "data: a\n", 0);
    }
    void takesBlankLinesOfEveryKind()
    {
        QFETCH(std::string, stream);
        QFETCH(int, events);
        const Reading reading = read(stream, {});
        QCOMPARE(int(reading.events.size()), events);
        for (std::size_t cut = 0; cut <= stream.size(); ++cut)
            QVERIFY(read(stream, {cut}) == reading);
    }

    void eventsInsideAPieceAreNotCopied()
    {
        const std::string piece = "data: a\n\ndata: b\n\nda";
        SseSplitter splitter;
        QVERIFY(splitter.feed(piece));
        SseSplitter::Event event;
        QVERIFY(splitter.next(event));
        QVERIFY(event.raw.data() == piece.data());
        QVERIFY(event.data.data() == piece.data() + 6);
        QVERIFY(splitter.next(event));
        QVERIFY(event.raw.data() == piece.data() + 9);
        QVERIFY(!splitter.next(event));
        QVERIFY(splitter.pending() == "da");
        QVERIFY(!splitter.atBorder());
    }

    void knowsTheBorders()
    {
        SseSplitter splitter;
        SseSplitter::Event event;
        QVERIFY(splitter.atBorder());
        QVERIFY(splitter.feed("data: a\n"));
        QVERIFY(!splitter.next(event));
        QVERIFY(!splitter.atBorder());
        QVERIFY(splitter.feed("\n"));
        QVERIFY(splitter.next(event));
        QVERIFY(!splitter.next(event));
        QVERIFY(splitter.atBorder());
    }

    void boundsAnEventWithoutAnEnd()
    {
        SseSplitter splitter(1000);
        SseSplitter::Event event;
        const std::string piece(100, 'x');
        int fed = 0;
        while (const auto taken = splitter.feed(piece)) {
            QVERIFY(!splitter.next(event));
            QVERIFY(++fed < 20);
        }
        QCOMPARE(fed, 11);
        QCOMPARE(splitter.feed(piece).error().code, "sse.event_too_large");
    }
};

QTEST_APPLESS_MAIN(TestSse)
#include "tst_sse.moc"
