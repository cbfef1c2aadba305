// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <optional>
#include <string>

/// Errors as both OpenAI APIs and their relatives write them (openai.md 5, mapping.md 8).
namespace portolan::dialect {

/// {"error":{message, type, param, code}}: the body that a client of either API reads.
[[nodiscard]] std::string openAiErrorBody(const ApiError &error);
/// That object alone.
[[nodiscard]] std::string openAiErrorObject(const ApiError &error);

/// A provider's error answer, whatever of the usual shape it has; a body that is no JSON is never quoted.
[[nodiscard]] ApiError readOpenAiError(const WireReply &reply);

/// What an error object says where no status says it: in an answer that is 200, or in an event. A numeric
/// code of 400 to 599 is its status, else the code's or type's, else 502.
[[nodiscard]] ApiError openAiErrorOf(const JsonValue &error);
/// The error inside an answer that says 200: the `error` member of `root` when that is an object or a
/// sentence.
[[nodiscard]] std::optional<ApiError> openAiErrorInside(const JsonValue &root);

} // namespace portolan::dialect
