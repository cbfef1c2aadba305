// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <QTest>

#include <string>

using namespace portolan::dialect;

class TestToolText : public QObject
{
    Q_OBJECT

private slots:
    void spaceGoesOnlyBetweenTokens_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("compact");
        const auto row = [](const char *name, std::string json, std::string compact) {
            QTest::newRow(name) << std::move(json) << std::move(compact);
        };
        row("printed over lines", "{\n  \"a\" : [ 1.0, \t2 ]\r\n}", R"({"a":[1.0,2]})");
        row("inside strings", "{\"a b\": \" c\\\" d \"}", "{\"a b\":\" c\\\" d \"}");
        row("an escaped backslash ends a string", "{\"a\": \"\\\\\" , \"b\": 1}", "{\"a\":\"\\\\\",\"b\":1}");
        row("broken off in an escape", "\"a\\", "\"a\\");
    }
    void spaceGoesOnlyBetweenTokens()
    {
        QFETCH(std::string, json);
        QFETCH(std::string, compact);
        QCOMPARE(compactJson(json), compact);
    }

    void onlyOneWholeObjectIsAnObject_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<bool>("object");
        QTest::newRow("object") << std::string(" {\"a\":1}\n") << true;
        QTest::newRow("array") << std::string("[1]") << false;
        QTest::newRow("two") << std::string("{}{}") << false;
        QTest::newRow("broken") << std::string("{\"a\":") << false;
        QTest::newRow("empty") << std::string() << false;
        QTest::newRow("too deep") << [] {
            std::string deep;
            for (int i = 0; i < 500; ++i)
                deep += "{\"a\":";
            return deep + "1" + std::string(500, '}');
        }() << false;
    }
    void onlyOneWholeObjectIsAnObject()
    {
        QFETCH(std::string, text);
        QFETCH(bool, object);
        QCOMPARE(isJsonObject(text), object);
    }

    void aCustomToolsTextComesBackUnchanged()
    {
        const std::string patch = "*** Begin \"Patch\"\n\\ \xC3\xA9\n";
        QCOMPARE(unwrappedInput(wrappedInput(patch)), patch);
        QCOMPARE(unwrappedInput(R"({"other":1})"), std::string(R"({"other":1})"));
        QCOMPARE(unwrappedInput("plain"), std::string("plain"));
    }

    void aRenamedToolIsRememberedOnce()
    {
        Exchange exchange(1);
        const std::string sent = sentToolName("mcp.files/read", exchange);
        QCOMPARE(sentToolName("mcp.files/read", exchange), sent);
        QCOMPARE(exchange.tool_names.size(), std::size_t(1));
        QCOMPARE(exchange.clientToolName(sent), std::string_view("mcp.files/read"));
        QCOMPARE(sentToolName("get_time", exchange), std::string("get_time"));
        QCOMPARE(exchange.tool_names.size(), std::size_t(1));
    }

    void aResultsPartsBecomeOneText()
    {
        const ToolResultPart result{.parts = {TextPart{.text = "a"}, ImagePart{}, TextPart{},
                                              DocumentPart{.plain_text = "d"}, DocumentPart{}}};
        QCOMPARE(resultText(result), std::string("a\n[image]\nd\n[document]"));
        QCOMPARE(resultText({}), std::string());
    }

    void aThingIsNotedOnce()
    {
        Exchange exchange(1);
        const Request request{.user = "u", .extras = {{"top_a", {.text = "1"}}}};
        noteOpenAiOnly(request, exchange);
        noteOpenAiOnly(request, exchange);
        QCOMPARE(exchange.notes.size(), std::size_t(2));
        QCOMPARE(exchange.notes.back().what, std::string("top_a"));
    }

    void aFloodOfUnknownMembersIsFewNotes()
    {
        Exchange exchange(1);
        Request request;
        for (int i = 0; i < 10'000; ++i)
            request.extras.emplace_back(std::to_string(i) + std::string(100, 'x'), portolan::RawJson{"1"});
        request.extras.front().first = std::string(79, 'x') + "\xC3\xA9";
        noteOpenAiOnly(request, exchange);
        QCOMPARE(exchange.notes.size(), std::size_t(64));
        QCOMPARE(exchange.notes.front().what, std::string(79, 'x'));
    }
};

QTEST_APPLESS_MAIN(TestToolText)
#include "tst_tooltext.moc"
