// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/callids.h"
#include "core/dialect/codec.h"

#include <cstdint>
#include <expected>
#include <optional>

/// What whole answers and streams of Gemini have in common (gemini.md 6, mapping.md 3 and 6).
namespace portolan::dialect::gemini {

/// One part of a candidate: text, reasoning, a call, an image, or what only Gemini knows; nothing for a part
/// that says nothing. A call of the tool that emulates a JSON schema is text. The error: a call that can't be
/// read.
[[nodiscard]] std::expected<std::optional<Part>, ApiError> readPart(const JsonValue &part, CallIds &ids,
                                                                    const Exchange &exchange);
/// True for a functionCall of the tool that emulates a JSON schema.
[[nodiscard]] bool isSchemaCall(const JsonValue &part, const Exchange &exchange);

/// The candidate's place, 0 when it has none; nothing when it makes no sense.
[[nodiscard]] std::optional<std::int64_t> indexOf(const JsonValue &candidate);

struct Outcome {
    bool text = false;  ///< text, an image: something that a person sees
    bool calls = false; ///< of the client's tools

    [[nodiscard]] bool nothing() const noexcept { return !text && !calls; }
};
/// How a candidate ended; an error when its output was malformed and nothing came of it. Without a reason:
/// as if it had said STOP.
[[nodiscard]] std::expected<Finish, ApiError> finishOf(const JsonValue &candidate, Outcome outcome);

/// The prompt was refused: the finish that says so, when this is such an answer.
[[nodiscard]] std::optional<Finish> blockOf(const JsonValue &answer);

/// Web sources as OpenAI's url_citation annotations; empty when there are none. Gemini counts places in
/// bytes of a part, so none are given.
[[nodiscard]] RawJson annotationsOf(const JsonValue &grounding_metadata);
/// In OpenAI's form; empty when there are none.
[[nodiscard]] RawJson logprobsOf(const JsonValue &logprobs_result);

} // namespace portolan::dialect::gemini
