// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/eventstream.h"
#include "tests/core/dialect/bedrock/eventstreambytes.h"
#include "tests/core/dialect/vectors/vectorcase.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::bedrock;
using eventstreambytes::message;
using eventstreambytes::stringHeader;
namespace json = boost::json;
using Type = EventStreamHeader::Type;

namespace {

struct Header {
    std::string name{};
    Type type = Type::True;
    std::int64_t number = 0;
    std::string bytes{};

    friend bool operator==(const Header &, const Header &) = default;
};

struct SeenMessage {
    std::vector<Header> headers{};
    std::string payload{};

    friend bool operator==(const SeenMessage &, const SeenMessage &) = default;
};

struct Reading {
    std::vector<SeenMessage> messages{};
    std::string error{}; ///< its code, and what it is about
    std::size_t pending = 0;

    friend bool operator==(const Reading &, const Reading &) = default;
};

SeenMessage copyOf(const EventStreamMessage &message)
{
    SeenMessage copy{.payload = std::string(message.payload)};
    for (const EventStreamHeader &header : message.headers) {
        copy.headers.push_back({.name = std::string(header.name),
                                .type = header.type,
                                .number = header.number,
                                .bytes = std::string(header.bytes)});
    }
    return copy;
}

/// Feeds the stream in pieces of that size, each a copy of its own: views into an earlier one would be caught
/// by the sanitizer.
Reading read(std::string_view stream, std::size_t piece_size)
{
    EventStreamDecoder decoder;
    Reading reading;
    while (!stream.empty() && reading.error.empty()) {
        const std::string piece(stream.substr(0, piece_size));
        stream.remove_prefix(piece.size());
        decoder.feed(piece);
        EventStreamMessage message;
        for (;;) {
            const auto found = decoder.next(message);
            if (!found)
                reading.error = found.error().code + ' ' + found.error().where;
            if (!found || !*found)
                break;
            reading.messages.push_back(copyOf(message));
        }
    }
    reading.pending = reading.error.empty() ? decoder.pending() : 0;
    return reading;
}

std::string uuidText(std::string_view bytes)
{
    std::string text = eventstreambytes::hexOf(bytes);
    for (const std::size_t at : {8, 13, 18, 23})
        text.insert(at, 1, '-');
    return text;
}

/// As the vectors name it.
std::string typeName(Type type)
{
    switch (type) {
    case Type::True:
    case Type::False: return "bool";
    case Type::Int8: return "byte";
    case Type::Int16: return "short";
    case Type::Int32: return "int";
    case Type::Int64: return "long";
    case Type::Bytes: return "bytes";
    case Type::String: return "string";
    case Type::Timestamp: return "timestamp";
    case Type::Uuid: return "uuid";
    }
    return {};
}

/// As the vectors write a header's value.
void compareHeader(const Header &header, const json::object &expected)
{
    QCOMPARE(typeName(header.type), std::string(expected.at("type").as_string()));
    const auto text = [&](std::string_view member) { return std::string(expected.at(member).as_string()); };
    switch (header.type) {
    case Type::True: QVERIFY(expected.at("value").as_bool()); break;
    case Type::False: QVERIFY(!expected.at("value").as_bool()); break;
    case Type::Bytes: QCOMPARE(eventstreambytes::hexOf(header.bytes), text("value_hex")); break;
    case Type::String: QCOMPARE(header.bytes, text("value")); break;
    case Type::Uuid: QCOMPARE(uuidText(header.bytes), text("value")); break;
    case Type::Int64: QCOMPARE(std::to_string(header.number), text("value")); break;
    case Type::Timestamp: QCOMPARE(header.number, expected.at("value_ms").as_int64()); break;
    default: QCOMPARE(header.number, expected.at("value").as_int64()); break;
    }
}

const std::string kEvent = eventstreambytes::stringHeader(":message-type", "event")
    + eventstreambytes::stringHeader(":event-type", "messageStop");

/// One good message; its headers' length field and so on can then be lied about.
std::string withPrelude(std::uint64_t total, std::uint64_t headers, std::string_view rest = {})
{
    std::string message = eventstreambytes::bigEndian(total, 4) + eventstreambytes::bigEndian(headers, 4);
    message += eventstreambytes::bigEndian(eventstreambytes::checksum(message), 4);
    return message.append(rest);
}

} // namespace

