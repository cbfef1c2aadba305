// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/fields.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace portolan::http {

/// How a message says where its body ends (RFC 9112 section 6, read strictly: threat-model D2).
struct Framing {
    bool chunked = false;
    std::optional<std::uint64_t> length{};
};

/// Refuses, with the reason in words, whatever two readers could understand differently: length and coding
/// together, a repeated or non-digit length, any coding but exactly one "chunked", a coding in HTTP/1.0.
[[nodiscard]] std::expected<Framing, std::string_view> readFraming(const Fields &fields, bool http10);

/// True when a line of that name lists the token, in any case.
[[nodiscard]] bool listsToken(const Fields &fields, std::string_view name, std::string_view token);

/// Connection, Transfer-Encoding and the other names that concern one hop only.
[[nodiscard]] bool isHopByHop(std::string_view name) noexcept;

/// True when a connection may be used again after this message.
[[nodiscard]] bool staysOpen(const Fields &fields, bool http10);

} // namespace portolan::http
