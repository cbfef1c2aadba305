// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace portolan::routing {

/// True for keys of a config that only one kind of provider reads, credentials among them, in snake_case:
/// "aws_region", "resource_name" (gateway-protocol 2.3 and 3.1).
[[nodiscard]] bool isProviderField(std::string_view name) noexcept;

/// True for keys that every node of a config may have (gateway-protocol 3.1), in snake_case.
[[nodiscard]] bool isNodeKey(std::string_view name) noexcept;

} // namespace portolan::routing
