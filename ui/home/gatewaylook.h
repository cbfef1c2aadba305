// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/theme/icon.h"
#include "ui/theme/tokens.h"

#include <QString>

namespace portolan::ui {

/// How a state of the gateway is shown, always a word beside the colour; and what its switch does in it:
/// starts, stops, or ends at once what a stop still waits for.
struct GatewayLook {
    enum class Switch { Start, Stop, Cut };
    QString word{};
    Role dot = Role::Neutral;
    Switch does = Switch::Start;
    QString action{};     ///< the switch's word
    QString menuAction{}; ///< the same in a menu
    Icon icon = Icon::Start;
};
[[nodiscard]] GatewayLook lookOf(control::GatewayStatus::State state);

/// Does what the switch says in the present state.
void throwSwitch(control::Control &control);

} // namespace portolan::ui
