// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/localsocket.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <memory>
#include <vector>

using namespace portolan;
using namespace portolan::control;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Runs `work` in another process and returns its exit status, or minus the signal that ended it.
template <typename Work>
int inAnotherProcess(Work work)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(work());
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child)
        return -1000;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

mode_t modeOf(const fs::path &path)
{
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

} // namespace

class TestLocalSocket : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void carriesBytesBothWays();
    void findsNobodyWhereNobodyListens();
    void takesOverFromAKilledProcess();
    void leavesALivingListenerAlone();
    void leavesOtherFilesAlone();
    void isForTheOwnerOnlyWhateverTheUmask();
    void knowsItsOwnUser();
    void refusesToTalkToAnotherUser();
    void givesUpOnAListenerThatHangs();
    void givesUpWaitingForBytes();
    void staysInTheDataDirectoryWhenThePathIsShort();
    void goesToTheRuntimeDirectoryWhenThePathIsLong();
    void refusesARuntimeDirectoryThatOthersCanEnter();
    void refusesALongPathWithoutARuntimeDirectory();

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_data;
    fs::path m_path;
    QByteArray m_runtime;
};

void TestLocalSocket::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_data = fs::canonical(m_dir->path().toStdString());
    m_path = m_data / "a.sock";
    m_runtime = qgetenv("XDG_RUNTIME_DIR");
}

void TestLocalSocket::cleanup()
{
    qputenv("XDG_RUNTIME_DIR", m_runtime);
    m_dir.reset();
}

void TestLocalSocket::carriesBytesBothWays()
{
    const auto listener = listenOn(m_path);
    QVERIFY(listener);
    const auto client = connectTo(m_path);
    QVERIFY(client && *client);
    const FileDescriptor peer(::accept(listener->get(), nullptr, nullptr));
    std::array<char, 16> room{};
    QVERIFY(sendAll((*client)->get(), "ping"));
    QCOMPARE(receive(peer.get(), room, 5s), std::optional<std::size_t>(4));
    QVERIFY(sendAll(peer.get(), "pong!"));
    QCOMPARE(receive((*client)->get(), room, 5s), std::optional<std::size_t>(5));
    QVERIFY(std::string_view(room.data(), 5) == "pong!");
}

void TestLocalSocket::findsNobodyWhereNobodyListens()
{
    const auto client = connectTo(m_path);
    QVERIFY(client);
    QVERIFY(!*client);
}

void TestLocalSocket::takesOverFromAKilledProcess()
{
    QCOMPARE(inAnotherProcess([this] {
                 const auto listener = listenOn(m_path);
                 return ::raise(SIGKILL);
             }),
             -SIGKILL);
    QVERIFY(fs::exists(m_path));
    QVERIFY(!*connectTo(m_path));
    const auto listener = listenOn(m_path);
    QVERIFY(listener);
    QVERIFY(*connectTo(m_path));
}

void TestLocalSocket::leavesALivingListenerAlone()
{
    const auto first = listenOn(m_path);
    QVERIFY(listenOn(m_path).error().code == "control.in_use");
    QVERIFY(*connectTo(m_path));
}

void TestLocalSocket::leavesOtherFilesAlone()
{
    std::ofstream(m_path) << "mine";
    QVERIFY(listenOn(m_path).error().code == "control.in_use");
    QCOMPARE(fs::file_size(m_path), 4U);
    fs::remove(m_path);

    (void)listenOn(m_data / "other.sock");
    fs::create_symlink(m_data / "other.sock", m_path);
    QVERIFY(listenOn(m_path).error().code == "control.in_use");
    QVERIFY(fs::exists(m_data / "other.sock"));
}

void TestLocalSocket::isForTheOwnerOnlyWhateverTheUmask()
{
    for (const mode_t mask : {0000, 0022, 0077}) {
        const mode_t before = ::umask(mask);
        const auto listener = listenOn(m_path);
        ::umask(before);
        QVERIFY(listener);
        QCOMPARE(modeOf(m_path), mode_t(0600));
        fs::remove(m_path);
    }
}

