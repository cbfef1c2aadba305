// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <string>
#include <vector>

namespace portolan::dialect::responses {

/// Messages in a line that a table can hold: `U[Look image(https://...)] A[call(call_1 f {"a":1})]`.
std::string outline(const std::vector<Message> &messages);
std::string outline(const std::vector<Part> &parts);
std::string outline(const std::vector<Tool> &tools);

} // namespace portolan::dialect::responses
