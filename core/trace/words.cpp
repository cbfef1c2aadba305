// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/words.h"

namespace portolan::trace {

std::string_view toString(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Ok: return "ok";
    case Outcome::Error: return "error";
    case Outcome::Cancelled: return "cancelled";
    case Outcome::TimedOut: return "timed_out";
    case Outcome::Refused: return "refused";
    case Outcome::Truncated: return "truncated";
    case Outcome::Unknown: break;
    }
    return "unknown";
}

std::string_view toString(UsageState state)
{
    switch (state) {
    case UsageState::Reported: return "reported";
    case UsageState::Estimated: return "estimated";
    case UsageState::Unknown: break;
    }
    return "unknown";
}

std::string_view toString(CostState state)
{
    switch (state) {
    case CostState::Exact: return "exact";
    case CostState::Estimated: return "estimated";
    case CostState::Free: return "free";
    case CostState::Unknown: break;
    }
    return "unknown";
}

} // namespace portolan::trace
