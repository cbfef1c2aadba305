// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/theme/theme.h"

#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <array>

using namespace portolan::ui;

namespace {

constexpr std::array kTextRoles{Role::Text,    Role::TextMuted, Role::Accent, Role::Ok,     Role::Rescued,
                                Role::Warning, Role::Error,     Role::Info,   Role::Cached, Role::Neutral};
constexpr std::array kGrounds{Role::Base,   Role::Window,    Role::Canvas,
                              Role::Raised, Role::Selection, Role::SelectionIdle};

/// The colour where the icon covers most; invalid when it covers nowhere well.
QColor inkOf(const QIcon &icon, int side)
{
    const QImage image = icon.pixmap(side, side).toImage().convertToFormat(QImage::Format_ARGB32);
    QRgb best = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (qAlpha(image.pixel(x, y)) > qAlpha(best))
                best = image.pixel(x, y);
    return qAlpha(best) > 200 ? QColor::fromRgb(best) : QColor();
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT

private slots:
    void textHoldsItsContrast_data();
    void textHoldsItsContrast();
    void marksHoldTheirContrast_data();
    void marksHoldTheirContrast();
    void everyIconDrawsSomething();
    void iconsFollowTheTheme();
    void iconsAreSharpAtTwiceTheScale();
    void modeIsReadFromThePalette();
    void compactRowsAreLower();
    void captionsStayReadable();
    void fontPercentScalesSizes();
    void rolesFollowTheTheme();
    void aChangeOfThemeIsTold();

private:
    Theme m_theme;
};

void TestTheme::textHoldsItsContrast_data()
{
    QTest::addColumn<int>("role");
    QTest::addColumn<int>("mode");
    for (const Role role : kTextRoles)
        for (const Mode mode : {Mode::Light, Mode::Dark})
            QTest::addRow("role %d %s", int(role), mode == Mode::Light ? "light" : "dark")
                << int(role) << int(mode);
}

void TestTheme::textHoldsItsContrast()
{
    QFETCH(int, role);
    QFETCH(int, mode);
    for (const Role ground : kGrounds)
        QVERIFY2(contrast(colour(Role(role), Mode(mode)), colour(ground, Mode(mode))) >= 4.5,
                 qPrintable(QString::number(int(ground))));
}

void TestTheme::marksHoldTheirContrast_data()
{
    QTest::addColumn<QColor>("mark");
    QTest::addColumn<int>("mode");
    for (const Mode mode : {Mode::Light, Mode::Dark}) {
        const char *name = mode == Mode::Light ? "light" : "dark";
        for (const Role role : {Role::LineControl, Role::OkSoft, Role::RescuedMark, Role::Edge})
            QTest::addRow("role %d %s", int(role), name) << colour(role, mode) << int(mode);
        for (int n = 0; n < kSeries; ++n)
            QTest::addRow("series %d %s", n, name) << seriesColour(n, mode) << int(mode);
        for (int n = 0; n < kPhases; ++n)
            QTest::addRow("phase %d %s", n, name) << phaseColour(Phase(n), mode) << int(mode);
    }
}

void TestTheme::marksHoldTheirContrast()
{
    QFETCH(QColor, mark);
    QFETCH(int, mode);
    for (const Role ground : {Role::Base, Role::Window})
        QVERIFY2(contrast(mark, colour(ground, Mode(mode))) >= 2.95,
                 qPrintable(QString::number(int(ground))));
}

void TestTheme::everyIconDrawsSomething()
{
    for (int i = 0; i < kIcons; ++i)
        for (const int side : {12, 16, 20})
            QVERIFY2(inkOf(lineIcon(Icon(i)), side * 2).isValid(), qPrintable(QString::number(i)));
}

void TestTheme::iconsFollowTheTheme()
{
    const QIcon icon = lineIcon(Icon::Stop, Role::Error);
    m_theme.setChoice(ThemeChoice::Light);
    QCOMPARE(inkOf(icon, 64), colour(Role::Error, Mode::Light));
    m_theme.setChoice(ThemeChoice::Dark);
    QCOMPARE(inkOf(icon, 64), colour(Role::Error, Mode::Dark));
    const QImage off = icon.pixmap(64, 64, QIcon::Disabled).toImage();
    QVERIFY(off != icon.pixmap(64, 64).toImage());
}

void TestTheme::iconsAreSharpAtTwiceTheScale()
{
    const QPixmap twice = lineIcon(Icon::Home).pixmap(QSize(16, 16), 2.0);
    QCOMPARE(twice.size(), QSize(32, 32));
    QCOMPARE(twice.devicePixelRatio(), 2.0);
}

void TestTheme::modeIsReadFromThePalette()
{
    QCOMPARE(modeOf(paletteOf(Mode::Light)), Mode::Light);
    QCOMPARE(modeOf(paletteOf(Mode::Dark)), Mode::Dark);
    QCOMPARE(colour(Role::Ok, paletteOf(Mode::Dark)), colour(Role::Ok, Mode::Dark));
}

void TestTheme::compactRowsAreLower()
{
    m_theme.setDensity(Density::Comfortable);
    const int comfortable = Metrics().row();
    m_theme.setDensity(Density::Compact);
    QCOMPARE_LT(Metrics().row(), comfortable);
    m_theme.setDensity(Density::Comfortable);
    QCOMPARE(Metrics().row(), comfortable);
}

void TestTheme::captionsStayReadable()
{
    QFont body = QApplication::font();
    body.setPixelSize(12);
    QCOMPARE(scaledFont(body, TextSize::Caption).pixelSize(), 11);
    body.setPixelSize(26);
    QCOMPARE(scaledFont(body, TextSize::Caption).pixelSize(), 22);
}

void TestTheme::fontPercentScalesSizes()
{
    QLabel label;
    setTextSize(&label, TextSize::Data);
    m_theme.setFontPercent(100);
    const int row = Metrics().row();
    const int small = label.font().pixelSize();
    m_theme.setFontPercent(200);
    QCOMPARE_GT(Metrics().row(), row * 3 / 2);
    QTRY_VERIFY(label.font().pixelSize() > small * 3 / 2);
    m_theme.setFontPercent(100);
    QTRY_COMPARE(label.font().pixelSize(), small);
}

void TestTheme::rolesFollowTheTheme()
{
    m_theme.setChoice(ThemeChoice::Light);
    QLabel label;
    setTextRole(&label, Role::Error);
    QCOMPARE(label.palette().color(QPalette::WindowText), colour(Role::Error, Mode::Light));
    m_theme.setChoice(ThemeChoice::Dark);
    QTRY_COMPARE(label.palette().color(QPalette::WindowText), colour(Role::Error, Mode::Dark));
}

void TestTheme::aChangeOfThemeIsTold()
{
    m_theme.setChoice(ThemeChoice::Light);
    QSignalSpy told(&m_theme, &Theme::themeChanged);
    m_theme.setChoice(ThemeChoice::Dark);
    QCOMPARE(told.count(), 1);
    m_theme.setChoice(ThemeChoice::Dark);
    QCOMPARE(told.count(), 1);
    QCOMPARE(QApplication::palette().color(QPalette::Window), colour(Role::Window, Mode::Dark));
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
