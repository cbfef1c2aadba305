// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/privatefile.h"

#include "core/vault/seal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace portolan::vault {

namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    { }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }

private:
    int m_fd;
};

std::unexpected<Error> failIo(std::string_view doing, const std::filesystem::path &file, int number)
{
    return fail({
        .code = "vault.io",
        .message = fmt::format("Could not {} {}: {}.", doing, file.string(),
                               std::error_code(number, std::generic_category()).message()),
        .where = file.string(),
        .retryable = true,
    });
}

std::unexpected<Error> refuse(std::string code, std::string message, const std::filesystem::path &file)
{
    return fail({
        .origin = Origin::Config,
        .code = std::move(code),
        .message = std::move(message),
        .where = file.string(),
    });
}

bool writeAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(fd) == 0;
}

/// 0, or the error's number.
int readAll(int fd, std::span<char> room)
{
    while (!room.empty()) {
        const ssize_t got = ::read(fd, room.data(), room.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? errno : EIO;
        room = room.subspan(static_cast<std::size_t>(got));
    }
    return 0;
}

Result<> checkOwner(const struct stat &info, const std::filesystem::path &file)
{
    if (!S_ISREG(info.st_mode))
        return refuse("vault.key_file_readable",
                      fmt::format("{} is not a plain file: remove it.", file.string()), file);
    if (info.st_uid != ::geteuid()) {
        return refuse(
            "vault.key_file_readable",
            fmt::format("{} belongs to another user: give it to the user who runs Portolan.", file.string()),
            file);
    }
    if (info.st_mode & kOthers) {
        return refuse(
            "vault.key_file_readable",
            fmt::format("Other users can reach {}: run `chmod 600 {}`.", file.string(), file.string()), file);
    }
    return {};
}

/// A name beside `file` that nobody else has.
std::filesystem::path draftName(const std::filesystem::path &file)
{
    return file.string() + fmt::format(".{:08x}", randombytes_random());
}

} // namespace

Result<> needPrivateDirectory(const std::filesystem::path &directory)
{
    std::error_code error;
    if (directory.has_parent_path())
        std::filesystem::create_directories(directory.parent_path(), error);
    if (::mkdir(directory.c_str(), S_IRWXU) < 0 && errno != EEXIST)
        return failIo("make the directory", directory, errno);
    struct stat info{};
    if (::stat(directory.c_str(), &info) < 0)
        return failIo("look at", directory, errno);
    if (!S_ISDIR(info.st_mode))
        return refuse("vault.directory_open", fmt::format("{} is not a directory.", directory.string()),
                      directory);
    if (info.st_uid != ::geteuid()) {
        return refuse(
            "vault.directory_open",
            fmt::format("{} belongs to another user: choose a directory of your own.", directory.string()),
            directory);
    }
    if (info.st_mode & kOthers) {
        return refuse("vault.directory_open",
                      fmt::format("Other users can reach {}: run `chmod 700 {}`.", directory.string(),
                                  directory.string()),
                      directory);
    }
    return {};
}

Result<std::optional<SecretBytes>> readPrivateFile(const std::filesystem::path &file, std::size_t limit)
{
    // O_NONBLOCK: a named pipe put here must not hold up the start.
    const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd.isOpen()) {
        if (errno == ENOENT)
            return std::nullopt;
        if (errno == ELOOP) {
            return refuse("vault.key_file_readable",
                          fmt::format("{} is a symbolic link: put the file itself there.", file.string()),
                          file);
        }
        return failIo("open", file, errno);
    }
    struct stat info{};
    if (::fstat(fd.get(), &info) < 0)
        return failIo("look at", file, errno);
    if (auto checked = checkOwner(info, file); !checked)
        return fail(std::move(checked.error()));
    if (info.st_size <= 0 || static_cast<std::size_t>(info.st_size) > limit) {
        return refuse("vault.damaged_file",
                      fmt::format("{} is damaged: restore it from a backup.", file.string()), file);
    }
    int number = 0;
    auto secret = makeSecret(static_cast<std::size_t>(info.st_size), [&](std::span<char> room) {
        number = readAll(fd.get(), room);
        return number == 0;
    });
    if (number != 0)
        return failIo("read", file, number);
    if (!secret)
        return fail(std::move(secret.error()));
    return std::optional<SecretBytes>(std::move(*secret));
}

Result<> createPrivateFile(const std::filesystem::path &file, std::string_view bytes)
{
    // Written beside it and linked into place: a crash leaves no half file, and link() never replaces one.
    const std::filesystem::path draft = draftName(file);
    int number = 0;
    {
        const Descriptor fd(
            ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
        if (!fd.isOpen())
            return failIo("write", draft, errno);
        // The umask can only take bits away, and we need exactly these.
        if (::fchmod(fd.get(), S_IRUSR | S_IWUSR) < 0 || !writeAll(fd.get(), bytes))
            number = errno;
    }
    if (number == 0 && ::link(draft.c_str(), file.c_str()) < 0)
        number = errno;
    ::unlink(draft.c_str());
    if (number == EEXIST)
        return refuse("vault.file_exists", fmt::format("{} is there already.", file.string()), file);
    if (number != 0)
        return failIo("write", file, number);
    const Descriptor directory(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.isOpen() || ::fsync(directory.get()) < 0)
        return failIo("write", file, errno);
    return {};
}

} // namespace portolan::vault
