// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

#include "core/base/nameset.h"

#include <QTest>

#include <string>

using namespace portolan;

class TestText : public QObject
{
    Q_OBJECT

private slots:
    void comparesAsciiWithoutCase()
    {
        QVERIFY(equalsIgnoringCase("Content-Type", "content-TYPE"));
        QVERIFY(!equalsIgnoringCase("content", "content-type"));
        QVERIFY(!equalsIgnoringCase("\xC4", "\xE4"));
        QVERIFY(startsWithIgnoringCase("X-Portkey-Config", "x-portkey-"));
        QVERIFY(!startsWithIgnoringCase("x-p", "x-portkey-"));
        QCOMPARE(toLowerAscii("AZ[\xC3\x84"), "az[\xC3\x84");
    }

    void findsNamesOfASetWithoutCase()
    {
        constexpr NameSet set(std::to_array<std::string_view>({"via", "host", "x-request-id", "date", "te"}));
        for (const char *known : {"via", "VIA", "Host", "X-Request-ID", "date", "tE"})
            QVERIFY2(set.contains(known), known);
        for (const char *other : {"", "v", "vi", "hosts", "hos", "dat\xC5", "x-request-i_", "xyz"})
            QVERIFY2(!set.contains(other), other);
        QVERIFY(!set.contains(std::string(31, 'x')) && !set.contains(std::string(5'000, 'x')));
    }

    void trimsBlanksAndTabs()
    {
        QVERIFY(trimmed(" \t a b\t ") == "a b");
        QVERIFY(trimmed(" \t ").empty());
        QVERIFY(trimmed("\na\n") == "\na\n");
    }

    void replacesWhatIsNoUtf8_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("text");
        const auto row = [](const char *name, std::string bytes, std::string text) {
            QTest::newRow(name) << std::move(bytes) << std::move(text);
        };
        row("ascii", "plain", "plain");
        row("two, three and four bytes", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80",
            "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
        row("latin-1", "gr\xFC\xDF", "gr\xEF\xBF\xBD\xEF\xBF\xBD");
        row("cut off", "a\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD");
        row("overlong slash", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD");
        row("overlong in three", "\xE0\x80\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        row("surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        row("beyond the last plane", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        row("tail alone", "\x80x", "\xEF\xBF\xBDx");
    }
    void replacesWhatIsNoUtf8()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, text);
        QCOMPARE(toUtf8(bytes), text);
        QCOMPARE(isUtf8(bytes), bytes == text);
        QVERIFY(isUtf8(text));
    }

    void quotesForJson_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("quoted");
        const auto row = [](const char *name, std::string text, std::string quoted) {
            QTest::newRow(name) << std::move(text) << std::move(quoted);
        };
        row("plain", "gpt-4o", R"("gpt-4o")");
        row("empty", "", R"("")");
        row("quote and backslash", "a\"b\\c", "\"a\\\"b\\\\c\"");
        row("line end and tab", "a\nb\r\tc", "\"a\\nb\\r\\tc\"");
        row("controls", std::string("\0\x1f", 2), "\"\\u0000\\u001f\"");
        row("slash stays", "meta/llama", R"("meta/llama")");
        row("invalid bytes", "\xff", "\"\xEF\xBF\xBD\"");
    }
    void quotesForJson()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, quoted);
        QCOMPARE(jsonQuoted(text), quoted);
        std::string out = "before ";
        appendJsonQuoted(out, text);
        QCOMPARE(out, "before " + quoted);
    }

    void quotesEveryByteAtEveryPlace()
    {
        for (unsigned byte = 0; byte < 0x80; ++byte) {
            const std::string alone = jsonQuoted(std::string(1, static_cast<char>(byte)));
            const std::string shown = alone.substr(1, alone.size() - 2);
            for (std::size_t place = 0; place < 20; ++place) {
                std::string text(20, 'x');
                text[place] = static_cast<char>(byte);
                std::string quoted
                    = '"' + std::string(place, 'x') + shown + std::string(19 - place, 'x') + '"';
                QCOMPARE(jsonQuoted(text), quoted);
            }
        }
        for (std::size_t place = 0; place < 20; ++place) {
            const std::string text = std::string(place, 'x') + '\xC4' + std::string(19 - place, 'x');
            QVERIFY(jsonQuoted(text).contains("\xEF\xBF\xBD"));
        }
    }

    void encodesOnePathSegment()
    {
        QCOMPARE(percentEncoded("a-Z_0.9~"), "a-Z_0.9~");
        QCOMPARE(percentEncoded("a/b?c#d%\r\n\xC3"), "a%2Fb%3Fc%23d%25%0D%0A%C3");
    }

    void showsControlsOnATerminal_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("shown");
        const auto row = [](const char *name, std::string text, std::string shown) {
            QTest::newRow(name) << std::move(text) << std::move(shown);
        };
        row("plain with umlaut", "gr\xC3\xBC\xC3\x9F dich", "gr\xC3\xBC\xC3\x9F dich");
        row("escape sequence", "\x1b[31mred", "\\x1b[31mred");
        row("line end", "a\r\nb\tc", "a\\r\\nb\\tc");
        row("delete", "\x7f", "\\x7f");
        row("c1 control",
            "\xC2\x9B"
            "31m",
            "\\u{9b}31m");
        row("right-to-left override",
            "a\xE2\x80\xAE"
            "b",
            "a\\u{202e}b");
        row("isolate", "\xE2\x81\xA6", "\\u{2066}");
        row("zero width space", "\xE2\x80\x8B", "\\u{200b}");
        row("byte order mark", "\xEF\xBB\xBF", "\\u{feff}");
        row("tag character", "\xF3\xA0\x81\x81", "\\u{e0041}");
        row("invalid bytes", "\x9b\xff", "\\x9b\\xff");
        row("nul", std::string(1, '\0'), "\\x00");
    }
    void showsControlsOnATerminal()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, shown);
        QCOMPARE(forTerminal(text), shown);
    }

    void checksClientIds()
    {
        QVERIFY(isClientId("trace-1_a.b:c"));
        QVERIFY(isClientId(std::string(128, 'a')));
        QVERIFY(!isClientId(std::string(129, 'a')));
        for (const char *bad : {"", "<b>", "a b", "a\n", "\xC3\xA4", "a/b"})
            QVERIFY2(!isClientId(bad), bad);
    }

    void checksSlugs()
    {
        for (const char *good : {"openai", "0", "a-b_c", "9-x"})
            QVERIFY2(isSlug(good), good);
        for (const char *bad : {"", "-a", "_a", "A", "a.b", "a b", "\xC3\xA4"})
            QVERIFY2(!isSlug(bad), bad);
        QVERIFY(isSlug(std::string(63, 'a')));
        QVERIFY(!isSlug(std::string(64, 'a')));
    }
};

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
