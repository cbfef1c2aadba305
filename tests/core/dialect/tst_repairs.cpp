// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/repairs.h"

#include <QTest>

#include <algorithm>
#include <string>

namespace portolan::dialect {

namespace {

/// JSON in a readable form: ' stands for ".
std::string q(std::string_view json)
{
    std::string text(json);
    std::ranges::replace(text, '\'', '"');
    return text;
}

std::string without(Dialect dialect, std::string_view json)
{
    const auto document = JsonDocument::parse(q(json));
    return document ? withoutReasoning(dialect, *document).value_or("nothing") : "broken";
}

} // namespace

class TestRepairs : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatToLeaveOutFromTheRefusal_data()
    {
        QTest::addColumn<int>("dialect");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<bool>("reasoning");
        QTest::addColumn<QByteArray>("beta");
        const auto row = [](const char *name, Dialect dialect, int status, const char *message,
                            bool reasoning, const char *beta) {
            QTest::newRow(name) << int(dialect) << status << QByteArray(message) << reasoning
                                << QByteArray(beta);
        };
        row("signature", Dialect::Anthropic, 400,
            "messages.1.content.0: Invalid `signature` in `thinking` block", true, "");
        row("a loop without thinking", Dialect::Anthropic, 400,
            "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
            true, "");
        row("a beta it has not", Dialect::Anthropic, 400,
            "Unexpected value(s) `context-1m-2025-08-07` for the `anthropic-beta` header.", false,
            "context-1m-2025-08-07");
        row("encrypted by another", Dialect::OpenAiResponses, 400,
            "The encrypted content for item rs_1 could not be verified.", true, "");
        row("an item of another", Dialect::OpenAiResponses, 400, "Item with id 'rs_1' not found.", true, "");
        row("another status", Dialect::Anthropic, 500, "Invalid `signature` in `thinking` block", false, "");
        row("another refusal", Dialect::Anthropic, 400, "max_tokens: must be greater than 0", false, "");
        row("a beta that is none", Dialect::Anthropic, 400,
            "Unexpected value(s) `a b\r\n` for the `anthropic-beta` header.", false, "");
        row("a chat provider", Dialect::OpenAiChat, 400, "thinking signature", false, "");
    }

    void readsWhatToLeaveOutFromTheRefusal()
    {
        QFETCH(int, dialect);
        QFETCH(int, status);
        QFETCH(QByteArray, message);
        QFETCH(bool, reasoning);
        QFETCH(QByteArray, beta);
        const auto repair = repairOf(Dialect(dialect), status, message.toStdString());
        QCOMPARE(repair.reasoning, reasoning);
        QCOMPARE(repair.beta, beta.toStdString());
    }

    void leavesAllBetasOutWhereNoneIsNamed()
    {
        const auto repair = repairOf(Dialect::Anthropic, 400, "invalid beta flag");
        QVERIFY(repair.betas);
        QVERIFY(!repair.empty() && !repair.reasoning && repair.beta.empty());
        QVERIFY(repairOf(Dialect::Anthropic, 403, "invalid beta flag").empty());
    }

    void takesReasoningOutAndNothingElse()
    {
        QCOMPARE(
            without(
                Dialect::Anthropic,
                "{'max_tokens':1e2,'thinking':{'type':'enabled'},'messages':[{'role':'user','content':'a'},"
                "{'role':'assistant','content':[{'type':'thinking','signature':'x'},"
                "{'type':'text','text':'b','n':1.50}]},{'role':'user','content':'c'}]}"),
            q("{'max_tokens':1e2,'thinking':{'type':'enabled'},'messages':[{'role':'user','content':'a'},"
              "{'role':'assistant','content':[{'type':'text','text':'b','n':1.50}]},"
              "{'role':'user','content':'c'}]}"));
        QCOMPARE(
            without(
                Dialect::OpenAiResponses,
                "{'input':[{'type':'reasoning','id':'rs_1'},{'type':'message','content':'a'}],'top_p':0.10}"),
            q("{'input':[{'type':'message','content':'a'}],'top_p':0.10}"));
    }

    void endsAToolLoopsThinkingWithItsReasoning()
    {
        QCOMPARE(without(Dialect::Anthropic,
                         "{'thinking':{'type':'enabled'},'messages':[{'role':'assistant','content':"
                         "[{'type':'redacted_thinking'},{'type':'tool_use','id':'t'}]},"
                         "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t'}]}]}"),
                 q("{'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'t'}]},"
                   "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t'}]}]}"));
    }

    void leavesOutAMessageThatOnlyThought()
    {
        QCOMPARE(without(Dialect::Anthropic,
                         "{'messages':[{'role':'assistant','content':[{'type':'thinking'}]},"
                         "{'role':'user','content':'c'}]}"),
                 q("{'messages':[{'role':'user','content':'c'}]}"));
    }

    void saysWhenThereIsNothingToTakeOut()
    {
        QCOMPARE(without(Dialect::Anthropic, "{'messages':[{'role':'user','content':'thinking'}]}"),
                 std::string("nothing"));
        QCOMPARE(without(Dialect::OpenAiResponses, "{'input':'reasoning'}"), std::string("nothing"));
        QCOMPARE(without(Dialect::Anthropic, "[]"), std::string("nothing"));
    }

    void takesOneTokenOutOfAList()
    {
        QCOMPARE(withoutToken("a, b,c", "b"), std::string("a,c"));
        QCOMPARE(withoutToken("b", "b"), std::string());
        QCOMPARE(withoutToken("ab", "b"), std::string("ab"));
    }
};

} // namespace portolan::dialect

QTEST_GUILESS_MAIN(portolan::dialect::TestRepairs)
#include "tst_repairs.moc"
