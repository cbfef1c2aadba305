// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace portolan::vault {

inline constexpr std::size_t kMasterKeyBytes = 32;
inline constexpr std::size_t kMaxSecretBytes = 64 * 1024; ///< a service account's JSON is about 2.5 KB

/// Names a master key without telling anything about it (keyed BLAKE2b of a constant).
using KeyFingerprint = std::array<unsigned char, 8>;

/// `key` is a master key of kMasterKeyBytes; anything else breaks a promise and ends the program.
[[nodiscard]] KeyFingerprint fingerprint(const SecretBytes &key);
[[nodiscard]] std::string toHex(const KeyFingerprint &fingerprint); ///< lower case

/// A secret made where it stays: `fill` writes into locked memory. `fill` answers whether it could.
[[nodiscard]] Result<SecretBytes> makeSecret(std::size_t size,
                                             const std::function<bool(std::span<char>)> &fill);
[[nodiscard]] SecretBytes makeMasterKey();

/// Version byte, key fingerprint, random nonce, XChaCha20-Poly1305 text and tag. `context` is authenticated
/// and not stored. "vault.secret_too_long" above kMaxSecretBytes.
[[nodiscard]] Result<std::string> sealBytes(const SecretBytes &key, std::string_view secret,
                                            std::string_view context);
/// "vault.damaged" for everything that is not exactly what sealBytes made with this key and context.
[[nodiscard]] Result<SecretBytes> openBytes(const SecretBytes &key, std::string_view sealed,
                                            std::string_view context);

} // namespace portolan::vault
