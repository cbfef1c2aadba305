// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::openai {

/// OpenAI's chat API and its relatives, told apart by Target::flavour (relatives.h).
[[nodiscard]] const ProviderCodec &chatProviderCodec();

} // namespace portolan::dialect::openai
