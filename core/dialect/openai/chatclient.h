// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

namespace portolan::dialect::openai {

/// Clients of POST /v1/chat/completions. Source: openai.md 2 to 5.
[[nodiscard]] const ClientCodec &chatClientCodec();

} // namespace portolan::dialect::openai
