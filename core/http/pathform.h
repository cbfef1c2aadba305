// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portolan::http {

/// The one spelling of a path that routing and authorisation see (threat-model B4): escapes of unreserved
/// characters decoded, other escapes kept with upper-case digits. Nothing for what two readers could take for
/// different paths: dot segments, ';', '\', NUL and other controls, bad escapes, encoded slashes, characters
/// that a URL must escape.
[[nodiscard]] std::optional<std::string> normalPath(std::string_view path);

/// A query without characters that a URL must escape; its escapes are the reader's business.
[[nodiscard]] bool isQuery(std::string_view query) noexcept;

} // namespace portolan::http
