// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/gatewaylook.h"

#include <QCoreApplication>

namespace portolan::ui {

namespace {

/// The context of this file's translations.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(GatewayLook)
};

GatewayLook look(const QString &word, Role dot, GatewayLook::Switch does)
{
    switch (does) {
    case GatewayLook::Switch::Stop:
        return {word, dot, does, Words::tr("Stop"), Words::tr("&Stop the gateway"), Icon::Stop};
    case GatewayLook::Switch::Cut:
        return {word,      dot, does, Words::tr("Stop now"), Words::tr("&Stop now, ending what still runs"),
                Icon::Stop};
    case GatewayLook::Switch::Start: break;
    }
    return {word, dot, does, Words::tr("Start"), Words::tr("&Start the gateway"), Icon::Start};
}

} // namespace

GatewayLook lookOf(control::GatewayStatus::State state)
{
    using State = control::GatewayStatus::State;
    using Switch = GatewayLook::Switch;
    switch (state) {
    case State::Running: return look(Words::tr("Running"), Role::Ok, Switch::Stop);
    case State::Starting: return look(Words::tr("Starting"), Role::Accent, Switch::Stop);
    case State::Draining: return look(Words::tr("Stopping"), Role::Warning, Switch::Cut);
    case State::Failed: return look(Words::tr("Error", "state of the gateway"), Role::Error, Switch::Start);
    case State::Stopped: break;
    }
    return look(Words::tr("Stopped"), Role::Neutral, Switch::Start);
}

void throwSwitch(control::Control &control)
{
    switch (lookOf(control.gateway().state).does) {
    case GatewayLook::Switch::Start: control.startGateway(); return;
    case GatewayLook::Switch::Stop: control.stopGateway(); return;
    case GatewayLook::Switch::Cut: control.cutGateway(); return;
    }
}

} // namespace portolan::ui
