// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <optional>

namespace portolan::dialect {

/// The effort that a wish amounts to for an API that knows nothing else (mapping.md 13): as said, else by the
/// tokens of its budget; nothing when the model may think as it likes.
[[nodiscard]] std::optional<Effort> wishedEffort(const ReasoningWish &wish) noexcept;

} // namespace portolan::dialect
