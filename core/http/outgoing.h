// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/upstream.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::http {

/// What is the same about a request on every way out.

/// "upstream.bad_request" when a line of the head could be read as another one: target, fields and credential
/// are checked before a byte is sent or a connection opened.
[[nodiscard]] Result<> checkOutgoing(const UpstreamRequest &request);

/// False for the lines that the transport writes itself: Host, framing and hop-by-hop ones.
[[nodiscard]] bool isSentAlong(std::string_view name) noexcept;

/// The Content-Length line's value; nothing when the request is chunked or has no such line.
[[nodiscard]] std::optional<std::uint64_t> outgoingLength(const UpstreamRequest &request) noexcept;

/// The Host line's value: without the port where it is the scheme's own.
[[nodiscard]] std::string hostLine(const Endpoint &endpoint);

/// "upstream.bad_request": the fault is on our side.
[[nodiscard]] Error badRequest(std::string message);

} // namespace portolan::http
