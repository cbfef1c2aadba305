// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/connection.h"

#include <filesystem>
#include <memory>
#include <string>

namespace portolan::store {

struct Opened {
    std::unique_ptr<Connection> connection{};
    std::string set_aside{};         ///< where a damaged file went; empty: none
    bool is_config_restored = false; ///< accounts, keys and settings came back from their copy
};

[[nodiscard]] std::filesystem::path databaseFile(const std::filesystem::path &directory);

/// Opens the database for writing, creates or migrates it, and replaces it when it is damaged (reliability
/// R14): the damaged file stays beside it, keys and settings come from their copy. The check is bounded, so
/// that a start takes less than a second: the header and both ends of every table, and all of a small file
/// that was not closed or is not ours. Other damage shows when it is met. The directory must be locked
/// (DirectoryLock).
Result<Opened> openDatabase(const std::filesystem::path &directory);

/// The same after damage was met at run time: sets the file aside without looking at it again.
Result<Opened> replaceDatabase(const std::filesystem::path &directory);

} // namespace portolan::store
