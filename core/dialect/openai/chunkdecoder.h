// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <memory>

namespace portolan::dialect::openai {

/// Reads chat.completion.chunk events of OpenAI and its relatives (openai.md 4, others.md). The answer is
/// complete with [DONE], or when the bytes end behind a finish reason of every choice. The exchange must
/// outlive it.
[[nodiscard]] std::unique_ptr<StreamDecoder> chunkDecoder(Exchange &exchange);

} // namespace portolan::dialect::openai
