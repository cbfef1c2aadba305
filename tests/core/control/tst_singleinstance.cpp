// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/singleinstance.h"
#include "tests/core/control/whileserving.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <array>

using namespace portolan;
using namespace portolan::control;
using portolan::test::whileServing;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

class TestSingleInstance : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void raisesTheFirstWindow();
    void handsOverFilesWithTheirWholeNames();
    void findsNoWindowWhereNoneRuns();
    void leavesOutWhatHasNoPlaceInAMessage();
    void takesNothingButFileNames_data();
    void takesNothingButFileNames();
    void takesOneMessageAndHangsUp();
    void losesPatienceWithASilentPeer();
    void isForTheOwnerOnly();
    void comesSecondWhileAnotherListens();
    void takesOverAfterTheFirstHasGone();

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_data;
    std::unique_ptr<SingleInstance> m_first;
};

void TestSingleInstance::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_data = m_dir->path().toStdString();
    auto first = SingleInstance::listen(m_data);
    QVERIFY(first);
    m_first = std::move(*first);
}

void TestSingleInstance::cleanup()
{
    m_first.reset();
    m_dir.reset();
}

void TestSingleInstance::raisesTheFirstWindow()
{
    const QSignalSpy raised(m_first.get(), &SingleInstance::raised);
    QVERIFY(whileServing([this] { return SingleInstance::notifyRunning(m_data, {}); }));
    QCOMPARE(raised.size(), 1);
    QCOMPARE(raised[0][0].toStringList(), QStringList());
}

void TestSingleInstance::handsOverFilesWithTheirWholeNames()
{
    const QSignalSpy raised(m_first.get(), &SingleInstance::raised);
    const QStringList files{u"/tmp/a b.json"_s, u"röuting.yaml"_s, u"x\n\"y"_s};
    QVERIFY(whileServing([&] { return SingleInstance::notifyRunning(m_data, files); }));
    const QDir here;
    QCOMPARE(raised[0][0].toStringList(),
             (QStringList{files[0], here.absoluteFilePath(files[1]), here.absoluteFilePath(files[2])}));
}

void TestSingleInstance::findsNoWindowWhereNoneRuns()
{
    const QTemporaryDir empty;
    QVERIFY(!SingleInstance::notifyRunning(empty.path().toStdString(), {}));
}

void TestSingleInstance::leavesOutWhatHasNoPlaceInAMessage()
{
    QStringList many;
    for (int i = 0; i < 1000; ++i)
        many.append(u"/tmp/%1/%2"_s.arg(i).arg(QString(500, u'x')));
    const std::string text = printRaiseMessage(many);
    QCOMPARE_LE(qsizetype(text.size()), SingleInstance::kMaxMessage);
    const auto files = parseRaiseMessage(text);
    QVERIFY(files);
    QCOMPARE_GE(files->size(), 100);
    QCOMPARE(*files, many.first(files->size()));

    QCOMPARE(parseRaiseMessage(printRaiseMessage(QStringList(1000, u"/a"_s)))->size(),
             SingleInstance::kMaxFiles);
    QCOMPARE(parseRaiseMessage(printRaiseMessage({QString(QChar(0xd800)), u"/a"_s}))->last(), u"/a"_s);
}

void TestSingleInstance::takesNothingButFileNames_data()
{
    QTest::addColumn<std::string>("line");
    const auto row = [](const char *name, std::string line) { QTest::newRow(name) << line; };
    row("empty", "");
    row("no JSON", "raise");
    row("nothing in it", "{}");
    row("a command", R"({"command":"quit"})");
    row("more than files", R"({"files":[],"command":"quit"})");
    row("files as text", R"({"files":"/a"})");
    row("a number", R"({"files":[1]})");
    row("a relative name", R"({"files":["a"]})");
    row("a resource", R"({"files":[":/a"]})");
    row("NUL in a name", R"({"files":["/a\u0000b"]})");
    std::string many = R"({"files":["/a")";
    for (int i = 0; i < 256; ++i)
        many += R"(,"/a")";
    row("too many", many + "]}");
    row("deep", R"({"files":)" + std::string(5000, '[') + std::string(5000, ']') + "}");
    row("long", R"({"files":["/)" + std::string(70'000, 'a') + "\"]}");
}

void TestSingleInstance::takesNothingButFileNames()
{
    QFETCH(std::string, line);
    const auto files = parseRaiseMessage(line);
    QVERIFY(!files);
    QVERIFY(files.error().code == "control.bad_message");

    const QSignalSpy raised(m_first.get(), &SingleInstance::raised);
    const bool closed = whileServing([&] {
        const auto socket = connectTo(*localSocketPath(m_data, "window.sock"));
        (void)sendAll((*socket)->get(), line + "\n");
        std::array<char, 16> room{};
        return receive((*socket)->get(), room, 15s) == std::size_t(0);
    });
    QVERIFY(closed);
    QCOMPARE(raised.size(), 0);
    QVERIFY(whileServing([this] { return SingleInstance::notifyRunning(m_data, {}); }));
}

void TestSingleInstance::takesOneMessageAndHangsUp()
{
    const QSignalSpy raised(m_first.get(), &SingleInstance::raised);
    const std::string heard = whileServing([this] {
        const auto socket = connectTo(*localSocketPath(m_data, "window.sock"));
        (void)sendAll((*socket)->get(), "{\"files\":[]}\n{\"files\":[]}\n");
        std::string all;
        std::array<char, 16> room{};
        while (const auto got = receive((*socket)->get(), room, 15s)) {
            if (*got == 0)
                break;
            all.append(room.data(), *got);
        }
        return all;
    });
    QVERIFY(heard == "ok\n");
    QCOMPARE(raised.size(), 1);
}

void TestSingleInstance::losesPatienceWithASilentPeer()
{
    const bool closed = whileServing([this] {
        const auto socket = connectTo(*localSocketPath(m_data, "window.sock"));
        (void)sendAll((*socket)->get(), "{\"fil");
        std::array<char, 16> room{};
        return receive((*socket)->get(), room, 15s) == std::size_t(0);
    });
    QVERIFY(closed);
}

void TestSingleInstance::isForTheOwnerOnly()
{
    struct stat info{};
    QCOMPARE(::stat((m_data / "window.sock").c_str(), &info), 0);
    QCOMPARE(info.st_mode & 07777U, 0600U);
}

void TestSingleInstance::comesSecondWhileAnotherListens()
{
    const auto second = SingleInstance::listen(m_data);
    QVERIFY(second.error().code == "control.in_use");
    raisesTheFirstWindow();
}

void TestSingleInstance::takesOverAfterTheFirstHasGone()
{
    m_first.reset();
    QVERIFY(!SingleInstance::notifyRunning(m_data, {}));
    (void)listenOn(m_data / "window.sock"); // leaves its name behind, as a killed instance does
    QVERIFY(fs::exists(m_data / "window.sock"));
    m_first = SingleInstance::listen(m_data).value_or(nullptr);
    QVERIFY(m_first);
    raisesTheFirstWindow();
}

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_singleinstance.moc"
