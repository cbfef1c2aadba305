// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/world.h"
#include "ui/settings/settingrow.h"
#include "ui/settings/settingspanel.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace portolan;
using namespace portolan::ui;

class TestSettingsPanel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_world.open()); }
    void init() { m_panel = std::make_unique<SettingsPanel>(m_world.control()); }
    void cleanup() { m_panel.reset(); }
    void everyFieldReadsWhatItWrote();
    void keysAreUnique();
    void changesHoldAtOnceAndCanBeUndone();
    void aProxyIsUsedByWritingItsAddress();
    void quickChangesAllHold();
    void refusedChangesGoBackAndSayWhy();
    void foreignAddressesAreWarnedAbout_data();
    void foreignAddressesAreWarnedAbout();
    void searchFindsOnEveryPage();
    void aPlaceShowsItsField();
    void changesFromElsewhereAreShown();

private:
    template <typename Editor>
    Editor *editor(const QString &key) const
    {
        return m_panel->findChild<SettingRow *>(key)->findChild<Editor *>();
    }
    [[nodiscard]] const control::Settings &settings() { return m_world.control().settings(); }

    World m_world;
    std::unique_ptr<SettingsPanel> m_panel;
};

void TestSettingsPanel::everyFieldReadsWhatItWrote()
{
    for (const SettingPage &page : settingPages()) {
        for (const SettingField &field : page.fields) {
            control::Settings settings;
            const QVariant before = field.read(settings);
            QVariant other;
            switch (field.kind) {
            case SettingField::Kind::Check: other = !before.toBool(); break;
            case SettingField::Kind::Number:
                other = before.toInt() == field.least ? field.least + 1 : field.least;
                break;
            case SettingField::Kind::Choice: other = field.choices.last().second; break;
            case SettingField::Kind::Text:
            case SettingField::Kind::File: other = u"one, two"_s; break;
            }
            field.write(settings, other);
            QVERIFY2(field.read(settings) == other, qPrintable(field.key));
            field.write(settings, before);
            QVERIFY2(settings == control::Settings{}, qPrintable(field.key));
        }
    }
}

void TestSettingsPanel::keysAreUnique()
{
    std::set<QString> keys;
    for (const SettingPage &page : settingPages())
        for (const SettingField &field : page.fields) {
            QVERIFY(field.key.startsWith(page.id + u'/'));
            QVERIFY2(keys.insert(field.key).second, qPrintable(field.key));
        }
}

void TestSettingsPanel::changesHoldAtOnceAndCanBeUndone()
{
    const int before = settings().rowsDays;
    editor<QSpinBox>(u"storage/rowsDays"_s)->setValue(before + 5);
    QTRY_COMPARE(settings().rowsDays, before + 5);
    QTRY_VERIFY(m_panel->undoStack()->canUndo());
    m_panel->undoStack()->undo();
    QTRY_COMPARE(settings().rowsDays, before);
    QCOMPARE(editor<QSpinBox>(u"storage/rowsDays"_s)->value(), before);
    m_panel->undoStack()->redo();
    QTRY_COMPARE(settings().rowsDays, before + 5);
    QCOMPARE(m_panel->undoStack()->count(), 1);
}

void TestSettingsPanel::aProxyIsUsedByWritingItsAddress()
{
    auto *line = editor<QLineEdit>(u"network/proxy"_s);
    const auto write = [line](const QString &address) {
        line->setText(address);
        QTest::keyClick(line, Qt::Key_Return);
    };
    write(u"http://proxy.example:3128"_s);
    QTRY_COMPARE(settings().proxy, u"http://proxy.example:3128"_s);
    QCOMPARE(settings().proxyMode, u"fixed"_s);
    m_panel->undoStack()->undo();
    QTRY_COMPARE(settings().proxy, QString());
    QCOMPARE(settings().proxyMode, u"system"_s);
    auto *mode = editor<QComboBox>(u"network/proxyMode"_s);
    mode->setCurrentIndex(1);
    QTRY_COMPARE(settings().proxyMode, u"none"_s);
    write(u"http://proxy.example:3128"_s);
    QTRY_COMPARE(settings().proxy, u"http://proxy.example:3128"_s);
    QCOMPARE(settings().proxyMode, u"none"_s);
}

