// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/bodydocument.h"
#include "ui/logs/jsonindent.h"
#include "ui/logs/streamtext.h"
#include "ui/widgets/plaintext.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::string_literals;

namespace portolan::ui {

namespace {

trace::Body body(std::string text, std::string type)
{
    const auto size = text.size();
    return {.text = std::move(text), .content_type = std::move(type), .full_size = size};
}

std::vector<BodyDocument::Form> forms(const BodyDocument &document)
{
    std::vector<BodyDocument::Form> out;
    for (const auto &view : document.views)
        out.push_back(view.form);
    return out;
}

using Form = BodyDocument::Form;

} // namespace

class TestBodyDocument : public QObject
{
    Q_OBJECT

private slots:
    void laysJsonOut_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("laid"); // empty: cannot be laid out
        const auto row = [](const char *name, std::string text, std::string laid) {
            QTest::newRow(name) << text << laid;
        };
        row("object", "{\"a\":1,\"b\":[true,null]}",
            "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}");
        row("empty ones stay on a line", "{\"a\":{ },\"b\":[]}", "{\n  \"a\": {},\n  \"b\": []\n}");
        row("numbers are not respelled", "[0.10,12345678901234567890,1e400]",
            "[\n  0.10,\n  12345678901234567890,\n  1e400\n]");
        row("order and duplicates stay", "{\"b\":1,\"a\":2,\"b\":3}",
            "{\n  \"b\": 1,\n  \"a\": 2,\n  \"b\": 3\n}");
        row("brackets in strings", "{\"a\":\"}\\\"]\\\\\"}", "{\n  \"a\": \"}\\\"]\\\\\"\n}");
        row("blanks around", " \r\n{\t\"a\" : 1 }\n", "{\n  \"a\": 1\n}");
        row("a string", "\"a b\"", "\"a b\"");
        row("unclosed", "{\"a\":[1", "");
        row("wrong bracket", "{\"a\":1]", "");
        row("string without end", "{\"a", "");
        row("rubbish behind", "{} x", "");
        row("two values", "1 2", "");
        row("no JSON", "hello <b>", "");
        row("nothing", "", "");
    }

    void laysJsonOut()
    {
        QFETCH(std::string, text);
        QTEST(indentJson(text).value_or(""), "laid");
    }

    void refusesEndlessNestingAndBlowUp()
    {
        QVERIFY(!indentJson(std::string(600, '[') + std::string(600, ']')));
        QVERIFY(!indentJson("[1,2,3,4,5,6,7,8]", 10));
    }

