// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <optional>

namespace portolan::dialect::openai {

/// An error of any relative: the usual shape (openaierrors.h) and what single ones do their own way
/// (others.md, mistral.md, azure-openai.md). The provider's words are kept to 2,000 bytes.
[[nodiscard]] ApiError readRelativeError(const WireReply &reply);

/// What such an error says more in its `metadata` or words: OpenRouter's upstream error, when to try again.
void refineRelativeError(ApiError &error, const JsonValue &said);

} // namespace portolan::dialect::openai
