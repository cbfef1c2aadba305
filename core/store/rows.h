// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/trace/histogram.h"
#include "core/trace/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portolan::store {

/// A provider account as it is stored. Credentials are sealed: the store never sees a clear one.
struct AccountRow {
    AccountId id{};
    std::string slug{};           ///< of its first virtual key; unique over accounts and virtual keys
    std::string provider{};       ///< catalog id
    std::string name{};           ///< the owner's words; empty shows the slug
    std::string base_url{};       ///< empty: the provider's default
    std::string settings_json{};  ///< further settings of that kind of provider (region, deployment, headers...)
    std::string sealed{};         ///< vault::Sealed bytes; empty: no credential
    std::string last_four{};      ///< what is shown of the credential
    bool enabled = true;
    std::int64_t created_us = 0;
    std::int64_t rotated_us = 0;
    std::string notice{};         ///< e.g. "The provider answered 401 at 14:29."; empty: none

    friend bool operator==(const AccountRow &, const AccountRow &) = default;
};

struct VirtualKeyRow {
    VirtualKeyId id{};
    std::string slug{};
    AccountId account{};
    bool enabled = true;
    std::int64_t expires_us = 0;    ///< 0: never
    std::string models_json{};      ///< allow-list; empty: all
    std::string limits_json{};      ///< budgets and rate limits; empty: none
    std::int64_t created_us = 0;

    friend bool operator==(const VirtualKeyRow &, const VirtualKeyRow &) = default;
};

struct ClientKeyRow {
    ClientKeyId id{};
    std::string name{};
    std::string token_hash{};       ///< SHA-256, 32 bytes
    std::string last_four{};
    std::vector<std::string> scopes{}; ///< "use", "admin"
    bool enabled = true;
    std::int64_t created_us = 0;
    std::int64_t expires_us = 0;    ///< 0: never
    std::int64_t last_used_us = 0;
    std::string settings_json{};    ///< default config, metadata, allowed slugs, limits; empty: none

    friend bool operator==(const ClientKeyRow &, const ClientKeyRow &) = default;
};

/// One line of the list of requests: the narrow row, without headers, metadata and bodies.
struct RequestRow {
    RequestId id{};
    std::int64_t started_us = 0;
    trace::Outcome outcome = trace::Outcome::Ok;
    int status = 0;
    std::string error_code{};
    std::string error_message{};
    std::string client_key_name{};
    std::string program{};
    std::string endpoint{};
    std::string path{};
    std::string config{};
    std::string model_asked{};
    std::string model_served{};
    std::string provider{};
    std::string slug{};
    bool stream = false;
    trace::CacheState cache = trace::CacheState::Disabled;
    std::string finish_reason{};
    std::string attempt_marks{}; ///< one letter per attempt: o ok, x failed, - skipped
    std::int64_t first_token_us = -1;
    std::int64_t total_us = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    UsageState usage_state = UsageState::Unknown;
    std::int64_t tokens_in = 0;
    std::int64_t tokens_out = 0;
    std::int64_t tokens_cached = 0;
    std::int64_t tokens_reasoning = 0;
    trace::CostState cost_state = trace::CostState::Unknown;
    NanoUsd cost{};
    std::string trace_id{};

    friend bool operator==(const RequestRow &, const RequestRow &) = default;
};

/// The narrow row of a record: the live list shows it before the store has written it.
[[nodiscard]] RequestRow rowOf(const trace::Record &record);

/// One time bucket of the rollups.
struct RollupRow {
    std::int64_t bucket_s = 0; ///< start, seconds since 1970
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;  ///< every outcome but Ok and Cancelled
    std::uint64_t cancelled = 0;
    std::uint64_t rescued = 0;
    std::uint64_t cached = 0;
    std::int64_t tokens_in = 0;
    std::int64_t tokens_out = 0;
    NanoUsd cost{};
    std::uint64_t cost_unknown = 0; ///< requests whose cost is not in `cost`
    trace::Histogram total{};
    trace::Histogram first_token{};
};

} // namespace portolan::store
