// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

/// The Messages API of Anthropic (wire/anthropic.md).
namespace portolan::dialect::anthropic {

[[nodiscard]] const ClientCodec &clientCodec();
/// `platform`: who serves it; Azure's has the form of Anthropic's own.
[[nodiscard]] const ProviderCodec &providerCodec(Platform platform);

} // namespace portolan::dialect::anthropic
