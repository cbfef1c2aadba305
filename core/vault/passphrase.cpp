// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/passphrase.h"

#include "core/vault/privatefile.h"
#include "core/vault/seal.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace portolan::vault {

namespace {

// "PTW1", passes and KiB as 32-bit little endian, salt; then what sealBytes makes with this head as context.
constexpr std::string_view kMagic = "PTW1";
constexpr std::size_t kHeadBytes = kMagic.size() + 4 + 4 + crypto_pwhash_argon2id_SALTBYTES;
constexpr std::size_t kMaxFile = 512;
constexpr std::chrono::milliseconds kWorthwhile{300};

std::filesystem::path fileIn(const std::filesystem::path &directory)
{
    return directory / "master.wrapped";
}

void putNumber(std::string &out, std::uint32_t number)
{
    for (int shift = 0; shift < 32; shift += 8)
        out.push_back(static_cast<char>((number >> shift) & 0xff));
}

std::uint32_t numberAt(std::string_view bytes, std::size_t at)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return number;
}

bool isWithinBounds(const KdfCost &cost)
{
    return cost.passes >= kLeastCost.passes && cost.passes <= kGreatestCost.passes
        && cost.memory_kib >= kLeastCost.memory_kib && cost.memory_kib <= kGreatestCost.memory_kib;
}

Result<SecretBytes> derive(const SecretBytes &passphrase, std::string_view salt, const KdfCost &cost)
{
    auto key = makeSecret(kMasterKeyBytes, [&](std::span<char> room) {
        return crypto_pwhash(reinterpret_cast<unsigned char *>(room.data()), room.size(),
                             passphrase.view().data(), passphrase.size(),
                             reinterpret_cast<const unsigned char *>(salt.data()), cost.passes,
                             std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13)
            == 0;
    });
    if (!key) {
        return fail({
            .code = "vault.no_memory",
            .message
            = fmt::format("Checking the passphrase needs {} MiB of memory: close something and try again.",
                          cost.memory_kib / 1024),
            .retryable = true,
        });
    }
    return key;
}

std::unexpected<Error> damagedFile()
{
    return fail({
        .origin = Origin::Config,
        .code = "vault.damaged_file",
        .message = "The file of the passphrase-protected master key is damaged: restore it from a backup.",
    });
}

std::string withHead(const KdfCost &cost, std::string_view salt)
{
    std::string head(kMagic);
    putNumber(head, cost.passes);
    putNumber(head, cost.memory_kib);
    head.append(salt);
    return head;
}

} // namespace

Result<KdfCost> measureCost()
{
    const SecretBytes sample = makeMasterKey();
    const std::string salt(crypto_pwhash_argon2id_SALTBYTES, '\0');
    const auto start = std::chrono::steady_clock::now();
    if (auto tried = derive(sample, salt, kLeastCost); !tried)
        return fail(std::move(tried.error()));
    const auto took = std::max<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start,
                                                         std::chrono::nanoseconds(1));
    KdfCost cost = kLeastCost;
    const auto wanted = kLeastCost.passes * std::chrono::nanoseconds(kWorthwhile) / took + 1;
    cost.passes = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(wanted, kLeastCost.passes, kGreatestCost.passes));
    return cost;
}

Result<std::string> wrapKey(const SecretBytes &key, const SecretBytes &passphrase, const KdfCost &cost)
{
    if (passphrase.size() < kLeastPassphrase) {
        return fail({
            .origin = Origin::Client,
            .code = "vault.short_passphrase",
            .message = "Choose a passphrase of eight characters or more.",
        });
    }
    std::string salt(crypto_pwhash_argon2id_SALTBYTES, '\0');
    randombytes_buf(salt.data(), salt.size());
    const auto outer = derive(passphrase, salt, cost);
    if (!outer)
        return fail(outer.error());
    const std::string head = withHead(cost, salt);
    auto sealed = sealBytes(*outer, key.view(), head);
    if (!sealed)
        return sealed;
    return head + *sealed;
}

Result<SecretBytes> unwrapKey(std::string_view wrapped, const SecretBytes &passphrase)
{
    if (wrapped.size() <= kHeadBytes || wrapped.size() > kMaxFile || !wrapped.starts_with(kMagic))
        return damagedFile();
    const std::string_view head = wrapped.substr(0, kHeadBytes);
    const KdfCost cost{.passes = numberAt(head, kMagic.size()),
                       .memory_kib = numberAt(head, kMagic.size() + 4)};
    if (!isWithinBounds(cost))
        return damagedFile();
    const auto outer = derive(passphrase, head.substr(kMagic.size() + 8), cost);
    if (!outer)
        return fail(outer.error());
    auto key = openBytes(*outer, wrapped.substr(kHeadBytes), head);
    if (key && key->size() == kMasterKeyBytes)
        return key;
    return fail({
        .origin = Origin::Client,
        .code = "vault.wrong_passphrase",
        .message = "This passphrase does not open the vault: try again.",
        .retryable = true,
    });
}

Result<std::optional<SecretBytes>> readWrappedKey(const std::filesystem::path &directory,
                                                  const AskPassphrase &ask)
{
    const auto file = readPrivateFile(fileIn(directory), kMaxFile);
    if (!file)
        return fail(file.error());
    if (!*file)
        return std::nullopt;
    if (!ask) {
        return fail({
            .origin = Origin::Client,
            .code = "vault.passphrase_needed",
            .message = "The master key is protected by a passphrase: start Portolan where it can ask for it.",
            .where = fileIn(directory).string(),
        });
    }
    const auto passphrase = ask();
    if (!passphrase)
        return fail(passphrase.error());
    auto key = unwrapKey((*file)->view(), *passphrase);
    if (!key)
        return fail(std::move(key.error()));
    return std::optional<SecretBytes>(std::move(*key));
}

Result<SecretBytes> makeWrappedKey(const std::filesystem::path &directory, const AskPassphrase &ask)
{
    const auto passphrase = ask();
    if (!passphrase)
        return fail(passphrase.error());
    const auto cost = measureCost();
    if (!cost)
        return fail(cost.error());
    SecretBytes key = makeMasterKey();
    const auto wrapped = wrapKey(key, *passphrase, *cost);
    if (!wrapped)
        return fail(wrapped.error());
    if (auto written = createPrivateFile(fileIn(directory), *wrapped); !written)
        return fail(std::move(written.error()));
    return key;
}

} // namespace portolan::vault
