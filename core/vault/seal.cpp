// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/seal.h"

#include "core/base/readysodium.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

namespace portolan::vault {

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kHeadBytes = 1 + std::tuple_size_v<KeyFingerprint>;
constexpr std::size_t kOverhead = kHeadBytes + kNonceBytes + kTagBytes;
static_assert(kMasterKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char *bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

unsigned char *bytes(std::string &text)
{
    return reinterpret_cast<unsigned char *>(text.data());
}

std::string headFor(const SecretBytes &key)
{
    const KeyFingerprint id = fingerprint(key);
    std::string head(1, kVersion);
    head.append(reinterpret_cast<const char *>(id.data()), id.size());
    return head;
}

std::unexpected<Error> damaged()
{
    return fail({
        .code = "vault.damaged",
        .message
        = "This stored credential cannot be opened: it was changed, or sealed under another master key. "
          "Enter it again.",
    });
}

} // namespace

KeyFingerprint fingerprint(const SecretBytes &key)
{
    readySodium();
    if (key.size() != kMasterKeyBytes)
        std::abort();
    constexpr std::string_view purpose = "portolan master key fingerprint";
    static_assert(std::tuple_size_v<KeyFingerprint> <= crypto_generichash_BYTES_MIN);
    std::array<unsigned char, crypto_generichash_BYTES_MIN> digest{};
    crypto_generichash(digest.data(), digest.size(), bytes(purpose), purpose.size(), bytes(key.view()),
                       key.size());
    KeyFingerprint id{};
    std::copy_n(digest.begin(), id.size(), id.begin());
    return id;
}

std::string toHex(const KeyFingerprint &fingerprint)
{
    std::string hex;
    for (const unsigned char byte : fingerprint)
        hex += fmt::format("{:02x}", byte);
    return hex;
}

Result<SecretBytes> makeSecret(std::size_t size, const std::function<bool(std::span<char>)> &fill)
{
    readySodium();
    const std::unique_ptr<char, void (*)(void *)> room(static_cast<char *>(sodium_malloc(size)), sodium_free);
    if (!room) {
        return fail({
            .code = "vault.no_locked_memory",
            .message = "There is no locked memory left for a secret: raise `ulimit -l`.",
            .retryable = true,
        });
    }
    const std::span<char> span(room.get(), size);
    if (!fill(span))
        return damaged();
    return SecretBytes::take(span);
}

SecretBytes makeMasterKey()
{
    readySodium();
    std::array<char, kMasterKeyBytes> key{};
    randombytes_buf(key.data(), key.size());
    return SecretBytes::take(key);
}

Result<std::string> sealBytes(const SecretBytes &key, std::string_view secret, std::string_view context)
{
    if (secret.size() > kMaxSecretBytes) {
        return fail({
            .origin = Origin::Client,
            .code = "vault.secret_too_long",
            .message = "A credential has at most 65,536 bytes.",
        });
    }
    const std::string head = headFor(key);
    const std::string bound = head + std::string(context);

    std::string sealed = head;
    sealed.resize(kOverhead + secret.size());
    unsigned char *nonce = bytes(sealed) + kHeadBytes;
    randombytes_buf(nonce, kNonceBytes);
    unsigned long long written = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, &written, bytes(secret), secret.size(),
                                               bytes(std::string_view(bound)), bound.size(), nullptr, nonce,
                                               bytes(key.view()));
    return sealed;
}

Result<SecretBytes> openBytes(const SecretBytes &key, std::string_view sealed, std::string_view context)
{
    if (sealed.size() < kOverhead || sealed.size() > kOverhead + kMaxSecretBytes)
        return damaged();
    const std::string head = headFor(key);
    if (!sealed.starts_with(head))
        return damaged();
    const std::string bound = head + std::string(context);

    const unsigned char *nonce = bytes(sealed) + kHeadBytes;
    const std::size_t body = sealed.size() - kHeadBytes - kNonceBytes;
    return makeSecret(body - kTagBytes, [&](std::span<char> room) {
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
                   reinterpret_cast<unsigned char *>(room.data()), nullptr, nullptr, nonce + kNonceBytes,
                   body, bytes(std::string_view(bound)), bound.size(), nonce, bytes(key.view()))
            == 0;
    });
}

} // namespace portolan::vault
