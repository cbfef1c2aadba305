// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// The bytes of RFC 4648 base64 without white space, with its padding or without; nothing when it is none.
[[nodiscard]] std::optional<std::string> bytesOfBase64(std::string_view text);
/// With padding.
[[nodiscard]] std::string base64Of(std::string_view bytes);

} // namespace portolan::dialect
