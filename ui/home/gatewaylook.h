// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/theme/tokens.h"

#include <QString>

namespace portolan::ui {

/// How a state of the gateway is shown: always a word beside the colour.
struct GatewayLook {
    QString word{};
    Role dot = Role::Neutral;
    bool canStart = false; ///< else it can be stopped
};
[[nodiscard]] GatewayLook lookOf(control::GatewayStatus::State state);

} // namespace portolan::ui
