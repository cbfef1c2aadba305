// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/foreignreasoning.h"

#include "core/dialect/seal.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;

namespace {

std::string sent(Dialect client, const std::string &body)
{
    const JsonDocument document = JsonDocument::parse(body).value();
    const auto edits = withoutForeignReasoning(client, document);
    std::string out;
    for (const std::string_view piece : applyEdits(document.text(), edits))
        out += piece;
    return out;
}

std::string thinking(std::string_view signature)
{
    return R"({"type":"thinking","thinking":"x","signature" : ")" + std::string(signature) + "\"}";
}

} // namespace

class TestForeignReasoning : public QObject
{
    Q_OBJECT

private slots:
    void takesOutWhatTheProviderDidNotMake_data()
    {
        QTest::addColumn<int>("client");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char *name, Dialect client, std::string body, std::string expected) {
            QTest::newRow(name) << int(client) << std::move(body) << std::move(expected);
        };
        const auto messages = [](const std::string &blocks, const std::string &more = {}) {
            return R"({ "messages":[{"role":"assistant","content":[)" + blocks + "]}]" + more + '}';
        };
        const std::string ours = thinking(sealedSignature({.signature = "s", .call_id = "c"}));
        const std::string text = R"({"type":"text","text":"a"})";
        const std::string call = R"({"type":"tool_use","id":"c","name":"f","input":{}})";
        const auto anthropic = Dialect::Anthropic;
        row("first", anthropic, messages(ours + " , " + text), messages(text));
        row("amid", anthropic, messages(text + ',' + ours + ", " + text), messages(text + ", " + text));
        row("last", anthropic, messages(text + " ," + thinking("")), messages(text));
        row("two", anthropic, messages(ours + ',' + thinking("") + ',' + text), messages(text));
        row("all there is", anthropic, messages(ours), messages(R"({"type":"text","text":"."})"));
        row("Claude's own", anthropic, messages(thinking("EqQB") + ',' + text),
            messages(thinking("EqQB") + ',' + text));
        const std::string budget = R"(,"thinking":{"type":"enabled","budget_tokens":2048})";
        row("a loop that lacks thinking then", anthropic, messages(ours + ',' + call, budget),
            messages(call, R"(,"thinking":{"type":"disabled"})"));
        row("a loop that has its own", anthropic,
            messages(thinking("EqQB") + ',' + ours + ',' + call, budget),
            messages(thinking("EqQB") + ',' + call, budget));
        row("no loop", anthropic, messages(ours + ',' + text, budget), messages(text, budget));
        row("a model that decides itself", anthropic,
            messages(ours + ',' + call, R"(,"thinking":{"type":"adaptive"})"),
            messages(call, R"(,"thinking":{"type":"adaptive"})"));
        const auto items = [](const std::string &all) { return R"({"input":[)" + all + "]}"; };
        const std::string item
            = R"({"type":"reasoning","id":"rs_1","encrypted_content":"{\u0022portolan\u0022:{}}"})";
        const std::string own = R"({"type":"reasoning","id":"rs_2","encrypted_content":"gAAAportolan"})";
        row("an item", Dialect::OpenAiResponses, items(own + ", " + item), items(own));
        row("the only item", Dialect::OpenAiResponses, items(item), items(""));
        row("a text as input", Dialect::OpenAiResponses, R"({"input":"portolan"})",
            R"({"input":"portolan"})");
    }
    void takesOutWhatTheProviderDidNotMake()
    {
        QFETCH(int, client);
        QFETCH(std::string, body);
        QFETCH(std::string, expected);
        QCOMPARE(sent(Dialect(client), body), expected);
        QVERIFY(validateJson(expected));
        if (body != expected)
            QVERIFY(mayHoldForeignReasoning(Dialect(client), body));
    }

    void looksNoFurtherWhereThereIsNone_data()
    {
        QTest::addColumn<int>("client");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<bool>("may");
        const auto row = [](Dialect client, const char *body, bool may) {
            QTest::addRow("%d %s", int(client), body) << int(client) << std::string(body) << may;
        };
        row(Dialect::Anthropic, R"({"signature":"EqQB"})", false);
        row(Dialect::Anthropic, R"({"signature":"EqQB","x":{"signature": ""}})", true);
        row(Dialect::Anthropic, R"({"signature":)", false);
        row(Dialect::Anthropic, "", false);
        row(Dialect::OpenAiChat, R"({"reasoning_effort":"low"})", false);
        row(Dialect::OpenAiChat, R"({"reasoning_effort":"low","reasoning_content":""})", true);
        row(Dialect::OpenAiChat, R"({"content":"thinking_blocks"})", true); // a look, no reading
        row(Dialect::OpenAiResponses, R"({"encrypted_content":"gAAA"})", false);
        row(Dialect::OpenAiCompletions, R"({"signature":""})", false);
    }
    void looksNoFurtherWhereThereIsNone()
    {
        QFETCH(int, client);
        QFETCH(std::string, body);
        QFETCH(bool, may);
        QCOMPARE(mayHoldForeignReasoning(Dialect(client), body), may);
    }

    void sealsComeBackAsTheyWere_data()
    {
        QTest::addColumn<std::string>("signature");
        QTest::addColumn<bool>("ours");
        QTest::newRow("Claude's") << std::string("EqQBCkYIBxgCKkB") << false;
        QTest::newRow("nothing") << std::string() << false;
        QTest::newRow("broken base64") << std::string("portolan:***") << true;
        QTest::newRow("no JSON") << std::string("portolan:AAAA") << true;
        QTest::newRow("another JSON") << std::string("portolan:e30=") << true;
    }
    void sealsComeBackAsTheyWere()
    {
        QFETCH(std::string, signature);
        QFETCH(bool, ours);
        const auto seal = unsealedSignature(signature);
        QCOMPARE(seal.has_value(), ours);
        QVERIFY(!seal || *seal == Seal{});
        const Seal full{.encrypted = "e",
                        .item_id = "rs_1",
                        .signature = "s",
                        .redacted = "r",
                        .details = {R"([{"a":1}])"},
                        .call_id = "c"};
        QVERIFY(unsealedSignature(sealedSignature(full)) == full);
        QVERIFY(sealedSignature({.item_id = "rs_1"}).empty());
    }
};

QTEST_APPLESS_MAIN(TestForeignReasoning)
#include "tst_foreignreasoning.moc"
