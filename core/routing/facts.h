// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::routing {

/// What conditions and hashes may ask of a request. Views: everything must live as long as the walk.
struct Facts {
    JsonValue params{};          ///< the client's own body, before any override; absent when it is no JSON
    std::string_view pathname{}; ///< with "/v1"
    /// Values of `metadata.<name>` and `headers.<name>`; headers only count for hashing.
    std::function<std::optional<std::string_view>(std::string_view)> metadata{};
    std::function<std::optional<std::string_view>(std::string_view)> header{};
    std::string_view caller{}; ///< names the client key: part of what sticks
};

} // namespace portolan::routing
