// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <memory>

namespace portolan::dialect::anthropic {

/// Reads a message as it is made (anthropic.md 8): events as they are, or on Bedrock in base64 inside of
/// `chunk` frames.
[[nodiscard]] std::unique_ptr<StreamDecoder> messageDecoder(Platform platform, Exchange &exchange);

} // namespace portolan::dialect::anthropic
