// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/frames.h"

#include <QTest>

#include <string>
#include <vector>

using namespace portolan::dialect;

namespace {

struct Seen {
    std::string name{};
    std::string data{};

    friend bool operator==(const Seen &, const Seen &) = default;
};

std::vector<Seen> read(FrameFormat format, std::string_view bytes, std::size_t piece_size)
{
    const auto splitter = frameSplitter(format);
    std::vector<Seen> seen;
    Frame frame;
    while (!bytes.empty()) {
        const std::string piece(bytes.substr(0, piece_size));
        bytes.remove_prefix(piece.size());
        if (!splitter->feed(piece))
            return {};
        while (splitter->next(frame).value_or(false))
            seen.push_back({std::string(frame.name), std::string(frame.data)});
    }
    if (splitter->last(frame))
        seen.push_back({std::string(frame.name), std::string(frame.data)});
    return seen;
}

} // namespace

class TestFrames : public QObject
{
    Q_OBJECT

private slots:
    void givesTheSameFramesHoweverTheBytesAreCut_data();
    void givesTheSameFramesHoweverTheBytesAreCut();
    void endsAStreamWhoseLineNeverEnds();
    void saysWhetherAFrameHasBegun();
};

void TestFrames::givesTheSameFramesHoweverTheBytesAreCut_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::vector<Seen>>("frames");
    QTest::newRow("sse") << int(FrameFormat::Sse)
                         << std::string(": hello\n\nevent: a\ndata: 1\n\ndata: 2\r\n\r\n")
                         << std::vector<Seen>{{"a", "1"}, {"", "2"}};
    QTest::newRow("sse without its last blank line")
        << int(FrameFormat::Sse) << std::string("data: 1\n\ndata: 2")
        << std::vector<Seen>{{"", "1"}, {"", "2"}};
    QTest::newRow("sse that ends behind a carriage return")
        << int(FrameFormat::Sse) << std::string("data: 1\r\rdata: 2\r\r")
        << std::vector<Seen>{{"", "1"}, {"", "2"}};
    QTest::newRow("an error as bare JSON among the events")
        << int(FrameFormat::Sse) << std::string("data: 1\n\n{\n \"error\": {}\n}\r\n\r\ndata: 2\n\n")
        << std::vector<Seen>{{"", "1"}, {"", "{\n \"error\": {}\n}"}, {"", "2"}};
    QTest::newRow("bare JSON instead of a stream")
        << int(FrameFormat::Sse) << std::string("[{\"error\":{}}]\n")
        << std::vector<Seen>{{"", "[{\"error\":{}}]"}};
    QTest::newRow("lines") << int(FrameFormat::Lines)
                           << std::string("{\"a\":1}\r\n\n  \n{\"b\":2}\n{\"c\":3}")
                           << std::vector<Seen>{{"", "{\"a\":1}"}, {"", "{\"b\":2}"}, {"", "{\"c\":3}"}};
}

void TestFrames::givesTheSameFramesHoweverTheBytesAreCut()
{
    QFETCH(int, format);
    QFETCH(std::string, bytes);
    QFETCH(std::vector<Seen>, frames);
    for (std::size_t size = 1; size <= bytes.size(); ++size)
        QVERIFY2(read(FrameFormat(format), bytes, size) == frames, std::to_string(size).c_str());
}

void TestFrames::endsAStreamWhoseLineNeverEnds()
{
    for (const FrameFormat format : {FrameFormat::Sse, FrameFormat::Lines}) {
        const auto splitter = frameSplitter(format);
        const std::string piece(1U << 20U, 'x');
        bool refused = false;
        for (int i = 0; i < 8 && !refused; ++i) {
            refused = !splitter->feed(piece);
            Frame frame;
            while (!refused && splitter->next(frame).value_or(false)) { }
        }
        QVERIFY(refused);
    }
}

void TestFrames::saysWhetherAFrameHasBegun()
{
    for (const FrameFormat format : {FrameFormat::Sse, FrameFormat::Lines}) {
        const auto splitter = frameSplitter(format);
        QVERIFY(!splitter->midFrame());
        const std::string piece = "data: {";
        QVERIFY(splitter->feed(piece));
        Frame frame;
        QVERIFY(!splitter->next(frame).value_or(true));
        QVERIFY(splitter->midFrame());
    }
}

QTEST_GUILESS_MAIN(TestFrames)
#include "tst_frames.moc"
