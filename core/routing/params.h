// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/routing/config.h"

#include <string>

namespace portolan::routing {

/// A JSON body with a target's parameters applied (gateway-protocol 3.6): defaults where a member is absent,
/// then overrides, then drops. Only top-level members are set; drops reach inside. What is not touched keeps
/// its spelling. A body that is no object comes back as it is.
[[nodiscard]] std::string withParams(const JsonDocument &body, const Params &params);

} // namespace portolan::routing
