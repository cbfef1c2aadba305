// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/dialect/codec.h"

namespace portolan::dialect::openai {

/// A request of any dialect as POST /chat/completions of OpenAI or of the relative that the target's
/// flavour names. On Azure with a deployment the path is "/deployments/..." behind the account's base URL;
/// elsewhere "/v1/chat/completions", whose "/v1" the base URL stands for.
[[nodiscard]] Result<WireRequest> encodeChatRequest(const Request &request, Exchange &exchange);

} // namespace portolan::dialect::openai
