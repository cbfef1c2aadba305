// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

namespace portolan::store {

namespace {

constexpr mode_t kPrivateFile = S_IRUSR | S_IWUSR;
constexpr mode_t kPrivateDirectory = S_IRWXU;

std::unexpected<Error> notPossible(const std::filesystem::path &path, int error)
{
    return fail({.code = error == ENOSPC || error == EDQUOT ? "store.disk_full" : "store.read_only",
                 .message = "Portolan cannot write " + path.string() + " (" + std::strerror(error)
                     + "); check its permissions and the disk.",
                 .where = path.string()});
}

class Descriptor
{
public:
    explicit Descriptor(int number) noexcept
        : m_number(number)
    { }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (m_number >= 0)
            close(m_number);
    }
    [[nodiscard]] int number() const noexcept { return m_number; }
    int release() noexcept { return std::exchange(m_number, -1); }

private:
    int m_number;
};

bool syncPath(const std::filesystem::path &path, int flags)
{
    const Descriptor file(open(path.c_str(), flags | O_CLOEXEC));
    return file.number() >= 0 && fsync(file.number()) == 0;
}

std::string holderOf(int descriptor)
{
    std::array<char, 32> text{};
    const auto size = pread(descriptor, text.data(), text.size(), 0);
    std::string_view digits(text.data(), size > 0 ? std::size_t(size) : 0);
    digits = digits.substr(0, digits.find_first_not_of("0123456789"));
    return digits.empty() ? std::string() : " (process " + std::string(digits) + ")";
}

std::string timeStamp()
{
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc)};
}

} // namespace

Result<> createPrivateDirectory(const std::filesystem::path &directory)
{
    std::error_code ignored; // what matters is whether the directory is there in the end
    std::filesystem::create_directories(directory.parent_path(), ignored);
    if (mkdir(directory.c_str(), kPrivateDirectory) != 0 && errno != EEXIST)
        return notPossible(directory, errno);
    struct stat status{};
    if (stat(directory.c_str(), &status) != 0)
        return notPossible(directory, errno);
    if (!S_ISDIR(status.st_mode))
        return notPossible(directory, ENOTDIR);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && chmod(directory.c_str(), kPrivateDirectory) != 0)
        return notPossible(directory, errno);
    return {};
}

Result<> createPrivateFile(const std::filesystem::path &file)
{
    const Descriptor opened(
        open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kPrivateFile));
    if (opened.number() < 0 || fchmod(opened.number(), kPrivateFile) != 0)
        return notPossible(file, errno);
    return {};
}

Result<> putInPlace(const std::filesystem::path &draft, const std::filesystem::path &target)
{
    if (!syncPath(draft, O_RDONLY) || rename(draft.c_str(), target.c_str()) != 0
        || !syncPath(target.parent_path(), O_RDONLY | O_DIRECTORY))
        return notPossible(target, errno);
    return {};
}

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path &directory)
{
    const auto file = directory / "portolan.lock";
    Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kPrivateFile));
    if (lock.number() < 0)
        return notPossible(file, errno);
    if (flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        return fail({.code = "store.locked",
                     .message = "Another Portolan" + holderOf(lock.number())
                         + " uses this data directory; quit it, or name another directory.",
                     .where = directory.string()});
    }
    const auto pid = std::to_string(getpid()) + "\n";
    if (ftruncate(lock.number(), 0) != 0 || pwrite(lock.number(), pid.data(), pid.size(), 0) < 0)
        return notPossible(file, errno);
    return DirectoryLock(lock.release());
}

DirectoryLock::DirectoryLock(DirectoryLock &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{ }

DirectoryLock::~DirectoryLock()
{
    if (m_descriptor >= 0)
        close(m_descriptor);
}

Result<std::filesystem::path> setAside(const std::filesystem::path &file)
{
    auto target = file;
    target += ".damaged-" + timeStamp();
    std::error_code ignored; // in that case the rename below says what is wrong
    for (int more = 2; std::filesystem::exists(target, ignored); ++more)
        target = file.string() + ".damaged-" + timeStamp() + "-" + std::to_string(more);
    if (rename(file.c_str(), target.c_str()) != 0)
        return notPossible(file, errno);
    // The WAL belongs to it: under the same name SQLite can still read both.
    const std::filesystem::path wal = file.string() + "-wal";
    if (std::filesystem::exists(wal, ignored) && rename(wal.c_str(), (target.string() + "-wal").c_str()) != 0)
        return notPossible(wal, errno);
    std::filesystem::remove(file.string() + "-shm", ignored); // an index of the WAL, rebuilt at need
    return target;
}

} // namespace portolan::store
