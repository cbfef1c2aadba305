// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/reply.h"

#include <string>
#include <vector>

namespace portolan::dialect::responses {

/// Messages in a line that a table can hold: `U[Look image(https://...)] A[call(call_1 f {"a":1})]`.
std::string outline(const std::vector<Message> &messages);
std::string outline(const std::vector<Part> &parts);
std::string outline(const std::vector<Tool> &tools);
/// `start text(Hi) call0(call_1 f) args0({}) end0 finish(tool_calls) usage(3/1) end`.
std::string outline(const StreamEvents &events);

} // namespace portolan::dialect::responses
