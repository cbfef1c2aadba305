// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/logs/requeststate.h"
#include "ui/theme/icon.h"
#include "ui/theme/tokens.h"

namespace portolan::ui {

/// How a state looks: always icon and word beside the colour.
struct StateStyle {
    Icon icon = Icon::CircleCheck;
    Role colour = Role::Ok;
    Role bar = Role::OkSoft;
    Role selected_bar = Role::Ok; ///< the soft colours lack contrast on a selection
    int bar_width = 4;            ///< px at 100 %
};

[[nodiscard]] constexpr StateStyle styleOf(RequestState state)
{
    switch (state) {
    case RequestState::Queued: return {Icon::CircleDashed, Role::Neutral, Role::Neutral, Role::Neutral, 2};
    case RequestState::Active: return {Icon::Arc, Role::Accent, Role::Accent, Role::Accent, 4};
    case RequestState::Ok: return {Icon::CircleCheck, Role::Ok, Role::OkSoft, Role::Ok, 4};
    case RequestState::Rescued: return {Icon::TurnCheck, Role::Rescued, Role::RescuedMark, Role::Rescued, 4};
    case RequestState::Error: return {Icon::CircleCross, Role::Error, Role::Error, Role::Error, 4};
    case RequestState::Cancelled: return {Icon::CircleSlash, Role::Neutral, Role::Neutral, Role::Neutral, 2};
    case RequestState::Cached: return {Icon::Bolt, Role::Cached, Role::Cached, Role::Cached, 4};
    }
    return {};
}

} // namespace portolan::ui
