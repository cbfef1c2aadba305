// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlmessage.h"

#include <QJsonArray>
#include <QTest>

using namespace portolan;
using namespace portolan::control;
using namespace Qt::StringLiterals;

class TestControlMessage : public QObject
{
    Q_OBJECT

private slots:
    void readsBackWhatItPrints();
    void printsEachMessageOnOneLine();
    void refusesOtherRequests_data();
    void refusesOtherRequests();
    void refusesOtherReplies_data();
    void refusesOtherReplies();
    void goesSixteenLevelsDeep();
    void cutsLinesAndSecretsWhereverTheBytesBreak();
    void refusesALineWithoutEnd();
};

namespace {

std::string withoutBreak(std::string text)
{
    text.pop_back();
    return text;
}

std::string nested(int levels)
{
    return R"({"id":1,"command":"logs","arguments":)" + std::string(std::size_t(levels), '[')
        + std::string(std::size_t(levels), ']') + "}";
}

} // namespace

void TestControlMessage::readsBackWhatItPrints()
{
    const ControlRequest request{
        .id = 7,
        .command = u"account.add"_s,
        .arguments = {{u"slug"_s, u"öpen\n\"ai"_s}, {u"n"_s, qint64(9'007'199'254'740'993)}},
        .secretBytes = 51,
    };
    QCOMPARE(parseControlRequest(withoutBreak(print(request))).value(), request);

    const std::vector<ControlReply> replies = {
        {.id = 1, .value = QJsonObject{{u"token"_s, true}}, .secretBytes = 55},
        {.id = 2, .value = QJsonValue::Null},
        {.id = 3, .kind = ControlReply::Kind::Event, .value = QJsonArray{1, 2}},
        {.id = 4, .kind = ControlReply::Kind::Error, .error = {.code = "a.b", .message = "Do that."}},
    };
    for (const ControlReply &reply : replies)
        QCOMPARE(parseControlReply(withoutBreak(print(reply))).value(), reply);
}

void TestControlMessage::printsEachMessageOnOneLine()
{
    const std::string text = print(ControlReply{.id = 1, .value = u"a\nb\r\nc"_s});
    QCOMPARE(std::ranges::count(text, '\n'), 1);
    QVERIFY(text.ends_with('\n'));
}

void TestControlMessage::refusesOtherRequests_data()
{
    QTest::addColumn<std::string>("line");
    const auto row = [](const char *name, std::string line) { QTest::newRow(name) << line; };
    row("empty", "");
    row("no JSON", "account.add");
    row("an array", R"([{"id":1,"command":"a"}])");
    row("a string", R"("a")");
    row("cut off", R"({"id":1,"command":"a")");
    row("something behind it", R"({"id":1,"command":"a"} x)");
    row("two objects", R"({"id":1,"command":"a"}{"id":1,"command":"a"})");
    row("no id", R"({"command":"a"})");
    row("id 0", R"({"id":0,"command":"a"})");
    row("id below 0", R"({"id":-1,"command":"a"})");
    row("id with a fraction", R"({"id":1.5,"command":"a"})");
    row("id too large", R"({"id":1e300,"command":"a"})");
    row("id as text", R"({"id":"1","command":"a"})");
    row("no command", R"({"id":1})");
    row("empty command", R"({"id":1,"command":""})");
    row("command with a slash", R"({"id":1,"command":"../a"})");
    row("command too long", R"({"id":1,"command":")" + std::string(65, 'a') + "\"}");
    row("command as number", R"({"id":1,"command":1})");
    row("arguments as array", R"({"id":1,"command":"a","arguments":[]})");
    row("arguments null", R"({"id":1,"command":"a","arguments":null})");
    row("unknown key", R"({"id":1,"command":"a","secret":"sk-x"})");
    row("secret of no bytes", R"({"id":1,"command":"a","secret_bytes":0})");
    row("secret of less", R"({"id":1,"command":"a","secret_bytes":-5})");
    row("secret too long", R"({"id":1,"command":"a","secret_bytes":65537})");
    row("secret null", R"({"id":1,"command":"a","secret_bytes":null})");
    row("no UTF-8", "{\"id\":1,\"command\":\"a\",\"arguments\":{\"x\":\"\xff\"}}");
    row("a comment", R"({"id":1,"command":"a"/**/})");
    row("too deep", nested(100));
    row("very deep", nested(100'000));
    row("too long",
        R"({"id":1,"command":"a","arguments":{"x":")" + std::string(kMaxControlLine, 'x') + "\"}}");
}

void TestControlMessage::refusesOtherRequests()
{
    QFETCH(std::string, line);
    const auto request = parseControlRequest(line);
    QVERIFY(!request);
    QVERIFY(request.error().code == "control.bad_message");
    QVERIFY(!request.error().message.contains("sk-x"));
}

void TestControlMessage::refusesOtherReplies_data()
{
    QTest::addColumn<std::string>("line");
    const auto row = [](const char *name, std::string line) { QTest::newRow(name) << line; };
    row("nothing in it", R"({})");
    row("no id", R"({"ok":true,"result":1})");
    row("neither ok nor event", R"({"id":1,"result":1})");
    row("ok as text", R"({"id":1,"ok":"true","result":1})");
    row("ok without result", R"({"id":1,"ok":true})");
    row("both", R"({"id":1,"ok":true,"result":1,"error":{"code":"a","message":"b"}})");
    row("event and answer", R"({"id":1,"event":1,"ok":true})");
    row("refused without error", R"({"id":1,"ok":false})");
    row("refused without code", R"({"id":1,"ok":false,"error":{"message":"b"}})");
    row("refused with more", R"({"id":1,"ok":false,"error":{"code":"a","message":"b","stack":"c"}})");
    row("refused with a secret",
        R"({"id":1,"ok":false,"error":{"code":"a","message":"b"},"secret_bytes":5})");
    row("secret too long", R"({"id":1,"ok":true,"result":1,"secret_bytes":65537})");
}

void TestControlMessage::refusesOtherReplies()
{
    QFETCH(std::string, line);
    const auto reply = parseControlReply(line);
    QVERIFY(!reply);
    QVERIFY(reply.error().code == "control.bad_message");
}

void TestControlMessage::goesSixteenLevelsDeep()
{
    const auto inner = [](int levels) {
        return R"({"id":1,"command":"a","arguments":{"x":)" + std::string(std::size_t(levels), '[')
            + R"("[[[[[[[[[[[[[[[[[[\"[")" + std::string(std::size_t(levels), ']') + "}}";
    };
    QVERIFY(parseControlRequest(inner(14)));
    QVERIFY(!parseControlRequest(inner(15)));
}

void TestControlMessage::cutsLinesAndSecretsWhereverTheBytesBreak()
{
    const std::string secret("raw\n\0bytes", 10);
    const std::string stream = "first\n" + secret + "second\n\n";
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        ControlFrames frames;
        std::vector<std::string> got;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            std::span<const char> bytes = std::span(stream).subspan(at, std::min(step, stream.size() - at));
            while (!bytes.empty()) {
                const auto taken = frames.take(bytes);
                QVERIFY(taken);
                if (*taken == ControlFrames::Got::Secret)
                    got.emplace_back(frames.takeSecret()->view());
                if (*taken == ControlFrames::Got::Line)
                    got.push_back(frames.line());
                if (*taken == ControlFrames::Got::Line && frames.line() == "first")
                    frames.expectSecret(secret.size());
            }
        }
        QCOMPARE(got, (std::vector<std::string>{"first", secret, "second", ""}));
    }
}

void TestControlMessage::refusesALineWithoutEnd()
{
    ControlFrames frames;
    const std::string block(64 * 1024, 'x');
    for (std::size_t sent = 0; sent < kMaxControlLine; sent += block.size()) {
        std::span<const char> bytes(block);
        QVERIFY(frames.take(bytes) == ControlFrames::Got::Nothing);
    }
    std::span<const char> bytes(block);
    QVERIFY(frames.take(bytes).error().code == "control.bad_message");
}

QTEST_APPLESS_MAIN(TestControlMessage)
#include "tst_controlmessage.moc"
