// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/vault/keyring.h"
#include "core/vault/vault.h"

namespace portolan::vault {

/// openVault() with the keyring given; `options.use_keyring` still holds.
Result<std::shared_ptr<const Vault>> openVaultWith(const OpenOptions &options, Keyring &keyring);

} // namespace portolan::vault
