// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/resolve.h"

#include "core/base/text.h"
#include "core/gateway/keyrules.h"
#include "core/gateway/practicemodels.h"
#include "core/gateway/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace portolan::gateway {

namespace {

using Decision = std::expected<Route, http::Refusal>;

std::unexpected<http::Refusal> refuse(int status, std::string code, std::string message,
                                      std::string param = {})
{
    return std::unexpected(refusal(status, std::move(code), std::move(message), std::move(param)));
}

std::string knownSlugs(const Snapshot &snapshot)
{
    std::vector<std::string_view> slugs;
    for (const auto &entry : snapshot.targets)
        slugs.push_back(entry.first);
    std::ranges::sort(slugs);
    constexpr std::size_t kMost = 8;
    std::string list;
    for (std::size_t i = 0; i < std::min(slugs.size(), kMost); ++i)
        list += fmt::format("{}@{}", i == 0 ? "" : ", ", slugs[i]);
    if (slugs.size() > kMost)
        list += " and others";
    return list;
}

Decision toSlug(const Snapshot &snapshot, std::string_view slug, std::string_view named_by)
{
    auto target = snapshot.target(slug);
    if (!target) {
        // A slug that is none is foreign text: show only what can be one.
        const auto shown = isSlug(slug) ? fmt::format("@{}", slug) : std::string("that");
        return refuse(
            400, "route.unknown_slug",
            fmt::format("There is no slug {}. Known here: {}. Add an account in the Catalog or correct {}.",
                        shown, knownSlugs(snapshot), named_by),
            "model");
    }
    Route route;
    route.target = std::move(target);
    route.chosen_by.append(1, '@').append(slug).append(" named by ").append(named_by);
    return route;
}

/// The first segment of "@slug" or "@slug/anything", without '@'.
std::string_view slugOf(std::string_view text)
{
    text.remove_prefix(1);
    return text.substr(0, text.find('/'));
}

/// When a header decides, a "@other/" prefix on the model is still taken off (gateway-protocol 2.8).
void takeModel(Route &route, const std::optional<std::string_view> &model)
{
    if (!model)
        return;
    if (const auto ref = catalog::ModelRef::parse(*model)) {
        route.model = ref->model();
        route.rewrites_model = true;
        return;
    }
    route.model = std::string(*model);
}

std::string_view withoutBearer(std::string_view credential)
{
    constexpr std::string_view kScheme = "bearer ";
    return startsWithIgnoringCase(credential, kScheme) ? trimmed(credential.substr(kScheme.size()))
                                                       : credential;
}

Decision toPlainProvider(const Snapshot &snapshot, std::string_view id, const RouteQuestion &question)
{
    if (id == kPracticeSlug)
        return toSlug(snapshot, kPracticeSlug, "x-portkey-provider");
    const auto *provider = snapshot.catalog->provider(id);
    if (!provider) {
        return refuse(
            400, "route.unknown_provider",
            "Invalid provider passed. x-portkey-provider takes a provider id such as openai, or @ and the "
            "slug of an account.");
    }
    const auto credential = withoutBearer(question.upstream_credential);
    SharedSecret secret;
    if (!credential.empty())
        secret = std::make_shared<const SecretBytes>(SecretBytes::copy(credential));
    const bool needs_key = provider->auth.scheme != "none" && provider->kind != catalog::ProviderKind::Local;
    if (!secret && needs_key && !question.has_host) {
        return refuse(
            401, "route.no_credential",
            fmt::format("A call to {0} by its plain id needs your own key of {0}: send it as Authorization "
                        "beside x-portkey-api-key, or add an account and write its @slug.",
                        provider->name));
    }
    auto target = makeTarget(*snapshot.catalog, id, {}, std::move(secret), {},
                             question.has_host ? CredentialNeed::None : CredentialNeed::AsProviderSays);
    Route route;
    route.chosen_by = fmt::format("provider {} named by x-portkey-provider", provider->id);
    route.target = std::make_shared<const Target>(std::move(target));
    takeModel(route, question.model);
    return route;
}

bool offers(const Snapshot &snapshot, const Target &target, std::string_view model)
{
    if (target.practice)
        return PracticeModel::parse(model).has_value();
    if (!target.unusable.empty() || (target.own_models && target.own_models->isOff(model)))
        return false;
    if (target.own_models && target.own_models->isOwn(model))
        return true;
    const auto found = snapshot.catalog->resolve(target.provider_id, model);
    return found.model.has_value() && !catalog::isEstimate(found.match);
}

Decision toBareModel(const Snapshot &snapshot, std::string_view model, const RouteQuestion &question)
{
    std::vector<SharedTarget> offering;
    for (const auto &entry : snapshot.targets) {
        const Target &target = *entry.second;
        if (mayCall(target, model, question.key, question.now_us) && offers(snapshot, target, model))
            offering.push_back(entry.second);
    }
    if (offering.size() == 1) {
        Route route;
        route.target = offering.front();
        route.model = std::string(model);
        route.chosen_by = fmt::format("@{} is the only slug that offers this model", route.target->slug);
        return route;
    }
    const char *const why = offering.empty() ? "No account here offers this model by its bare name."
                                             : "More than one account offers this model.";
    return refuse(
        400, "route.no_target",
        fmt::format("{} Write the model as @slug/model-id (known: {}), or send x-portkey-provider: @slug.",
                    why, knownSlugs(snapshot)),
        "model");
}

bool namesSlug(const std::optional<std::string_view> &text)
{
    return text && text->starts_with('@');
}

Decision decide(const Snapshot &snapshot, const RouteQuestion &question)
{
    if (namesSlug(question.provider_header)) {
        auto route = toSlug(snapshot, slugOf(*question.provider_header), "x-portkey-provider");
        if (route)
            takeModel(*route, question.model);
        return route;
    }
    if (question.virtual_key_header) {
        auto slug = *question.virtual_key_header;
        if (slug.starts_with('@'))
            slug.remove_prefix(1);
        auto route = toSlug(snapshot, slug, "x-portkey-virtual-key");
        if (route)
            takeModel(*route, question.model);
        return route;
    }
    const std::optional<std::string_view> named
        = question.model ? question.model : std::optional<std::string_view>(question.model_query);
    if (named) {
        if (const auto ref = catalog::ModelRef::parse(*named)) {
            auto route = toSlug(snapshot, ref->slug(), "the model");
            if (route) {
                route->model = ref->model();
                route->rewrites_model = true;
            }
            return route;
        }
    }
    if (question.provider_header)
        return toPlainProvider(snapshot, *question.provider_header, question);
    if (named && !named->empty())
        return toBareModel(snapshot, *named, question);
    return refuse(400, "route.no_target",
                  "Either x-portkey-config or x-portkey-provider header is required, or a model written as "
                  "@slug/model-id.");
}

} // namespace

