// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <string>

namespace portolan::admin {

/// Everything known of one request, in the words of `logs --json`: the answer of GET /v1/logs/:id. Times are
/// milliseconds since the request began, null where the moment never came; costs are US dollars as text, null
/// where they are not known.
[[nodiscard]] std::string logJson(const control::Detail &detail);

} // namespace portolan::admin
