// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/money.h"
#include "core/base/result.h"
#include "core/base/usage.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::catalog {

enum class ProviderKind : std::uint8_t { Cloud, Aggregator, Subscription, Local };

/// How a provider wants its credential sent.
struct AuthScheme {
    std::string_view scheme{}; ///< "bearer", "x-api-key", "none", "aws-sigv4", ... of the catalog
    std::string_view header{}; ///< header line that carries it; empty for schemes without one
    std::string_view prefix{}; ///< before the key, e.g. "Bearer "
};

/// A GET that tells a local server from others on its port.
struct LocalProbe {
    std::string_view path{};
    std::string_view expect{}; ///< the catalog's words
    std::string_view check{};  ///< the same for matchesProbe (environment.h); empty: status 200 is all
};

/// What a provider's environment variable holds.
enum class EnvRole : std::uint8_t {
    Key,      ///< the credential
    Secret,   ///< the other half of the credential in the variable before it
    Endpoint, ///< an address
    Part,     ///< an account, project, region or other setting
    File,     ///< the path of a file with a credential or settings
};

struct Provider {
    std::string_view id{};
    std::string_view name{};
    ProviderKind kind = ProviderKind::Cloud;
    std::string_view family{};   ///< api_family: "openai", "anthropic", ...
    std::string_view base_url{}; ///< empty: none fixed; "{name}" parts are filled by the owner
    AuthScheme auth{};
    std::vector<std::pair<std::string_view, std::string_view>>
        headers{}; ///< always sent; optional ones are left out
    std::vector<std::string_view> aliases{};
    std::vector<std::string_view> env{}; ///< variables that hold the key or the endpoint, most common first
    std::vector<EnvRole> env_roles{};    ///< of env, in its order
    std::vector<std::pair<std::string_view, std::string_view>>
        url_vars{}; ///< {name} of base_url: its variable
    std::vector<std::pair<std::string_view, std::string_view>>
        other_urls{}; ///< regions and compatible endpoints
    std::vector<std::string_view> key_prefixes{};
    std::vector<std::string_view> endpoints{};
    std::string_view usage_style{};
    bool free_local = false;
    std::uint16_t local_port = 0;
    std::vector<std::uint16_t> local_port_alternatives{};
    std::vector<LocalProbe> local_probes{};
    std::string_view docs{};
    std::string_view pricing_url{};
    std::string_view notes{};
};

/// A model's facts for lists; prices in nano-USD per million tokens (architecture 9.22).
struct Model {
    std::string_view provider{};
    std::string_view id{};
    std::string_view name{};
    std::string_view mode{};
    std::vector<std::string_view> caps{};
    std::int64_t context = 0; ///< 0: unknown
    std::int64_t max_output = 0;
    std::optional<std::int64_t> in{};
    std::optional<std::int64_t> out{};
    std::optional<std::int64_t> cache_read{};
    std::string_view status{};   ///< "", "alpha", "beta", "deprecated", "retired"
    bool suspect = false;        ///< its price is shown as an estimate
    bool responses_only = false; ///< OpenAI's: not on the chat API
    std::int32_t index = -1;     ///< of its entry, for price()
};

/// How a model name was found (catalog README, "Finding the entry"); from Undated on a cost is an estimate.
enum class Match : std::uint8_t {
    Exact,
    Alias,
    Unwrapped,
    FineTune,
    Variant,
    Spelling,
    RegionProfile,
    FreeLocal,
    Undated,
    FineTuneBase,
    MakersPrice,
    Unknown,
};

[[nodiscard]] std::string_view toString(Match match) noexcept;
[[nodiscard]] bool isEstimate(Match match) noexcept;

struct Resolution {
    Match match = Match::Unknown;
    std::optional<Model> model{}; ///< nothing when unknown, or when a free local server needs none
};

/// What a price depends on beside the usage.
struct PriceContext {
    std::string_view service{}; ///< "", "batch", "flex", "priority", "fast"
    std::string_view region{};  ///< "", "eu", "us-east-1", ...
    std::string_view day{};     ///< YYYY-MM-DD (UTC) of the request, for announced changes
};

struct Cost {
    NanoUsd total{};
    NanoUsd input{};  ///< uncached input, cache writes and units
    NanoUsd cached{}; ///< cache reads
    NanoUsd output{};
    bool estimate = false; ///< found by a near name, a suspect price, or a usage report that did not add up
};

class Tariff;

/// The shipped list of providers and models: immutable, built once (<= 30 ms), shared by all threads. Views
/// in its results live as long as the catalog.
class Catalog
{
public:
    /// The data that ships inside the program (resources/catalog).
    static std::shared_ptr<const Catalog> shipped();
    static Result<std::shared_ptr<const Catalog>> parse(std::string_view providers, std::string_view models);
    virtual ~Catalog() = default;

    [[nodiscard]] virtual std::string_view asOf() const
        = 0; ///< date of the prices, "2026-08-21": the price version
    [[nodiscard]] virtual std::span<const Provider> providers() const = 0; ///< by id
    /// By id or alias, case ignored; null when unknown.
    [[nodiscard]] virtual const Provider *provider(std::string_view id_or_alias) const = 0;
    [[nodiscard]] virtual std::size_t modelCount() const = 0;
    [[nodiscard]] virtual std::vector<Model> models(std::string_view provider) const = 0; ///< by id
    /// Finds the entry for a model name as sent upstream; `answered` is the answer's own name, tried second.
    [[nodiscard]] virtual Resolution resolve(std::string_view provider, std::string_view asked,
                                             std::string_view answered = {}) const
        = 0;
    /// Nothing when the entry has no price for what was used: unknown, not free. Exact decimal arithmetic,
    /// rounded half up once.
    [[nodiscard]] virtual std::optional<Cost> price(const Resolution &resolution, std::string_view provider,
                                                    const Usage &usage, const PriceContext &context) const
        = 0;
    /// resolve() and all that price() needs, for callers who ask again and again (tariff.h).
    [[nodiscard]] virtual Tariff tariff(std::string_view provider, std::string_view asked,
                                        std::string_view answered) const
        = 0;

protected:
    Catalog() = default;
};

/// "@slug/model-id": what a client writes. The first '/' splits; "@cf/" and "@hf/" are no slugs
/// (gateway-protocol 2.8).
class ModelRef
{
public:
    /// Fails with "catalog.bad_model_ref" when the text does not begin with "@slug/".
    static Result<ModelRef> parse(std::string_view text);

    [[nodiscard]] const std::string &slug() const noexcept { return m_slug; }
    [[nodiscard]] const std::string &model() const noexcept { return m_model; }
    [[nodiscard]] std::string toString() const { return '@' + m_slug + '/' + m_model; }

    friend bool operator==(const ModelRef &, const ModelRef &) = default;

private:
    ModelRef(std::string slug, std::string model);
    std::string m_slug;
    std::string m_model;
};

} // namespace portolan::catalog
