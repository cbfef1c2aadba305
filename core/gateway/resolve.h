// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/clientkeys.h"
#include "core/base/secretbytes.h"
#include "core/gateway/snapshot.h"
#include "core/http/exchange.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::gateway {

/// What of a request decides where it goes.
struct RouteQuestion {
    std::optional<std::string_view> provider_header{};    ///< x-portkey-provider
    std::optional<std::string_view> virtual_key_header{}; ///< x-portkey-virtual-key
    std::optional<std::string_view> model{};              ///< of the body, decoded
    std::optional<std::string> model_query{};             ///< ?model=, decoded
    std::string_view upstream_credential{}; ///< the client's own, "Bearer ..." or bare; empty: none
    std::string_view path{};                ///< only for messages
    bool has_host
        = false; ///< it goes to a host of its own, which needs no key of the vendor whose API it has
    const admission::ClientKey *key = nullptr; ///< who calls; null: nobody's key
    std::int64_t now_us = 0;                   ///< since 1970
};

/// Where a request goes.
struct Route {
    SharedTarget target{};
    std::string model{};         ///< to send upstream; empty: the request names none
    bool rewrites_model = false; ///< `model` differs from what the client wrote
    std::string chosen_by{};     ///< words, for the trace
};

/// Decides by the rules of gateway-protocol 2.8 and architecture 9.16: `x-portkey-provider: @slug`, then
/// `x-portkey-virtual-key`, then `@slug/model` in the body, then in the query, then a plain provider id with
/// the client's own credential, then a bare model name that exactly one slug offers. The refusal says how to
/// mend the request.
[[nodiscard]] std::expected<Route, http::Refusal> resolveRoute(const Snapshot &snapshot,
                                                               const RouteQuestion &question);

/// The same route, unless its target cannot be called, is this gateway itself, or lies behind a proxy that is
/// meant but cannot be used.
[[nodiscard]] std::expected<Route, http::Refusal> usable(const Snapshot &snapshot,
                                                         std::expected<Route, http::Refusal> route);

} // namespace portolan::gateway
