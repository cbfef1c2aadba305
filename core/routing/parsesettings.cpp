// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/routing/configreader.h"
#include "core/routing/providerfields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace portolan::routing {

namespace {

constexpr int kMostRetries = 5;
constexpr std::int64_t kLongestTimeout_ms = 3'600'000;
constexpr std::int64_t kShortestCooldown_ms = 30'000;
constexpr double kLongestCacheAge_s = 365.0 * 24 * 3600;

std::optional<Retry> readRetry(ConfigReader &reader, const Place &at)
{
    if (!at || !reader.isObject(at))
        return std::nullopt;
    reader.expectOnly(at,
                      {"attempts", "on_status_codes", "use_retry_after_header", "use_retry_after_headers"});
    Retry retry;
    const Place attempts = at.member("attempts");
    if (!attempts) {
        reader.error(at, "config.missing", "Say how often to try again: \"attempts\": 3.");
    } else if (const auto count = reader.integer(attempts, 0, std::numeric_limits<int>::max())) {
        retry.attempts = int(std::min<std::int64_t>(*count, kMostRetries));
        if (*count > kMostRetries) {
            reader.warn(attempts, "config.too_many_attempts",
                        fmt::format("{} retries are the most; this runs as {}.", kMostRetries, kMostRetries),
                        Fix{"Write 5", attempts.value.range(), "5"});
        }
    }
    if (auto codes = reader.statuses(at.member("on_status_codes")))
        retry.on_status_codes = *std::move(codes);
    // The documentation has the plural, the code the singular (gateway-protocol 10).
    for (const std::string_view name : {"use_retry_after_header", "use_retry_after_headers"})
        retry.use_retry_after = reader.flag(at.member(name)).value_or(retry.use_retry_after);
    return retry;
}

std::optional<std::int64_t> readTimeout(ConfigReader &reader, const Place &at)
{
    if (at.value.isNumber() && at.value.number() == 0.0) {
        reader.warn(at, "config.no_timeout", "0 means no time-out here; leave it out to say so.");
        return 0;
    }
    const auto timeout_ms = reader.number(at, 1, double(kLongestTimeout_ms));
    return timeout_ms ? std::optional(std::int64_t(*timeout_ms)) : std::nullopt;
}

/// Shallow: a member of the child replaces the parent's (gateway-protocol 3.3).
void readMembers(ConfigReader &reader, const Place &at, std::vector<std::pair<std::string, RawJson>> &into)
{
    if (!at || !reader.isObject(at))
        return;
    if (at.value.size() > reader.limits().params) {
        reader.error(at, "config.too_large",
                     fmt::format("{} parameters are the most.", reader.limits().params));
        return;
    }
    for (const Place &member : at.members()) {
        auto key = member.value.key();
        std::erase_if(into, [&](const auto &known) { return known.first == key; });
        into.emplace_back(std::move(key), member.value.rawJson());
    }
}

/// Parameters are inherited by copying: a few bytes of targets must not multiply a large parent.
void countParams(ConfigReader &reader, const Place &node, const Params &params)
{
    auto &bytes = reader.counts().params_bytes;
    const auto most = reader.limits().params_bytes;
    const bool were_too_many = bytes > most;
    for (const auto *members : {&params.defaults, &params.overrides}) {
        for (const auto &[key, written] : *members)
            bytes += key.size() + written.text.size();
    }
    if (bytes > most && !were_too_many)
        reader.error(node, "config.too_large", "The parameters that targets inherit are too large together.");
    if (params.defaults.size() + params.overrides.size() > reader.limits().params)
        reader.error(
            node, "config.too_large",
            fmt::format("{} parameters are the most, inherited ones among them.", reader.limits().params));
}

void readParams(ConfigReader &reader, const Place &node, Params &params)
{
    if (reader.counts().params_bytes > reader.limits().params_bytes) {
        params = {}; // it is reported, and nothing of it is needed any more
        return;
    }
    readMembers(reader, node.member("default_params"), params.defaults);
    readMembers(reader, node.member("override_params"), params.overrides);
    const Place drops = node.member("drop_params");
    for (auto &path : reader.texts(drops)) {
        if (std::ranges::find(params.drops, path) == params.drops.end())
            params.drops.push_back(std::move(path));
    }
    if (params.drops.size() > reader.limits().names)
        reader.error(drops, "config.too_large",
                     fmt::format("{} paths are the most, inherited ones among them.", reader.limits().names));
    countParams(reader, node, params);
}

/// What a saved guardrail does is not known here: it may deny, and must never be passed over in silence.
Guard readGuardrail(ConfigReader &reader, const Place &at)
{
    if (at.value.isString())
        return Guard::Denies;
    if (!reader.isObject(at))
        return Guard::Marks;
    return reader.flag(at.member("deny")).value_or(false) ? Guard::Denies : Guard::Marks;
}

void readGuardrails(ConfigReader &reader, const Place &node, Settings &settings)
{
    static constexpr std::array<std::string_view, 4> kLists{"input_guardrails", "output_guardrails",
                                                            "before_request_hooks", "after_request_hooks"};
    for (std::size_t i = 0; i < kLists.size(); ++i) {
        const Place list = node.member(kLists[i]);
        if (!list || !reader.isArray(list))
            continue;
        Guard most = Guard::None;
        for (const Place &guardrail : list.elements()) {
            const Guard guard = readGuardrail(reader, guardrail);
            most = std::max(most, guard);
            if (guard == Guard::Denies)
                reader.warn(
                    guardrail, "config.guardrail_denies",
                    "This version runs no guardrails. Because this one may deny, requests with this config "
                    "are refused.");
        }
        if (most == Guard::Marks) {
            reader.warn(list, "config.no_guardrails",
                        "This version runs no guardrails: these are kept, and the log says that they did not "
                        "run.");
        }
        settings.guards[i] = most;
    }
    const Guard most = std::ranges::max(settings.guards);
    settings.has_guardrails = most != Guard::None;
    settings.denies = most == Guard::Denies;
}

void readCache(ConfigReader &reader, const Place &at, Settings &settings)
{
    if (!at || !reader.isObject(at))
        return;
    reader.expectOnly(at, {"mode", "max_age"});
    const auto mode = reader.text(at.member("mode"));
    if (!mode)
        reader.error(at, "config.missing", "Say which cache: \"mode\": \"simple\" or \"semantic\".");
    else if (*mode != "simple" && *mode != "semantic")
        reader.error(at.member("mode"), "config.bad_value",
                     "The cache's mode is \"simple\" or \"semantic\".");
    (void)reader.number(at.member("max_age"), 0, kLongestCacheAge_s);
    settings.has_cache = true;
    reader.warn(at, "config.no_cache", "This version has no cache: every request is answered by a provider.");
}

/// Each secret has pages of its own: a config cannot ask for any number of them.
SharedSecret sealed(ConfigReader &reader, const Place &at, std::string_view text)
{
    auto &secrets = reader.counts().secrets;
    const auto most = reader.limits().secrets;
    if (++secrets <= most)
        return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
    if (secrets == most + 1)
        reader.error(
            at, "config.too_large",
            fmt::format("A config may hold {} credentials and settings of providers: keep the others in "
                        "accounts.",
                        most));
    return nullptr;
}

void readFields(ConfigReader &reader, const Place &node, Destination &to)
{
    for (const Place::Name &name : node.names()) {
        if (!isProviderField(name.snake) || !name.value)
            continue;
        const auto text = name.value.string();
        if (auto value = sealed(reader, node.at(name), text ? *text : std::string(name.value.raw())))
            to.fields.emplace_back(name.snake, std::move(value));
    }
}

/// gateway-protocol 3.2: without a place on earth there is no address.
void expectVertexPlace(ConfigReader &reader, const Place &node)
{
    if (!node.member("vertex_region")
        || (!node.member("vertex_project_id") && !node.member("vertex_service_account_json")))
        reader.error(
            node, "config.missing",
            "Vertex AI needs vertex_region, and vertex_project_id or vertex_service_account_json; an account "
            "keeps them for a virtual key.");
}

} // namespace

