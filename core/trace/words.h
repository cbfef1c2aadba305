// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <string_view>

namespace portolan::trace {

/// The words of files and command lines, the same in every language: "ok", "timed_out", "estimated".
[[nodiscard]] std::string_view toString(Outcome outcome);
[[nodiscard]] std::string_view toString(UsageState state);
[[nodiscard]] std::string_view toString(CostState state);

} // namespace portolan::trace
