// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/gatewaylook.h"

#include <QCoreApplication>

namespace portolan::ui {

namespace {

/// The context of this file's translations.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(GatewayLook)
};

} // namespace

GatewayLook lookOf(control::GatewayStatus::State state)
{
    using State = control::GatewayStatus::State;
    switch (state) {
    case State::Running: return {Words::tr("Running"), Role::Ok, false};
    case State::Starting: return {Words::tr("Starting"), Role::Accent, false};
    case State::Draining: return {Words::tr("Stopping"), Role::Warning, true};
    case State::Failed: return {Words::tr("Error", "state of the gateway"), Role::Error, true};
    case State::Stopped: break;
    }
    return {Words::tr("Stopped"), Role::Neutral, true};
}

} // namespace portolan::ui
