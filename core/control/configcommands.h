// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/commandparts.h"

namespace portolan::control {

// `portolan-gateway config ...`. A text travels in "text"; what became of it comes back with all problems in
// "problems", and with "saved" false when there was an error among them.

void configList(Control &control, const Command &command, const Answer &answer);
void configAdd(Control &control, const Command &command, const Answer &answer);
void configShow(Control &control, const Command &command, const Answer &answer);
void configSave(Control &control, const Command &command, const Answer &answer);
void configRename(Control &control, const Command &command, const Answer &answer);
void configVersions(Control &control, const Command &command, const Answer &answer);
void configRestore(Control &control, const Command &command, const Answer &answer);
void configRemove(Control &control, const Command &command, const Answer &answer);

} // namespace portolan::control
