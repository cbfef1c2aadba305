// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/clientkeys.h"

#include "core/base/readysodium.h"

#include <sodium.h>

#include <algorithm>

namespace portolan::admission {

SecretBytes makeToken()
{
    readySodium();
    std::array<unsigned char, 32> random{};
    randombytes_buf(random.data(), random.size());
    constexpr int kForm = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::array<char, kTokenPrefix.size() + sodium_base64_ENCODED_LEN(sizeof(random), kForm)> text{};
    std::ranges::copy(kTokenPrefix, text.begin());
    sodium_bin2base64(text.data() + kTokenPrefix.size(), text.size() - kTokenPrefix.size(), random.data(),
                      random.size(), kForm);
    sodium_memzero(random.data(), random.size());
    return SecretBytes::take(std::span(text).first(text.size() - 1)); // without the closing NUL
}

TokenHash hashToken(std::string_view token)
{
    TokenHash hash{};
    static_assert(std::tuple_size_v<TokenHash> == crypto_hash_sha256_BYTES);
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char *>(token.data()), token.size());
    return hash;
}

} // namespace portolan::admission