class TestEventStream : public QObject
{
    Q_OBJECT

private slots:
    void readsTheVectorsHoweverTheyAreCut_data()
    {
        QTest::addColumn<std::string>("id");
        for (const auto &vector : vectors::allCases()) {
            if (vector.kind == "eventstream")
                QTest::newRow(vector.id.c_str()) << vector.id;
        }
    }

    void readsTheVectorsHoweverTheyAreCut()
    {
        QFETCH(std::string, id);
        const auto cases = vectors::allCases();
        const auto vector = std::ranges::find(cases, id, &vectors::VectorCase::id);
        const auto &expected = vector->json.at("expected").as_object();
        const std::string stream = vectors::bytesOf(*vector, vector->json.at("input").at("file").as_string());

        const Reading reading = read(stream, stream.size());
        for (std::size_t piece = 1; piece < stream.size(); ++piece)
            QCOMPARE(read(stream, piece), reading);

        const json::value &error = expected.at("error");
        QCOMPARE(reading.error == "frames.bad_checksum prelude", error == "prelude_crc_mismatch");
        QCOMPARE(reading.error == "frames.bad_checksum message", error == "message_crc_mismatch");
        QCOMPARE(reading.pending > 0, error == "truncated");
        const auto &frames = expected.at("frames").as_array();
        QCOMPARE(reading.messages.size(), frames.size());
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const SeenMessage &seen = reading.messages[i];
            const auto &headers = frames[i].at("headers").as_object();
            QCOMPARE(seen.payload, std::string(frames[i].at("payload_utf8").as_string()));
            QCOMPARE(seen.headers.size(), headers.size());
            for (const Header &header : seen.headers)
                compareHeader(header, headers.at(header.name).as_object());
        }
    }

    void refusesWhatIsNoMessage_data()
    {
        QTest::addColumn<std::string>("stream");
        QTest::addColumn<std::string>("error");
        const auto row = [](const char *name, std::string stream, const char *error) {
            QTest::newRow(name) << std::move(stream) << std::string(error);
        };
        row("longer than 16 MiB", withPrelude((16U << 20U) + 1, 0), "frames.too_large ");
        row("4 GiB", withPrelude(0xFFFFFFFFU, 0), "frames.too_large ");
        row("headers longer than 128 KiB", withPrelude(1U << 20U, (128U << 10U) + 1), "frames.too_large ");
        row("shorter than its own frame", withPrelude(15, 0), "frames.malformed ");
        row("of length 0", withPrelude(0, 0), "frames.malformed ");
        row("headers longer than the message", withPrelude(20, 5), "frames.malformed ");
        row("a header of no known type", message("\x01t\x0a", ""), "frames.malformed ");
        row("a header without a name", message(std::string("\x00\x00", 2), ""), "frames.malformed ");
        row("a name that is cut off", message("\x09name", ""), "frames.malformed ");
        row("a name and no type", message("\x01t", ""), "frames.malformed ");
        row("a string that is cut off",
            message(std::string("\x01t\x07\x00\x05"
                                "abc",
                                8),
                    ""),
            "frames.malformed ");
        row("a string that runs into the payload",
            message(std::string("\x01t\x07\x00\x05"
                                "abc",
                                8),
                    "{}{}"),
            "frames.malformed ");
        row("an integer that is cut off", message(std::string("\x01t\x05\x00\x00", 5), ""),
            "frames.malformed ");
        row("HTML", "<!DOCTYPE html><html><body>502</body></html>", "frames.bad_checksum prelude");
        row("server-sent events", "data: {\"error\":{}}\n\n", "frames.bad_checksum prelude");
    }

    void refusesWhatIsNoMessage()
    {
        QFETCH(std::string, stream);
        QFETCH(std::string, error);
        const Reading reading = read(stream, stream.size());
        QCOMPARE(reading.error, error);
        QVERIFY(reading.messages.empty());
        QCOMPARE(read(stream, 1), reading);
    }

    void refusesAMessageWithAnyBitChanged()
    {
        const std::string good = eventstreambytes::message(kEvent, R"({"stopReason":"end_turn"})");
        QCOMPARE(read(good, good.size()).messages.size(), 1U);
        for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
            std::string changed = good;
            changed[bit / 8] = char(changed[bit / 8] ^ (1 << (bit % 8)));
            const Reading reading = read(changed, changed.size());
            QVERIFY(reading.messages.empty());
            QVERIFY(reading.error.starts_with("frames.bad_checksum"));
        }
    }

    void failsForGood()
    {
        EventStreamDecoder decoder;
        EventStreamMessage message;
        const std::string bad = withPrelude(15, 0);
        decoder.feed(bad);
        QVERIFY(!decoder.next(message));
        const std::string good = eventstreambytes::message(kEvent, "{}");
        decoder.feed(good);
        QVERIFY(!decoder.next(message));
    }

    void holdsNoMoreThanWhatCame()
    {
        EventStreamDecoder decoder;
        EventStreamMessage message;
        const std::string begun = withPrelude(16U << 20U, 0, "abc");
        decoder.feed(begun);
        QVERIFY(!*decoder.next(message));
        QCOMPARE(decoder.pending(), begun.size());
    }

    void takesTheLargestMessage()
    {
        const std::string stream
            = eventstreambytes::message("", std::string((16U << 20U) - 16, 'x')) + withPrelude(16, 0);
        const Reading reading = read(stream, 64U << 10U);
        QCOMPARE(reading.messages.size(), 1U);
        QCOMPARE(reading.messages.front().payload.size(), std::size_t(16U << 20U) - 16);
        QCOMPARE(reading.pending, 12U);
    }

    void givesEventsAndExceptionsAsFrames()
    {
        const std::string stream = message(kEvent, "{\"a\":1}")
            + message(stringHeader(":message-type", "exception")
                          + stringHeader(":exception-type", "throttlingException"),
                      R"({"message":"slow down"})")
            + message("", "") + message(stringHeader(":message-type", "keepalive"), "x")
            + message(stringHeader(":message-type", "error") + stringHeader(":error-code", "InternalFailure")
                          + stringHeader(":error-message", "it said \"no\"\n"),
                      "");
        const auto splitter = frameSplitter(FrameFormat::EventStream);
        QVERIFY(splitter->feed(stream).has_value());
        Frame frame;
        QVERIFY(*splitter->next(frame));
        QCOMPARE(frame.name, "messageStop");
        QCOMPARE(frame.data, "{\"a\":1}");
        QVERIFY(!frame.exception);
        QVERIFY(*splitter->next(frame));
        QCOMPARE(frame.name, "throttlingException");
        QCOMPARE(frame.data, R"({"message":"slow down"})");
        QVERIFY(frame.exception);
        QVERIFY(*splitter->next(frame));
        QCOMPARE(frame.name, "InternalFailure");
        QCOMPARE(frame.data, "{\"message\":\"it said \\\"no\\\"\\n\"}");
        QVERIFY(frame.exception);
        QVERIFY(!*splitter->next(frame));
        QVERIFY(!splitter->midFrame());
    }

    void halfAMessageIsNoFrame()
    {
        const std::string whole = eventstreambytes::message(kEvent, "{}");
        for (std::size_t size = 1; size < whole.size(); ++size) {
            const auto splitter = frameSplitter(FrameFormat::EventStream);
            const std::string half = whole.substr(0, size);
            QVERIFY(splitter->feed(half).has_value());
            Frame frame;
            QVERIFY(!*splitter->next(frame));
            QVERIFY(splitter->midFrame());
            QVERIFY(!splitter->last(frame));
        }
    }
};

QTEST_APPLESS_MAIN(TestEventStream)

#include "tst_eventstream.moc"
