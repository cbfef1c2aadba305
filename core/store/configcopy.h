// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/connection.h"

#include <filesystem>

namespace portolan::store {

/// config-backup.db: a small SQLite file with the accounts (credentials sealed), virtual keys, client keys
/// (hashes), configs and settings as of their last change or a second before. When the log database is
/// damaged, the gateway goes on with these.
inline constexpr const char *kConfigCopy = "config-backup.db";

/// Writes the copy anew and puts it in place of the last one. Outside of a transaction, by the writer.
Result<> saveConfigCopy(const Connection &connection, const std::filesystem::path &directory);

/// Fills the empty tables of a fresh database from the copy. False when there is no usable copy.
Result<bool> restoreConfigCopy(const Connection &connection, const std::filesystem::path &directory);

} // namespace portolan::store
