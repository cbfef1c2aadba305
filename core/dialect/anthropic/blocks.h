// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

#include <optional>
#include <string>
#include <string_view>

/// Content blocks of the Messages API (anthropic.md 3), read and written one at a time.
namespace portolan::dialect::anthropic {

/// A block of a request or reply as a part. Blocks that the conversation has no part for (server tools,
/// search results) become a ForeignPart. The error is about a block that is broken (`where` is that of the
/// block).
[[nodiscard]] Result<Part> readBlock(const JsonValue &block, const std::string &where);

/// The "cache_control" of a block or tool.
[[nodiscard]] std::optional<CacheTtl> cacheMark(const JsonValue &block);
void writeCacheMark(JsonWriter &json, CacheTtl ttl);

/// An object of a client or provider without one of its members, in its own spelling otherwise.
[[nodiscard]] RawJson withoutMember(const JsonValue &object, std::string_view name);
/// One with a cache mark behind its other members; `object` must be a JSON object.
[[nodiscard]] RawJson withCacheMark(const RawJson &object, CacheTtl ttl);

/// {"type":"thinking",...} or {"type":"redacted_thinking",...}
[[nodiscard]] RawJson thinkingBlock(const ReasoningPart &reasoning);

/// The object that is a call's input; nothing when its arguments are no JSON object. A custom tool's text is
/// wrapped (tooltext.h).
[[nodiscard]] std::optional<RawJson> inputOf(const ToolCallPart &call);

} // namespace portolan::dialect::anthropic
