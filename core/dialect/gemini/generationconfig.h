// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"

#include <cstdint>

namespace portolan::dialect::gemini {

/// Whether the answer's JSON form is asked for here or has been seen to otherwise (Tooling).
enum class NativeFormat : std::uint8_t { No, Yes };

/// Writes the member "generationConfig" when there is anything to say: sampling, limits, response format and
/// thinkingConfig (gemini.md 5, mapping.md 3, 10, 11, 15). 400 for audio output and for more than 8
/// candidates.
Result<> writeGenerationConfig(const Request &request, NativeFormat format, JsonWriter &json,
                               Exchange &exchange);

} // namespace portolan::dialect::gemini
