// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Tokens of a prompt, counted without asking anyone: POST /v1/messages/count_tokens must answer for every
/// model and never become a call that costs, and message_start wants a number before the provider says one.
namespace portolan::dialect::anthropic {

/// One token for four bytes of ASCII and for three of anything else: within some 20 % of the tokenizers for
/// prose and code of the common languages.
[[nodiscard]] std::int64_t estimateTokens(std::string_view text) noexcept;

/// The whole prompt: texts, calls and their results, tool definitions (one more for each, and what their
/// instructions cost once), and 4 for each message. An image counts 1,600 whatever its size, the most that
/// Anthropic scales it to; a PDF 2,000 for every page, of which 50 KB of file are taken to be one; other
/// documents their bytes. At least 1.
[[nodiscard]] std::int64_t estimateTokens(const Request &request);

/// {"input_tokens":n}
[[nodiscard]] std::string countReply(std::int64_t tokens);

} // namespace portolan::dialect::anthropic
