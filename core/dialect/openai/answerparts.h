// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"
#include "core/dialect/usagecounts.h"

#include <optional>
#include <string>
#include <vector>

/// What whole answers and chunks of OpenAI's family have in common, read as tolerantly as others.md says.
namespace portolan::dialect::openai {

/// The text of reasoning under any of its names.
[[nodiscard]] std::string reasoningOf(const JsonValue &message);

/// `content` as a string, or as Mistral's list of chunks taken apart.
struct ContentPieces {
    std::string reasoning{};
    std::string text{};
    std::vector<ImagePart> images{};
};
[[nodiscard]] ContentPieces contentOf(const JsonValue &content);

/// An element of the `images` extension.
[[nodiscard]] std::optional<ImagePart> imageOf(const JsonValue &image);

/// Nothing for null, "" and words that nobody knows (mapping.md 6).
[[nodiscard]] std::optional<FinishReason> finishOf(const JsonValue &word);
/// The words that stand for an error: DeepSeek's, OpenRouter's and Mistral's.
[[nodiscard]] bool isErrorFinish(const JsonValue &word);

/// Arguments as text; some servers send the object itself.
[[nodiscard]] std::string argumentsOf(const JsonValue &arguments);

/// How this provider counts.
[[nodiscard]] UsageStyle usageStyleOf(const Target &target);

/// The error that hides in an answer or chunk which says 200: at its top, in a choice, in Groq's x_groq, or
/// as a finish reason.
[[nodiscard]] std::optional<ApiError> errorInside(const JsonValue &root);

/// Members beside the standard ones that clients may want: sources of searches.
[[nodiscard]] Extras extrasOf(const JsonValue &root);

} // namespace portolan::dialect::openai
