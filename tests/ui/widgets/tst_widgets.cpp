// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/toasthost.h"
#include "ui/widgets/tokenfield.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan;
using namespace portolan::ui;

class TestWidgets : public QObject
{
    Q_OBJECT

private slots:
    void segmentsMoveByArrows();
    void segmentsAreChosenByMouse();
    void linksActOnEnter();
    void copyButtonCopiesWhatHoldsAtTheClick();
    void elidedLabelTellsTheWholeTextInItsTip();
    void undoTakesAToastBack();
    void aClosedToastCommits();
    void theFourthToastCommitsTheFirst();
    void hostCommitsWhenItGoes();
    void bannerStaysUntilSolved();
    void tokenIsForgotten();
    void tokenCopyIsMarkedAsASecret();

private:
    Theme m_theme;
};

void TestWidgets::segmentsMoveByArrows()
{
    SegmentedControl control(u"Range"_s, {u"Live"_s, u"15 m"_s, u"1 h"_s});
    QSignalSpy changed(&control, &SegmentedControl::currentChanged);
    QTest::keyClick(&control, Qt::Key_Right);
    QTest::keyClick(&control, Qt::Key_Right);
    QTest::keyClick(&control, Qt::Key_Right); // the end
    QCOMPARE(control.current(), 2);
    QCOMPARE(changed.count(), 2);
    QTest::keyClick(&control, Qt::Key_Home);
    QCOMPARE(control.current(), 0);
    QCOMPARE(control.accessibleName(), u"Range: Live"_s);
}

void TestWidgets::segmentsAreChosenByMouse()
{
    SegmentedControl control(u"Range"_s, {u"Live"_s, u"15 m"_s, u"1 h"_s});
    control.resize(control.sizeHint());
    QTest::mouseClick(&control, Qt::LeftButton, {}, {control.width() - 5, control.height() / 2});
    QCOMPARE(control.current(), 2);
}

void TestWidgets::linksActOnEnter()
{
    LinkButton link(u"All errors"_s);
    QSignalSpy clicked(&link, &LinkButton::clicked);
    QTest::keyClick(&link, Qt::Key_Return);
    QTest::keyClick(&link, Qt::Key_Space);
    QCOMPARE(clicked.count(), 2);
}

void TestWidgets::copyButtonCopiesWhatHoldsAtTheClick()
{
    QString text = u"one"_s;
    CopyButton button(u"Copy it"_s, [&text] { return text; });
    text = u"two"_s;
    button.click();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"two"_s);
    QCOMPARE(button.accessibleName(), u"Copied"_s);
    QTRY_COMPARE(button.accessibleName(), u"Copy it"_s);
}

void TestWidgets::elidedLabelTellsTheWholeTextInItsTip()
{
    ElidedLabel label(u"<b>a rather long text that does not fit</b>"_s);
    label.resize(40, 20);
    label.grab();
    QVERIFY(label.toolTip().contains(u"&lt;b&gt;a rather long text"_s));
    label.resize(2000, 20);
    label.grab();
    QVERIFY(label.toolTip().isEmpty());
}

void TestWidgets::undoTakesAToastBack()
{
    QWidget over;
    ToastHost host(&over);
    int undone = 0;
    int committed = 0;
    host.show({.text = u"Removed"_s, .undo = [&] { ++undone; }, .commit = [&] { ++committed; }});
    QVERIFY(host.canUndo());
    QVERIFY(host.undoLatest());
    QCOMPARE(undone, 1);
    QCOMPARE(committed, 0);
    QVERIFY(!host.undoLatest());
}

void TestWidgets::aClosedToastCommits()
{
    QWidget over;
    ToastHost host(&over);
    int committed = 0;
    host.show({.text = u"Removed"_s, .undo = [] {}, .commit = [&] { ++committed; }});
    over.findChild<IconButton *>()->click();
    QCOMPARE(committed, 1);
    QCOMPARE(host.count(), 0);
}

void TestWidgets::theFourthToastCommitsTheFirst()
{
    QWidget over;
    QStringList committed;
    ToastHost host(&over);
    for (const QString &name : {u"a"_s, u"b"_s, u"c"_s, u"d"_s})
        host.show({.text = name, .undo = [] {}, .commit = [&committed, name] { committed.append(name); }});
    QCOMPARE(committed, QStringList{u"a"_s});
    QCOMPARE(host.count(), 3);
}

void TestWidgets::hostCommitsWhenItGoes()
{
    int committed = 0;
    {
        QWidget over;
        ToastHost host(&over);
        host.show({.text = u"Removed"_s, .undo = [] {}, .commit = [&] { ++committed; }});
    }
    QCOMPARE(committed, 1);
}

void TestWidgets::bannerStaysUntilSolved()
{
    Banner banner;
    QVERIFY(banner.isHidden());
    banner.say(Banner::Kind::Error, u"The port is taken."_s, u"Use 8788"_s);
    QVERIFY(!banner.isHidden());
    QCOMPARE(banner.accessibleName(), u"The port is taken."_s);
    banner.clear();
    QVERIFY(banner.isHidden());
}

void TestWidgets::tokenIsForgotten()
{
    TokenField field;
    field.resize(field.sizeHint());
    const QImage without = field.grab().toImage();
    field.setToken(std::make_shared<const SecretBytes>(SecretBytes::copy("pk-0123456789")));
    QVERIFY(field.grab().toImage() != without);
    field.forget();
    QCOMPARE(field.grab().toImage(), without);
    QGuiApplication::clipboard()->setText(u"before"_s);
    field.copy();
    QCOMPARE(QGuiApplication::clipboard()->text(), u"before"_s);
}

void TestWidgets::tokenCopyIsMarkedAsASecret()
{
    TokenField field;
    field.setToken(std::make_shared<const SecretBytes>(SecretBytes::copy("pk-0123456789")));
    field.copy();
    QVERIFY(field.wasCopied());
    QCOMPARE(QGuiApplication::clipboard()->text(), u"pk-0123456789"_s);
    QCOMPARE(QGuiApplication::clipboard()->mimeData()->data(u"x-kde-passwordManagerHint"_s),
             QByteArray("secret"));
}

QTEST_MAIN(TestWidgets)
#include "tst_widgets.moc"
