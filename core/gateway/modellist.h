// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gateway/snapshot.h"

#include <optional>
#include <string>
#include <string_view>

namespace portolan::gateway {

/// The body of `GET /v1/models` (gateway-protocol 1.4): every model of every slug that can be called, as
/// `@slug/model-id`; only those that whoever asks may call, `key` null being nobody. `query` may hold
/// provider, limit, offset and order.
[[nodiscard]] std::string modelList(const Snapshot &snapshot, std::string_view query,
                                    const admission::ClientKey *key, std::int64_t now_us);

/// A parameter of a query string, percent-decoded; nothing when it is absent or badly escaped.
[[nodiscard]] std::optional<std::string> queryValue(std::string_view query, std::string_view name);

} // namespace portolan::gateway
