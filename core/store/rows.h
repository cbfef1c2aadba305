// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portolan::store {

/// A provider account as it is stored. Credentials are sealed: the store never sees a clear one.
struct AccountRow {
    AccountId id{};
    std::string slug{};     ///< of its first virtual key; unique over accounts and virtual keys
    std::string provider{}; ///< catalog id
    std::string name{};     ///< the owner's words; empty shows the slug
    std::string base_url{}; ///< empty: the provider's default
    std::string
        settings_json{};     ///< further settings of that kind of provider (region, deployment, headers...)
    std::string sealed{};    ///< vault::Sealed bytes; empty: no credential
    std::string last_four{}; ///< what is shown of the credential
    bool enabled = true;
    std::int64_t created_us = 0;
    std::int64_t rotated_us = 0;
    std::string notice{}; ///< e.g. "The provider answered 401 at 14:29."; empty: none

    friend bool operator==(const AccountRow &, const AccountRow &) = default;
};

/// A model that a provider has listed, as a call names it: printable, without blanks.
struct ListedModel {
    std::string id{};
    std::int64_t context = 0; ///< tokens; 0: the list does not say

    friend bool operator==(const ListedModel &, const ListedModel &) = default;
};

/// The models that an account's provider has listed.
struct AccountModelsRow {
    AccountId account{};
    std::vector<ListedModel> models{};
    std::int64_t listed_us = 0;

    friend bool operator==(const AccountModelsRow &, const AccountModelsRow &) = default;
};

/// What an account's owner says of one of its models. Prices are nano-USD per million tokens; without one of
/// its own the catalog's holds.
struct ModelChoiceRow {
    AccountId account{};
    std::string model{};
    bool own = false;    ///< stands in no list: the owner added it
    bool enabled = true; ///< false: calls to it are refused
    std::optional<std::int64_t>
        price_in{}; ///< with one of these all others that are absent are read as usual
    std::optional<std::int64_t> price_out{};
    std::optional<std::int64_t> price_cache_read{};
    std::optional<std::int64_t> price_cache_write{};
    std::int64_t context = 0; ///< tokens; 0: not said
    std::string source{};     ///< where the prices come from, in the owner's words
    std::int64_t edited_us = 0;

    friend bool operator==(const ModelChoiceRow &, const ModelChoiceRow &) = default;
};

struct VirtualKeyRow {
    VirtualKeyId id{};
    std::string slug{};
    AccountId account{};
    bool enabled = true;
    std::int64_t expires_us = 0; ///< 0: never
    std::string models_json{};   ///< allow-list; empty: all
    std::string limits_json{};   ///< the owner's note, budget and rate limits; empty: none
    std::int64_t created_us = 0;

    friend bool operator==(const VirtualKeyRow &, const VirtualKeyRow &) = default;
};

struct ClientKeyRow {
    ClientKeyId id{};
    std::string name{};
    std::string token_hash{}; ///< SHA-256, 32 bytes
    std::string last_four{};
    std::vector<std::string> scopes{}; ///< "use", "admin", "configs.read"...
    bool enabled = true;
    std::int64_t created_us = 0;
    std::int64_t expires_us = 0; ///< 0: never
    std::int64_t last_used_us = 0;
    /// Note, default config, metadata, allowed slugs and models, limits, the token before; empty: none. The
    /// store reads one member of it, "default_config": the slug of a saved config.
    std::string settings_json{};

    friend bool operator==(const ClientKeyRow &, const ClientKeyRow &) = default;
};

/// One saved text of a config. Never changed: each save makes a new one.
struct ConfigVersionRow {
    int version = 0;      ///< from 1, without gaps
    std::string text{};   ///< JSON, byte for byte as it was saved
    std::string note{};   ///< the owner's words; empty: none
    std::string author{}; ///< "window", "command line", the name of a client key
    std::int64_t saved_us = 0;

    friend bool operator==(const ConfigVersionRow &, const ConfigVersionRow &) = default;
};

struct ConfigRow {
    ConfigId id{};
    std::string slug{}; ///< "pc-nightly-3f9a2c"; stays for life
    std::string name{};
    bool archived = false; ///< kept, but requests cannot use it
    std::int64_t created_us = 0;
    std::int64_t updated_us = 0;
    ConfigVersionRow current{};

    friend bool operator==(const ConfigRow &, const ConfigRow &) = default;
};

/// One change that somebody made of accounts, keys, configs or settings.
struct AuditRow {
    std::int64_t id = 0; ///< rises with time
    std::int64_t at_us = 0;
    std::string actor_kind{}; ///< "window", "command line", "admin key", "program"
    std::string actor{};      ///< name of the admin key
    std::string action{};     ///< "create", "update", "delete", "rotate"...
    std::string resource{};   ///< "account", "model", "virtual key", "client key", "config", "settings"
    std::string name{};       ///< slug, or the name of what has none
    std::string before{};     ///< JSON without any secret; empty: it was not there
    std::string after{};      ///< likewise

    friend bool operator==(const AuditRow &, const AuditRow &) = default;
};

/// Which of them; what is empty or 0 asks nothing.
struct AuditFilter {
    std::string actor{}; ///< its kind, or the name of an admin key
    std::string resource{};
    std::string action{};
    std::int64_t from_us = 0;
    std::int64_t to_us = 0;  ///< exclusive
    std::int64_t before = 0; ///< an id: only older ones
    int skip = 0;
    int limit = 200;
};

/// What is changed of a config besides its text; what is absent stays.
struct ConfigChange {
    ConfigId id{};
    std::optional<std::string> name{};
    std::optional<bool> archived{};
    std::int64_t updated_us = 0;
};

} // namespace portolan::store
