// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/vault/seal.h"
#include "core/vault/vault.h"

#include <filesystem>
#include <optional>
#include <string>

namespace portolan::vault {

/// Says where a data directory's master key is kept and which one it is, so that another never takes its
/// place unnoticed. One line in the file "vault.home"; holds no secret.
struct HomeMarker {
    KeyHome home = KeyHome::Keyring;
    KeyFingerprint key{};
    std::string entry{}; ///< of the keyring, printable; empty for the other homes

    friend bool operator==(const HomeMarker &, const HomeMarker &) = default;
};

/// Nothing when the directory has none yet; "vault.damaged_file" when it cannot be read.
Result<std::optional<HomeMarker>> readHomeMarker(const std::filesystem::path &directory);
Result<> writeHomeMarker(const std::filesystem::path &directory, const HomeMarker &marker);

} // namespace portolan::vault