void TestSettingsPanel::quickChangesAllHold()
{
    editor<QSpinBox>(u"storage/rowsDays"_s)->setValue(11);
    editor<QSpinBox>(u"storage/bodiesDays"_s)->setValue(7);
    editor<QCheckBox>(u"appearance/reducedMotion"_s)->setChecked(true);
    QTRY_COMPARE(m_panel->undoStack()->count(), 3);
    QCOMPARE(settings().rowsDays, 11);
    QCOMPARE(settings().bodiesDays, 7);
    QVERIFY(settings().reducedMotion);
}

void TestSettingsPanel::refusedChangesGoBackAndSayWhy()
{
    const QString before = settings().listenAddress;
    auto *line = editor<QLineEdit>(u"gateway/listenAddress"_s);
    line->setText(u"not an address"_s);
    QTest::keyClick(line, Qt::Key_Return);
    const auto *row = m_panel->findChild<SettingRow *>(u"gateway/listenAddress"_s);
    const auto error = [row] {
        for (const PlainLabel *label : row->findChildren<PlainLabel *>())
            if (!label->isHidden()
                && label->palette().color(QPalette::WindowText) == colour(Role::Error, QPalette()))
                return label->text();
        return QString();
    };
    QTRY_VERIFY(!error().isEmpty());
    QCOMPARE(settings().listenAddress, before);
    QCOMPARE(line->text(), before);
    QVERIFY(!m_panel->undoStack()->canUndo());
}

void TestSettingsPanel::foreignAddressesAreWarnedAbout_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("loopback");
    QTest::newRow("usual") << u"127.0.0.1"_s << true;
    QTest::newRow("another loopback") << u"127.0.0.53"_s << true;
    QTest::newRow("IPv6") << u"::1"_s << true;
    QTest::newRow("everywhere") << u"0.0.0.0"_s << false;
    QTest::newRow("IPv6 everywhere") << u"::"_s << false;
    QTest::newRow("network") << u"192.168.1.20"_s << false;
}

void TestSettingsPanel::foreignAddressesAreWarnedAbout()
{
    QFETCH(QString, address);
    QFETCH(bool, loopback);
    QCOMPARE(isLoopback(address), loopback);
    for (const SettingPage &page : settingPages())
        for (const SettingField &field : page.fields)
            if (field.key == u"gateway/listenAddress"_s) {
                control::Settings foreign;
                foreign.listenAddress = address;
                QCOMPARE(field.warning(foreign).isEmpty(), loopback);
            }
}

void TestSettingsPanel::searchFindsOnEveryPage()
{
    m_panel->show();
    m_panel->focusFind();
    auto *search = m_panel->findChild<QLineEdit *>(QString(), Qt::FindDirectChildrenOnly);
    QTest::keyClicks(search, u"bodies"_s);
    QVERIFY(m_panel->findChild<SettingRow *>(u"storage/bodiesDays"_s)->isVisible());
    QVERIFY(!m_panel->findChild<SettingRow *>(u"gateway/port"_s)->isVisible());
    search->clear();
    QVERIFY(m_panel->findChild<SettingRow *>(u"gateway/port"_s)->isVisible());
    QVERIFY(!m_panel->findChild<SettingRow *>(u"storage/bodiesDays"_s)->isVisible());
}

void TestSettingsPanel::aPlaceShowsItsField()
{
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    m_panel->visit({.panel = u"settings"_s, .query = u"storage/capture"_s});
    QVERIFY(editor<QComboBox>(u"storage/capture"_s)->hasFocus());
    QCOMPARE(m_panel->place().query, u"storage"_s);
}

void TestSettingsPanel::changesFromElsewhereAreShown()
{
    control::Settings changed = settings();
    changed.fontPercent = 120;
    m_world.control().changeSettings(changed, [](const Result<> &) { });
    QTRY_COMPARE(editor<QSpinBox>(u"appearance/fontPercent"_s)->value(), 120);
    QVERIFY(!m_panel->undoStack()->canUndo());
}

QTEST_MAIN(TestSettingsPanel)
#include "tst_settingspanel.moc"
