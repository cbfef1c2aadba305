// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/dialect/codec.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Answers as clients of /v1/chat/completions read them (openai.md 3, mapping.md 2).
namespace portolan::dialect::openai {

/// A chat.completion object.
[[nodiscard]] std::string encodeChatReply(const Reply &reply, Exchange &exchange);

// Shared with the stream's encoder and with legacy completions.

/// id, object, created and model of an object that is open; an id with that prefix when there is none.
void writeHead(JsonWriter &json, std::string_view object, const Reply &reply, std::string_view id_prefix,
               Exchange &exchange);
/// The `usage` object.
void writeUsage(JsonWriter &json, const Usage &usage);
/// "stop", "length", "tool_calls" or "content_filter"; a stop with calls is tool_calls (mapping.md 6).
[[nodiscard]] std::string_view finishWord(FinishReason reason, bool has_calls) noexcept;
/// The block as Anthropic wrote it; for what can be replayed there (turns.h).
void writeThinkingBlock(JsonWriter &json, const ReasoningPart &reasoning);
/// An element of the `images` extension.
void writeImage(JsonWriter &json, const ImagePart &image, std::int64_t index);
/// {"google":{"thought_signature":...}}, or nothing without a signature.
void writeSignature(JsonWriter &json, const ToolCallPart &call);
/// The model that answered, else what is known of it.
[[nodiscard]] std::string_view shownModel(std::string_view answered, const Exchange &exchange) noexcept;
/// The client speaks the deprecated functions: it gets one function_call instead of tool_calls.
[[nodiscard]] bool speaksFunctions(const Exchange &exchange) noexcept;

} // namespace portolan::dialect::openai
