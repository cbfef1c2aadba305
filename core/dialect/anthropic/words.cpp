// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/words.h"

#include <algorithm>
#include <array>

namespace portolan::dialect::anthropic {
namespace {

struct Ending {
    std::string_view word;
    FinishReason reason;
};
// For a reason with two words the first one is written.
constexpr std::array kEndings{
    Ending{"end_turn", FinishReason::Stop},
    Ending{"stop_sequence", FinishReason::StopSequence},
    Ending{"max_tokens", FinishReason::Length},
    Ending{"model_context_window_exceeded", FinishReason::ContextWindow},
    Ending{"tool_use", FinishReason::ToolCalls},
    Ending{"refusal", FinishReason::Refusal},
    Ending{"refusal", FinishReason::ContentFilter},
    Ending{"pause_turn", FinishReason::Pause},
};

struct Failure {
    std::string_view type;
    int status;
    ErrorKind kind;
};
constexpr std::array kFailures{
    Failure{"invalid_request_error", 400, ErrorKind::InvalidRequest},
    Failure{"authentication_error", 401, ErrorKind::Authentication},
    Failure{"billing_error", 402, ErrorKind::InsufficientQuota},
    Failure{"permission_error", 403, ErrorKind::Permission},
    Failure{"not_found_error", 404, ErrorKind::NotFound},
    Failure{"conflict_error", 409, ErrorKind::Conflict},
    Failure{"request_too_large", 413, ErrorKind::TooLarge},
    Failure{"rate_limit_error", 429, ErrorKind::RateLimit},
    Failure{"api_error", 500, ErrorKind::Api},
    Failure{"timeout_error", 504, ErrorKind::Timeout},
    Failure{"overloaded_error", 529, ErrorKind::Overloaded},
};

} // namespace

FinishReason finishNamed(std::string_view stop_reason, bool called) noexcept
{
    const auto *found = std::ranges::find(kEndings, stop_reason, &Ending::word);
    const FinishReason reason = found == kEndings.end() ? FinishReason::Stop : found->reason;
    const bool plain = reason == FinishReason::Stop || reason == FinishReason::StopSequence;
    return plain && called ? FinishReason::ToolCalls : reason;
}

std::string_view stopReason(FinishReason reason, bool called) noexcept
{
    // Claude Code ends its session when a call comes with anything but "tool_use" (mapping.md 13).
    if (reason == FinishReason::Stop || reason == FinishReason::StopSequence)
        reason = called ? FinishReason::ToolCalls : reason;
    else if (reason == FinishReason::ToolCalls && !called)
        reason = FinishReason::Stop;
    return std::ranges::find(kEndings, reason, &Ending::reason)->word;
}

int statusOfErrorType(std::string_view type) noexcept
{
    const auto *found = std::ranges::find(kFailures, type, &Failure::type);
    return found == kFailures.end() ? 0 : found->status;
}

std::string_view errorType(ErrorKind kind) noexcept
{
    const auto *found = std::ranges::find(kFailures, kind, &Failure::kind);
    return found == kFailures.end() ? "api_error" : found->type;
}

} // namespace portolan::dialect::anthropic
