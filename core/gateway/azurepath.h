// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gateway/snapshot.h"

#include <string>
#include <string_view>

namespace portolan::gateway {

/// The path below which an account's API lies: ".../openai/v1", or ".../openai" for the classic one,
/// whichever of them the owner's address names or leaves out (azure-openai.md).
[[nodiscard]] std::string azureBase(std::string_view path, bool classic);

/// Where a call goes that Azure takes as the client wrote it. `endpoint` is the path behind "/v1", `query`
/// the client's with its '?'. The classic API names the deployment in the path, but not for every endpoint;
/// its version stands in the query, unless the client gave one.
[[nodiscard]] std::string azurePath(const Target &target, std::string_view endpoint, std::string_view query);

} // namespace portolan::gateway
