// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"
#include "ui/widgets/plaintext.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan::ui;

class TestPlainText : public QObject
{
    Q_OBJECT

private slots:
    void invisibleCharactersBecomeMarks_data();
    void invisibleCharactersBecomeMarks();
    void linesAreCut();
    void hugeTextIsQuick();
    void tagsStayText();
    void toolTipsNeverRenderTags();
    void bytesThatAreNoTextAreReplaced();
};

void TestPlainText::invisibleCharactersBecomeMarks_data()
{
    QTest::addColumn<QString>("foreign");
    QTest::addColumn<QString>("safe");
    QTest::newRow("plain") << u"gpt-4o \u00FC \u4F60"_s << u"gpt-4o \u00FC \u4F60"_s;
    QTest::newRow("escape") << u"a\u001B[31mb"_s << u"a\u241B[31mb"_s;
    QTest::newRow("bell") << u"\u0007"_s << u"\u2407"_s;
    QTest::newRow("delete") << u"\u007F"_s << u"\u2421"_s;
    QTest::newRow("C1") << u"\u009B"_s << u"[U+009B]"_s;
    QTest::newRow("right to left override") << u"abc\u202Edef"_s << u"abc[U+202E]def"_s;
    QTest::newRow("isolate") << u"\u2066x\u2069"_s << u"[U+2066]x[U+2069]"_s;
    QTest::newRow("zero width joiner") << u"a\u200Db"_s << u"a[U+200D]b"_s;
    QTest::newRow("zero width space") << u"a\u200Bb"_s << u"a[U+200B]b"_s;
    QTest::newRow("line separator") << u"a\u2028b"_s << u"a[U+2028]b"_s;
    QTest::newRow("filler") << u"a\u3164b"_s << u"a[U+3164]b"_s;
    QTest::newRow("tag character") << QString::fromUcs4(U"a\U000E0041") << u"a[U+E0041]"_s;
    QTest::newRow("lone surrogate") << QString(QChar(0xD800)) << u"[U+D800]"_s;
    QTest::newRow("emoji") << QString::fromUcs4(U"\U0001F600") << QString::fromUcs4(U"\U0001F600");
    QTest::newRow("line break in one line") << u"a\nb"_s << u"a\u240Ab"_s;
}

void TestPlainText::invisibleCharactersBecomeMarks()
{
    QFETCH(QString, foreign);
    QTEST(shown(foreign), "safe");
}

void TestPlainText::linesAreCut()
{
    const QString line(kLineLimit + 500, u'x');
    QCOMPARE(shown(line).size(), kLineLimit + 1);
    QVERIFY(shown(line).endsWith(u'\u2026'));
    const QString two = shown(line + u"\nshort"_s, Lines::Many);
    QVERIFY(two.endsWith(u"\u2026\nshort"_s));
}

void TestPlainText::hugeTextIsQuick()
{
    const std::string huge(64U << 20U, 'x');
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(shown(std::string_view(huge)).size(), kLineLimit + 1);
    QCOMPARE_LT(clock.elapsed(), 100);
}

void TestPlainText::tagsStayText()
{
    PlainLabel label(u"<img src=file:///etc/passwd><a href=x>y</a>"_s);
    QCOMPARE(label.textFormat(), Qt::PlainText);
    QCOMPARE(label.text(), u"<img src=file:///etc/passwd><a href=x>y</a>"_s);
}

void TestPlainText::toolTipsNeverRenderTags()
{
    const QString tip = plainToolTip(u"<img src=file:///etc/passwd>\u202E"_s);
    QVERIFY(!tip.contains(u"<img"_s));
    QVERIFY(tip.contains(u"&lt;img"_s));
    QVERIFY(tip.contains(u"[U+202E]"_s));
}

void TestPlainText::bytesThatAreNoTextAreReplaced()
{
    QCOMPARE(shown(std::string_view("a\xFF\xFE z")), u"a\uFFFD\uFFFD z"_s);
}

QTEST_MAIN(TestPlainText)
#include "tst_plaintext.moc"
