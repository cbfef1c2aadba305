// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::gemini {

/// generateContent and streamGenerateContent of the Gemini API and of Vertex AI, by the target's platform
/// (gemini.md, mapping.md 3).
[[nodiscard]] const ProviderCodec &providerCodec();

} // namespace portolan::dialect::gemini
