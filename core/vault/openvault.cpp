// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/openvault.h"

#include "core/vault/homemarker.h"
#include "core/vault/keyfile.h"
#include "core/vault/passphrase.h"
#include "core/vault/privatefile.h"
#include "core/vault/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::vault {

namespace {

struct MasterKey {
    SecretBytes key;
    KeyHome home;
    std::string entry{}; ///< of the keyring
};

/// Unlike any other, so that a new vault never writes over the key of an older one that is locked at the
/// moment. The profile is there for the person who looks into the keyring.
std::string newEntry(const OpenOptions &options, const SecretBytes &key)
{
    constexpr std::size_t kEnough = 64;
    std::string profile = options.profile.substr(0, kEnough);
    std::ranges::replace_if(profile, [](char c) { return c <= 0x20 || c >= 0x7f; }, '_');
    return fmt::format("master-key/{}/{}", profile, toHex(fingerprint(key)));
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

std::unexpected<Error> unavailable(std::string message)
{
    return fail({
        .origin = Origin::Config,
        .code = "vault.keyring_unavailable",
        .message = std::move(message),
        .retryable = true,
    });
}

/// "vault.keyring_absent" stays as it is: it is the reason to look for another home.
Result<MasterKey> makeInKeyring(const OpenOptions &options, Keyring &keyring)
{
    SecretBytes key = makeMasterKey();
    const std::string entry = newEntry(options, key);
    if (auto written = keyring.write(entry, key); !written) {
        if (written.error().code == "vault.keyring_absent")
            return fail(std::move(written.error()));
        return unavailable(written.error().message + " Or start with --key-file to do without it.");
    }
    // Read back before anything is sealed under it: some keyrings accept and forget.
    const auto kept = keyring.read(entry);
    if (!kept)
        return unavailable(kept.error().message);
    if (!*kept || !(*kept)->equals(key.view()))
        return unavailable("The keyring did not keep the master key: see that it has a default collection.");
    return MasterKey{.key = std::move(key), .home = KeyHome::Keyring, .entry = entry};
}

/// First start: the keyring, then a passphrase, then a key file.
Result<MasterKey> makeKey(const OpenOptions &options, Keyring &keyring)
{
    if (options.use_keyring) {
        auto kept = makeInKeyring(options, keyring);
        if (kept || kept.error().code != "vault.keyring_absent")
            return kept;
    }
    if (options.ask_passphrase) {
        auto wrapped = makeWrappedKey(options.directory, options.ask_passphrase);
        if (wrapped)
            return MasterKey{.key = std::move(*wrapped), .home = KeyHome::Passphrase};
        if (wrapped.error().code != "vault.passphrase_declined")
            return fail(std::move(wrapped.error()));
    }
    auto key = makeKeyFile(options.directory);
    if (!key)
        return fail(std::move(key.error()));
    return MasterKey{.key = std::move(*key), .home = KeyHome::KeyFile};
}

/// A locked keyring whose prompt was dismissed answers like one without the entry, so both are one error.
Result<std::optional<SecretBytes>> readKeyring(const std::string &entry, const OpenOptions &options,
                                               Keyring &keyring)
{
    constexpr std::string_view kept = "Portolan's master key is in the OS keyring. ";
    if (!options.use_keyring)
        return unavailable(std::string(kept) + "Start without --key-file to use it.");
    auto key = keyring.read(entry);
    if (!key)
        return unavailable(std::string(kept) + key.error().message);
    if (!*key) {
        return unavailable(
            fmt::format("{}It does not give it out: unlock it and try again, or restore its entry "
                        "\"{}\" if that was deleted.",
                        kept, entry));
    }
    if ((*key)->size() != kMasterKeyBytes)
        return failConfig("vault.other_key",
                          fmt::format("The keyring's entry \"{}\" is no master key: restore it.", entry),
                          options);
    return key;
}

Result<std::optional<SecretBytes>> readKey(const HomeMarker &marker, const OpenOptions &options,
                                           Keyring &keyring)
{
    switch (marker.home) {
    case KeyHome::Passphrase: return readWrappedKey(options.directory, options.ask_passphrase);
    case KeyHome::KeyFile: return readKeyFile(options.directory);
    case KeyHome::Keyring: break;
    }
    return readKeyring(marker.entry, options, keyring);
}

Result<MasterKey> openKept(const HomeMarker &marker, const OpenOptions &options, Keyring &keyring)
{
    auto key = readKey(marker, options, keyring);
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
                        "restore that one.",
                        toString(marker.home)),
            options);
    }
    return MasterKey{.key = std::move(**key), .home = marker.home};
}

/// A key file made by a first start that was cut off before its marker. What such a start left in the keyring
/// has sealed nothing and stays there unused.
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
    const HomeMarker marker{.home = key->home, .key = fingerprint(key->key), .entry = key->entry};
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
