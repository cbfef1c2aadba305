// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/base/rawjson.h"
#include "core/base/secretbytes.h"
#include "core/routing/query.h"
#include "core/routing/statusset.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::routing {

/// How often one target is tried again (gateway-protocol 3.7).
struct Retry {
    int attempts = 0; ///< after the first call; 0 to 5
    StatusSet on_status_codes{429, 500, 502, 503, 504, 529};
    bool use_retry_after = false; ///< of a 429

    friend bool operator==(const Retry &, const Retry &) = default;
};

/// When a target that keeps failing is left alone for a while (gateway-protocol 3.12, architecture 9.14).
struct BreakerRule {
    std::optional<int> failure_threshold{};
    std::optional<double> failure_percentage{};
    int minimum_requests = 5; ///< before the percentage counts
    std::int64_t cooldown_ms = 30'000;
    StatusSet failure_status_codes{}; ///< empty: 500 and above, and everything that is no answer

    friend bool operator==(const BreakerRule &, const BreakerRule &) = default;
};

/// Keeps callers that look alike on one target (gateway-protocol 3.13).
struct Sticky {
    std::vector<std::string> hash_fields{}; ///< "metadata.user", "params.model", "headers.x-session"
    std::int64_t ttl_s = 3'600;

    friend bool operator==(const Sticky &, const Sticky &) = default;
};

struct Condition {
    Query query{};
    std::size_t then = 0; ///< index of the target
    std::string words{};  ///< the query as it was written, short, for the trace
};

enum class Mode : std::uint8_t { Single, Fallback, Loadbalance, Conditional };

struct Strategy {
    Mode mode = Mode::Single;
    std::optional<StatusSet> on_status_codes{}; ///< of a fallback; nothing: whatever is no success
    std::vector<Condition> conditions{};
    std::optional<std::size_t> otherwise{}; ///< index of the default target
    std::optional<Sticky> sticky{};
    std::optional<BreakerRule> breaker{}; ///< nothing: the one of the strategy around it holds
};

/// What happens to the members of a JSON body (gateway-protocol 3.6): defaults, then overrides, then drops.
struct Params {
    std::vector<std::pair<std::string, RawJson>> defaults{};
    std::vector<std::pair<std::string, RawJson>> overrides{};
    std::vector<std::string> drops{}; ///< "a.b", "tools[0].x", "messages[*].y"

    [[nodiscard]] bool empty() const noexcept
    {
        return defaults.empty() && overrides.empty() && drops.empty();
    }
    [[nodiscard]] const RawJson *override_of(std::string_view name) const;
};

/// What a list of guardrails in a config may do to a request.
enum class Guard : std::uint8_t { None, Marks, Denies };

/// Settings that hold for a target: its own, else those of the nodes around it (gateway-protocol 3.3). Read
/// once, when the config is parsed.
struct Settings {
    std::optional<Retry> retry{};
    bool jitters = false; ///< ours: every backoff is multiplied by a die between 0.5 and 1
    std::optional<std::int64_t> request_timeout_ms{};     ///< until the answer's head is there; 0: none
    std::optional<std::int64_t> first_token_timeout_ms{}; ///< ours
    std::optional<std::int64_t> stream_idle_timeout_ms{}; ///< ours
    std::string custom_host{};
    std::vector<std::string> forward_headers{}; ///< lower case
    std::optional<bool> strict_open_ai_compliance{};
    Params params{};
    bool checks_context_window = true; ///< ours: skip targets whose window the request cannot fit
    bool has_cache = false;            ///< asks for a cache, which this build has not
    bool has_guardrails = false;       ///< likewise
    bool denies = false; ///< one of them may deny: the request is refused rather than passed unchecked
    /// Of input_guardrails, output_guardrails, before_ and after_request_hooks, each of which a child
    /// replaces on its own; the two above say what they come to.
    std::array<Guard, 4> guards{};
};

/// Where a target's calls go, as the config says it; exactly one of the first three is the rule.
struct Destination {
    std::string provider{};   ///< plain id; "@slug" is in `slug`
    std::string slug{};       ///< of `virtual_key` or provider "@slug"
    bool passthrough = false; ///< the request itself says where, as it does when nothing here does
    SharedSecret api_key{};   ///< never inherited
    /// Everything else a provider may need, by its key in the config ("aws_region", "resource_name").
    std::vector<std::pair<std::string, SharedSecret>> fields{};

    [[nodiscard]] bool isNamed() const noexcept { return !provider.empty() || !slug.empty(); }
};

/// A strategy with its targets, or a target.
struct Node {
    std::string pointer{}; ///< JSON Pointer in the text; the name of this node everywhere
    std::size_t index = 0; ///< of the node in the order of the text, from 0
    std::string name{};
    double weight = 1;
    bool disabled = false; ///< ours: portolan.disabled
    std::optional<Strategy> strategy{};
    std::vector<Node> targets{};
    Destination destination{};
    Settings settings{};
    std::optional<BreakerRule> breaker{}; ///< of the strategies around it: watches this target

    [[nodiscard]] bool isTarget() const noexcept { return !strategy; }
};

/// A routing policy, read once and never changed: its text as its owner wrote it and the tree that it means.
/// Shared between requests and threads.
class Config
{
public:
    /// What of a whole config is not in its tree.
    struct Extent {
        std::size_t nodes = 1;
        bool reads_params = false;         ///< a condition or a hash looks into the request's body
        bool denies = false;               ///< a guardrail somewhere may deny (Settings::denies)
        std::optional<int> max_attempts{}; ///< portolan.max_attempts
    };

    Config(JsonDocument document, Node root, Extent extent)
        : m_document(std::move(document))
        , m_root(std::move(root))
        , m_extent(extent)
    { }

    /// The text, byte for byte: what is exported, shown and stored.
    [[nodiscard]] const std::string &text() const noexcept { return m_document.text(); }
    [[nodiscard]] const JsonDocument &document() const noexcept { return m_document; }
    [[nodiscard]] const Node &root() const noexcept { return m_root; }
    [[nodiscard]] const Extent &extent() const noexcept { return m_extent; }
    [[nodiscard]] const Node *find(std::string_view pointer) const;

private:
    JsonDocument m_document;
    Node m_root;
    Extent m_extent;
};

using SharedConfig = std::shared_ptr<const Config>;

/// "/targets/0/targets/1" as Portkey writes it in x-portkey-last-used-option-index:
/// "config.targets[0].targets[1]".
[[nodiscard]] std::string optionIndex(std::string_view pointer);

} // namespace portolan::routing
