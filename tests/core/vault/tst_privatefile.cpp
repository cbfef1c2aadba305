// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/privatefile.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace portolan;
using namespace portolan::vault;
namespace fs = std::filesystem;

class TestPrivateFile : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void makesFilesForUsAloneWhateverTheUmask_data();
    void makesFilesForUsAloneWhateverTheUmask();
    void readsBackWhatItWrote();
    void neverReplacesAFile();
    void leavesNoDraftBehind();
    void answersNothingForNoFile();
    void refusesAFileThatOthersCanReach_data();
    void refusesAFileThatOthersCanReach();
    void refusesASymbolicLink();
    void refusesWhatIsNoPlainFile();
    void refusesAFileOfSomebodyElse();
    void refusesAnEmptyOrTooLongFile();
    void refusesADirectoryThatOthersCanEnter();
    void saysWhatWentWrong();

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_home;
    fs::path m_file;
};

namespace {

mode_t modeOf(const fs::path &path)
{
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

} // namespace

void TestPrivateFile::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_home = fs::path(m_dir->path().toStdString()) / "data";
    m_file = m_home / "master.key";
    QVERIFY(needPrivateDirectory(m_home));
}

void TestPrivateFile::cleanup()
{
    m_dir.reset();
}

void TestPrivateFile::makesFilesForUsAloneWhateverTheUmask_data()
{
    QTest::addColumn<int>("mask");
    QTest::newRow("000") << 0;
    QTest::newRow("022") << 022;
    QTest::newRow("777") << 0777;
}

void TestPrivateFile::makesFilesForUsAloneWhateverTheUmask()
{
    QFETCH(int, mask);
    const mode_t before = ::umask(static_cast<mode_t>(mask));
    const auto written = createPrivateFile(m_file, "x");
    ::umask(before);
    QVERIFY(written);
    QCOMPARE(modeOf(m_file), mode_t(0600));
    QCOMPARE(modeOf(m_home), mode_t(0700));
}

void TestPrivateFile::readsBackWhatItWrote()
{
    const std::string bytes("\0\xff\n key", 7);
    QVERIFY(createPrivateFile(m_file, bytes));
    const auto read = readPrivateFile(m_file, 7);
    QVERIFY(read && *read);
    QVERIFY((*read)->equals(bytes));
}

void TestPrivateFile::neverReplacesAFile()
{
    QVERIFY(createPrivateFile(m_file, "first"));
    QCOMPARE(createPrivateFile(m_file, "second").error().code, "vault.file_exists");
    QVERIFY((*readPrivateFile(m_file, 64))->equals("first"));

    const fs::path link = m_home / "link";
    fs::create_symlink(m_home / "elsewhere", link);
    QCOMPARE(createPrivateFile(link, "x").error().code, "vault.file_exists");
    QVERIFY(!fs::exists(m_home / "elsewhere"));
}

void TestPrivateFile::leavesNoDraftBehind()
{
    QVERIFY(createPrivateFile(m_file, "first"));
    QVERIFY(!createPrivateFile(m_file, "second"));
    QCOMPARE(std::distance(fs::directory_iterator(m_home), fs::directory_iterator()), 1);
}

void TestPrivateFile::answersNothingForNoFile()
{
    const auto read = readPrivateFile(m_file, 64);
    QVERIFY(read);
    QVERIFY(!*read);
}

void TestPrivateFile::refusesAFileThatOthersCanReach_data()
{
    QTest::addColumn<int>("mode");
    for (const int bit : {0040, 0020, 0010, 0004, 0002, 0001})
        QTest::newRow(QByteArray::number(0600 | bit, 8).constData()) << (0600 | bit);
    QTest::newRow("644") << 0644;
}

void TestPrivateFile::refusesAFileThatOthersCanReach()
{
    QFETCH(int, mode);
    QVERIFY(createPrivateFile(m_file, "x"));
    QCOMPARE(::chmod(m_file.c_str(), static_cast<mode_t>(mode)), 0);
    const auto read = readPrivateFile(m_file, 64);
    QVERIFY(!read);
    QCOMPARE(read.error().code, "vault.key_file_readable");
    QVERIFY(read.error().message.contains("chmod 600 " + m_file.string()));
}

void TestPrivateFile::refusesASymbolicLink()
{
    QVERIFY(createPrivateFile(m_home / "target", "x"));
    fs::create_symlink(m_home / "target", m_file);
    QCOMPARE(readPrivateFile(m_file, 64).error().code, "vault.key_file_readable");
}

void TestPrivateFile::refusesWhatIsNoPlainFile()
{
    QCOMPARE(::mkfifo(m_file.c_str(), 0600), 0);
    QCOMPARE(readPrivateFile(m_file, 64).error().code, "vault.key_file_readable");
    fs::remove(m_file);
    fs::create_directory(m_file);
    QCOMPARE(readPrivateFile(m_file, 64).error().code, "vault.key_file_readable");
}

void TestPrivateFile::refusesAFileOfSomebodyElse()
{
    // Only root can give a file away; everybody else finds root's own.
    fs::path foreign = "/etc/passwd";
    if (::geteuid() == 0) {
        foreign = m_file;
        QVERIFY(createPrivateFile(m_file, "x"));
        QCOMPARE(::chown(m_file.c_str(), 65534, 65534), 0);
        QCOMPARE(::chown(m_home.c_str(), 65534, 65534), 0);
    }
    const auto read = readPrivateFile(foreign, 1 << 20);
    QCOMPARE(read.error().code, "vault.key_file_readable");
    QVERIFY(read.error().message.contains("belongs to another user"));
    QCOMPARE(needPrivateDirectory(foreign.parent_path()).error().code, "vault.directory_open");
}

void TestPrivateFile::refusesAnEmptyOrTooLongFile()
{
    QVERIFY(createPrivateFile(m_file, ""));
    QCOMPARE(readPrivateFile(m_file, 64).error().code, "vault.damaged_file");
    QVERIFY(createPrivateFile(m_home / "long", std::string(65, 'x')));
    QCOMPARE(readPrivateFile(m_home / "long", 64).error().code, "vault.damaged_file");
}

void TestPrivateFile::refusesADirectoryThatOthersCanEnter()
{
    for (const mode_t mode : {0750, 0701, 0770, 0777}) {
        QCOMPARE(::chmod(m_home.c_str(), mode), 0);
        const auto ready = needPrivateDirectory(m_home);
        QCOMPARE(ready.error().code, "vault.directory_open");
        QVERIFY(ready.error().message.contains("chmod 700 " + m_home.string()));
    }
    QVERIFY(createPrivateFile(m_file, "x"));
    QCOMPARE(needPrivateDirectory(m_file).error().code, "vault.directory_open");
}

void TestPrivateFile::saysWhatWentWrong()
{
    const auto written = createPrivateFile(m_home / "missing" / "file", "x");
    QCOMPARE(written.error().code, "vault.io");
    QVERIFY(written.error().message.contains("No such file or directory"));
}

QTEST_APPLESS_MAIN(TestPrivateFile)
#include "tst_privatefile.moc"
