// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/clientkeys.h"

#include "core/base/redact.h"
#include "core/base/text.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace portolan::admission {

namespace {

constexpr std::string_view kHowToMakeOne
    = "make one in Keys or with `portolan-gateway key create`, and send it as Authorization: Bearer";

std::unexpected<Error> refuse(std::string code, std::string message)
{
    return fail({.origin = Origin::Client, .code = std::move(code), .message = std::move(message)});
}

/// An Authorization line taken apart.
struct Authorization {
    bool bearer = false;
    std::string_view credential{}; ///< the token of Bearer, the whole value otherwise; empty: none
};

Authorization readAuthorization(std::string_view line)
{
    constexpr std::string_view scheme = "Bearer";
    line = trimmed(line);
    if (line.empty() || equalsIgnoringCase(line, scheme))
        return {};
    const bool bearer
        = startsWithIgnoringCase(line, scheme) && trimmed(line.substr(scheme.size(), 1)).empty();
    if (!bearer)
        return {.bearer = false, .credential = line};
    const std::string_view token = trimmed(line.substr(scheme.size()));
    // Portkey's Node SDK sends this when it was given no key (gateway-protocol 2.4).
    if (token == "DUMMY-KEY")
        return {};
    return {.bearer = true, .credential = token};
}

/// "The key ending in ...abcd", or "This key" for one too short or too odd to show a part of.
std::string naming(std::string_view token)
{
    const auto is_plain = [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; };
    const std::string tail = lastFour(token);
    if (tail.size() < 7 || !std::ranges::all_of(tail, is_plain))
        return "This key";
    return "The key ending in " + tail;
}

std::unexpected<Error> unknownKey(std::string_view token)
{
    return refuse("auth.key_unknown", fmt::format("{} is not known here: {}.", naming(token), kHowToMakeOne));
}

std::unexpected<Error> conflictingKeys()
{
    return refuse(
        "auth.conflicting_keys",
        "Two different keys came in one request: send the client key alone, or as x-portkey-api-key with "
        "the provider's own in Authorization.");
}

} // namespace

int httpStatus(const Error &error) noexcept
{
    if (error.code == "auth.repeated_header")
        return 400;
    return error.code == "auth.key_disabled" ? 403 : 401;
}

ClientKeys::ClientKeys(std::vector<ClientKey> keys)
{
    m_by_hash.reserve(keys.size());
    for (ClientKey &key : keys) {
        const auto shared = std::make_shared<const ClientKey>(std::move(key));
        if (shared->old_token) // the present tokens win
            m_by_hash.try_emplace(shared->old_token->hash, Entry{shared, shared->old_token->ends_us});
        m_by_hash.insert_or_assign(shared->hash, Entry{shared});
    }
}

std::size_t ClientKeys::HashOfHash::operator()(const TokenHash &hash) const noexcept
{
    std::size_t value = 0;
    std::memcpy(&value, hash.data(), sizeof value); // SHA-256 is as good a hash as any
    return value;
}

bool ClientKeys::EqualHashes::operator()(const TokenHash &a, const TokenHash &b) const noexcept
{
    return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

const ClientKeys::Entry *ClientKeys::entryOf(std::string_view token) const
{
    const auto found = m_by_hash.find(hashToken(token));
    return found == m_by_hash.end() ? nullptr : &found->second;
}

std::shared_ptr<const ClientKey> ClientKeys::find(std::string_view token) const
{
    const auto *entry = entryOf(token);
    return entry ? entry->key : nullptr;
}

Result<Identity> ClientKeys::identify(std::string_view token, std::int64_t now_us) const
{
    const auto *entry = entryOf(token);
    if (!entry)
        return unknownKey(token);
    const auto &key = entry->key;
    if (entry->ends_us != 0 && entry->ends_us <= now_us) {
        return refuse("auth.key_expired",
                      fmt::format("{} was replaced by a new token: send that one instead.", naming(token)));
    }
    if (!key->enabled) {
        return refuse("auth.key_disabled",
                      fmt::format("{} is switched off: switch it on in Keys.", naming(token)));
    }
    if (key->expires_us != 0 && key->expires_us <= now_us)
        return refuse("auth.key_expired", fmt::format("{} has expired: {}.", naming(token), kHowToMakeOne));
    return Identity{.key = key};
}

Result<Identity> ClientKeys::authenticate(const PresentedCredentials &presented, std::int64_t now_us,
                                          bool open_on_loopback) const
{
    if (presented.repeated) {
        return refuse("auth.repeated_header",
                      "A header line with a key came twice: send each such line once.");
    }
    const std::string_view portkey = trimmed(presented.portkey_api_key);
    const Authorization authorization = readAuthorization(presented.authorization);

    // The first of these decides; the others must say the same.
    std::string_view token = !portkey.empty() ? portkey : authorization.credential;
    for (const std::string_view line : {presented.x_api_key, presented.api_key, presented.x_goog_api_key}) {
        const std::string_view other = trimmed(line);
        if (other.empty())
            continue;
        if (!token.empty() && other != token)
            return conflictingKeys();
        token = other;
    }

    if (token.empty()) {
        if (open_on_loopback)
            return Identity{};
        return refuse("auth.key_missing", fmt::format("A client key is needed: {}.", kHowToMakeOne));
    }
    const auto is_ours
        = [this](std::string_view value) { return value.starts_with(kTokenPrefix) || find(value); };
    if (!portkey.empty()) {
        auto identity = open_on_loopback && !is_ours(portkey) ? Identity{} : identify(portkey, now_us);
        if (!identity || authorization.credential.empty() || authorization.credential == portkey)
            return identity;
        if (is_ours(authorization.credential))
            return conflictingKeys(); // a client key never goes to a provider
        identity->upstream_credential = authorization.credential;
        return identity;
    }
    // The credential of another scheme is no client key, even where its bytes would match one.
    const bool may_be_key = authorization.credential.empty() || authorization.bearer;
    if (open_on_loopback && !(may_be_key && is_ours(token)))
        return Identity{.upstream_credential = token};
    return identify(may_be_key ? token : std::string_view(), now_us);
}

} // namespace portolan::admission
