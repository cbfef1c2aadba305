// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/reply.h"

#include <string_view>

/// The words of the Messages API for what all dialects know (anthropic.md 7 and 9, mapping.md 6 and 8).
namespace portolan::dialect::anthropic {

/// `called`: the answer has a tool call, which is stronger than a plain end.
[[nodiscard]] FinishReason finishNamed(std::string_view stop_reason, bool called) noexcept;
[[nodiscard]] std::string_view stopReason(FinishReason reason, bool called) noexcept;

/// The status that goes with an error.type; 0 for a type that is not known.
[[nodiscard]] int statusOfErrorType(std::string_view type) noexcept;
[[nodiscard]] std::string_view errorType(ErrorKind kind) noexcept;

} // namespace portolan::dialect::anthropic
