// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/headers.h"

#include "core/base/nameset.h"
#include "core/base/redact.h"
#include "core/base/text.h"
#include "core/dialect/repairs.h"

#include <algorithm>
#include <array>

namespace portolan::gateway {

namespace {

constexpr NameSet kNeverUpstream(std::to_array<std::string_view>({
    "accept-encoding",
    "api-key",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-api-key",
    "x-goog-api-key",
    "x-real-ip",
}));

constexpr auto kNeverUpstreamPrefixes = std::to_array<std::string_view>({
    "x-portkey-",
    "x-portolan-",
    "x-forwarded-",
    "sec-",
    "access-control-",
});

constexpr NameSet kToClient(std::to_array<std::string_view>({
    "content-type",        "content-encoding", "content-disposition", "content-language",
    "retry-after",         "retry-after-ms",   "x-ms-retry-after-ms", "x-request-id",
    "request-id",          "apim-request-id",  "x-ms-request-id",     "x-amzn-requestid",
    "x-generation-id",     "x-should-retry",   "openai-version",      "openai-processing-ms",
    "openai-organization", "openai-model",     "ratelimit",           "ratelimit-policy",
}));

constexpr auto kToClientPrefixes = std::to_array<std::string_view>({
    "x-ratelimit-",
    "ratelimit-",
    "anthropic-ratelimit-",
    "x-groq-",
    "fireworks-",
});

template <std::size_t N>
bool startsWithOneOf(const std::array<std::string_view, N> &prefixes, std::string_view name)
{
    return std::ranges::any_of(prefixes, [&](std::string_view p) { return startsWithIgnoringCase(name, p); });
}

bool isNamedByConnection(const http::Fields &fields, std::string_view name)
{
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!equalsIgnoringCase(fields[i].name, "connection"))
            continue;
        std::string_view rest = fields[i].value;
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (equalsIgnoringCase(trimmed(rest.substr(0, comma)), name))
                return true;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return false;
}

} // namespace

void copyToUpstream(const http::Fields &client, std::string_view token, http::Fields &upstream)
{
    const bool names_lines = client.find("connection").has_value();
    for (std::size_t i = 0; i < client.size(); ++i) {
        const auto [name, value] = client[i];
        if (kNeverUpstream.contains(name) || startsWithOneOf(kNeverUpstreamPrefixes, name))
            continue;
        if (names_lines && isNamedByConnection(client, name))
            continue;
        if (!token.empty() && value.find(token) != std::string_view::npos)
            continue;
        upstream.add(name, value);
    }
}

void forwardLines(const http::Fields &client, const std::vector<std::string> &names, std::string_view token,
                  http::Fields &upstream)
{
    const auto forwarded = [&](std::string_view name) -> std::optional<std::string_view> {
        const auto named = std::ranges::any_of(
            names, [&](const std::string &known) { return equalsIgnoringCase(known, name); });
        if (!named || kNeverUpstream.contains(name) || startsWithOneOf(kNeverUpstreamPrefixes, name))
            return std::nullopt;
        const auto value = client.find(name);
        return value && (token.empty() || value->find(token) == std::string_view::npos) ? value
                                                                                        : std::nullopt;
    };
    if (names.empty())
        return;
    http::Fields merged;
    for (std::size_t i = 0; i < upstream.size(); ++i) {
        if (!forwarded(upstream[i].name))
            merged.add(upstream[i].name, upstream[i].value);
    }
    for (const std::string &name : names) {
        if (const auto value = forwarded(name))
            merged.add(name, *value);
    }
    upstream = std::move(merged);
}

void withoutBeta(http::Fields &upstream, std::string_view token)
{
    http::Fields rest;
    for (std::size_t i = 0; i < upstream.size(); ++i) {
        const auto [name, value] = upstream[i];
        if (!equalsIgnoringCase(name, "anthropic-beta")) {
            rest.add(name, value);
            continue;
        }
        if (const auto kept = dialect::withoutToken(value, token); !kept.empty())
            rest.add(name, kept);
    }
    upstream = std::move(rest);
}

void copyToClient(const http::Fields &upstream, http::Fields &client)
{
    for (std::size_t i = 0; i < upstream.size(); ++i) {
        const auto [name, value] = upstream[i];
        if (kToClient.contains(name) || startsWithOneOf(kToClientPrefixes, name))
            client.add(name, value);
    }
}

trace::Pairs loggable(const http::Fields &fields)
{
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto [name, value] = fields[i];
        bytes += name.size() + value.size();
    }
    trace::Pairs pairs;
    pairs.reserve(fields.size() + 1, bytes); // the line of a credential may follow
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto [name, value] = fields[i];
        pairs.add(name, loggableHeaderValue(name, value));
    }
    return pairs;
}

} // namespace portolan::gateway
