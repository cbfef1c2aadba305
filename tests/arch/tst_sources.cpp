// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/arch/sourcerules.h"
#include "tests/arch/sourcetext.h"
#include "tests/arch/tree.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan::arch;

class TestSources : public QObject
{
    Q_OBJECT

private slots:
    void readsCodeWithoutCommentsAndStrings_data();
    void readsCodeWithoutCommentsAndStrings();
    void judgesAText_data();
    void judgesAText();
    void asksForTheLicenceLine_data();
    void asksForTheLicenceLine();
    void refusesALongFile();
    void theWholeTreeIsClean();
    void theLockNamesNoRegistry();
};

void TestSources::readsCodeWithoutCommentsAndStrings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("code");

    QTest::newRow("line comment") << u"a; // b\nc"_s << u"a;     \nc"_s;
    QTest::newRow("block comment") << u"a /* b\nc */ d"_s << u"a     \n     d"_s;
    QTest::newRow("string") << u"f(\"x // y\") // z"_s << u"f(\"      \")     "_s;
    QTest::newRow("escaped quote") << u"f(\"x\\\"y\", a)"_s << u"f(\"    \", a)"_s;
    QTest::newRow("character") << u"f('\"', a)"_s << u"f(' ', a)"_s;
    QTest::newRow("digit separator") << u"x = 1'000'000; \"b\""_s << u"x = 1'000'000; \" \""_s;
    QTest::newRow("raw string") << u"R\"(a \"b\" // c)\" d"_s << u"R\"            \" d"_s;
}

void TestSources::readsCodeWithoutCommentsAndStrings()
{
    QFETCH(QString, text);
    QFETCH(QString, code);

    const auto source = SourceText::read(text);
    QCOMPARE(source.code, code);
    QCOMPARE(source.literals.size(), text.size());
}

void TestSources::judgesAText_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rule"); // empty: allowed

    const auto row = [](const char *name, const QString &path, const QString &text, const QString &rule) {
        QTest::newRow(name) << path << text << rule;
    };
    const auto core = u"core/base/a.cpp"_s;
    const auto window = u"ui/logs/a.cpp"_s;
    const auto test = u"tests/core/base/tst_a.cpp"_s;
    row("nothing wrong", core, u"int a = 1;"_s, {});
    row("unfinished", core, u"int a; // "_s + u"TO"_s + u"DO later"_s, u"unfinished"_s);
    row("unfinished script", u"packaging/a.cmake"_s, u"# FIX"_s + u"ME"_s, u"unfinished"_s);
    row("html", window, u"view->setHtml(text);"_s, u"markup"_s);
    row("rich text", window, u"label->setTextFormat(Qt::RichText);"_s, u"markup"_s);
    row("html in a comment", window, u"// never setHtml"_s, {});
    row("label that guesses", window, u"auto *label = new QLabel(error, this);"_s, u"markup"_s);
    row("label that does not", window, u"auto *l = new QLabel(this);\nl->setTextFormat(Qt::PlainText);"_s,
        {});
    row("message box", window, u"QMessageBox::warning(this, title, error.message);"_s, u"message-box"_s);
    row("waiting window", window, u"QCoreApplication::processEvents();"_s, u"nested-loop"_s);
    row("std::regex", core, u"const std::regex r(\"a\");"_s, u"regex"_s);
    row("lenient number", core, u"int n = atoi(text);"_s, u"number"_s);
    row("lenient number of std", core, u"int n = std::stoi(text);"_s, u"number"_s);
    row("number in a test", test, u"int n = std::stoi(text);"_s, {});
    row("unbounded", core, u"sprintf(buffer, text);"_s, u"buffer"_s);
    row("bounded", core, u"snprintf(buffer, 8, text);"_s, {});
    row("shell", core, u"std::system(command);"_s, u"shell"_s);
    row("error category", core, u"throw boost::system::system_error(code);"_s, {});
    row("joined SQL", u"core/store/a.cpp"_s, u"query.exec(u\"DROP TABLE \"_s + name);"_s, u"sql-joined"_s);
    row("filled SQL", u"core/store/a.cpp"_s, u"auto s = u\"SELECT a FROM %1\"_s.arg(name);"_s,
        u"sql-joined"_s);
    row("formatted SQL", u"core/store/a.cpp"_s, u"fmt::format(\"DELETE FROM t WHERE id = {}\", id);"_s,
        u"sql-joined"_s);
    row("bound SQL", u"core/store/a.cpp"_s, u"query.prepare(u\"SELECT a FROM t WHERE id = ?\"_s);"_s, {});
    row("names in a header", u"core/base/a.h"_s, u"#pragma once\nusing namespace std;"_s,
        u"using-namespace"_s);
    row("skipped test", test, u"QSKIP(\"no display\");"_s, u"skipped"_s);
    row("sleeping test", test, u"QTest::qWait(100);"_s, u"slept"_s);
}

