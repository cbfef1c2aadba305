// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <expected>
#include <memory>
#include <string_view>

/// What Converse and ConverseStream answer (bedrock.md 5 and 7).
namespace portolan::dialect::bedrock {

[[nodiscard]] std::expected<Reply, ApiError> converseReply(const WireReply &reply, Exchange &exchange);

/// Frames are the events by their `:event-type`. The answer is complete with its messageStop; usage comes
/// behind that, and a stream that ends without it ends well.
[[nodiscard]] std::unique_ptr<StreamDecoder> converseStream(Exchange &exchange);

/// What a stop reason means beside what the answer holds; nothing when the model's output was malformed and
/// there is none of it. `calls`: tools of the client were called.
[[nodiscard]] std::expected<Finish, ApiError> finishOf(const JsonValue &message, bool calls, bool content);

/// Arguments of a call to this tool of the client's, as the model wrote them for the provider.
[[nodiscard]] std::string clientArguments(bool custom, std::string_view input);

} // namespace portolan::dialect::bedrock
