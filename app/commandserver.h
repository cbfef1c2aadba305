// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "core/control/controlsocket.h"

#include <memory>

namespace portolan::app {

/// Lets command lines on the same data directory talk to this instance. `control` outlives the server.
Result<std::unique_ptr<control::ControlServer>> serveCommands(control::Control &control);

} // namespace portolan::app
