// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/keylimits.h"
#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::admission {

/// One period of a budget: from its first instant to before its last. Two instants lie in the same one
/// exactly when `day` is the same: periods leave no gap and do not overlap, whatever the zone's clocks do.
struct PeriodSpan {
    std::int32_t day = 0; ///< its first date in the zone, in days since 1970; 0 of a period that never ends
    std::int64_t start_us = 0; ///< since 1970; 0 of one that never ends
    std::int64_t end_us = 0;   ///< 0: it never ends
    std::int32_t next_day = 0; ///< the first date of the one that follows

    [[nodiscard]] bool holds(std::int64_t wall_us) const noexcept
    {
        return end_us == 0 || (wall_us >= start_us && wall_us < end_us);
    }
    friend bool operator==(const PeriodSpan &, const PeriodSpan &) = default;
};

/// The period that holds an instant (microseconds since 1970). A date begins at the first instant at which
/// the zone's calendar shows it or a later one, so a date that a zone skipped has no period. Days count on
/// from `from` in both directions. A zone that this computer does not know counts as UTC. Reads the zone's
/// file: not for every request.
[[nodiscard]] PeriodSpan periodAt(const Period &period, std::int64_t wall_us);
/// The period that a date lies in.
[[nodiscard]] PeriodSpan periodOn(const Period &period, std::int32_t day);

/// "limits.bad_period" or "limits.unknown_zone", with words for whoever wrote it.
[[nodiscard]] Result<> checkPeriod(const Period &period);

/// Tells kinds of periods apart: "month Europe/Berlin". With a day it names one period for ever.
[[nodiscard]] std::string identityOf(const Period &period);

/// "2026-11-21": days since 1970 and back; nothing when it is no date.
[[nodiscard]] std::string dateText(std::int32_t day);
[[nodiscard]] std::optional<std::int32_t> dayOf(std::string_view date);

} // namespace portolan::admission
