// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/callids.h"
#include "core/dialect/codec.h"

#include <expected>
#include <optional>

/// What whole answers and streams of Cohere have in common (cohere.md 2 and 3, mapping.md 5 to 8).
namespace portolan::dialect::cohere {

/// {id, type, function:{name, arguments}}, of which a stream's start has the arguments still to come. The
/// client's own name; the free text of a custom tool is still wrapped. The error: no name.
[[nodiscard]] std::expected<ToolCallPart, ApiError> readCall(const JsonValue &call, CallIds &ids,
                                                             const Exchange &exchange);

struct Outcome {
    bool text = false;
    bool calls = false;
};
/// The error: the provider gave up and nothing came of it, or it says why. `holder` has finish_reason.
[[nodiscard]] std::expected<Finish, ApiError> finishOf(const JsonValue &holder, Outcome outcome);

/// All tokens, the hidden template's included, as Cohere's context window counts them; the billed ones where
/// it names no others.
[[nodiscard]] std::optional<Usage> readUsage(const JsonValue &usage);
/// What Cohere charges for: without the template.
[[nodiscard]] std::optional<Usage> readBilled(const JsonValue &usage);

/// One {text, token_ids, logprobs} or a list of them in OpenAI's form; empty when there are none.
[[nodiscard]] RawJson logprobsOf(const JsonValue &logprobs);

/// The answer of a status that is none of success.
[[nodiscard]] ApiError readError(const WireReply &reply);
/// An error's body where a success was to be: {"message":"..."}.
[[nodiscard]] std::optional<ApiError> errorInside(const JsonValue &root);

[[nodiscard]] std::expected<Reply, ApiError> readReply(const WireReply &reply, Exchange &exchange);

} // namespace portolan::dialect::cohere
