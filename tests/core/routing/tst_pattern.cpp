// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/pattern.h"
#include "cputime.h"

#include <QTest>

using namespace portolan::routing;

class TestPattern : public QObject
{
    Q_OBJECT

private slots:
    void meansWhatJavaScriptMeans_data();
    void meansWhatJavaScriptMeans();
    void saysWhatItCannotDo_data();
    void saysWhatItCannotDo();
    void answersCatastrophicPatternsAtOnce_data();
    void answersCatastrophicPatternsAtOnce();
    void looksAtTheFirst64KiB();
    void keepsItsSource();
};

void TestPattern::meansWhatJavaScriptMeans_data()
{
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<bool>("found");
    const auto row = [](const char *name, std::string pattern, std::string text, bool found) {
        QTest::newRow(name) << pattern << text << found;
    };
    row("found anywhere", "gpt", "my-gpt-4", true);
    row("anchored at the start", "^gpt-4", "gpt-4o", true);
    row("anchored at the start, elsewhere", "^gpt-4", "my-gpt-4", false);
    row("the end is the end of the text", "a$", "a\n", false);
    row("^ is no start of a line", "^b", "a\nb", false);
    row("case counts", "GPT", "gpt", false);
    row("a dot is no line feed", "a.b", "a\nb", false);
    row("empty finds itself everywhere", "", "", true);
    row("named group", "(?<family>gpt)-(?<n>\\d)", "gpt-4", true);
    row("non-capturing group", "(?:gpt|claude)-", "claude-3", true);
    row("escaped unicode", "\\u00e9", "caf\xc3\xa9", true);
    row("escaped unicode in a class", "[\\u00e0-\\u00ef]$", "caf\xc3\xa9", true);
    row("surrogate pair", "\\ud83d\\ude00", "\xf0\x9f\x98\x80", true);
    row("a dot is one character", "^.$", "\xf0\x9f\x98\x80", true);
    row("escaped slash", "a\\/b", "a/b", true);
    row("look-ahead in a class is text", "[(?=]", "=", true);
    row("bracket in a class is text", "^[[:alpha:]]$", "a]", true);
    row("any character", "^a[^]b$", "a\nb", true);
    row("no character", "[]", "a", false);
    row("a letter that means nothing is itself", "\\A\\z\\a\\C\\Q\\E", "AzaCQE", true);
    row("escaped backslash before a digit", "\\\\1", "\\1", true);
    row("counted", "^a{2,3}$", "aaa", true);
    row("not greedy", "<.+?>", "<a><b>", true);
    row("text that is no UTF-8", "a.b",
        "a\xff"
        "b",
        false);
}

void TestPattern::meansWhatJavaScriptMeans()
{
    QFETCH(std::string, pattern);
    QFETCH(std::string, text);
    QFETCH(bool, found);
    const auto compiled = Pattern::compile(pattern);
    QVERIFY2(compiled.has_value(), compiled ? "" : compiled.error().c_str());
    QCOMPARE(compiled->isIn(text), found);
}

void TestPattern::saysWhatItCannotDo_data()
{
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("says");
    const auto row = [](const char *name, std::string pattern, std::string says) {
        QTest::newRow(name) << pattern << says;
    };
    row("look-ahead", "a(?=b)", "Look-ahead");
    row("negative look-ahead", "a(?!b)", "Look-ahead");
    row("look-behind", "(?<=a)b", "Look-ahead");
    row("negative look-behind", "(?<!a)b", "Look-ahead");
    row("back-reference", "(a)\\1", "Back-references");
    row("named back-reference", "(?<x>a)\\k<x>", "Back-references");
    row("group that stays open", "(a", "no usable pattern");
    row("class that stays open", "[a", "no usable pattern");
    row("nothing to repeat", "*a", "no usable pattern");
    row("repeated too often", "a{2000}", "no usable pattern");
    row("escape at the end", "a\\", "no usable pattern");
    row("name that stays open", "(?<a", "no usable pattern");
    row("too long", std::string(513, 'a'), "512 bytes");
    row("large when it is compiled", "((a{100}){100}){100}", "");
    row("many steps for one character", "(.{1,500}){1,2}x", "");
}

void TestPattern::saysWhatItCannotDo()
{
    QFETCH(std::string, pattern);
    QFETCH(std::string, says);
    const auto compiled = Pattern::compile(pattern);
    QVERIFY(!compiled.has_value());
    QVERIFY2(compiled.error().find(says) != std::string::npos, compiled.error().c_str());
    QVERIFY(compiled.error().ends_with('.'));
}

/// Threat-model D8: six classics with 60 characters, and the longest text there can be.
void TestPattern::answersCatastrophicPatternsAtOnce_data()
{
    QTest::addColumn<std::string>("pattern");
    QTest::addColumn<std::string>("text");
    const std::string as(60, 'a');
    QTest::newRow("(a+)+") << std::string("^(a+)+$") << as + "!";
    QTest::newRow("(a|aa)+") << std::string("^(a|aa)+$") << as + "!";
    QTest::newRow("(a|a?)+") << std::string("^(a|a?)+$") << as + "!";
    QTest::newRow("([a-zA-Z]+)*") << std::string("^([a-zA-Z]+)*$") << as + "!";
    QTest::newRow("(.*a){20}") << std::string("^(.*a){20}$") << as + "!";
    QTest::newRow("(x+x+)+y") << std::string("(x+x+)+y") << std::string(60, 'x');
    QTest::newRow("64 KiB") << std::string("^(a+)+(b|bb)+$") << std::string(65'536, 'a');
}

void TestPattern::answersCatastrophicPatternsAtOnce()
{
    QFETCH(std::string, pattern);
    QFETCH(std::string, text);
    const auto compiled = Pattern::compile(pattern);
    QVERIFY(compiled.has_value());
    const CpuTimer clock;
    QVERIFY(!compiled->isIn(text));
    QVERIFY2(clock.elapsed_ms() < 100, qPrintable(QString::number(clock.elapsed_ms())));
}

void TestPattern::looksAtTheFirst64KiB()
{
    const auto pattern = Pattern::compile("end");
    QVERIFY(pattern.has_value());
    const std::string filler(Pattern::kMostInput - 3, '.');
    QVERIFY(pattern->isIn(filler + "end"));
    QVERIFY(!pattern->isIn(filler + ".end"));
}

void TestPattern::keepsItsSource()
{
    const auto pattern = Pattern::compile("(?<n>\\u0041)");
    QVERIFY(pattern.has_value());
    QCOMPARE(pattern->source(), std::string("(?<n>\\u0041)"));
}

QTEST_APPLESS_MAIN(TestPattern)
#include "tst_pattern.moc"
