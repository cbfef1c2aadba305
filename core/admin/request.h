// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/base/jsonvalue.h"
#include "core/gateway/admincalls.h"

#include <memory>
#include <optional>
#include <string>

namespace portolan::admin {

/// An admin call whose body was read.
struct Request {
    gateway::AdminCall call{};
    std::optional<JsonDocument> body{}; ///< an object; nothing: none came

    [[nodiscard]] JsonValue json() const { return body ? JsonValue(*body) : JsonValue(); }
};

using SharedRequest = std::shared_ptr<const Request>;

} // namespace portolan::admin
