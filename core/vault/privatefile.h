// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

namespace portolan::vault {

/// Makes the directory 0700 when it is not there. Refuses one that others can enter or that belongs to
/// somebody else
/// ("vault.directory_open").
Result<> needPrivateDirectory(const std::filesystem::path &directory);

/// Reads a file that only we can read. Nothing when there is none; refuses a symbolic link, a file of another
/// owner or one that group or others can read or write ("vault.key_file_readable"), and one longer than
/// `limit`
/// ("vault.damaged_file").
Result<std::optional<SecretBytes>> readPrivateFile(const std::filesystem::path &file, std::size_t limit);

/// Makes the file 0600, whole or not at all, on disk when it returns. Never replaces one
/// ("vault.file_exists").
Result<> createPrivateFile(const std::filesystem::path &file, std::string_view bytes);

} // namespace portolan::vault
