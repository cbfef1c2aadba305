// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"

namespace portolan::app {

/// Gives the gateway what it does not know of by itself: its admin API. Before the gateway starts.
void wire(control::Control &control);

} // namespace portolan::app
