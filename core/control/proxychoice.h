// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "core/http/proxyrules.h"

#include <optional>
#include <string>
#include <vector>

namespace portolan::control {

/// Settings::proxyMode.
inline constexpr const char *kProxySystem = "system";
inline constexpr const char *kProxyNone = "none";
inline constexpr const char *kProxyFixed = "fixed";

/// The rules that settings and environment give. With "system" they are the environment's, to which the
/// system's answers are added where there is a window.
[[nodiscard]] http::ProxyRules proxyRules(const Settings &settings, const http::ProxyRules::Lookup &lookup);

/// The environment of this process.
[[nodiscard]] std::optional<std::string> environment(const char *name);

/// Puts in what the system says (QNetworkProxyFactory) about each endpoint, and for all others what it says
/// about a host that nobody has. May read a configuration script from the network: never on a thread that
/// must not wait.
[[nodiscard]] http::ProxyRules withSystemAnswers(http::ProxyRules rules,
                                                 const std::vector<http::Endpoint> &endpoints);

} // namespace portolan::control
