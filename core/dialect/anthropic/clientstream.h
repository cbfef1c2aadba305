// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <memory>

namespace portolan::dialect::anthropic {

/// Writes a message as it is made for a client of POST /v1/messages (anthropic.md 8, vectors README S7): one
/// block after another, each closed before the next begins, whatever order the provider's pieces come in.
[[nodiscard]] std::unique_ptr<StreamEncoder> messageEncoder(Exchange &exchange);

} // namespace portolan::dialect::anthropic
