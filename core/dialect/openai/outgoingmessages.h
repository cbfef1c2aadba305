// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"
#include "core/dialect/openai/relatives.h"

namespace portolan::dialect::openai {

/// Writes the `messages` of a chat request (mapping.md 13 and 14): results of tools as messages of their
/// own in front of what the user says, their images behind them, reasoning only where it must come back.
[[nodiscard]] Result<> writeMessages(JsonWriter &json, const Request &request, const Relative &relative,
                                     Exchange &exchange);

} // namespace portolan::dialect::openai
