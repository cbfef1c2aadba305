// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/dialect/vendors/answers.h"

#include <string>
#include <string_view>

namespace vendors {

/// What an API would refuse in the history of a request with tools, in words; empty: it takes it. The rules
/// are those of its wire document: which members and parts it knows, the form of ids, results directly behind
/// their calls, turns that alternate, reasoning only with its own signature.
[[nodiscard]] std::string refusalOf(Api api, std::string_view body);

} // namespace vendors
