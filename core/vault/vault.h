// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace portolan::vault {

/// Where the master key is kept; shown in Settings.
enum class KeyHome { Keyring, Passphrase, KeyFile };

[[nodiscard]] std::string_view toString(KeyHome home) noexcept;

/// Seals and opens credentials with XChaCha20-Poly1305 under a random 256-bit master key (threat-model C1).
/// The account's id and provider are associated data, so that two swapped rows both fail to open. Threads may
/// share it.
class Vault
{
public:
    /// What a sealed credential belongs to.
    struct Subject {
        AccountId account{};
        std::string_view provider{};
    };

    Vault(SecretBytes master_key, KeyHome home);

    [[nodiscard]] Result<std::string> seal(const SecretBytes &secret, const Subject &subject) const;
    /// "vault.damaged" when a bit was changed, the row swapped, or another master key sealed it.
    [[nodiscard]] Result<SecretBytes> open(std::string_view sealed, const Subject &subject) const;
    [[nodiscard]] KeyHome home() const noexcept { return m_home; }

private:
    SecretBytes m_master_key;
    KeyHome m_home;
};

struct OpenOptions {
    std::filesystem::path directory{}; ///< for the wrapped key or key file; 0700
    std::string profile = "default";   ///< part of the name of a new keyring entry
    bool use_keyring = true;           ///< false for tests and portolan-gateway --key-file
    /// Empty: none can be asked for. "vault.passphrase_declined" at the first start chooses the key file.
    std::function<Result<SecretBytes>()> ask_passphrase{};
    /// How long to wait for the keyring, its prompt included. After "vault.keyring_unavailable" (retryable)
    /// with the prompt still open, call again from a worker with a longer one.
    std::chrono::milliseconds keyring_wait{3000};
};

/// Finds or makes the master key: the OS keyring, else a passphrase-wrapped key (Argon2id), else a 0600 key
/// file in a 0700 directory made with O_EXCL. Errors: "vault.key_file_readable" and "vault.directory_open"
/// name the command that mends them. Which home was used first stays, written down in "vault.home": a vault
/// made with the keyring is never silently replaced ("vault.keyring_unavailable", "vault.key_lost",
/// "vault.other_key"), and only a machine without any keyring service falls back at first start. Others:
/// "vault.passphrase_needed", "vault.wrong_passphrase", "vault.short_passphrase", "vault.damaged_file",
/// "vault.io". Needs a QCoreApplication for the keyring; blocks, so never on the UI thread's event handlers:
/// call it before the window opens, or from a worker while the application's event loop runs.
Result<std::shared_ptr<const Vault>> openVault(const OpenOptions &options);

} // namespace portolan::vault
