// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gateway/policy.h"
#include "core/gateway/resolve.h"
#include "core/http/exchange.h"
#include "core/routing/config.h"

#include <expected>
#include <optional>
#include <string_view>

namespace portolan::gateway {

/// What a request brings to a node of its config.
struct NodeQuestion {
    RouteQuestion request{};                              ///< as it would be routed without a config
    std::optional<std::string_view> custom_host_header{}; ///< x-portkey-custom-host
    bool saved = false;           ///< the config is its owner's, so its hosts are the owner's words
    bool overrides_model = false; ///< `request.model` is the node's, not the client's
};

/// Where a target of a config leads (gateway-protocol 2.4, 2.6 to 2.8, 3.14; architecture 9.3): its slug, its
/// provider with its own key, a slug in its override of the model, or where the request itself says. A stored
/// credential never goes to a host that a client named. The refusal counts as the target's own answer.
[[nodiscard]] std::expected<Route, http::Refusal>
resolveNode(const Snapshot &snapshot, const routing::Node &node, const NodeQuestion &question);

} // namespace portolan::gateway
