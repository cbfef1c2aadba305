// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/rawjson.h"

#include <optional>
#include <string>
#include <string_view>

/// The two forms of a vector: a JSON array of numbers, and base64 of little-endian float32.
namespace portolan::dialect::embeddings {

/// The array without white space, every number as it is written; nothing when it is none of numbers, or has
/// no entry.
[[nodiscard]] std::optional<RawJson> numbersOf(const JsonValue &array);

/// Nothing when a number does not fit into 32 bits.
[[nodiscard]] std::optional<std::string> base64OfNumbers(const RawJson &numbers);
/// The shortest numbers that read back as the same float32; nothing when the text is no base64 of whole
/// floats, or one of them is infinite or no number.
[[nodiscard]] std::optional<RawJson> numbersOfBase64(std::string_view base64);

/// Scaled to length 1, where a provider leaves that to its clients; nothing when it has no length.
[[nodiscard]] std::optional<RawJson> normalised(const RawJson &numbers);

} // namespace portolan::dialect::embeddings
