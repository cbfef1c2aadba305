// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/answer.h"
#include "core/admin/request.h"
#include "core/control/control.h"
#include "core/control/worker.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::admin {

/// A call that has found its route, on the façade's thread. Copies answer the same call.
struct Call {
    control::Control &control;
    control::Worker &worker; ///< for long answers
    SharedRequest request{};
    std::vector<std::string> names{}; ///< what stands in the path where the pattern has {..}, in order
    Answer answer;

    /// For changes that are asked for later, out of a reply.
    [[nodiscard]] control::Acting act() const
    {
        return control.actingAs(
            {.kind = control::Actor::Kind::AdminKey, .name = QString::fromStdString(request->call.key_name)});
    }
};

/// One kind of call.
struct Route {
    http::Method method = http::Method::Get;
    std::string_view pattern{}; ///< "/v1/configs/{slug}"
    std::string_view scopes{};  ///< with a blank between them, one of which is needed; empty: any key's call
    void (*run)(const Call &call) = nullptr;
};

/// All calls of the admin API, with the scopes that they need: resources/openapi.json describes the same.
[[nodiscard]] std::span<const Route> routes();

struct Found {
    const Route *route = nullptr;
    std::vector<std::string> names{};
};

/// Nothing when no call has this method and path.
[[nodiscard]] std::optional<Found> findRoute(http::Method method, std::string_view path);

/// Whether a key with these scopes may make calls of this route.
[[nodiscard]] bool mayCall(const Route &route, std::span<const std::string> scopes);

} // namespace portolan::admin
