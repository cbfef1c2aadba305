// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

#include <optional>
#include <string>
#include <vector>

namespace portolan::dialect::openai {

/// The `messages` of a chat request. A run of "tool" messages becomes one User message of results, which a
/// user message directly behind it joins (conversation.h).
[[nodiscard]] Result<std::vector<Message>> decodeMessages(const JsonValue &messages);

/// A hint of Anthropic's ("cache_control") or OpenAI's ("prompt_cache_breakpoint") on a part, message or
/// tool.
[[nodiscard]] std::optional<CacheTtl> cacheHint(const JsonValue &value);

/// What a message's content may be in either of OpenAI's APIs: a string, an array of parts that `read` reads,
/// or nothing.
using ReadPart = Result<Part::Content> (*)(const JsonValue &part, const std::string &where);
[[nodiscard]] Result<std::vector<Part>> decodeParts(const JsonValue &content, const std::string &where,
                                                    ReadPart read);

} // namespace portolan::dialect::openai
