// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/snapshot.h"

#include "core/gateway/azurepath.h"
#include "core/gateway/serviceaccountkey.h"
#include "core/gateway/signing.h"

#include <fmt/format.h>

#include <utility>

namespace portolan::gateway {

namespace {

std::string whyUnusable(const catalog::Provider &provider, std::string_view base_url,
                        const catalog::AccountSettings &settings, bool has_credential)
{
    if (auto form = catalog::accountForm(provider); !form.unavailable.empty())
        return form.unavailable + " Choose another provider for this request.";
    if (base_url.empty() && provider.base_url.empty())
        return fmt::format("{} has no fixed address. Give the account a base URL.", provider.name);
    if (const auto checked = catalog::checkSettings(provider, settings, base_url); !checked)
        return fmt::format("The account of {} cannot be called. {}", provider.name, checked.error().message);
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

/// Puts the secret where its kind belongs; the answer is what is wrong with it.
std::string giveCredential(Target &target, const catalog::Provider &provider, SharedSecret secret)
{
    if (provider.auth.scheme == "aws-sigv4") {
        const auto keys = awsKeys(secret->view());
        if (!keys && secret->view().find('\n') != std::string_view::npos)
            return "The account's AWS keys cannot be read. Give them again in the Catalog.";
        if (!keys) {
            target.credential = http::Credential{
                .header = "Authorization", .prefix = "Bearer ", .secret = std::move(secret)};
            return {};
        }
        if (!keys->session_token.empty()) {
            auto session = std::make_shared<const SecretBytes>(SecretBytes::copy(keys->session_token));
            target.credential
                = http::Credential{.header = "x-amz-security-token", .secret = std::move(session)};
        }
        target.signing = Signing::Aws;
        target.secret = std::move(secret);
        return {};
    }
    if (provider.auth.scheme == "google-oauth") {
        const auto account = serviceAccount(secret->view());
        if (!account)
            return fmt::format("{} needs a service account's key file. Give it in the Catalog.",
                               provider.name);
        if (target.project.empty())
            target.project = std::string(account->project_id);
        target.signing = Signing::ServiceAccount;
        target.secret = std::move(secret);
        return {};
    }
    target.credential = credentialLine(provider.auth, std::move(secret));
    return {};
}

std::string settingOf(const catalog::AccountSettings &settings, std::string_view name)
{
    const auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
}

void takeSettings(Target &target, const catalog::AccountSettings &settings)
{
    target.region = settingOf(settings, "region");
    if (target.region.empty())
        target.region = settingOf(settings, "location");
    target.project = settingOf(settings, "project");
    target.deployment = settingOf(settings, "deployment");
    target.api_version = settingOf(settings, "api_version");
    target.token_uri = settingOf(settings, "token_uri");
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

SharedSavedConfig Snapshot::config(std::string_view slug_or_name) const
{
    const auto found = configs.find(slug_or_name);
    return found == configs.end() ? nullptr : found->second;
}

bool Snapshot::listensOnLoopback() const
{
    return isLoopbackName(own_address);
}

bool Snapshot::isOurselves(const http::Endpoint &endpoint) const
{
    if (own_port == 0 || endpoint.port != own_port)
        return false;
    return endpoint.host == own_address || isLoopbackName(endpoint.host) || endpoint.host == "0.0.0.0";
}

Target makeTarget(const catalog::Catalog &catalog, std::string_view provider_id, std::string_view base_url,
                  SharedSecret credential, const catalog::AccountSettings &settings, CredentialNeed need)
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

    takeSettings(target, settings);
    target.unusable
        = whyUnusable(provider, base_url, settings, credential != nullptr || need == CredentialNeed::None);
    if (target.unusable.empty() && credential)
        target.unusable = giveCredential(target, provider, std::move(credential));
    if (!target.unusable.empty())
        return target;

    auto parts = settings;
    if (!target.project.empty())
        parts.insert_or_assign("project", target.project);
    const auto address = catalog::filledUrl(
        base_url.empty() ? catalog::urlTemplate(provider, settings) : std::string(base_url), parts);
    auto parsed = address ? http::BaseUrl::parse(*address) : fail(address.error());
    if (!parsed) {
        target.unusable = std::move(parsed.error().message);
        return target;
    }
    target.base = *std::move(parsed);
    if (provider.family == "azure-openai")
        target.base.path = azureBase(target.base.path, !target.deployment.empty());
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
