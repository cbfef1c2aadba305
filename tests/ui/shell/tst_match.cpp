// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/match.h"
#include "ui/shell/palettemodel.h"
#include "ui/shell/places.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan::ui;

namespace {

QString strong(const QString &text, const Match &hit)
{
    QString out = text;
    for (auto it = hit.ranges.rbegin(); it != hit.ranges.rend(); ++it)
        out.insert(it->from + it->length, u']').insert(it->from, u'[');
    return out;
}

PaletteEntry entry(const QString &group, const QString &text)
{
    return {.what = {.group = group, .text = text}, .key = text};
}

QStringList rows(const PaletteModel &model)
{
    QStringList out;
    for (int i = 0; i < model.rowCount(); ++i)
        out += (model.row(i).heading ? u"# "_s : QString()) + model.row(i).entry.what.text;
    return out;
}

} // namespace

class TestMatch : public QObject
{
    Q_OBJECT

private slots:
    void findsWhatWasMeant_data();
    void findsWhatWasMeant();
    void betterMatchesScoreHigher();
    void longTypingStaysQuick();
    void bestGroupStandsFirst();
    void recentCommandsComeFirst();
    void prefixIsNotPartOfTheWords();
    void headingsAreStepped();
    void historyWalksBothWays();
};

void TestMatch::findsWhatWasMeant_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("marked"); // empty: no match
    QTest::newRow("start") << u"Rescued today"_s << u"resc"_s << u"[Resc]ued today"_s;
    QTest::newRow("inner word") << u"Slow or rescued"_s << u"resc"_s << u"Slow or [resc]ued"_s;
    QTest::newRow("inside a word") << u"eu-unrescue"_s << u"resc"_s << u"eu-un[resc]ue"_s;
    QTest::newRow("beginnings of words")
        << u"Resync all catalogs"_s << u"resc"_s << u"[Res]ync all [c]atalogs"_s;
    QTest::newRow("a shorter run leaves more") << u"Copy cURL"_s << u"cc"_s << u"[C]opy [c]URL"_s;
    QTest::newRow("two words") << u"Send a test request"_s << u"req test"_s << u"Send a [test] [req]uest"_s;
    QTest::newRow("nothing typed") << u"Home"_s << u""_s << u"Home"_s;
    QTest::newRow("not there") << u"Home"_s << u"xyz"_s << QString();
    QTest::newRow("letters out of order") << u"Home"_s << u"emoh"_s << QString();
    QTest::newRow("letters strewn about") << u"Settings"_s << u"stg"_s << QString();
}

void TestMatch::findsWhatWasMeant()
{
    QFETCH(QString, text);
    QFETCH(QString, typed);
    QFETCH(QString, marked);
    const auto hit = match(text, typed);
    QCOMPARE(hit.has_value(), !marked.isEmpty());
    if (hit)
        QCOMPARE(strong(text, *hit), marked);
}

void TestMatch::betterMatchesScoreHigher()
{
    const QStringList ordered{u"Rescued today"_s, u"Only rescued"_s, u"eu-unrescue"_s,
                              u"Resync all catalogs"_s};
    for (qsizetype i = 0; i + 1 < ordered.size(); ++i)
        QCOMPARE_GT(match(ordered[i], u"resc")->score, match(ordered[i + 1], u"resc")->score);
}

void TestMatch::longTypingStaysQuick()
{
    const QString text = u"aaaa "_s.repeated(200);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!match(text, u"aaaaaaaaaaaab"));
    QVERIFY(!match(text, u"aaaaaaab"));
    QCOMPARE_LT(clock.elapsed(), 50);
}

void TestMatch::bestGroupStandsFirst()
{
    PaletteModel model;
    const QAbstractItemModelTester tester(&model);
    model.setEntries(u"resc"_s,
                     {entry(u"Commands"_s, u"Resync all catalogs"_s), entry(u"Commands"_s, u"Quit"_s)},
                     {entry(u"Requests"_s, u"Rescued: claude-code"_s)}, {});
    QCOMPARE(
        rows(model),
        (QStringList{u"# Requests"_s, u"Rescued: claude-code"_s, u"# Commands"_s, u"Resync all catalogs"_s}));
    QCOMPARE(model.results(), 2);
}

void TestMatch::recentCommandsComeFirst()
{
    PaletteModel model;
    model.setEntries({}, {entry(u"Commands"_s, u"Start"_s), entry(u"Commands"_s, u"Find"_s)}, {},
                     {u"Find"_s});
    QCOMPARE(rows(model), (QStringList{u"# Commands"_s, u"Find"_s, u"Start"_s}));
}

void TestMatch::prefixIsNotPartOfTheWords()
{
    PaletteModel model;
    model.setEntries(u">fin"_s, {entry(u"Commands"_s, u"Find"_s)}, {}, {});
    QCOMPARE(rows(model), (QStringList{u"# Commands"_s, u"Find"_s}));
}

void TestMatch::headingsAreStepped()
{
    PaletteModel model;
    model.setEntries({}, {entry(u"A"_s, u"one"_s), entry(u"B"_s, u"two"_s)}, {}, {});
    QCOMPARE(model.entryFrom(0, 1), 1);
    QCOMPARE(model.entryFrom(2, 1), 3);
    QCOMPARE(model.entryFrom(4, 1), -1);
    QCOMPARE(model.entryFrom(2, -1), 1);
    QCOMPARE(model.flags(model.index(0)), Qt::NoItemFlags);
}

void TestMatch::historyWalksBothWays()
{
    Places places;
    QVERIFY(!places.back());
    const Place home{.panel = u"home"_s};
    const Place logs{.panel = u"logs"_s, .query = u"is:error"_s};
    const Place settings{.panel = u"settings"_s};
    places.visit(home);
    places.visit(logs);
    places.visit(logs); // no step
    QVERIFY(places.back() == home);
    QVERIFY(!places.canGoBack());
    QVERIFY(places.forward() == logs);
    QVERIFY(!places.forward());
    (void)places.back();
    places.visit(settings); // what lay ahead is gone
    QVERIFY(!places.canGoForward());
    QVERIFY(places.back() == home);
    for (int i = 0; i < 500; ++i)
        places.visit({.panel = u"logs"_s, .id = i + 1});
    int steps = 0;
    while (places.back())
        ++steps;
    QCOMPARE(steps, 99);
}

QTEST_MAIN(TestMatch)
#include "tst_match.moc"
