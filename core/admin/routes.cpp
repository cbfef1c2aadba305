// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/routes.h"

#include "core/admin/configcalls.h"
#include "core/admin/logcalls.h"
#include "core/admission/scopes.h"

#include <algorithm>
#include <array>

namespace portolan::admin {

namespace {

using enum http::Method;

constexpr std::array kRoutes{
    Route{Post, "/v1/configs", "configs.create", createConfig},
    Route{Get, "/v1/configs", "configs.list", listConfigs},
    Route{Get, "/v1/configs/{slug}", "configs.read", showConfig},
    Route{Put, "/v1/configs/{slug}", "configs.update", updateConfig},
    Route{Delete, "/v1/configs/{slug}", "configs.delete", removeConfig},
    Route{Get, "/v1/configs/{slug}/versions", "configs.read", listConfigVersions},
    Route{Get, "/v1/logs/{id}", "logs.view", showLog},
};

/// The part up to the next '/', which is taken off.
std::string_view takePart(std::string_view &path)
{
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return part;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path)
{
    if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/'))
        return std::nullopt;
    std::vector<std::string> names;
    while (!pattern.empty()) {
        const auto expected = takePart(pattern);
        const auto part = takePart(path);
        if (!expected.starts_with('{')) {
            if (part != expected)
                return std::nullopt;
        } else if (part.empty()) {
            return std::nullopt;
        } else {
            names.emplace_back(part);
        }
    }
    return names;
}

} // namespace

std::span<const Route> routes()
{
    return kRoutes;
}

std::optional<Found> findRoute(http::Method method, std::string_view path)
{
    for (const Route &route : kRoutes) {
        if (route.method != method)
            continue;
        if (auto names = match(route.pattern, path))
            return Found{.route = &route, .names = *std::move(names)};
    }
    return std::nullopt;
}

bool mayCall(const Route &route, std::span<const std::string> scopes)
{
    if (route.scopes.empty())
        return true;
    auto wanted = route.scopes;
    while (!wanted.empty()) {
        const auto blank = wanted.find(' ');
        if (admission::grants(scopes, wanted.substr(0, blank)))
            return true;
        wanted.remove_prefix(blank == std::string_view::npos ? wanted.size() : blank + 1);
    }
    return false;
}

} // namespace portolan::admin
