// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/snapshot.h"

#include <fmt/format.h>

#include <utility>

namespace portolan::gateway {

namespace {

/// Families whose API the pass-through can speak as it is.
bool passesThrough(std::string_view family)
{
    return family == "openai" || family == "anthropic" || family == "azure-openai" || family == "gemini"
        || family == "cohere";
}

std::string whyUnusable(const catalog::Provider &provider, std::string_view base_url, bool has_credential)
{
    if (!passesThrough(provider.family)) {
        return fmt::format("{} speaks its own API, which this version does not translate yet. Use an "
                           "OpenAI-compatible provider for this request.",
                           provider.name);
    }
    if (base_url.empty())
        return fmt::format("{} has no fixed address. Give the account a base URL.", provider.name);
    if (base_url.find('{') != std::string_view::npos) {
        return fmt::format("The address of {} has parts to fill in: {}. Give the account its full base URL.",
                           provider.name, base_url);
    }
    if (!has_credential && provider.auth.scheme != "none" && provider.kind != catalog::ProviderKind::Local)
        return fmt::format("The account of {} has no credential. Add one in the Catalog.", provider.name);
    return {};
}

http::Credential credentialLine(const catalog::AuthScheme &auth, SharedSecret secret)
{
    // Google takes the key in the query or in this line; a query ends up in logs.
    if (auth.scheme == "query-key")
        return {.header = "x-goog-api-key", .secret = std::move(secret)};
    if (auth.header.empty())
        return {.header = "Authorization", .prefix = "Bearer ", .secret = std::move(secret)};
    return {
        .header = std::string(auth.header), .prefix = std::string(auth.prefix), .secret = std::move(secret)};
}

bool isLoopbackName(std::string_view host)
{
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

} // namespace

std::string Target::hostLabel() const
{
    if (practice)
        return "in this program";
    return base.endpoint.host + ':' + std::to_string(base.endpoint.port);
}

SharedTarget Snapshot::target(std::string_view slug) const
{
    const auto found = targets.find(slug);
    return found == targets.end() ? nullptr : found->second;
}

bool Snapshot::isOurselves(const http::Endpoint &endpoint) const
{
    if (own_port == 0 || endpoint.port != own_port)
        return false;
    return endpoint.host == own_address || isLoopbackName(endpoint.host) || endpoint.host == "0.0.0.0";
}

Target makeTarget(const catalog::Catalog &catalog, std::string_view provider_id, std::string_view base_url,
                  SharedSecret credential)
{
    Target target;
    target.provider_id = std::string(provider_id);
    target.provider = catalog.provider(provider_id);
    if (!target.provider) {
        target.unusable
            = fmt::format("The provider \"{}\" is not in this version's catalog. Choose another kind for "
                          "the account.",
                          provider_id);
        return target;
    }
    const catalog::Provider &provider = *target.provider;
    target.provider_id = std::string(provider.id);
    target.usage_style = dialect::usageStyle(provider.usage_style);
    // Ollama reports in its own style on /api alone; on /v1 it answers as OpenAI does (catalog notes).
    if (target.usage_style == dialect::UsageStyle::Ollama)
        target.usage_style = dialect::UsageStyle::OpenAi;
    for (const auto &[name, value] : provider.headers)
        target.headers.emplace_back(name, value);

    const std::string_view address = base_url.empty() ? provider.base_url : base_url;
    target.unusable = whyUnusable(provider, address, credential != nullptr);
    if (!target.unusable.empty())
        return target;

    auto parsed = http::BaseUrl::parse(address);
    if (!parsed) {
        target.unusable = std::move(parsed.error().message);
        return target;
    }
    target.base = *std::move(parsed);
    if (credential) {
        target.credential = credentialLine(provider.auth, std::move(credential));
    }
    return target;
}

Target practiceTarget()
{
    Target target;
    target.slug = std::string(kPracticeSlug);
    target.provider_id = std::string(kPracticeSlug);
    target.practice = true;
    return target;
}

} // namespace portolan::gateway
