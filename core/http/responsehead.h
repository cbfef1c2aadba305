// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/fields.h"

#include <cstdint>
#include <optional>
#include <string>

namespace portolan::http {

struct ResponseFraming {
    bool chunked = false;
    std::optional<std::uint64_t> length{};
    bool keep_alive = true;
    bool http10_client = false;
};

/// True when an answer of this status never has a body (RFC 9110 6.4.1).
[[nodiscard]] bool isBodiless(int status) noexcept;

/// Appends status line, fields and blank line. Lines that are the server's own business (framing,
/// Connection), and such as could not stand on a line, are left out; nosniff and no-store are always there
/// (threat-model E7).
void appendResponseHead(std::string &out, int status, const Fields &fields, const ResponseFraming &framing);

} // namespace portolan::http
