// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

/// OpenAI's Responses API, POST /v1/responses (openai.md 12 and 13, mapping.md 14), from both sides.
namespace portolan::dialect::responses {

[[nodiscard]] const ClientCodec &clientCodec();
[[nodiscard]] const ProviderCodec &providerCodec();

} // namespace portolan::dialect::responses
