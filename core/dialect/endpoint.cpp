// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/endpoint.h"

#include <array>

namespace portolan::dialect {

namespace {

struct Route {
    std::string_view method{}; ///< empty: any
    std::string_view
        path{}; ///< behind /v1; a '*' at its end stands for one more segment or more, or for none
    Endpoint endpoint{};
};

constexpr Endpoint kChat{
    .word = "chat", .may_stream = true, .takes_stream_options = true, .bills_tokens = true};
constexpr Endpoint kCompletions{
    .word = "completions", .may_stream = true, .takes_stream_options = true, .bills_tokens = true};
constexpr Endpoint kResponses{.word = "responses", .may_stream = true, .bills_tokens = true};
constexpr Endpoint kMessages{.word = "messages", .may_stream = true, .bills_tokens = true};
constexpr Endpoint kEmbeddings{.word = "embeddings", .bills_tokens = true};

constexpr auto kRoutes = std::to_array<Route>({
    {"POST", "/chat/completions", kChat},
    {"POST", "/completions", kCompletions},
    {"POST", "/embeddings", kEmbeddings},
    {"POST", "/responses", kResponses},
    {"", "/responses/*", {.word = "responses"}},
    {"POST", "/messages", kMessages},
    {"POST", "/messages/count_tokens", {.word = "messages"}},
    {"", "/messages/batches*", {.word = "batch"}},
    {"POST", "/images/generations", {.word = "images", .may_stream = true}},
    {"POST", "/images/edits", {.word = "images", .may_stream = true}},
    {"POST", "/images/variations", {.word = "images"}},
    {"POST", "/audio/speech", {.word = "audio"}},
    {"POST", "/audio/transcriptions", {.word = "audio", .may_stream = true}},
    {"POST", "/audio/translations", {.word = "audio"}},
    {"POST", "/rerank", {.word = "rerank"}},
    {"POST", "/moderations", {.word = "moderations"}},
    {"GET", "/models*", {.word = "models"}},
    {"DELETE", "/models*", {.word = "models"}},
    {"", "/files*", {.word = "files"}},
    {"", "/batches*", {.word = "batch"}},
});

bool matches(const Route &route, std::string_view method, std::string_view path) noexcept
{
    if (!route.method.empty() && route.method != method)
        return false;
    if (!route.path.ends_with('*'))
        return path == route.path;
    const std::string_view stem = route.path.substr(0, route.path.size() - 1);
    if (!path.starts_with(stem))
        return false;
    return path.size() == stem.size() || stem.ends_with('/') || path[stem.size()] == '/';
}

} // namespace

Endpoint endpointOf(std::string_view method, std::string_view path) noexcept
{
    if (path.starts_with("/v1/"))
        path.remove_prefix(3);
    for (const Route &route : kRoutes) {
        if (matches(route, method, path))
            return route.endpoint;
    }
    return {};
}

} // namespace portolan::dialect
