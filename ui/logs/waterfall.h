// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"
#include "ui/theme/tokens.h"

#include <cstdint>
#include <vector>

namespace portolan::ui {

/// Microseconds since the request began.
struct PhaseSpan {
    Phase phase = Phase::Wait;
    std::int64_t from_us = 0;
    std::int64_t to_us = 0;

    friend bool operator==(const PhaseSpan &, const PhaseSpan &) = default;
};

/// One line of the waterfall.
struct WaterfallBar {
    std::vector<PhaseSpan> spans{};
    std::int64_t first_token_us = -1;
    std::int64_t end_us = -1; ///< -1 while it runs
    bool failed = false;

    friend bool operator==(const WaterfallBar &, const WaterfallBar &) = default;
};

/// The line of an attempt. Phases that did not happen are left out, and times that run backwards are taken as
/// equal; `now_us` stands for the end of an attempt that still runs.
[[nodiscard]] WaterfallBar barOf(const trace::Attempt &attempt, std::int64_t now_us);

/// The scale of the waterfall: ticks at round times.
struct TimeAxis {
    std::int64_t total_us = 1;
    std::int64_t step_us = 1;

    /// Pixels from the axis' left end, inside 0 to width.
    [[nodiscard]] double position(std::int64_t us, double width) const noexcept;
};

/// An axis over `total_us` with at most `max_ticks` steps of 1, 2 or 5 times a power of ten.
[[nodiscard]] TimeAxis axisFor(std::int64_t total_us, int max_ticks);

} // namespace portolan::ui
