// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/openvault.h"

#include "core/vault/homemarker.h"
#include "core/vault/keyfile.h"
#include "core/vault/passphrase.h"
#include "core/vault/privatefile.h"
#include "core/vault/seal.h"

#include <fmt/format.h>

#include <utility>

namespace portolan::vault {

namespace {

struct MasterKey {
    SecretBytes key;
    KeyHome home;
};

std::string entryFor(const OpenOptions &options)
{
    return "master-key/" + options.profile;
}

std::unexpected<Error> failConfig(std::string code, std::string message, const OpenOptions &options)
{
    return fail({
        .origin = Origin::Config,
        .code = std::move(code),
        .message = std::move(message),
        .where = options.directory.string(),
    });
}

std::unexpected<Error> unavailable(const Error &reason)
{
    return fail({
        .origin = Origin::Config,
        .code = "vault.keyring_unavailable",
        .message = "Portolan's master key is in the OS keyring, which cannot be used now. " + reason.message,
        .retryable = true,
    });
}

/// "vault.keyring_absent" stays as it is: at first start it is a reason to look for another home.
Result<std::optional<SecretBytes>> readKeyring(const OpenOptions &options, Keyring &keyring)
{
    auto key = keyring.read(entryFor(options));
    if (!key)
        return key.error().code == "vault.keyring_absent" ? std::move(key) : unavailable(key.error());
    if (*key && (*key)->size() != kMasterKeyBytes) {
        return failConfig(
            "vault.other_key",
            fmt::format("The keyring's entry \"{}\" of Portolan is no master key: remove it there, or "
                        "start with another --profile.",
                        entryFor(options)),
            options);
    }
    return key;
}

Result<MasterKey> makeInKeyring(const OpenOptions &options, Keyring &keyring)
{
    SecretBytes key = makeMasterKey();
    if (auto written = keyring.write(entryFor(options), key); !written)
        return unavailable(written.error());
    // Read back before anything is sealed under it: some keyrings accept and forget.
    const auto kept = readKeyring(options, keyring);
    if (!kept)
        return unavailable(kept.error());
    if (!*kept || !(*kept)->equals(key.view()))
        return unavailable(
            {.message = "It did not keep what was written: check that it has a default collection."});
    return MasterKey{.key = std::move(key), .home = KeyHome::Keyring};
}

/// First start: the keyring, then a passphrase, then a key file.
Result<MasterKey> makeKey(const OpenOptions &options, Keyring &keyring)
{
    if (options.use_keyring) {
        auto kept = readKeyring(options, keyring);
        if (kept && *kept)
            return MasterKey{.key = std::move(**kept), .home = KeyHome::Keyring};
        if (kept)
            return makeInKeyring(options, keyring);
        if (kept.error().code != "vault.keyring_absent")
            return fail(std::move(kept.error()));
    }
    auto key = options.ask_passphrase ? makeWrappedKey(options.directory, options.ask_passphrase)
                                      : makeKeyFile(options.directory);
    if (!key)
        return fail(std::move(key.error()));
    return MasterKey{.key = std::move(*key),
                     .home = options.ask_passphrase ? KeyHome::Passphrase : KeyHome::KeyFile};
}

Result<std::optional<SecretBytes>> readKey(KeyHome home, const OpenOptions &options, Keyring &keyring)
{
    switch (home) {
    case KeyHome::Passphrase: return readWrappedKey(options.directory, options.ask_passphrase);
    case KeyHome::KeyFile: return readKeyFile(options.directory);
    case KeyHome::Keyring: break;
    }
    if (!options.use_keyring)
        return unavailable({.message = "Start without --key-file to use it."});
    auto key = readKeyring(options, keyring);
    if (!key && key.error().code == "vault.keyring_absent")
        return unavailable(key.error());
    return key;
}

Result<MasterKey> openKept(const HomeMarker &marker, const OpenOptions &options, Keyring &keyring)
{
    auto key = readKey(marker.home, options, keyring);
    if (!key)
        return fail(std::move(key.error()));
    if (!*key) {
        return failConfig(
            "vault.key_lost",
            fmt::format("The master key is no longer in its {}: restore it, or move {} away to begin "
                        "with a new one and enter the credentials again.",
                        toString(marker.home), (options.directory / "vault.home").string()),
            options);
    }
    if (fingerprint(**key) != marker.key) {
        return failConfig(
            "vault.other_key",
            fmt::format("The master key in the {} is not the one this data directory began with: "
                        "restore that one, or start with its own --profile.",
                        toString(marker.home)),
            options);
    }
    return MasterKey{.key = std::move(**key), .home = marker.home};
}

/// A key made by a first start that was cut off before its marker.
Result<std::optional<MasterKey>> adopt(const OpenOptions &options)
{
    auto from_file = readKeyFile(options.directory);
    if (!from_file)
        return fail(std::move(from_file.error()));
    if (*from_file)
        return MasterKey{.key = std::move(**from_file), .home = KeyHome::KeyFile};
    auto wrapped = readWrappedKey(options.directory, options.ask_passphrase);
    if (!wrapped)
        return fail(std::move(wrapped.error()));
    if (*wrapped)
        return MasterKey{.key = std::move(**wrapped), .home = KeyHome::Passphrase};
    return std::nullopt;
}

Result<MasterKey> begin(const OpenOptions &options, Keyring &keyring)
{
    auto adopted = adopt(options);
    if (!adopted)
        return fail(std::move(adopted.error()));
    auto key = *adopted ? Result<MasterKey>(std::move(**adopted)) : makeKey(options, keyring);
    if (!key)
        return key;
    const HomeMarker marker{.home = key->home, .key = fingerprint(key->key)};
    if (auto written = writeHomeMarker(options.directory, marker); !written)
        return fail(std::move(written.error()));
    return key;
}

} // namespace

Result<std::shared_ptr<const Vault>> openVaultWith(const OpenOptions &options, Keyring &keyring)
{
    if (auto ready = needPrivateDirectory(options.directory); !ready)
        return fail(std::move(ready.error()));
    const auto marker = readHomeMarker(options.directory);
    if (!marker)
        return fail(marker.error());
    auto key = *marker ? openKept(**marker, options, keyring) : begin(options, keyring);
    if (!key)
        return fail(std::move(key.error()));
    return std::make_shared<const Vault>(std::move(key->key), key->home);
}

Result<std::shared_ptr<const Vault>> openVault(const OpenOptions &options)
{
    const auto keyring = systemKeyring(options.keyring_wait);
    return openVaultWith(options, *keyring);
}

} // namespace portolan::vault
