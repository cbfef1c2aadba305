// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/usage.h"
#include "core/dialect/conversation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a provider answers, in no dialect: whole, as events of a stream, or as an error.
namespace portolan::dialect {

/// Why an answer ended (mapping.md 6). Finer than any one dialect, so that the same dialect gets its own word
/// back.
enum class FinishReason : std::uint8_t {
    Stop,
    StopSequence,
    Length,
    ContextWindow, ///< Anthropic: model_context_window_exceeded
    ToolCalls,
    ContentFilter,
    Refusal,
    Pause, ///< Anthropic: pause_turn
};

struct Finish {
    FinishReason reason = FinishReason::Stop;
    std::string stop_sequence{}; ///< the one that was hit, where the provider says
    std::string explanation{};   ///< of a refusal

    friend bool operator==(const Finish &, const Finish &) = default;
};

/// One way the answer went; several only when the client asked for n > 1.
struct Choice {
    std::int64_t index = 0;
    std::vector<Part> parts{}; ///< text, reasoning, tool calls, refusal, images, in the provider's order
    Finish finish{};
    RawJson logprobs{};    ///< OpenAI's form
    RawJson annotations{}; ///< OpenAI's form: an array of url_citation

    friend bool operator==(const Choice &, const Choice &) = default;
};

struct Reply {
    std::string id{};    ///< the provider's; may be empty
    std::string model{}; ///< the one that answered; may be empty
    std::vector<Choice> choices{};
    std::optional<Usage> usage{};
    std::optional<Usage> billed{}; ///< what is paid for, where that is another count (Cohere)
    std::string service_tier{};
    Extras extras{}; ///< handed on to OpenAI clients beside the standard members, e.g. Cohere's citations

    friend bool operator==(const Reply &, const Reply &) = default;
};

/// The kinds of mapping.md 8; each dialect has its own word for each.
enum class ErrorKind : std::uint8_t {
    InvalidRequest,
    Authentication,
    Permission,
    NotFound,
    Conflict,
    TooLarge,
    RateLimit,
    InsufficientQuota,
    Timeout,
    Overloaded,
    Api,
};

/// An error as a client gets to hear it, in no dialect.
struct ApiError {
    ErrorKind kind = ErrorKind::Api;
    int status = 502;      ///< for OpenAI clients; the Anthropic codec makes 529 of an overloaded 503
    std::string message{}; ///< the provider's words where it said some
    std::string code{};    ///< e.g. "context_length_exceeded"; empty becomes null
    std::string param{};
    int upstream_status = 0; ///< 0: the provider did not answer
    std::optional<std::int64_t> retry_after_ms{};

    friend bool operator==(const ApiError &, const ApiError &) = default;
};

// Events of a stream, in the order in which a client may hear of them. `choice` counts from 0 and `call`
// counts the tool calls of that choice, dense from 0: never a provider's block index. Parts of different
// calls may alternate; encoders of dialects that must have blocks one after another hold the later ones back.

struct StreamStart {
    std::string id{};
    std::string model{};
    std::optional<Usage> usage{}; ///< what is known of the input already
};
struct TextDelta {
    std::int64_t choice = 0;
    std::string text{};
};
struct RefusalDelta {
    std::int64_t choice = 0;
    std::string text{};
};
struct ReasoningDelta {
    std::int64_t choice = 0;
    std::string text{};
};
/// A block of reasoning is complete: `part` has all of its text, its signature, or its redacted data.
struct ReasoningEnd {
    std::int64_t choice = 0;
    ReasoningPart part{};
};
struct ToolCallStart {
    std::int64_t choice = 0;
    std::int64_t call = 0;
    ToolCallPart part{}; ///< id, name, custom, signature; arguments come as deltas
};
struct ToolCallDelta {
    std::int64_t choice = 0;
    std::int64_t call = 0;
    std::string arguments{};
};
/// Nothing more comes for this call. Sent once per call, before the finish at the latest.
struct ToolCallEnd {
    std::int64_t choice = 0;
    std::int64_t call = 0;
};
/// An image, or a part that only its own dialect knows, which is there at once.
struct WholePart {
    std::int64_t choice = 0;
    Part part{};
};
struct AnnotationDelta {
    std::int64_t choice = 0;
    RawJson annotations{}; ///< OpenAI's form: an array
};
struct LogprobsDelta {
    std::int64_t choice = 0;
    RawJson logprobs{};
};
/// At most once per choice; after it only usage and other choices come.
struct ChoiceFinish {
    std::int64_t choice = 0;
    Finish finish{};
};
/// Total so far; the last one counts.
struct UsageReport {
    Usage usage{};
    std::optional<Usage> billed{}; ///< as in Reply
};
/// Nothing comes after it.
struct StreamFailure {
    ApiError error{};
};
/// The answer is complete. Exactly one of StreamEnd and StreamFailure ends every stream.
struct StreamEnd { };

using StreamEvent = std::variant<StreamStart, TextDelta, RefusalDelta, ReasoningDelta, ReasoningEnd,
                                 ToolCallStart, ToolCallDelta, ToolCallEnd, WholePart, AnnotationDelta,
                                 LogprobsDelta, ChoiceFinish, UsageReport, StreamFailure, StreamEnd>;
using StreamEvents = std::vector<StreamEvent>;

} // namespace portolan::dialect
