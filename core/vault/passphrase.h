// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::vault {

/// Argon2id's cost, stored beside the wrapped key (threat-model C2).
struct KdfCost {
    std::uint32_t passes = 3;
    std::uint32_t memory_kib = 64 * 1024;

    friend bool operator==(const KdfCost &, const KdfCost &) = default;
};

inline constexpr KdfCost kLeastCost{.passes = 3, .memory_kib = 64 * 1024};
inline constexpr KdfCost kGreatestCost{.passes = 20, .memory_kib = 1024 * 1024};
inline constexpr std::size_t kLeastPassphrase = 8;

/// As many passes as take 0.3 s here, within the bounds above.
[[nodiscard]] Result<KdfCost> measureCost();

/// The master key sealed under a key made from the passphrase. "vault.short_passphrase" below eight bytes.
Result<std::string> wrapKey(const SecretBytes &key, const SecretBytes &passphrase, const KdfCost &cost);
/// "vault.wrong_passphrase" when it does not open; "vault.damaged_file" when it is none of ours or its cost
/// is out of bounds, before any work is done.
Result<SecretBytes> unwrapKey(std::string_view wrapped, const SecretBytes &passphrase);

using AskPassphrase = std::function<Result<SecretBytes>()>;

/// The wrapped key in the 0600 file "master.wrapped". The passphrase is asked for only when the file is
/// there.
Result<std::optional<SecretBytes>> readWrappedKey(const std::filesystem::path &directory,
                                                  const AskPassphrase &ask);
Result<SecretBytes> makeWrappedKey(const std::filesystem::path &directory, const AskPassphrase &ask);

} // namespace portolan::vault
