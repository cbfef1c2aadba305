// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/session.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace portolan::ui;

class TestSession : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void changesAreOnDiskWithinASecond();
    void aStreamOfChangesIsStillWritten();
    void whatWasWrittenComesBack();
    void onlyTheOwnerMayRead();
    void brokenFilesCountAsNone_data();
    void brokenFilesCountAsNone();
    void twoCrashesInARowAreSuspicious();
    void aGoodEndForgetsCrashes();

private:
    [[nodiscard]] QString file() const { return m_directory->filePath(u"session.json"_s); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestSession::changesAreOnDiskWithinASecond()
{
    Session session(m_directory->path());
    session.setValue(u"window"_s, {{u"panel"_s, u"logs"_s}});
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file()), 1000);
}

void TestSession::aStreamOfChangesIsStillWritten()
{
    Session session(m_directory->path());
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; !QFile::exists(file()) && clock.elapsed() < 5000; ++i) {
        session.setValue(u"window"_s, {{u"width"_s, i}});
        QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
    }
    QCOMPARE_LT(clock.elapsed(), 1000);
}

void TestSession::whatWasWrittenComesBack()
{
    const QJsonObject window{{u"panel"_s, u"logs"_s}, {u"filter"_s, u"is:error \u00FC"_s}};
    {
        Session session(m_directory->path());
        session.setValue(u"window"_s, window);
    }
    QCOMPARE(Session(m_directory->path()).value(u"window"_s), window);
}

void TestSession::onlyTheOwnerMayRead()
{
    {
        Session session(m_directory->path());
        session.setValue(u"window"_s, {{u"panel"_s, u"logs"_s}});
    }
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFileInfo(file()).permissions() & others));
}

void TestSession::brokenFilesCountAsNone_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("\xFF\x00 garbage", 10);
    QTest::newRow("an array") << QByteArray("[1,2]");
    QTest::newRow("wrong types") << QByteArray(R"({"window": 5, "run": []})");
    QTest::newRow("huge") << QByteArray(2 * 1024 * 1024, '{');
}

void TestSession::brokenFilesCountAsNone()
{
    QFETCH(QByteArray, content);
    QFile out(file());
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(content);
    out.close();
    Session session(m_directory->path());
    QVERIFY(session.value(u"window"_s).isEmpty());
    QCOMPARE(session.crashesBefore(), 0);
}

void TestSession::twoCrashesInARowAreSuspicious()
{
    for (int crashes = 0; crashes < 3; ++crashes) {
        Session session(m_directory->path());
        QCOMPARE(session.crashesBefore(), crashes);
        QCOMPARE(session.isSuspicious(), crashes >= 2);
        session.beginRun(); // and no endRun: the run crashed
    }
}

void TestSession::aGoodEndForgetsCrashes()
{
    Session(m_directory->path()).beginRun();
    {
        Session session(m_directory->path());
        session.beginRun();
        session.endRun();
    }
    QCOMPARE(Session(m_directory->path()).crashesBefore(), 0);
}

QTEST_MAIN(TestSession)
#include "tst_session.moc"
