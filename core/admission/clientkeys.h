// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/keylimits.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace portolan::admission {

/// What a key may call: the models, or some of the admin API (which part is for grants() to say).
enum class Scope : std::uint8_t { Use = 1, Admin = 2 };

using TokenHash = std::array<unsigned char, 32>; ///< SHA-256

/// A token that was replaced by another of the same key.
struct OldToken {
    TokenHash hash{};
    std::int64_t ends_us = 0; ///< the same key until then

    friend bool operator==(const OldToken &, const OldToken &) = default;
};

/// Who a client key belongs to and what it may do.
struct ClientKey {
    ClientKeyId id{};
    std::string name{};
    TokenHash hash{};
    std::optional<OldToken> old_token{};
    std::string last_four{};
    std::uint8_t scopes = static_cast<std::uint8_t>(Scope::Use); ///< bits of Scope
    std::vector<std::string> granted{};                          ///< the scopes' own words (scopes.h)
    bool enabled = true;
    std::int64_t expires_us = 0;       ///< 0: never
    std::string default_config{};      ///< slug of the config that governs its requests; empty: none
    bool allow_config_override = true; ///< x-portkey-config may name another
    std::vector<std::pair<std::string, std::string>> metadata{}; ///< of requests that say nothing else
    std::vector<std::string> slugs{};                            ///< virtual keys it may call; empty: all
    std::vector<std::string> models{}; ///< it may call, as "model-id" or "@slug/model-id"; empty: all
    KeyLimits limits{};

    [[nodiscard]] bool has(Scope scope) const noexcept
    {
        return (scopes & static_cast<std::uint8_t>(scope)) != 0;
    }
};

inline constexpr std::string_view kTokenPrefix = "pk-portolan-";

/// A new token: kTokenPrefix and 43 characters of base64url (256 bits). Shown once.
[[nodiscard]] SecretBytes makeToken();
[[nodiscard]] TokenHash hashToken(std::string_view token);

/// The header lines in which a client may present a key. Empty views: the line is absent.
struct PresentedCredentials {
    std::string_view portkey_api_key{}; ///< x-portkey-api-key
    std::string_view authorization{};   ///< whole value, with its scheme
    std::string_view x_api_key{};
    std::string_view api_key{};
    std::string_view x_goog_api_key{};
    bool repeated = false; ///< one of these lines came twice
};

/// What the credentials of a request mean (architecture 9.2, 9.17; threat-model B3).
struct Identity {
    std::shared_ptr<const ClientKey> key{}; ///< null: open on loopback without a key
    /// The client's own, for the provider: without "Bearer ", with any other scheme as it came. A view of the
    /// presented line. Never one of our tokens: what begins with kTokenPrefix is refused instead.
    std::string_view upstream_credential{};
};

/// The HTTP status of an error of authenticate().
[[nodiscard]] int httpStatus(const Error &error) noexcept;

/// All client keys, immutable: a change makes a new table. Lookup is by hash and a constant-time compare of
/// the whole value. Threads may share it.
class ClientKeys
{
public:
    ClientKeys() = default;
    explicit ClientKeys(std::vector<ClientKey> keys);

    /// Errors: "auth.key_missing", "auth.key_unknown", "auth.key_expired" (401), "auth.key_disabled" (403),
    /// "auth.conflicting_keys" (401), "auth.repeated_header" (400). `now_us`: microseconds since 1970.
    /// "Bearer DUMMY-KEY" and a bare "Bearer" count as none. `open_on_loopback`: no key is needed, and what
    /// is no client key is the upstream credential; in x-portkey-api-key it counts as none, for it is another
    /// gateway's.
    [[nodiscard]] Result<Identity> authenticate(const PresentedCredentials &presented, std::int64_t now_us,
                                                bool open_on_loopback) const;
    /// Also by an old token, ended or not.
    [[nodiscard]] std::shared_ptr<const ClientKey> find(std::string_view token) const;
    [[nodiscard]] bool empty() const noexcept { return m_by_hash.empty(); }

private:
    struct HashOfHash {
        std::size_t operator()(const TokenHash &hash) const noexcept;
    };
    struct EqualHashes {
        bool operator()(const TokenHash &a, const TokenHash &b) const noexcept; ///< constant time
    };
    struct Entry {
        std::shared_ptr<const ClientKey> key{};
        std::int64_t ends_us = 0; ///< of this token; 0: it is the present one
    };
    [[nodiscard]] const Entry *entryOf(std::string_view token) const;
    [[nodiscard]] Result<Identity> identify(std::string_view token, std::int64_t now_us) const;
    std::unordered_map<TokenHash, Entry, HashOfHash, EqualHashes> m_by_hash;
};

/// Slows down guessing (threat-model B6): after `burst` failures, `per_second` more are looked at and the
/// others are answered 429 without a look. One per I/O thread; time comes in.
class FailureLimiter
{
public:
    explicit FailureLimiter(double per_second = 20.0, double burst = 50.0);
    [[nodiscard]] bool allows(std::chrono::steady_clock::time_point now);
    void failed(std::chrono::steady_clock::time_point now);

private:
    void refill(std::chrono::steady_clock::time_point now);
    double m_per_second;
    double m_burst;
    double m_tokens;
    std::chrono::steady_clock::time_point m_last{};
};

} // namespace portolan::admission
