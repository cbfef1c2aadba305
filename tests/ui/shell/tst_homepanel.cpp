// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/world.h"
#include "ui/home/failurescard.h"
#include "ui/home/firststeps.h"
#include "ui/home/homepanel.h"
#include "ui/home/providerscard.h"
#include "ui/home/tile.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/snippets.h"
#include "ui/widgets/snippetview.h"

#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan;
using namespace portolan::ui;

class TestHomePanel : public QObject
{
    Q_OBJECT

private slots:
    void snippetsNameAddressAndKey_data();
    void snippetsNameAddressAndKey();
    void stepsAreCounted_data();
    void stepsAreCounted();
    void everyHealthHasIconAndWord();
    void failuresOfferOneWayOut_data();
    void failuresOfferOneWayOut();
    void theSameFailureTakesOneLine();
    void hiddenStepsComeBackWithUndo();
    void aRequestIsSeen();
};

void TestHomePanel::snippetsNameAddressAndKey_data()
{
    QTest::addColumn<int>("kind");
    for (int kind = 0; kind < kSnippetKinds; ++kind)
        QTest::addRow("%s", qPrintable(snippetTitles()[kind])) << kind;
}

void TestHomePanel::snippetsNameAddressAndKey()
{
    QFETCH(int, kind);
    const QString text = snippet(SnippetKind(kind), u"http://127.0.0.1:9999/v1"_s, u"@practice/echo"_s);
    QVERIFY(text.contains(u"http://127.0.0.1:9999/v1"_s));
    QVERIFY(text.contains(u"PORTOLAN_KEY"_s));
}

void TestHomePanel::stepsAreCounted_data()
{
    QTest::addColumn<int>("accounts"); // 0: the built-in only, 1: and one's own
    QTest::addColumn<int>("keys");
    QTest::addColumn<bool>("skipped");
    QTest::addColumn<int>("requests");
    QTest::addColumn<int>("failed");
    QTest::addColumn<int>("done");
    QTest::newRow("first start") << 0 << 0 << false << 0 << 0 << 0;
    QTest::newRow("key made") << 0 << 1 << false << 0 << 0 << 1;
    QTest::newRow("account added") << 1 << 1 << false << 0 << 0 << 2;
    QTest::newRow("snippet skipped") << 1 << 1 << true << 0 << 0 << 3;
    QTest::newRow("only failures") << 1 << 1 << false << 5 << 5 << 2;
    QTest::newRow("request arrived") << 1 << 1 << false << 1 << 0 << 4;
}

void TestHomePanel::stepsAreCounted()
{
    QFETCH(int, accounts);
    QFETCH(int, keys);
    QFETCH(bool, skipped);
    QFETCH(int, requests);
    QFETCH(int, failed);
    FirstStepsState state{
        .snippetSkipped = skipped, .requests = quint64(requests), .failed = quint64(failed)};
    state.accounts.push_back({.slug = u"practice"_s, .builtIn = true});
    if (accounts > 0)
        state.accounts.push_back({.slug = u"openai"_s});
    if (keys > 0)
        state.keys.push_back({.name = u"web-app"_s, .lastFour = u"...9f2c"_s});
    FirstSteps steps;
    steps.setState(state);
    QTEST(steps.doneSteps(), "done");
}

void TestHomePanel::everyHealthHasIconAndWord()
{
    using State = control::AccountHealth::State;
    const QDateTime now = QDateTime::currentDateTime();
    for (const State state :
         {State::Untested, State::Ok, State::RateLimited, State::Failing, State::NoKey, State::Disabled})
        QVERIFY(!lookOf(control::AccountHealth{.state = state}, now).word.isEmpty());
    control::Account account;
    account.health.state = State::Ok;
    QCOMPARE(lookOf(account, now).word, u"ok"_s);
    account.breakers.push_back({.since = now});
    QVERIFY(lookOf(account, now).word.startsWith(u"breaker open since "_s));
}

void TestHomePanel::failuresOfferOneWayOut_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("refused");
    QTest::addColumn<QString>("panel");
    QTest::newRow("provider rejects the credential") << 401 << false << u"catalog"_s;
    QTest::newRow("nothing listens") << 502 << false << u"catalog"_s;
    QTest::newRow("no such model") << 404 << false << u"catalog"_s;
    QTest::newRow("client key unknown") << 401 << true << u"logs"_s;
    QTest::newRow("rate limited") << 429 << false << u"logs"_s;
}

void TestHomePanel::failuresOfferOneWayOut()
{
    QFETCH(int, status);
    QFETCH(bool, refused);
    trace::RequestRow row{
        .id = {7}, .outcome = refused ? trace::Outcome::Refused : trace::Outcome::Error, .status = status};
    row.slug = "openai";
    const Remedy remedy = remedyFor(row);
    QVERIFY(!remedy.words.isEmpty());
    QTEST(remedy.place.panel, "panel");
}

void TestHomePanel::theSameFailureTakesOneLine()
{
    const auto failed = [](std::int64_t id, int status, const char *model) {
        trace::RequestRow row{.id = {id}, .outcome = trace::Outcome::Error, .status = status};
        row.model_asked = model;
        return row;
    };
    const auto folded = foldedFailures({failed(9, 400, "a"), failed(8, 429, "b"), failed(7, 400, "a"),
                                        failed(6, 503, "a"), failed(5, 400, "a"), failed(4, 401, "c")},
                                       3);
    QCOMPARE(folded.size(), std::size_t(3));
    QCOMPARE(folded[0].row.id.value, 9);
    QCOMPARE(folded[0].times, 3);
    QCOMPARE(folded[1].times, 1);
    QCOMPARE(folded[2].row.id.value, 6);
}

void TestHomePanel::hiddenStepsComeBackWithUndo()
{
    World world;
    QVERIFY(world.open());
    HomePanel panel(world.control());
    panel.show();
    auto *steps = panel.findChild<FirstSteps *>();
    QVERIFY(steps->isVisible());
    Toast toast;
    connect(&panel, &Panel::toast, this, [&toast](const Toast &shown) { toast = shown; });
    for (LinkButton *link : steps->findChildren<LinkButton *>())
        if (link->text() == u"Hide"_s)
            link->click();
    QTRY_VERIFY(!steps->isVisible());
    QVERIFY(world.control().settings().firstStepsHidden);
    toast.undo();
    QTRY_VERIFY(steps->isVisible());
}

void TestHomePanel::aRequestIsSeen()
{
    World world;
    QVERIFY(world.open());
    HomePanel panel(world.control());
    panel.show();
    world.control().startGateway();
    QTRY_COMPARE(world.control().gateway().state, control::GatewayStatus::State::Running);
    bool sent = false;
    world.control().sendTestRequest([&sent](const Result<RequestId> &id) { sent = id.has_value(); });
    QTRY_VERIFY(sent);
    const auto requests = [&panel] { return panel.findChild<Tile *>()->figure(); };
    QTRY_COMPARE_WITH_TIMEOUT(requests(), u"1"_s, 10'000);
    QTRY_VERIFY(panel.findChild<FirstSteps *>()->doneSteps() >= 2);
}

QTEST_MAIN(TestHomePanel)
#include "tst_homepanel.moc"
