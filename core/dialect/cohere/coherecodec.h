// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::cohere {

/// Cohere's POST /v2/chat (cohere.md, mapping.md 5).
[[nodiscard]] const ProviderCodec &providerCodec();

} // namespace portolan::dialect::cohere
