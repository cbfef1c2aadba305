// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/http/headscanner.h"
#include "core/http/upstream.h"

#include <cstdint>
#include <expected>
#include <string_view>

namespace portolan::http {

/// Where an answer's body ends.
enum class ReplyBody : std::uint8_t { None, Sized, Chunked, ToEnd };

struct ReplyHead {
    UpstreamReply reply{};
    ReplyBody body = ReplyBody::None;
    bool keep_alive = false;
    [[nodiscard]] bool interim() const noexcept { return reply.status < 200; }
};

[[nodiscard]] HeadScanner::Bounds replyBounds(const Limits &limits);

/// Reads a complete head that HeadScanner has passed, as strictly as a request's (threat-model D10): an
/// answer that two readers could frame differently would poison the connection. Fails with the reason in
/// words.
[[nodiscard]] std::expected<ReplyHead, std::string_view> readReplyHead(std::string_view bytes, Method method);

} // namespace portolan::http
