// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/conversation.h"
#include "core/dialect/requestedits.h"

#include <string_view>
#include <vector>

namespace portolan::dialect {

/// A conversation that goes on natively at another provider than the one it came from brings that one's
/// reasoning along: thinking blocks and reasoning items that we made for its client (seal.h), and thinking
/// that nobody signed. A native provider refuses the whole request for one of them, so they are taken out.
/// Where a loop of tools lacks its thinking then, a budget for it is taken back too: Anthropic would refuse
/// that. Everything else stays as it is. For chats see openai/relativeedits.h.
[[nodiscard]] std::vector<BodyEdit> withoutForeignReasoning(Dialect client, const JsonDocument &body);

/// A look at the bytes: false when there is none for sure, as in nearly every request.
[[nodiscard]] bool mayHoldForeignReasoning(Dialect client, std::string_view body) noexcept;

} // namespace portolan::dialect
