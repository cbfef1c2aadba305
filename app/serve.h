// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"

namespace portolan::app {

/// How `serve` says what it does: for a person, or one JSON object per line for a program.
enum class Voice { Words, Json };

/// Starts the gateway, answers commands of other processes on the same data directory, and runs until a
/// signal asks it to end; then drains. Returns the exit code.
int serve(control::Control &control, Voice voice);

} // namespace portolan::app
