// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/clientkeys.h"
#include "core/base/ids.h"
#include "core/base/limits.h"
#include "core/base/redact.h"
#include "core/catalog/accountform.h"
#include "core/catalog/catalog.h"
#include "core/catalog/ownmodels.h"
#include "core/dialect/usagereader.h"
#include "core/http/proxyrules.h"
#include "core/http/upstream.h"
#include "core/routing/config.h"
#include "core/trace/record.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace portolan::gateway {

/// Slug of the practice provider: always there, answers inside the process.
inline constexpr std::string_view kPracticeSlug = "practice";

/// What a target's secret becomes on the wire (authorize.h).
enum class Signing : std::uint8_t {
    None,           ///< `credential` is sent as it is
    Aws,            ///< `secret` holds AwsKeys; `credential` carries the session token, if there is one
    ServiceAccount, ///< `secret` holds a ServiceAccount, which an access token is got for
};

/// What a slug stands for: a virtual key with its account, ready to be called. Also made on the fly for a
/// plain provider id with the client's own credential; then `slug` is empty.
struct Target {
    std::string slug{};
    VirtualKeyId virtual_key{};
    AccountId account{};
    const catalog::Provider *provider = nullptr; ///< of the snapshot's catalog; null for practice
    std::string provider_id{};
    bool practice = false;
    http::BaseUrl base{};
    std::optional<http::Credential> credential{};
    Signing signing = Signing::None;
    SharedSecret secret{};     ///< of several parts; null unless `signing` needs it
    std::string region{};      ///< AWS's, or Google's location
    std::string project{};     ///< Google's
    std::string deployment{};  ///< Azure's; empty: the v1 API
    std::string api_version{}; ///< Azure's
    std::string token_uri{};   ///< instead of the service account's own; empty: that one
    std::vector<std::pair<std::string, std::string>> headers{}; ///< always sent, e.g. anthropic-version
    dialect::UsageStyle usage_style = dialect::UsageStyle::OpenAi;
    std::shared_ptr<const catalog::OwnModels> own_models{}; ///< null: the owner said nothing of any
    bool enabled = true;               ///< the virtual key and its account
    std::int64_t expires_us = 0;       ///< of the virtual key; 0: never
    std::vector<std::string> models{}; ///< that the virtual key may call; empty: all
    admission::KeyLimits limits{};     ///< of the virtual key
    std::string unusable{};            ///< why it cannot be called and what to do; empty: it can

    [[nodiscard]] std::string hostLabel() const; ///< "api.openai.com:443"
};

using SharedTarget = std::shared_ptr<const Target>;

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>{}(text);
    }
};

/// A saved config as requests see it: one version, from start to end.
struct SavedConfig {
    ConfigId id{};
    std::string slug{}; ///< "pc-nightly-3f9a2c"
    std::string name{};
    int version = 0;
    routing::SharedConfig config{};
};

using SharedSavedConfig = std::shared_ptr<const SavedConfig>;

/// Everything a request needs to know, immutable: an edit builds a new one beside it, and a request keeps the
/// one it started with. Shared by the I/O threads.
struct Snapshot {
    std::shared_ptr<const catalog::Catalog> catalog{};
    admission::ClientKeys client_keys{};
    std::unordered_map<std::string, SharedTarget, TextHash, std::equal_to<>> targets{}; ///< by slug
    std::unordered_map<std::string, SharedSavedConfig, TextHash, std::equal_to<>>
        configs{}; ///< by slug, and by name where that is no slug's
    /// Why a saved config cannot be used although it is there, by slug: a sentence for whoever names it.
    std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> unusable_configs{};
    trace::CaptureLevel capture = trace::CaptureLevel::Full;
    bool open_on_loopback = false;
    Limits limits{};
    int most_attempts = 16; ///< upstream calls for one request, whatever its config says (architecture 9.5)
    SharedRedactor redactor = std::make_shared<const Redactor>();
    std::string own_address{}; ///< of the listener, to refuse calls to ourselves (threat-model E8)
    std::uint16_t own_port = 0;
    std::string hop{}; ///< random per process: marks our upstream calls
    std::shared_ptr<const http::ProxyRules> proxies
        = std::make_shared<const http::ProxyRules>(); ///< never null

    [[nodiscard]] SharedTarget target(std::string_view slug) const;
    [[nodiscard]] SharedSavedConfig config(std::string_view slug_or_name) const;
    /// Nobody but this computer reaches us.
    [[nodiscard]] bool listensOnLoopback() const;
    /// True when the endpoint is this gateway's own listener.
    [[nodiscard]] bool isOurselves(const http::Endpoint &endpoint) const;
};

using SharedSnapshot = std::shared_ptr<const Snapshot>;

/// Whether a target without a credential can be called.
enum class CredentialNeed : std::uint8_t { AsProviderSays, None };

/// Makes the target of a stored account. `base_url` empty means the provider's own; parts of an address are
/// filled from the settings. Problems end in `unusable`.
[[nodiscard]] Target makeTarget(const catalog::Catalog &catalog, std::string_view provider_id,
                                std::string_view base_url, SharedSecret credential,
                                const catalog::AccountSettings &settings = {},
                                CredentialNeed need = CredentialNeed::AsProviderSays);
/// The practice provider's target.
[[nodiscard]] Target practiceTarget();

} // namespace portolan::gateway