void TestLocalSocket::knowsItsOwnUser()
{
    std::array<int, 2> pair{};
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
    const FileDescriptor one(pair[0]);
    const FileDescriptor two(pair[1]);
    QVERIFY(isPeerOurs(one.get()));
    QVERIFY(!isPeerOurs(-1));
}

void TestLocalSocket::refusesToTalkToAnotherUser()
{
    // Only root can become somebody else. Where the tests do not run as root, the doors stay as they are and
    // the other user is the only one there is, so both ends must know each other.
    const bool is_root = ::geteuid() == 0;
    const auto listener = listenOn(m_path);
    if (is_root) {
        ::chmod(m_data.c_str(), 0777);
        ::chmod(m_path.c_str(), 0777);
    }
    const int status = inAnotherProcess([&] {
        if (is_root && ::setuid(65534) != 0)
            return 1;
        const auto socket = connectTo(m_path);
        return socket ? 2 : socket.error().code == "control.foreign_peer" ? 3 : 4;
    });
    QCOMPARE(status, is_root ? 3 : 2);
    ::fcntl(listener->get(), F_SETFL, 0);
    const FileDescriptor peer(::accept(listener->get(), nullptr, nullptr));
    QVERIFY(peer.isOpen());
    QCOMPARE(isPeerOurs(peer.get()), !is_root);
}

void TestLocalSocket::givesUpOnAListenerThatHangs()
{
    const auto listener = listenOn(m_path);
    std::vector<FileDescriptor> waiting;
    std::string code;
    while (waiting.size() < 100 && code.empty()) {
        auto socket = connectTo(m_path);
        if (socket)
            waiting.push_back(std::move(**socket));
        else
            code = socket.error().code;
    }
    QVERIFY(code == "control.no_answer");
}

void TestLocalSocket::givesUpWaitingForBytes()
{
    const auto listener = listenOn(m_path);
    const auto client = connectTo(m_path);
    std::array<char, 16> room{};
    QVERIFY(!receive((*client)->get(), room, 10ms));
}

void TestLocalSocket::staysInTheDataDirectoryWhenThePathIsShort()
{
    QVERIFY(localSocketPath(m_data, "a.sock").value() == m_path);
    QVERIFY(localSocketPath(m_data / "x" / "..", "a.sock").value() == m_path);
    fs::create_directory_symlink(m_data, m_data / "link");
    QVERIFY(localSocketPath(m_data / "link", "a.sock").value() == m_path);
}

void TestLocalSocket::goesToTheRuntimeDirectoryWhenThePathIsLong()
{
    const fs::path runtime = m_data / "run";
    fs::create_directory(runtime);
    ::chmod(runtime.c_str(), 0700);
    qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(runtime.string()));
    const fs::path data = m_data / std::string(120, 'd');
    const auto path = localSocketPath(data, "a.sock");
    QVERIFY(path);
    QVERIFY(path->parent_path() == runtime);
    QVERIFY(listenOn(*path));
    QVERIFY(localSocketPath(data / "." / "x" / "..", "a.sock").value() == *path);
    QVERIFY(localSocketPath(data, "b.sock").value() != *path);
    QVERIFY(localSocketPath(m_data / std::string(120, 'e'), "a.sock").value() != *path);
}

void TestLocalSocket::refusesARuntimeDirectoryThatOthersCanEnter()
{
    const fs::path runtime = m_data / "run";
    fs::create_directory(runtime);
    ::chmod(runtime.c_str(), 0755);
    qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(runtime.string()));
    QVERIFY(localSocketPath(m_data / std::string(120, 'd'), "a.sock").error().code
            == "control.path_too_long");
}

void TestLocalSocket::refusesALongPathWithoutARuntimeDirectory()
{
    for (const char *runtime : {"", "relative", "/nowhere"}) {
        qputenv("XDG_RUNTIME_DIR", runtime);
        QVERIFY(localSocketPath(m_data / std::string(120, 'd'), "a.sock").error().code
                == "control.path_too_long");
    }
}

QTEST_APPLESS_MAIN(TestLocalSocket)
#include "tst_localsocket.moc"
