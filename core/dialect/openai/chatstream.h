// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <memory>

namespace portolan::dialect::openai {

/// chat.completion.chunk events (openai.md 4): id, created and model stay the same, the first delta of a
/// choice has its role, each choice finishes once, usage comes behind all of them and only when asked for,
/// [DONE] last; behind an error comes nothing. The exchange must outlive it.
[[nodiscard]] std::unique_ptr<StreamEncoder> chatStreamEncoder(Exchange &exchange);

} // namespace portolan::dialect::openai