Settings readSettings(ConfigReader &reader, const Place &node, const Settings &inherited)
{
    Settings settings = inherited;
    const Place own = node.member("portolan");
    if (auto retry = readRetry(reader, node.member("retry")))
        settings.retry = *std::move(retry);
    if (const auto jitters = reader.flag(own.member("jitter")))
        settings.jitters = *jitters;
    if (const auto timeout_ms = readTimeout(reader, node.member("request_timeout")))
        settings.request_timeout_ms = timeout_ms;
    if (const auto timeout_ms = readTimeout(reader, own.member("first_token_timeout")))
        settings.first_token_timeout_ms = timeout_ms;
    if (const auto timeout_ms = readTimeout(reader, own.member("stream_idle_timeout")))
        settings.stream_idle_timeout_ms = timeout_ms;
    if (const auto checks = reader.flag(own.member("context_window")))
        settings.checks_context_window = *checks;
    if (auto host = reader.text(node.member("custom_host")))
        settings.custom_host = *std::move(host);
    if (const Place list = node.member("forward_headers")) {
        settings.forward_headers = reader.texts(list);
        for (std::string &name : settings.forward_headers)
            name = toLowerAscii(name);
        if (std::ranges::find(settings.forward_headers, "x-portkey-forward-headers")
            != settings.forward_headers.end())
            reader.error(list, "config.bad_value", "x-portkey-forward-headers cannot forward itself.");
    }
    if (const auto strict = reader.flag(node.member("strict_open_ai_compliance")))
        settings.strict_open_ai_compliance = strict;
    readParams(reader, node, settings.params);
    readCache(reader, node.member("cache"), settings);
    readGuardrails(reader, node, settings);
    return settings;
}

