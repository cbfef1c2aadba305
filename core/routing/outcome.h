// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/statusset.h"

#include <cstdint>
#include <optional>
#include <string>

namespace portolan::routing {

/// How an attempt ended, as far as routing cares.
struct Outcome {
    enum class Kind : std::uint8_t {
        Answered,       ///< the provider answered with `status`
        NetworkFailure, ///< no answer, or one that broke off before anything of it was passed on
        RequestTimeout, ///< the config's own `request_timeout`, `first_token_timeout` or
                        ///< `stream_idle_timeout`: 408
        ClockExpired,   ///< one of our default clocks: 504
        NotCalled,      ///< nothing was sent: the target's own key is spent, limited or unknown
    };

    Kind kind = Kind::Answered;
    int status = 200; ///< the provider's own; of NotCalled: the refusal's. Else what the client would get
    std::optional<std::int64_t> retry_after_ms{}; ///< as the provider said it in numbers; no HTTP dates
    bool repairable = false; ///< the same target may take the request without what it refused; then it is
                             ///< asked again at once, one time (architecture 9.13)
    bool committed = false;  ///< bytes of the answer went to the client: nothing can follow
    std::string words{};     ///< what happened, for the trace: "429 after 0.3 s"

    /// 2xx: ends a fallback that lists no codes, and counts as a success.
    [[nodiscard]] bool succeeded() const noexcept
    {
        return kind == Kind::Answered && status >= 200 && status < 300;
    }
    [[nodiscard]] bool timedOut() const noexcept
    {
        return kind == Kind::RequestTimeout || kind == Kind::ClockExpired;
    }
    /// Whether a list of status codes means this outcome (architecture 9.11): the upstream's own status, a
    /// time-out as 408 (our own clocks as 408 or 504), a network failure as 500, 502 or 503.
    [[nodiscard]] bool isIn(const StatusSet &codes) const noexcept;
    /// A breaker counts it (gateway-protocol 3.12): listed, or 500 and above when nothing is listed.
    [[nodiscard]] bool isFailureIn(const StatusSet &codes) const noexcept;
};

} // namespace portolan::routing
