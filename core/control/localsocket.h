// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace portolan::control {

/// Closes what it holds.
class FileDescriptor
{
public:
    explicit FileDescriptor(int fd = -1)
        : m_fd(fd)
    { }
    ~FileDescriptor();
    FileDescriptor(FileDescriptor &&other) noexcept
        : m_fd(other.release())
    { }
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }

    [[nodiscard]] int get() const noexcept { return m_fd; }
    [[nodiscard]] bool isOpen() const noexcept { return m_fd >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

/// Where instances on one data directory meet: `name` in the directory, or, when that is longer than a
/// socket's address may be, a name made from the directory in $XDG_RUNTIME_DIR. "control.path_too_long" when
/// neither will do.
Result<std::filesystem::path> localSocketPath(const std::filesystem::path &data_directory,
                                              std::string_view name);

/// A listening socket, 0600, non-blocking. One that nobody listens on any more (a killed instance) is taken
/// over; "control.in_use" when somebody does.
Result<FileDescriptor> listenOn(const std::filesystem::path &path);

/// A connected, blocking socket; nothing when nobody listens there. "control.foreign_peer" when another user
/// does, "control.no_answer" when the listener hangs. Sending on it gives up after five seconds.
Result<std::optional<FileDescriptor>> connectTo(const std::filesystem::path &path);

/// Whether the process at the other end runs as our user (SO_PEERCRED).
[[nodiscard]] bool isPeerOurs(int fd);

/// Sends all of it. False when the other side is gone.
[[nodiscard]] bool sendAll(int fd, std::string_view bytes);

/// 64 KiB of locked memory, one per thread: secrets may come in with whatever is read. Wipe what was used.
[[nodiscard]] std::span<char> lockedReadBuffer();

/// Waits and reads what there is: number of bytes, 0 at the end, nothing when the time is over.
[[nodiscard]] std::optional<std::size_t> receive(int fd, std::span<char> room,
                                                 std::optional<std::chrono::milliseconds> wait);

} // namespace portolan::control
