// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/keyfile.h"

#include "core/vault/privatefile.h"
#include "core/vault/seal.h"

#include <fmt/format.h>

#include <utility>

namespace portolan::vault {

namespace {

std::filesystem::path fileIn(const std::filesystem::path &directory)
{
    return directory / "master.key";
}

} // namespace

Result<std::optional<SecretBytes>> readKeyFile(const std::filesystem::path &directory)
{
    auto key = readPrivateFile(fileIn(directory), kMasterKeyBytes);
    if (key && *key && (*key)->size() != kMasterKeyBytes) {
        return fail({
            .origin = Origin::Config,
            .code = "vault.damaged_file",
            .message = fmt::format("{} is damaged: restore it from a backup.", fileIn(directory).string()),
            .where = fileIn(directory).string(),
        });
    }
    return key;
}

Result<SecretBytes> makeKeyFile(const std::filesystem::path &directory)
{
    SecretBytes key = makeMasterKey();
    if (auto written = createPrivateFile(fileIn(directory), key.view()); !written)
        return fail(std::move(written.error()));
    return key;
}

} // namespace portolan::vault
