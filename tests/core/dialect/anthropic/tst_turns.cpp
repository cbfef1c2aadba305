// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/turns.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;

namespace {

Part text(std::string words)
{
    return {.content = TextPart{.text = std::move(words)}};
}

Part call(std::string id)
{
    return {.content = ToolCallPart{.id = std::move(id), .name = "f"}};
}

Part result(std::string id)
{
    return {.content = ToolResultPart{.call_id = std::move(id)}};
}

Part reasoning(std::string signature)
{
    return {.content = ReasoningPart{.text = "hm", .signature = std::move(signature)}};
}

Message message(Role role, std::vector<Part> parts)
{
    return {.role = role, .parts = std::move(parts)};
}

/// "t:words c:id r:id h:signature" of the parts.
std::string spelled(const std::vector<const Part *> &parts)
{
    std::string out;
    for (const Part *part : parts) {
        out += out.empty() ? "" : " ";
        if (const auto *words = std::get_if<TextPart>(&part->content))
            out += "t:" + words->text;
        else if (const auto *made = std::get_if<ToolCallPart>(&part->content))
            out += "c:" + made->id;
        else if (const auto *answer = std::get_if<ToolResultPart>(&part->content))
            out += "r:" + answer->call_id;
        else if (const auto *thought = std::get_if<ReasoningPart>(&part->content))
            out += "h:" + thought->signature;
    }
    return out;
}

std::string spelled(const Turns &turns)
{
    std::string out = "S[" + spelled(turns.system) + "]";
    for (const Turn &turn : turns.list)
        out += (turn.assistant ? " A[" : " U[") + spelled(turn.parts) + "]";
    return out;
}

} // namespace

class TestTurns : public QObject
{
    Q_OBJECT

private slots:
    void ordersTheConversation_data()
    {
        QTest::addColumn<Request>("request");
        QTest::addColumn<std::string>("turns");
        const auto row = [](const char *name, Dialect from, std::vector<Message> messages,
                            std::string turns) {
            QTest::newRow(name) << Request{.from = from, .messages = std::move(messages)} << std::move(turns);
        };
        using enum Role;
        const auto chat = Dialect::OpenAiChat;
        row("system text from everywhere", chat,
            {message(System, {text("a")}), message(User, {text("b")}), message(Developer, {text("c")})},
            "S[t:a t:c] U[t:b]");
        row("one role twice", chat,
            {message(User, {text("a")}), message(User, {text("b")}), message(Assistant, {text("c")}),
             message(Assistant, {text("d")})},
            "S[] U[t:a t:b] A[t:c t:d]");
        row("merged across a late system message", chat,
            {message(User, {text("a")}), message(System, {text("s")}), message(User, {text("b")})},
            "S[t:s] U[t:a t:b]");
        row("results before text", chat,
            {message(Assistant, {call("1"), call("2")}), message(User, {result("1")}),
             message(User, {text("a"), result("2")})},
            "S[] A[c:1 c:2] U[r:1 r:2 t:a]");
        row("empty texts and what is left of their messages", chat,
            {message(System, {text("")}), message(User, {text(""), text("a")}),
             message(Assistant, {text("")}), message(User, {text("b")})},
            "S[] U[t:a t:b]");
        row("reasoning first", chat, {message(Assistant, {text("a"), reasoning("s"), call("1")})},
            "S[] A[h:s t:a c:1]");
        row("reasoning of each merged message where it was", chat,
            {message(Assistant, {reasoning("s"), call("1")}),
             message(Assistant, {text("a"), reasoning("t")})},
            "S[] A[h:s c:1 h:t t:a]");
        row("Anthropic's own order", Dialect::Anthropic,
            {message(Assistant, {text("a"), reasoning("s"), call("1")})}, "S[] A[t:a h:s c:1]");
        row("nothing", chat, {}, "S[]");
    }
    void ordersTheConversation()
    {
        QFETCH(Request, request);
        QFETCH(std::string, turns);
        QCOMPARE(spelled(turnsOf(request)), turns);
    }

    void missesReasoningInTheRunningLoopOnly_data()
    {
        QTest::addColumn<Request>("request");
        QTest::addColumn<bool>("lacks");
        const auto row = [](const char *name, std::vector<Message> messages, bool lacks) {
            QTest::newRow(name) << Request{.messages = std::move(messages)} << lacks;
        };
        using enum Role;
        const Message asks = message(User, {text("q")});
        const Message answer = message(User, {result("1")});
        row("no tools", {asks, message(Assistant, {text("a")}), asks}, false);
        row("a bare call", {asks, message(Assistant, {call("1")}), answer}, true);
        row("a call after signed reasoning", {asks, message(Assistant, {reasoning("s"), call("1")}), answer},
            false);
        row("reasoning without a signature", {asks, message(Assistant, {reasoning(""), call("1")}), answer},
            true);
        row("a bare call early in the loop",
            {asks, message(Assistant, {call("1")}), answer, message(Assistant, {reasoning("s"), call("1")}),
             answer},
            true);
        row("a loop that is over",
            {asks, message(Assistant, {call("1")}), answer, message(Assistant, {text("a")}), asks}, false);
        row("text beside the results",
            {asks, message(Assistant, {call("1")}), message(User, {result("1"), text("go on")})}, true);
        row("nothing", {}, false);
    }
    void missesReasoningInTheRunningLoopOnly()
    {
        QFETCH(Request, request);
        QFETCH(bool, lacks);
        QCOMPARE(lacksReasoning(turnsOf(request)), lacks);
    }
};

QTEST_APPLESS_MAIN(TestTurns)
#include "tst_turns.moc"
