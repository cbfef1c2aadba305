// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <memory>

namespace portolan::store {

/// Creates the directory (0700) with its parents. One that others may enter is closed to them.
Result<> createPrivateDirectory(const std::filesystem::path &directory);

/// Creates an empty file, 0600 from its first moment whatever the umask says. One that exists is emptied.
Result<> createPrivateFile(const std::filesystem::path &file);

/// Renames a complete file over its target and makes both last through a power cut.
Result<> putInPlace(const std::filesystem::path &draft, const std::filesystem::path &target);

/// Holds the data directory for one process: an advisory lock that the system drops with the process, so that
/// a kill leaves nothing to clear away. The file holds the process id, for the message alone.
class DirectoryLock
{
public:
    /// "store.locked" when another process (or another store of this one) has it.
    static Result<DirectoryLock> take(const std::filesystem::path &directory);
    DirectoryLock(DirectoryLock &&other) noexcept;
    DirectoryLock &operator=(DirectoryLock &&) = delete;
    ~DirectoryLock();

private:
    explicit DirectoryLock(int descriptor) noexcept
        : m_descriptor(descriptor)
    { }
    int m_descriptor = -1;
};

/// Moves a damaged database with its WAL to "<name>.damaged-<UTC time>": never deleted. Gives the new path.
Result<std::filesystem::path> setAside(const std::filesystem::path &file);

} // namespace portolan::store
