// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/nodetarget.h"

#include "core/base/text.h"
#include "core/gateway/refusals.h"
#include "core/http/addressrules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace portolan::gateway {

namespace {

using Decision = std::expected<Route, http::Refusal>;

std::unexpected<http::Refusal> refuse(int status, std::string code, std::string message)
{
    return std::unexpected(refusal(status, std::move(code), std::move(message)));
}

std::string_view fieldOf(const routing::Destination &to, std::string_view name)
{
    const auto found = std::ranges::find(to.fields, name, [](const auto &field) { return field.first; });
    return found == to.fields.end() ? std::string_view() : found->second->view();
}

/// Portkey's names of what an account's settings hold (gateway-protocol 2.3).
catalog::AccountSettings settingsOf(const catalog::Provider &provider, const routing::Destination &to)
{
    static constexpr auto kNames = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"resource_name", "resource"},
        {"deployment_id", "deployment"},
        {"api_version", "api_version"},
        {"aws_region", "region"},
        {"vertex_region", "region"},
        {"vertex_region", "location"},
        {"vertex_project_id", "project"},
    });
    const auto form = catalog::accountForm(provider);
    catalog::AccountSettings settings;
    for (const auto &[theirs, ours] : kNames) {
        if (const auto value = fieldOf(to, theirs); !value.empty() && form.field(ours))
            settings.emplace(ours, value);
    }
    return settings;
}

SharedSecret credentialOf(const routing::Destination &to)
{
    const auto id = fieldOf(to, "aws_access_key_id");
    const auto secret = fieldOf(to, "aws_secret_access_key");
    if (!id.empty() && !secret.empty()) {
        std::string lines = fmt::format("{}\n{}", id, secret);
        if (const auto session = fieldOf(to, "aws_session_token"); !session.empty())
            lines += fmt::format("\n{}", session);
        return std::make_shared<const SecretBytes>(SecretBytes::take(lines));
    }
    if (const auto account = fieldOf(to, "vertex_service_account_json"); !account.empty())
        return std::make_shared<const SecretBytes>(SecretBytes::copy(account));
    return to.api_key;
}

/// A host that the config or the client names. What the owner saved may lead anywhere; what a client names,
/// to public addresses, and to this computer while we listen on it alone (architecture 9.3). Names are judged
/// again by the address they turn out to have.
std::expected<http::BaseUrl, http::Refusal> namedHost(const Snapshot &snapshot, std::string_view host,
                                                      bool owners)
{
    auto base = http::BaseUrl::parse(host);
    if (!base)
        return refuse(400, "route.bad_custom_host", "Invalid custom host. " + base.error().message);
    if (!owners) {
        base->endpoint.policy = snapshot.listensOnLoopback() ? http::AddressPolicy::PublicOrLoopback
                                                             : http::AddressPolicy::PublicOnly;
    }
    boost::system::error_code no_literal;
    const auto address = http::asio::ip::make_address(base->endpoint.host, no_literal);
    if (!no_literal && !http::mayConnect(address, base->endpoint.policy)) {
        return refuse(
            400, "route.bad_custom_host",
            "Invalid custom host. A request may only name public addresses; give an account that base "
            "URL in the Catalog to call another.");
    }
    return *std::move(base);
}

/// The same target at a host that the config's owner names.
Decision moved(const Snapshot &snapshot, Route route, std::string_view host, bool owners)
{
    if (!route.target->slug.empty() && !owners) {
        return refuse(400, "route.custom_host_with_account",
                      "A stored credential is never sent to a host that a request names. Give the account "
                      "that base URL in the Catalog, or send the host with a key of its own.");
    }
    auto base = namedHost(snapshot, host, owners);
    if (!base)
        return std::unexpected(std::move(base).error());
    Target target = *route.target;
    target.base = *std::move(base);
    route.target = std::make_shared<const Target>(std::move(target));
    return route;
}

void setModel(Route &route, const NodeQuestion &question)
{
    const auto &model = question.request.model;
    if (!model)
        return;
    route.model = std::string(*model);
    route.rewrites_model = question.overrides_model;
    if (question.overrides_model)
        return; // as it was written, a slug in it too (gateway-protocol 2.8)
    if (const auto ref = catalog::ModelRef::parse(*model)) {
        route.model = ref->model();
        route.rewrites_model = true;
    }
}

Decision toSlug(const Snapshot &snapshot, const std::string &slug, std::string_view host, bool owners,
                const NodeQuestion &question)
{
    auto target = snapshot.target(slug);
    if (!target) {
        return refuse(400, "route.unknown_slug",
                      fmt::format("Following keys are not valid: {}. Add an account with this slug in the "
                                  "Catalog or correct the config.",
                                  isSlug(slug) ? slug : "(no slug)"));
    }
    Route route{.target = std::move(target)};
    setModel(route, question);
    if (host.empty())
        return route;
    return moved(snapshot, std::move(route), host, owners);
}

Decision toProvider(const Snapshot &snapshot, const routing::Destination &to, std::string_view host,
                    bool owners, const NodeQuestion &question)
{
    if (to.provider == kPracticeSlug)
        return toSlug(snapshot, to.provider, {}, owners, question);
    const auto *provider = snapshot.catalog->provider(to.provider);
    if (!provider)
        return refuse(
            400, "route.unknown_provider",
            "Invalid provider passed. A config takes a provider id such as openai, or @ and the slug "
            "of an account.");
    std::optional<http::BaseUrl> base;
    if (!host.empty()) {
        auto named = namedHost(snapshot, host, owners);
        if (!named)
            return std::unexpected(std::move(named).error());
        base = *std::move(named);
    }
    auto secret = credentialOf(to);
    const bool needs_key = provider->auth.scheme != "none" && provider->kind != catalog::ProviderKind::Local;
    if (!secret && needs_key && host.empty()) {
        return refuse(
            401, "route.no_credential",
            fmt::format("This target of {0} has no key. Write provider \"@slug\" with the slug of an "
                        "account, or give it its own api_key.",
                        provider->name));
    }
    // A server of one's own needs no key of the vendor whose API it speaks.
    const auto need = host.empty() ? CredentialNeed::AsProviderSays : CredentialNeed::None;
    auto target = makeTarget(*snapshot.catalog, to.provider, host, std::move(secret),
                             settingsOf(*provider, to), need);
    if (base)
        target.base = *std::move(base);
    Route route{.target = std::make_shared<const Target>(std::move(target))};
    setModel(route, question);
    return route;
}

} // namespace

Decision resolveNode(const Snapshot &snapshot, const routing::Node &node, const NodeQuestion &question)
{
    const auto &to = node.destination;
    const bool by_header = question.custom_host_header.has_value();
    const std::string_view host
        = by_header ? *question.custom_host_header : std::string_view(node.settings.custom_host);
    const bool owners = !by_header && question.saved;

    if (!to.passthrough && !to.slug.empty())
        return usable(snapshot, toSlug(snapshot, to.slug, host, owners, question));
    if (!to.passthrough && !to.provider.empty())
        return usable(snapshot, toProvider(snapshot, to, host, owners, question));
    auto request = question.request;
    request.has_host = !host.empty();
    auto route = resolveRoute(snapshot, request);
    if (!route || host.empty())
        return route;
    return usable(snapshot, moved(snapshot, *std::move(route), host, owners));
}

} // namespace portolan::gateway
