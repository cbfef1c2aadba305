// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// Limits that several providers set to the same members.
namespace portolan::dialect {

/// The stop sequences that are sent: without empty ones, the first `most` of them. What is cut off is noted.
[[nodiscard]] std::vector<std::string_view> sentStops(const Sampling &sampling, std::size_t most,
                                                      Exchange &exchange);

/// The client's limit of the answer, not above the model's own; lowering it is noted.
[[nodiscard]] std::optional<std::int64_t> sentMaxTokens(const Request &request, Exchange &exchange);

} // namespace portolan::dialect
