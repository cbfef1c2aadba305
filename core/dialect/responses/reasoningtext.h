// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"

#include <string>

namespace portolan::dialect::responses {

/// The text of a reasoning item: what the model thought when that is there, else the summary. A paragraph
/// for each part.
[[nodiscard]] std::string reasoningText(const JsonValue &item);

} // namespace portolan::dialect::responses
