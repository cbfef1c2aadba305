// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/outcome.h"

namespace portolan::routing {

bool Outcome::isIn(const StatusSet &codes) const noexcept
{
    switch (kind) {
    case Kind::Answered:
    case Kind::NotCalled: return codes.contains(status);
    case Kind::NetworkFailure: return codes.contains(500) || codes.contains(502) || codes.contains(503);
    case Kind::RequestTimeout: return codes.contains(408);
    case Kind::ClockExpired: return codes.contains(408) || codes.contains(504);
    }
    return false;
}

bool Outcome::isFailureIn(const StatusSet &codes) const noexcept
{
    if (kind == Kind::NotCalled)
        return false; // says nothing of the provider
    if (!codes.empty())
        return isIn(codes);
    return kind != Kind::Answered || status >= 500;
}

} // namespace portolan::routing
