// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace portolan::vault {

/// The OS keyring as we use it. An interface because it is a border of the program: a person, a daemon and a
/// prompt stand behind it. Errors: "vault.keyring_absent" (this machine has none), "vault.keyring_denied",
/// "vault.keyring_slow" (nobody answered in time) and "vault.keyring_failed".
class Keyring
{
public:
    virtual ~Keyring() = default;
    virtual Result<std::optional<SecretBytes>> read(const std::string &entry) = 0; ///< nothing: no such entry
    virtual Result<> write(const std::string &entry, const SecretBytes &secret) = 0;
};

/// Secret Service or KWallet through QtKeychain, its plain-text fallback off. Looks first whether there is
/// one at all, so a machine without a session bus answers at once. Each call waits at most `wait`.
std::unique_ptr<Keyring> systemKeyring(std::chrono::milliseconds wait);

} // namespace portolan::vault
