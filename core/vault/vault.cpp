// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/vault.h"

#include "core/vault/seal.h"

#include <cstdint>
#include <utility>

namespace portolan::vault {

namespace {

/// Both parts have a fixed place, so no two subjects share one context.
std::string contextOf(const Vault::Subject &subject)
{
    std::string context = "portolan credential";
    const auto id = static_cast<std::uint64_t>(subject.account.value);
    for (int shift = 0; shift < 64; shift += 8)
        context.push_back(static_cast<char>((id >> shift) & 0xff));
    context.append(subject.provider);
    return context;
}

} // namespace

std::string_view toString(KeyHome home) noexcept
{
    switch (home) {
    case KeyHome::Keyring: return "keyring";
    case KeyHome::Passphrase: return "passphrase";
    case KeyHome::KeyFile: return "key file";
    }
    return {};
}

Vault::Vault(SecretBytes master_key, KeyHome home)
    : m_master_key(std::move(master_key))
    , m_home(home)
{ }

Result<std::string> Vault::seal(const SecretBytes &secret, const Subject &subject) const
{
    return sealBytes(m_master_key, secret.view(), contextOf(subject));
}

Result<SecretBytes> Vault::open(std::string_view sealed, const Subject &subject) const
{
    return openBytes(m_master_key, sealed, contextOf(subject));
}

} // namespace portolan::vault
