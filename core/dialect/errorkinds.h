// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/dialect/codec.h"

#include <string>
#include <string_view>

namespace portolan::dialect {

/// What mapping.md 8 makes of a status when nothing finer is known: kind, the client's status and the code. A
/// status that is none of 400 to 599 counts as 502.
[[nodiscard]] ApiError errorOfStatus(int upstream_status, std::string message);

/// What a codec says when a provider's answer can't be read (502 "upstream_invalid_response"). Names what was
/// wrong, never quotes bytes: they may be anything.
[[nodiscard]] ApiError invalidAnswer(std::string_view what, int upstream_status = 0);
/// A stream that ended without its terminal event ("upstream_incomplete").
[[nodiscard]] ApiError incompleteStream();
/// A connection that failed ("upstream_unreachable").
[[nodiscard]] ApiError unreachable(std::string message);

/// The longest of what Retry-After-Ms and Retry-After (seconds) say; nothing for a date, which only the
/// gateway's clock can read, and for what makes no sense.
[[nodiscard]] std::optional<std::int64_t> retryAfterMs(const Headers &headers);
[[nodiscard]] std::string_view headerValue(const Headers &headers, std::string_view name) noexcept;

/// True when the words say that the prompt is too long for the model, whichever provider says it.
[[nodiscard]] bool saysContextTooLong(std::string_view message) noexcept;

/// A client's error from a codec (400): `where` is a JSON Pointer, `message` says what to change.
[[nodiscard]] std::unexpected<Error> badRequest(std::string where, std::string message,
                                                std::string code = "dialect.invalid_request");
/// The same as a client's dialect shows it; `param` is the pointer in OpenAI's spelling (messages[2].role).
[[nodiscard]] ApiError toApiError(const Error &error);

} // namespace portolan::dialect