    void marksWhatCannotBeSeen_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("mark");
        QTest::newRow("escape") << u"a\u001b[31m"_s << u"a\u241b[31m"_s;
        QTest::newRow("bell") << u"a\u0007"_s << u"a\u2407"_s;
        QTest::newRow("right to left") << u"a\u202eb"_s << u"a[U+202E]b"_s;
        QTest::newRow("zero width joiner") << u"a\u200db"_s << u"a[U+200D]b"_s;
        QTest::newRow("byte order mark") << u"a\ufeffb"_s << u"a[U+FEFF]b"_s;
        QTest::newRow("paragraph separator") << u"a\u2029b"_s << u"a[U+2029]b"_s;
        QTest::newRow("tag character") << u"a\U000E0041b"_s << u"a[U+E0041]b"_s;
        QTest::newRow("frame border of a document") << u"a\ufdd0b\ufdd1"_s << u"a\ufffdb\ufffd"_s;
        QTest::newRow("embedded object") << u"a\ufffcb"_s << u"a\ufffdb"_s;
        QTest::newRow("tab and line feed stay") << u"a\tb\nc"_s << u"a\tb\nc"_s;
        QTest::newRow("CR LF is a line feed") << u"a\r\nb"_s << u"a\nb"_s;
        QTest::newRow("CR alone is marked") << u"a\rb"_s << u"a\u240db"_s;
        QTest::newRow("markup is text")
            << u"<img src=file:///etc/passwd>"_s << u"<img src=file:///etc/passwd>"_s;
        QTest::newRow("emoji and umlauts stay") << u"\U0001F600 ä"_s << u"\U0001F600 ä"_s;
    }

    void marksWhatCannotBeSeen()
    {
        QFETCH(QString, source);
        const std::string utf8 = source.toStdString();
        const TextPage page = textPage(utf8);
        QTEST(page.text, "mark");
        QCOMPARE(page.end, utf8.size());
    }

    void cutsLongLines()
    {
        const std::string text = std::string(30'000, 'x') + "\nshort";
        const TextPage page = textPage(text);
        QCOMPARE(page.cutLines, 1);
        QCOMPARE(page.text, QString(kLineLimit, u'x') + u" … (line cut, 20 kB more)\nshort"_s);
        QCOMPARE(page.end, text.size());
    }

    void neverCutsACharacterInTwo()
    {
        std::string text(9'999, 'x');
        for (int i = 0; i < 10; ++i)
            text += "\xF0\x9F\x98\x80"; // two units of UTF-16 each
        const TextPage page = textPage(text);
        QVERIFY(page.text.startsWith(QString(9'999, u'x') + u" …"_s));
        QVERIFY(!page.text.contains(QChar::ReplacementCharacter));
    }

    void pagesGoOnWhereTheLastEnded()
    {
        std::string text;
        for (int i = 0; i < 1000; ++i)
            text += "line " + std::to_string(i) + "\n";
        QString joined;
        std::size_t at = 0;
        int pages = 0;
        while (at < text.size()) {
            const TextPage page = textPage(text, at, 1000);
            QVERIFY(page.end > at);
            QVERIFY(page.text.size() < 1100);
            joined += page.text + u'\n';
            at = page.end;
            ++pages;
        }
        QVERIFY(pages > 5);
        QCOMPARE(joined.toStdString(), text);
    }

    void bytesThatAreNoTextAreNamedSo()
    {
        const BodyDocument document = readBody(body("\xFF\xFE\x00\x01"s, "audio/mpeg"));
        QVERIFY(document.binary);
        QVERIFY(document.views.empty());
    }

    void aRecordingCutWithinACharacterIsStillText()
    {
        trace::Body cut = body("{\"a\":\"\xC3"s, "application/json");
        cut.full_size = 5000;
        const BodyDocument document = readBody(cut);
        QVERIFY(!document.binary);
        QVERIFY(document.cut);
        QCOMPARE(forms(document), (std::vector{Form::Raw})); // cut JSON cannot be laid out
    }

    void offersTheMostReadableFormFirst()
    {
        QCOMPARE(forms(readBody(body("{\"a\":1}", "application/json"))),
                 (std::vector{Form::Pretty, Form::Raw}));
        QCOMPARE(forms(readBody(body("plain words", "text/plain"))), (std::vector{Form::Raw}));
        QCOMPARE(forms(readBody(body("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n",
                                     "text/event-stream; charset=utf-8"))),
                 (std::vector{Form::Text, Form::Events, Form::Raw}));
    }

    void putsStreamsTogether_data()
    {
        QTest::addColumn<std::string>("stream");
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("events");
        const auto row = [](const char *name, std::string stream, std::string text, int events) {
            QTest::newRow(name) << stream << text << events;
        };
        row("chat",
            "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n"
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n: keep-alive\n\n"
            "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"}}]}\n\ndata: [DONE]\n\n",
            "Hello", 4);
        row("a tool call",
            "data: "
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"name\":\"find\",\"arguments\":\"{"
            "\\\"q\\\"\"}}]}}]}\n\n"
            "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\":1}\"}}]}}]}\n\n",
            "\n→ find {\"q\":1}", 2);
        row("completions", "data: {\"choices\":[{\"text\":\"abc\"}]}\n\n", "abc", 1);
        row("responses",
            "event: response.output_text.delta\ndata: "
            "{\"type\":\"response.output_text.delta\",\"delta\":\"xy\"}\n\n",
            "xy", 1);
        row("anthropic",
            "event: content_block_delta\ndata: "
            "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\n",
            "Hi", 1);
        row("gemini", "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Ja\"}]}}]}\n\n", "Ja", 1);
        row("not JSON", "data: hello\n\n", "", 1);
        row("nothing", "", "", 0);
    }

    void putsStreamsTogether()
    {
        QFETCH(std::string, stream);
        const StreamText read = readStream(stream);
        QTEST(read.text, "text");
        QTEST(int(read.events.size()), "events");
        QVERIFY(!read.unfinished);
    }

    void saysWhenAStreamEndsWithinAnEvent() { QVERIFY(readStream("data: {}\n\ndata: {\"cho").unfinished); }
};

} // namespace portolan::ui

QTEST_GUILESS_MAIN(portolan::ui::TestBodyDocument)
#include "tst_bodydocument.moc"
