// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/dialect/codec.h"

#include <optional>
#include <string>

namespace portolan::dialect::anthropic {

/// The message that a client of POST /v1/messages gets. It has one choice, the first.
[[nodiscard]] std::string encodeMessage(const Reply &reply, Exchange &exchange);

/// An id for a message or call as this API writes them, from whatever the provider's was.
[[nodiscard]] std::string messageId(const std::string &providers_own, Exchange &exchange);

/// The counts of an answer: `input_tokens` without what the cache read and wrote (mapping.md 7). Zeros when
/// nothing is known: SDKs read them unasked.
void writeUsage(JsonWriter &json, const std::optional<Usage> &usage, std::int64_t input_estimate);
/// "stop_reason", "stop_sequence" and for a refusal "stop_details".
void writeEnding(JsonWriter &json, const Finish &finish, bool called);

/// What a thinking block bears so that its provider gets it back: the provider's own signature, else what
/// that provider wants back in a seal (seal.h). Empty: nothing.
[[nodiscard]] std::string replaySignature(const ReasoningPart &reasoning);
/// The same for a call's thought signature, which this API has no member for: it stands in a thinking block
/// without words before the call.
[[nodiscard]] std::string callSignature(const ToolCallPart &call);

/// A thinking, redacted_thinking, text or foreign block as a whole; empty for a part that has no block here.
[[nodiscard]] RawJson answerBlock(const Part &part);

} // namespace portolan::dialect::anthropic
