// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/usage.h"
#include "core/trace/charge.h"
#include "core/trace/pairs.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portolan::trace {

/// How a request ended. Stored as a number: append only.
enum class Outcome : std::uint8_t {
    Ok = 0,
    Error = 1,     ///< the client got an error, the provider's or ours
    Cancelled = 2, ///< the client left before the end
    TimedOut = 3,  ///< one of our clocks ended it
    Refused = 4,   ///< never reached a provider: `error_code` names the reason
    Truncated = 5, ///< the provider broke off in mid-stream
    Unknown = 6,   ///< in flight when the program died
};

/// Why an attempt was made. Stored as a number: append only.
enum class AttemptKind : std::uint8_t {
    Primary = 0,
    Repair = 1,
    Mirror = 2,
    Hedge = 3,
    Embed = 4,
    Replay = 5,
    Test = 6
};

enum class CacheState : std::uint8_t {
    Disabled = 0,
    Miss = 1,
    Hit = 2,
    SemanticMiss = 3,
    SemanticHit = 4,
    Refresh = 5
};

/// What may be kept of a request (architecture 9.18).
enum class CaptureLevel : std::uint8_t {
    Off = 0,      ///< numbers only
    Metadata = 1, ///< and redacted headers and metadata
    Errors = 2,   ///< and bodies of failed requests
    Full = 3,
};

/// Whether `cost` says something.
enum class CostState : std::uint8_t {
    Unknown = 0,   ///< no price or no usage: never shown as 0
    Exact = 1,     ///< reported usage and a price that fits exactly
    Estimated = 2, ///< usage estimated, or a price found by a near name
    Free = 3,      ///< a local server, or nothing was billed
};

/// One upstream call for a request. Attempts are facts: each is recorded, even if a later one succeeds. Times
/// are microseconds since the request began; -1: did not happen.
struct Attempt {
    AttemptKind kind = AttemptKind::Primary;
    std::string pointer{};  ///< JSON Pointer of the target in its config; empty without one
    std::string slug{};     ///< without '@'; empty when the client brought the credential
    std::string provider{}; ///< catalog id
    AccountId account{};
    VirtualKeyId virtual_key{};
    std::string model{};         ///< as sent upstream
    std::string host{};          ///< "api.openai.com:443"
    std::string chosen_by{};     ///< words: the rule that chose this target
    std::string then{};          ///< words: what happened next and why; empty when it answered
    int status = 0;              ///< the provider's own, or its virtual key's refusal; 0: none came
    std::string error_code{};    ///< empty when it went well
    std::string error_message{}; ///< redacted; the provider's own words where it said some
    std::string provider_request_id{};
    bool reused_connection = false;
    std::int64_t start_us = -1;
    std::int64_t connected_us = -1;
    std::int64_t tls_us = -1;
    std::int64_t sent_us = -1;
    std::int64_t head_us = -1;
    std::int64_t first_token_us = -1;
    std::int64_t end_us = -1;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    UsageState usage_state = UsageState::Unknown;
    Usage usage{};
    CostState cost_state = CostState::Unknown;
    NanoUsd cost{};
    Pairs request_headers{};  ///< us to provider, values of names that are not known to be harmless replaced
    Pairs response_headers{}; ///< provider to us
};

/// A target of the config that was passed over for this request.
struct Skipped {
    std::string pointer{}; ///< JSON Pointer in the config
    std::string label{};   ///< what people call it
    std::string reason{};
    std::size_t before_attempt = 0; ///< how many attempts had been made

    friend bool operator==(const Skipped &, const Skipped &) = default;
};

/// A captured body. `text` is redacted before it reaches the store and may be cut.
struct Body {
    std::string text{};
    std::string content_type{};
    std::uint64_t full_size = 0; ///< before cutting

    [[nodiscard]] bool isCut() const noexcept { return text.size() < full_size; }
};

/// Everything one request leaves behind: exactly one per request, whatever ended it, moved into the writer's
/// queue.
struct Record {
    RequestId id{};
    std::int64_t started_us = 0; ///< wall clock, since 1970
    Outcome outcome = Outcome::Ok;
    int status = 0; ///< what the client got; 499 when it left before an answer
    std::string error_code{};
    std::string error_message{};

    ClientKeyId client_key{};
    std::string client_key_name{};
    std::string program{}; ///< from User-Agent, e.g. "OpenAI/JS 6.1.0"
    std::string method{};
    std::string path{};         ///< normal form, without query
    std::string endpoint{};     ///< "chat", "completions", "embeddings", ... of the catalog's words; "other"
    std::string model_asked{};  ///< as the client wrote it
    std::string model_served{}; ///< as the answer says, else as sent upstream
    std::string provider{};     ///< of the attempt that answered, or the last one
    std::string slug{};
    AccountId account{};
    VirtualKeyId virtual_key{};
    std::string config{}; ///< name and version; empty without one
    ConfigId config_id{};
    int config_version = 0;
    bool stream = false;
    std::string finish_reason{};
    std::string note{}; ///< e.g. why a bare model name went where it went

    std::int64_t queue_us = -1;
    std::int64_t first_token_us = -1; ///< TTFT: request begun to first content event (or first body byte)
    std::int64_t total_us = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;

    UsageState usage_state = UsageState::Unknown;
    Usage usage{};
    CostState cost_state = CostState::Unknown;
    NanoUsd cost{};
    NanoUsd cost_input{}; ///< parts of cost, for the split in the detail
    NanoUsd cost_cached{};
    NanoUsd cost_output{};
    std::string price_version{}; ///< date of the catalog or "override"
    std::string priced_as{};     ///< catalog entry used, with how it was found when not exact

    std::string trace_id{};
    std::string span_id{};
    std::string parent_span_id{};
    std::string span_name{};
    Pairs metadata{};

    CacheState cache = CacheState::Disabled;
    std::string cache_key{}; ///< hash
    std::int64_t cache_age_s = -1;
    NanoUsd cache_saved{};
    std::string guardrails{};   ///< JSON of outcomes; empty: none ran
    std::string request_hash{}; ///< canonical request hash; empty when bodies are off
    RequestId replay_of{};

    CaptureLevel capture = CaptureLevel::Full; ///< level this record was made under
    Pairs request_headers{};                   ///< client to us, likewise
    Pairs response_headers{};                  ///< us to client
    std::optional<Body> request_body{};
    std::optional<Body> response_body{};

    std::vector<Attempt> attempts{};
    std::vector<Skipped> skipped{};
    std::vector<Charge> charges{}; ///< to the keys that have limits; kept in their sums, not with the request

    [[nodiscard]] bool isRescued() const noexcept { return outcome == Outcome::Ok && attempts.size() > 1; }
};

/// Heap bytes a record holds, for the bound of the writer's queue.
[[nodiscard]] std::size_t weightOf(const Record &record) noexcept;

} // namespace portolan::trace
