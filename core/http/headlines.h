// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/fields.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace portolan::http {

struct RequestLine {
    std::string_view method{};
    std::string_view target{};
    int version = 11; ///< 10 or 11: Beast refuses every other
};

struct StatusLine {
    int status = 0;
    int version = 11;
};

/// Takes a complete head (blank line included, HeadScanner has passed it) apart with Beast's parser and
/// appends its lines to `fields`. Views point into `head`. Nothing when Beast finds it malformed. Beast's own
/// idea of framing is never used: see readFraming.
[[nodiscard]] std::optional<RequestLine> parseRequestLines(std::string_view head, Fields &fields);
[[nodiscard]] std::optional<StatusLine> parseResponseLines(std::string_view head, Fields &fields);

} // namespace portolan::http
