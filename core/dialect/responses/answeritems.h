// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <optional>
#include <string>
#include <vector>

/// What a provider's answers and streams have in common (openai.md 12.2 and 12.4).
namespace portolan::dialect::responses {

[[nodiscard]] bool isCall(const JsonValue &item);

/// The call of a function_call or custom_tool_call item under the client's own name. A custom tool that was
/// sent as a function is custom again; its arguments are still wrapped. Without a name: nothing.
[[nodiscard]] std::optional<ToolCallPart> callOf(const JsonValue &item, const Exchange &exchange);
/// The arguments or input of such an item.
[[nodiscard]] std::string callText(const JsonValue &item);
/// True for a custom tool's call that came as a function's.
[[nodiscard]] bool isWrapped(const ToolCallPart &call, const JsonValue &item);

/// Nothing when there is neither text nor anything to send back.
[[nodiscard]] std::optional<ReasoningPart> reasoningOf(const JsonValue &item);

/// Texts of the output_text parts, or of the refusal parts, of a message item.
[[nodiscard]] std::string messageText(const JsonValue &item);
[[nodiscard]] std::string messageRefusal(const JsonValue &item);
/// The annotations of all its parts in the chat API's form; empty when there are none.
[[nodiscard]] RawJson messageAnnotations(const JsonValue &item);
/// Annotations (an array, or one) in the chat API's form, which knows url_citation only.
[[nodiscard]] RawJson nestedAnnotations(const std::vector<JsonValue> &annotations);

/// An image that the model made, or an item that only this API knows.
[[nodiscard]] Part wholePart(const JsonValue &item);

/// What a response object that came to its end says of it.
[[nodiscard]] Finish finishOf(const JsonValue &response, bool has_calls);
/// A response that failed, was cancelled or has not been made.
[[nodiscard]] std::optional<ApiError> failureOf(const JsonValue &response);

} // namespace portolan::dialect::responses
