// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/dialect/codec.h"

namespace portolan::dialect::openai {

/// A request of any dialect as POST /chat/completions of OpenAI or of the relative that the target's
/// flavour names. The path is "/v1/chat/completions", whose "/v1" an account's base URL stands for; on Azure
/// the whole of it, "/openai/deployments/{deployment}/..." or, without a deployment, "/openai/v1/...".
[[nodiscard]] Result<WireRequest> encodeChatRequest(const Request &request, Exchange &exchange);

} // namespace portolan::dialect::openai
