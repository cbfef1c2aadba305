// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/azurepath.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace portolan::gateway {

namespace {

constexpr auto kOfDeployments = std::to_array<std::string_view>({
    "/completions",
    "/chat/completions",
    "/embeddings",
    "/audio/transcriptions",
    "/audio/translations",
    "/audio/speech",
    "/images/generations",
    "/images/edits",
    "/batches",
});

bool hasVersion(std::string_view query)
{
    return query.starts_with("?api-version=") || query.find("&api-version=") != query.npos;
}

} // namespace

std::string azureBase(std::string_view path, bool classic)
{
    std::string base(path.empty() ? "/openai" : path);
    if (classic && base.ends_with("/openai/v1"))
        base.resize(base.size() - 3);
    else if (!classic && base.ends_with("/openai"))
        base += "/v1";
    return base;
}

std::string azurePath(const Target &target, std::string_view endpoint, std::string_view query)
{
    std::string path = target.base.path;
    if (!target.deployment.empty() && std::ranges::find(kOfDeployments, endpoint) != kOfDeployments.end())
        path.append("/deployments/").append(percentEncoded(target.deployment));
    path.append(endpoint).append(query);
    if (!target.api_version.empty() && !hasVersion(query))
        path.append(query.size() > 1    ? "&"
                        : query.empty() ? "?"
                                        : "")
            .append("api-version=")
            .append(percentEncoded(target.api_version));
    return path;
}

} // namespace portolan::gateway
