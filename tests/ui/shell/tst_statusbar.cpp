// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/gatewaybar.h"
#include "ui/shell/problemspopup.h"
#include "ui/shell/statusbar.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QDateTime>
#include <QFontMetrics>
#include <QLocale>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan;
using namespace portolan::ui;

namespace {

QString textOf(const StatusBar &bar, const QString &name)
{
    return bar.findChild<StatusItem *>(name)->text();
}

} // namespace

class TestStatusBar : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void saysTheNumbersOfThePulse();
    void errorsAreCountedWhileFew();
    void problemsShowTheWorst();
    void aSickStoreIsSaid();
    void itemsLeadToTheirRequests_data();
    void itemsLeadToTheirRequests();
    void pillSaysTheState_data();
    void pillSaysTheState();
    void problemsTakeNoMoreRoomThanTheirWords();
    void openOnLoopbackIsShown();

private:
    Theme m_theme;
};

void TestStatusBar::saysTheNumbersOfThePulse()
{
    control::Pulse pulse{.active = 3, .perMinute = 40.6};
    pulse.last15.requests = 1000;
    pulse.last15.errors = 7;
    pulse.last15.total.add(1'900'000, 1000);
    pulse.today.cost = {1'840'000'000};
    StatusBar bar;
    bar.setPulse(pulse);
    QCOMPARE(textOf(bar, u"statusActive"_s), u"3 active"_s);
    QCOMPARE(textOf(bar, u"statusRate"_s), u"41/min"_s);
    QCOMPARE(textOf(bar, u"statusErrors"_s), u"0.7 % errors"_s);
    QVERIFY(textOf(bar, u"statusP95"_s).startsWith(u"p95 1."_s)); // a bucket of the histogram: within 2.2 %
    QCOMPARE(textOf(bar, u"statusCost"_s), u"$1.84 today"_s);
    bar.setPulse({});
    QCOMPARE(textOf(bar, u"statusP95"_s), u"p95 -"_s);
}

void TestStatusBar::errorsAreCountedWhileFew()
{
    control::Pulse pulse;
    pulse.last15.requests = 7;
    pulse.last15.errors = 5;
    StatusBar bar;
    bar.setPulse(pulse);
    QCOMPARE(textOf(bar, u"statusErrors"_s), u"5 errors"_s);
    pulse.last15.errors = 1;
    bar.setPulse(pulse);
    QCOMPARE(textOf(bar, u"statusErrors"_s), u"1 error"_s);
}

void TestStatusBar::problemsShowTheWorst()
{
    StatusBar bar;
    QVERIFY(bar.problemsItem()->isHidden());
    bar.setProblems({{.id = u"a"_s}, {.id = u"b"_s, .severity = control::Problem::Severity::Error}});
    QVERIFY(!bar.problemsItem()->isHidden());
    QCOMPARE(bar.problemsItem()->text(), u"2 problems"_s);
    bar.setProblems({{.id = u"a"_s}});
    QCOMPARE(bar.problemsItem()->text(), u"1 problem"_s);
}

void TestStatusBar::aSickStoreIsSaid()
{
    StatusBar bar;
    QCOMPARE(textOf(bar, u"statusStore"_s), u"db ok"_s);
    bar.setProblems({{.id = u"store.disk_full"_s, .severity = control::Problem::Severity::Error}});
    QCOMPARE(textOf(bar, u"statusStore"_s), u"db failing"_s);
    bar.setProblems({});
    QCOMPARE(textOf(bar, u"statusStore"_s), u"db ok"_s);
}

void TestStatusBar::itemsLeadToTheirRequests_data()
{
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("panel");
    QTest::addColumn<QString>("query");
    QTest::newRow("active") << u"statusActive"_s << u"logs"_s << u"is:active"_s;
    QTest::newRow("errors") << u"statusErrors"_s << u"logs"_s << u"is:error last:15m"_s;
    QTest::newRow("store") << u"statusStore"_s << u"settings"_s << u"storage"_s;
}

void TestStatusBar::itemsLeadToTheirRequests()
{
    QFETCH(QString, item);
    QFETCH(QString, panel);
    QFETCH(QString, query);
    StatusBar bar;
    QSignalSpy gone(&bar, &StatusBar::goTo);
    QTest::keyClick(bar.findChild<StatusItem *>(item), Qt::Key_Return);
    QCOMPARE(gone.count(), 1);
    QVERIFY(gone[0][0].value<Place>() == (Place{.panel = panel, .query = query}));
}

void TestStatusBar::pillSaysTheState_data()
{
    using State = control::GatewayStatus::State;
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("button");
    QTest::newRow("running") << int(State::Running) << u"Running"_s << u"Stop"_s;
    QTest::newRow("starting") << int(State::Starting) << u"Starting"_s << u"Stop"_s;
    QTest::newRow("stopped") << int(State::Stopped) << u"Stopped"_s << u"Start"_s;
    QTest::newRow("failed") << int(State::Failed) << u"Error"_s << u"Start"_s;
    QTest::newRow("draining") << int(State::Draining) << u"Stopping"_s << u"Stop now"_s;
}

void TestStatusBar::pillSaysTheState()
{
    QFETCH(int, state);
    GatewayBar bar;
    bar.setStatus({.state = control::GatewayStatus::State(state), .baseUrl = u"http://127.0.0.1:8787/v1"_s});
    QTEST(bar.findChild<PlainLabel *>(u"gatewayWord"_s)->text(), "word");
    QTEST(bar.findChild<QPushButton *>(u"gatewaySwitch"_s)->text(), "button");
}

void TestStatusBar::problemsTakeNoMoreRoomThanTheirWords()
{
    QWidget window;
    window.resize(900, 600);
    window.show();
    ProblemsPopup popup(&window);
    popup.setProblems({{.id = u"a"_s,
                        .text = u"@groq is failing: The server is overloaded, please try again later, or ask "
                                "somebody who knows when it will answer again."_s,
                        .panel = u"catalog"_s,
                        .since = QDateTime::currentDateTime()}});
    popup.openAbove(&window);
    const int line = QFontMetrics(popup.font()).lineSpacing();
    QVERIFY2(popup.height() < 6 * line, qPrintable(QString::number(popup.height())));
    const auto shown = popup.findChildren<PlainLabel *>();
    QCOMPARE(shown.size(), 2);
    for (const PlainLabel *label : shown) {
        QVERIFY(label->isVisible());
        QCOMPARE_GE(label->height(), label->heightForWidth(label->width()));
        QVERIFY(popup.rect().contains(QRect(label->mapTo(&popup, QPoint()), label->size())));
    }
    popup.setProblems({});
    QVERIFY(popup.height() < 4 * line);
}

void TestStatusBar::openOnLoopbackIsShown()
{
    GatewayBar bar;
    const auto badge = [&bar] {
        for (const QPushButton *button : bar.findChildren<QPushButton *>())
            if (button->text() == u"Open on loopback"_s)
                return !button->isHidden();
        return false;
    };
    QVERIFY(!badge());
    bar.setStatus({.openOnLoopback = true});
    QVERIFY(badge());
}

QTEST_MAIN(TestStatusBar)
#include "tst_statusbar.moc"
