// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <string>

namespace portolan::dialect::responses {

/// The response object of a whole reply. Items stand in the provider's order; of several choices the first
/// is told, this API knows no more.
[[nodiscard]] std::string encodeReply(const Reply &reply, Exchange &exchange);

} // namespace portolan::dialect::responses