Decision usable(const Snapshot &snapshot, Decision route)
{
    if (!route)
        return route;
    const Target &target = *route->target;
    // One that is switched off says so instead (keyrules.h).
    if (!target.unusable.empty() && target.enabled)
        return refuse(target.provider && target.base.path.empty() && target.base.endpoint.host.empty() ? 501
                                                                                                       : 400,
                      "route.target_unusable", target.unusable);
    if (target.own_models && target.own_models->isOff(route->model)) {
        auto off
            = refusal(412, "route.model_off",
                      fmt::format("Model {} is not allowed for this integration. Switch it on for @{} in "
                                  "the Catalog.",
                                  route->model, target.slug),
                      "model");
        off.type = "model_not_allowed_error";
        return std::unexpected(std::move(off));
    }
    if (!target.practice && snapshot.isOurselves(target.base.endpoint)) {
        return refuse(
            508, "route.loop",
            "This account's address is Portolan's own. Give it the provider's address in the Catalog.");
    }
    // Never around a proxy that was meant but cannot be used.
    if (!target.practice && !snapshot.proxies->problemFor(target.base.endpoint).empty())
        return refuse(503, "route.proxy_unusable", snapshot.proxies->problem);
    return route;
}

Decision resolveRoute(const Snapshot &snapshot, const RouteQuestion &question)
{
    return usable(snapshot, decide(snapshot, question));
}

} // namespace portolan::gateway
