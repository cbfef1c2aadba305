// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/dialect/codec.h"

namespace portolan::dialect::responses {

/// Members "instructions" and "input". A first system message that is text alone becomes the instructions;
/// what has no form in this API is noted.
void writeInput(JsonWriter &json, const Request &request, Exchange &exchange);

} // namespace portolan::dialect::responses
