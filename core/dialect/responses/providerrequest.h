// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/dialect/codec.h"

namespace portolan::dialect::responses {

/// A request of any dialect as POST /responses. Nothing is stored at the provider: reasoning comes back
/// encrypted and is replayed that way. On Azure with a deployment the path is "/responses" behind the
/// account's base URL; elsewhere "/v1/responses", whose "/v1" the base URL stands for.
[[nodiscard]] Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange);

} // namespace portolan::dialect::responses
