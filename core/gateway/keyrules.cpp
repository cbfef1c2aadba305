// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/keyrules.h"

#include "core/base/text.h"
#include "core/gateway/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace portolan::gateway {

namespace {

using Party = trace::Charge::Party;

std::unexpected<http::Refusal> refuse(int status, std::string_view type, std::string code,
                                      std::string_view body_code, std::string message)
{
    auto answer = refusal(status, std::move(code), std::move(message));
    answer.type = type;
    answer.body_code = body_code;
    return std::unexpected(std::move(answer));
}

bool holds(const std::vector<std::string> &names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

/// Lists of a client key name a model by itself or at one slug.
bool letsModel(const admission::ClientKey &key, const Target &target, std::string_view model)
{
    return key.models.empty() || holds(key.models, model)
        || (!target.slug.empty() && holds(key.models, fmt::format("@{}/{}", target.slug, model)));
}

/// A client's own credential for a plain provider is no slug, so a list of slugs leaves it out.
bool letsSlug(const admission::ClientKey &key, const Target &target)
{
    return key.slugs.empty() || holds(key.slugs, target.slug);
}

std::string named(std::string_view model)
{
    return model.empty() ? std::string("A call that names no model") : fmt::format("The model {}", model);
}

/// As OpenAI writes them: "17ms", "12s", "6m0s", "1h0m0s".
std::string duration(std::int64_t us)
{
    const auto ms = (us + 999) / 1'000;
    if (ms < 1'000)
        return fmt::format("{}ms", ms);
    const auto s = (ms + 999) / 1'000;
    if (s < 60)
        return fmt::format("{}s", s);
    if (s < 3'600)
        return fmt::format("{}m{}s", s / 60, s % 60);
    return fmt::format("{}h{}m{}s", s / 3'600, s / 60 % 60, s % 60);
}

void add(const admission::Headroom &room, std::string_view unit, http::Fields &fields)
{
    fields.add(fmt::format("x-ratelimit-limit-{}", unit), fmt::format("{}", room.limit));
    fields.add(fmt::format("x-ratelimit-remaining-{}", unit), fmt::format("{}", room.remaining));
    fields.add(fmt::format("x-ratelimit-reset-{}", unit), duration(room.reset_us));
}

bool isReplaced(std::string_view name, const admission::Standing &standing)
{
    const auto isOf = [&](std::string_view unit) {
        constexpr auto kKinds = std::to_array<std::string_view>(
            {"x-ratelimit-limit-", "x-ratelimit-remaining-", "x-ratelimit-reset-"});
        return std::ranges::any_of(kKinds, [&](std::string_view kind) {
            return name.size() == kind.size() + unit.size() && startsWithIgnoringCase(name, kind)
                && equalsIgnoringCase(name.substr(kind.size()), unit);
        });
    };
    return (standing.requests && isOf("requests")) || (standing.tokens && isOf("tokens"));
}

} // namespace

std::expected<void, http::Refusal> checkKeys(const Target &target, std::optional<std::string_view> model,
                                             const admission::ClientKey *key, std::int64_t now_us)
{
    if (key && !letsSlug(*key, target)) {
        return refuse(403, "permission_error", "client_key.slug", {},
                      target.slug.empty()
                          ? std::string("This client key may only call the slugs that it names. Write the "
                                        "model as @slug/model-id.")
                          : fmt::format("This client key may not call @{}. Allow it in Keys, or use another "
                                        "key.",
                                        target.slug));
    }
    if (key && model && !letsModel(*key, target, *model)) {
        return refuse(412, "model_not_allowed_error", "client_key.model", {},
                      fmt::format("{} is not allowed for this client key. Allow it in Keys, or ask for "
                                  "another.",
                                  named(*model)));
    }
    if (!target.enabled) {
        return refuse(403, "virtual_key_disabled_error", "virtual_key.off", {},
                      fmt::format("@{} is switched off. Switch it on in Keys, or its account in the Catalog.",
                                  target.slug));
    }
    if (target.expires_us != 0 && target.expires_us <= now_us) {
        return refuse(401, "virtual_key_expired_error", "virtual_key.expired", "01",
                      fmt::format("@{} has expired. Give it a later date in Keys.", target.slug));
    }
    if (model && !target.models.empty() && !holds(target.models, *model)) {
        return refuse(412, "model_not_allowed_error", "virtual_key.model", {},
                      fmt::format("{} is not allowed for @{}. Allow it in Keys, or ask for another.",
                                  named(*model), target.slug));
    }
    return {};
}

bool mayCall(const Target &target, std::string_view model, const admission::ClientKey *key,
             std::int64_t now_us)
{
    return checkKeys(target, model, key, now_us).has_value();
}

http::Refusal limitRefusal(const admission::Refusal &refused, Party of_whose_key)
{
    const bool is_virtual = of_whose_key == Party::VirtualKey;
    const bool is_spent = refused.hit == admission::Refusal::Limit::Budget;
    auto answer = refusal(is_spent ? 412 : 429, refused.error.code, refused.error.message);
    answer.type = fmt::format("{}_{}_error", is_virtual ? "virtual_key" : "api_key",
                              is_spent ? "exhaust" : "rate_limit");
    if (is_spent)
        answer.body_code = "04";
    else if (!is_virtual)
        answer.body_code = "05";
    if (refused.retry_after_us > 0) {
        constexpr std::int64_t kSecond_us = 1'000'000;
        constexpr std::int64_t kLongest_s = 366 * 86'400;
        answer.retry_after_s
            = int(std::min((refused.retry_after_us + kSecond_us - 1) / kSecond_us, kLongest_s));
    }
    return answer;
}

bool isOfVirtualKey(const http::Refusal &refusal) noexcept
{
    return refusal.code.starts_with("limits.") || refusal.code.starts_with("virtual_key.");
}

void putRateLimits(const admission::Standing &standing, http::Fields &fields)
{
    if (!standing.requests && !standing.tokens)
        return;
    http::Fields merged;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto [name, value] = fields[i];
        if (!isReplaced(name, standing))
            merged.add(name, value);
    }
    if (standing.requests)
        add(*standing.requests, "requests", merged);
    if (standing.tokens)
        add(*standing.tokens, "tokens", merged);
    fields = std::move(merged);
}

} // namespace portolan::gateway
