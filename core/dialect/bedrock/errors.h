// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"

#include <string_view>

/// Bedrock's errors, which are named by type: in a header, in the body, or as an exception of a stream
/// (bedrock.md 9, mapping.md 8).
namespace portolan::dialect::bedrock {

/// `type` as the service writes it anywhere ("ThrottlingException:http://...", "throttlingException"). The
/// status of an exception in a stream is 0: the type says all.
[[nodiscard]] ApiError errorOfType(std::string_view type, const JsonValue &body, int upstream_status);

/// An answer that is no 2xx. A body that is no JSON is not quoted.
[[nodiscard]] ApiError readError(const WireReply &reply);

} // namespace portolan::dialect::bedrock
