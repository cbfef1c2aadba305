// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <optional>

/// Google's errors (gemini.md 10): {"error":{code, message, status, details}}, sometimes inside an array of
/// one, sometimes with a 200 before it.
namespace portolan::dialect::gemini {

/// The answer of a status that is none of success.
[[nodiscard]] ApiError readError(const WireReply &reply);
/// The error in an answer, or in a frame of a stream, that was to be a success.
[[nodiscard]] std::optional<ApiError> errorInside(const JsonValue &root);

} // namespace portolan::dialect::gemini
