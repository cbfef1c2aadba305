// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::openai {

/// Clients of the legacy POST /v1/completions (openai.md 7) in front of a chat model: the prompt is what the
/// user says, the answer's text comes back as text_completion objects. What no chat model can do (echo,
/// suffix, best_of, several or tokenised prompts) is the client's error.
[[nodiscard]] const ClientCodec &completionsClientCodec();

} // namespace portolan::dialect::openai
