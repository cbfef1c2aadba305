// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <filesystem>
#include <optional>

namespace portolan::vault {

/// The master key as 32 raw bytes in the 0600 file "master.key". Errors: see privatefile.h.
Result<std::optional<SecretBytes>> readKeyFile(const std::filesystem::path &directory);
Result<SecretBytes> makeKeyFile(const std::filesystem::path &directory);

} // namespace portolan::vault
