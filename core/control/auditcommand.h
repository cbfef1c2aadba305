// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/commandparts.h"
#include "core/control/control.h"

namespace portolan::control {

/// "audit": who changed what, newest first; arguments "limit", "by", "resource" and "action".
void auditList(Control &control, const Command &command, const Answer &answer);

} // namespace portolan::control
