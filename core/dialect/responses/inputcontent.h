// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/conversation.h"

#include <string>
#include <vector>

namespace portolan::dialect::responses {

/// The `content` of a message item: a string or parts. `where` is its JSON Pointer.
[[nodiscard]] Result<std::vector<Part>> decodeContent(const JsonValue &content, const std::string &where);

/// The `output` of a call's output item: a string or parts of text, image and file.
[[nodiscard]] Result<std::vector<ResultPart>> decodeOutput(const JsonValue &output, const std::string &where);

} // namespace portolan::dialect::responses
