// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::bedrock {

/// Converse and ConverseStream of Amazon Bedrock (bedrock.md, mapping.md 4).
[[nodiscard]] const ProviderCodec &providerCodec();

} // namespace portolan::dialect::bedrock
