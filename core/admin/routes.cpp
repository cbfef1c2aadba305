// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/routes.h"

#include "core/admin/apikeycalls.h"
#include "core/admin/auditcalls.h"
#include "core/admin/configcalls.h"
#include "core/admin/integrationcalls.h"
#include "core/admin/logcalls.h"
#include "core/admin/openapi.h"
#include "core/admin/virtualkeycalls.h"
#include "core/admission/scopes.h"

#include <algorithm>
#include <array>

namespace portolan::admin {

namespace {

using enum http::Method;

// Here is one organisation with one workspace, so the scopes of both do.
constexpr std::array<std::string_view, 5> kIntegrations{
    "organisation_integrations.create workspace_integrations.create",
    "organisation_integrations.list workspace_integrations.list",
    "organisation_integrations.read workspace_integrations.read",
    "organisation_integrations.update workspace_integrations.update",
    "organisation_integrations.delete workspace_integrations.delete",
};
constexpr std::array<std::string_view, 6> kApiKeys{
    "workspace_service_api_keys.create workspace_user_api_keys.create organisation_service_api_keys.create "
    "organisation_user_api_keys.create",
    "workspace_service_api_keys.list workspace_user_api_keys.list organisation_service_api_keys.list",
    "workspace_service_api_keys.read workspace_user_api_keys.read organisation_service_api_keys.read",
    "workspace_service_api_keys.update workspace_user_api_keys.update organisation_service_api_keys.update",
    "workspace_service_api_keys.delete workspace_user_api_keys.delete organisation_service_api_keys.delete",
    "workspace_service_api_keys.rotate workspace_user_api_keys.rotate organisation_service_api_keys.rotate",
};

constexpr std::array kRoutes{
    Route{Post, "/v1/configs", "configs.create", createConfig},
    Route{Get, "/v1/configs", "configs.list", listConfigs},
    Route{Get, "/v1/configs/{slug}", "configs.read", showConfig},
    Route{Put, "/v1/configs/{slug}", "configs.update", updateConfig},
    Route{Delete, "/v1/configs/{slug}", "configs.delete", removeConfig},
    Route{Get, "/v1/configs/{slug}/versions", "configs.read", listConfigVersions},
    Route{Get, "/v1/logs/{id}", "logs.view", showLog},
    Route{Post, "/v1/virtual-keys", "virtual_keys.create", createVirtualKey},
    Route{Get, "/v1/virtual-keys", "virtual_keys.list", listVirtualKeys},
    Route{Get, "/v1/virtual-keys/{slug}", "virtual_keys.read", showVirtualKey},
    Route{Put, "/v1/virtual-keys/{slug}", "virtual_keys.update", updateVirtualKey},
    Route{Delete, "/v1/virtual-keys/{slug}", "virtual_keys.delete", removeVirtualKey},
    Route{Post, "/v1/providers", "providers.create", createProvider},
    Route{Get, "/v1/providers", "providers.list", listProviders},
    Route{Get, "/v1/providers/{slug}", "providers.read", showProvider},
    Route{Put, "/v1/providers/{slug}", "providers.update", updateProvider},
    Route{Delete, "/v1/providers/{slug}", "providers.delete", removeProvider},
    Route{Post, "/v1/integrations", kIntegrations[0], createIntegration},
    Route{Get, "/v1/integrations", kIntegrations[1], listIntegrations},
    Route{Get, "/v1/integrations/{slug}", kIntegrations[2], showIntegration},
    Route{Put, "/v1/integrations/{slug}", kIntegrations[3], updateIntegration},
    Route{Delete, "/v1/integrations/{slug}", kIntegrations[4], removeIntegration},
    Route{Get, "/v1/integrations/{slug}/models", kIntegrations[2], listIntegrationModels},
    Route{Put, "/v1/integrations/{slug}/models", kIntegrations[3], updateIntegrationModels},
    Route{Delete, "/v1/integrations/{slug}/models", kIntegrations[3], removeIntegrationModels},
    Route{Post, "/v1/api-keys/{id}/rotate", kApiKeys[5], rotateApiKey},
    Route{Post, "/v1/api-keys/{type}/{sub-type}", kApiKeys[0], createApiKey},
    Route{Get, "/v1/api-keys", kApiKeys[1], listApiKeys},
    Route{Get, "/v1/api-keys/{id}", kApiKeys[2], showApiKey},
    Route{Put, "/v1/api-keys/{id}", kApiKeys[3], updateApiKey},
    Route{Delete, "/v1/api-keys/{id}", kApiKeys[4], removeApiKey},
    Route{Get, "/v1/audit-logs", "audit_logs.list", listAuditLogs},
    Route{Get, "/v1/openapi.json", "", showOpenApi},
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
