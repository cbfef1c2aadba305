// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vault/homemarker.h"

#include "core/vault/privatefile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace portolan::vault {

namespace {

constexpr std::size_t kMaxBytes = 256;

std::filesystem::path fileIn(const std::filesystem::path &directory)
{
    return directory / "vault.home";
}

std::string_view wordFor(KeyHome home)
{
    switch (home) {
    case KeyHome::Keyring: return "keyring";
    case KeyHome::Passphrase: return "passphrase";
    case KeyHome::KeyFile: return "key-file";
    }
    return {};
}

std::string print(const HomeMarker &marker)
{
    std::string line = fmt::format("portolan-vault 1 {} {}", wordFor(marker.home), toHex(marker.key));
    if (!marker.entry.empty())
        line += ' ' + marker.entry;
    return line + '\n';
}

std::optional<KeyFingerprint> parseFingerprint(std::string_view hex)
{
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    KeyFingerprint key{};
    if (hex.size() != key.size() * 2)
        return std::nullopt;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const int high = digit(hex[2 * i]);
        const int low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        key[i] = static_cast<unsigned char>(high * 16 + low);
    }
    return key;
}

bool isPrintable(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

/// Reads exactly what print() writes.
std::optional<HomeMarker> parse(std::string_view text)
{
    for (const KeyHome home : {KeyHome::Keyring, KeyHome::Passphrase, KeyHome::KeyFile}) {
        const std::string begin = fmt::format("portolan-vault 1 {} ", wordFor(home));
        if (!text.starts_with(begin) || !text.ends_with('\n'))
            continue;
        text.remove_prefix(begin.size());
        text.remove_suffix(1);
        const auto blank = std::min(text.find(' '), text.size());
        const auto key = parseFingerprint(text.substr(0, blank));
        const std::string_view entry = text.substr(std::min(blank + 1, text.size()));
        if (!key || entry.empty() != (home != KeyHome::Keyring) || !isPrintable(entry))
            return std::nullopt;
        return HomeMarker{.home = home, .key = *key, .entry = std::string(entry)};
    }
    return std::nullopt;
}

} // namespace

Result<std::optional<HomeMarker>> readHomeMarker(const std::filesystem::path &directory)
{
    auto text = readPrivateFile(fileIn(directory), kMaxBytes);
    if (!text)
        return fail(std::move(text.error()));
    if (!*text)
        return std::nullopt;
    if (const auto marker = parse((*text)->view()))
        return marker;
    return fail({
        .origin = Origin::Config,
        .code = "vault.damaged_file",
        .message = fmt::format("{} is damaged: restore it from a backup.", fileIn(directory).string()),
        .where = fileIn(directory).string(),
    });
}

Result<> writeHomeMarker(const std::filesystem::path &directory, const HomeMarker &marker)
{
    return createPrivateFile(fileIn(directory), print(marker));
}

} // namespace portolan::vault
