// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <string>

/// Errors of the Messages API and of the clouds that serve it (anthropic.md 9, mapping.md 8).
namespace portolan::dialect::anthropic {

/// An answer that is no 2xx. A body that is no JSON is not quoted.
[[nodiscard]] ApiError readError(const WireReply &reply, Platform platform);

/// The error in a body or stream event, by its type where the status does not tell: `status` is 200 for an
/// error that came as an answer.
[[nodiscard]] ApiError errorIn(const JsonValue &root, int status);

/// {"type":"error","error":{...}} and the status that goes with it: 529 for an overloaded provider.
[[nodiscard]] std::string errorBody(const ApiError &error);
[[nodiscard]] int errorStatus(const ApiError &error) noexcept;

} // namespace portolan::dialect::anthropic