void TestSources::judgesAText()
{
    QFETCH(QString, path);
    QFETCH(QString, text);
    QFETCH(QString, rule);

    const auto hash = path.endsWith(u".cmake"_s);
    const auto licence = (hash ? u"# "_s : u"// "_s) + u"SPDX-License-Identifier: GPL-3.0-or-later\n"_s;
    const auto findings = checkSource(path, licence + text + u'\n');
    if (rule.isEmpty()) {
        QVERIFY2(findings.empty(), qPrintable(listed(findings)));
        return;
    }
    QVERIFY2(findings.size() == 1, qPrintable(listed(findings)));
    QCOMPARE(findings.front().rule, rule);
}

void TestSources::asksForTheLicenceLine_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");

    const auto words = u"SPDX-License-Identifier: GPL-3.0-or-later\n"_s;
    QTest::newRow("source") << u"core/a/b.cpp"_s << u"// "_s + words << true;
    QTest::newRow("source without") << u"core/a/b.cpp"_s << u"#include <string>\n"_s << false;
    QTest::newRow("other licence") << u"core/a/b.cpp"_s << u"// SPDX-License-Identifier: MIT\n"_s << false;
    QTest::newRow("script") << u"packaging/a.sh"_s << u"#!/bin/sh\n# "_s + words << true;
    QTest::newRow("script without") << u"packaging/a.sh"_s << u"#!/bin/sh\nset -e\n"_s << false;
    QTest::newRow("list") << u"core/CMakeLists.txt"_s << u"# "_s + words << true;
    QTest::newRow("header without pragma") << u"core/a/b.h"_s << u"// "_s + words << false;
}

void TestSources::asksForTheLicenceLine()
{
    QFETCH(QString, path);
    QFETCH(QString, text);
    QFETCH(bool, good);

    const auto findings = checkSource(path, text);
    QVERIFY2(findings.empty() == good, qPrintable(listed(findings)));
}

void TestSources::refusesALongFile()
{
    const auto licence = u"// SPDX-License-Identifier: GPL-3.0-or-later\n"_s;
    const auto lines = [&](int count) { return licence + u"int a;\n"_s.repeated(count - 1); };
    QVERIFY(checkSource(u"core/a/b.cpp"_s, lines(800)).empty());
    const auto findings = checkSource(u"core/a/b.cpp"_s, lines(801));
    QCOMPARE(findings.size(), size_t(1));
    QCOMPARE(findings.front().rule, u"length"_s);
}

void TestSources::theWholeTreeIsClean()
{
    const auto files
        = filesOf({u"core"_s, u"ui"_s, u"app"_s, u"tests"_s, u"packaging"_s},
                  {u".h"_s, u".cpp"_s, u".sh"_s, u".py"_s, u".mjs"_s, u".cmake"_s, u"CMakeLists.txt"_s});
    QVERIFY(files.size() > 80); // the tree was found
    Findings all;
    for (const auto &file : files) {
        const auto found = checkSource(file, textOf(file));
        all.insert(all.end(), found.begin(), found.end());
    }
    QVERIFY2(all.empty(), qPrintable(u"\n"_s + listed(all)));
}

void TestSources::theLockNamesNoRegistry()
{
    const auto lock = textOf(u"tests/e2e/package-lock.json"_s);
    QVERIFY(lock.contains(u"\"lockfileVersion\": 3"_s));
    QVERIFY(lock.contains(u"\"integrity\""_s));
    QVERIFY(!lock.contains(u"\"resolved\""_s));
}

QTEST_GUILESS_MAIN(TestSources)
#include "tst_sources.moc"
