// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/control.h"

namespace portolan::control {

Control::Control() = default;
Control::~Control() = default;

} // namespace portolan::control
