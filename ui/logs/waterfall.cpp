// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/waterfall.h"

#include <algorithm>

namespace portolan::ui {

WaterfallBar barOf(const trace::Attempt &attempt, std::int64_t now_us)
{
    WaterfallBar bar;
    if (attempt.start_us < 0)
        return bar; // skipped: never began
    bar.failed = !attempt.error_code.empty();
    bar.end_us = attempt.end_us < 0 ? -1 : std::max(attempt.end_us, attempt.start_us);
    const std::int64_t end = bar.end_us < 0 ? std::max(now_us, attempt.start_us) : bar.end_us;

    std::int64_t at = attempt.start_us;
    const auto reach = [&](Phase phase, std::int64_t to) {
        const std::int64_t until = std::clamp(to, at, end);
        if (until > at)
            bar.spans.push_back({.phase = phase, .from_us = at, .to_us = until});
        at = until;
    };
    const auto reachIfKnown = [&](Phase phase, std::int64_t to) {
        if (to >= 0)
            reach(phase, to);
    };
    if (!attempt.reused_connection) {
        reachIfKnown(Phase::Connect, attempt.connected_us);
        // An attempt that ends while it connects has neither time: all of it was connecting.
        if (attempt.connected_us < 0 && attempt.sent_us < 0 && attempt.head_us < 0)
            reach(Phase::Connect, end);
        reachIfKnown(Phase::Tls, attempt.tls_us);
    }
    reachIfKnown(Phase::Send, attempt.sent_us);
    // The first byte of an error is no token.
    const std::int64_t token = attempt.status >= 400 ? -1 : attempt.first_token_us;
    const std::int64_t answered = token >= 0 ? token : attempt.head_us;
    if (answered >= 0 && !(bar.failed && token < 0)) {
        reach(Phase::Wait, answered);
        reach(Phase::Stream, end);
        if (token >= 0)
            bar.first_token_us = std::clamp(token, attempt.start_us, end);
    } else {
        reach(Phase::Wait, end);
    }
    return bar;
}

double TimeAxis::position(std::int64_t us, double width) const noexcept
{
    return width * double(std::clamp<std::int64_t>(us, 0, total_us)) / double(total_us);
}

TimeAxis axisFor(std::int64_t total_us, int max_ticks)
{
    TimeAxis axis{.total_us = std::max<std::int64_t>(total_us, 1), .step_us = 1};
    const std::int64_t least = axis.total_us / std::max(max_ticks, 1) + 1;
    for (std::int64_t power = 1;; power *= 10) {
        for (const int factor : {1, 2, 5}) {
            axis.step_us = factor * power;
            if (axis.step_us >= least)
                return axis;
        }
    }
}

} // namespace portolan::ui
