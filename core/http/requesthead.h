// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/http/exchange.h"
#include "core/http/headscanner.h"
#include "core/http/listenerrules.h"

#include <optional>
#include <string_view>

namespace portolan::http {

/// The scanner's bounds for a client's head (threat-model D1).
[[nodiscard]] HeadScanner::Bounds requestBounds(const Limits &limits);
/// The answer to a head that the scanner refused: 414, 431 or 400.
[[nodiscard]] Refusal scanRefusal(HeadScanner::State state, const Limits &limits);

/// Reads a complete head that HeadScanner has passed into `head`, and applies every rule that needs no body:
/// Host first (A2), then Origin (A4), method (D3), target (B4) and framing (D2). `head` is filled as far as
/// it was understood. The refusal closes the connection.
[[nodiscard]] std::optional<Refusal> readRequestHead(std::string_view bytes, const ListenerRules &rules,
                                                     RequestHead &head);

} // namespace portolan::http