std::optional<BreakerRule> readBreaker(ConfigReader &reader, const Place &at)
{
    if (!at || !reader.isObject(at))
        return std::nullopt;
    reader.expectOnly(at,
                      {"failure_threshold", "failure_threshold_percentage", "minimum_requests",
                       "cooldown_interval", "failure_status_codes"});
    BreakerRule rule;
    if (const auto count = reader.integer(at.member("failure_threshold"), 1, 1'000'000))
        rule.failure_threshold = int(*count);
    rule.failure_percentage = reader.number(at.member("failure_threshold_percentage"), 0, 100);
    if (!rule.failure_threshold && !rule.failure_percentage) {
        reader.warn(at, "config.breaker_never_opens",
                    "Without failure_threshold or failure_threshold_percentage this breaker never opens.");
    }
    if (const auto least = reader.integer(at.member("minimum_requests"), 1, 1'000'000))
        rule.minimum_requests = int(*least);
    const Place cooldown = at.member("cooldown_interval");
    if (const auto cooldown_ms = reader.integer(cooldown, 0, 24 * kLongestTimeout_ms)) {
        rule.cooldown_ms = std::max(*cooldown_ms, kShortestCooldown_ms);
        if (*cooldown_ms < kShortestCooldown_ms) {
            reader.warn(cooldown, "config.short_cooldown", "30000 ms is the shortest; this runs as 30000.",
                        Fix{"Write 30000", cooldown.value.range(), "30000"});
        }
    }
    if (auto codes = reader.statuses(at.member("failure_status_codes")))
        rule.failure_status_codes = *std::move(codes);
    return rule;
}

Destination readDestination(ConfigReader &reader, const Place &node)
{
    Destination to;
    const auto bare = [](std::string slug) { return slug.starts_with('@') ? slug.substr(1) : slug; };
    if (auto provider = reader.text(node.member("provider"))) {
        if (provider->starts_with('@')) // "@slug/anything" counts as "@slug" (gateway-protocol 2.8)
            to.slug = bare(provider->substr(0, provider->find('/')));
        else
            to.provider = *std::move(provider);
    }
    if (auto key = reader.text(node.member("virtual_key")); key && to.slug.empty())
        to.slug = bare(*std::move(key));
    to.passthrough = reader.flag(node.member("passthrough")).value_or(false);
    const Place api_key = node.member("api_key");
    if (const auto key = reader.text(api_key))
        to.api_key = sealed(reader, api_key, *key);
    readFields(reader, node, to);
    if (to.provider == "vertex-ai" && to.slug.empty())
        expectVertexPlace(reader, node);
    if (const Place prompt = node.member("prompt_id")) {
        reader.error(prompt, "config.no_prompts",
                     "Portolan keeps no prompt templates: name a provider and put the model into "
                     "override_params.");
    }
    return to;
}

} // namespace portolan::routing
