// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <map>
#include <string>

namespace portolan::control {

/// Settings as the store keeps them: name to text. Unknown names are ignored, unreadable or out-of-range
/// values leave the default, so that an older or newer file still opens.
[[nodiscard]] Settings settingsFrom(const std::map<std::string, std::string> &stored);
[[nodiscard]] std::map<std::string, std::string> toMap(const Settings &settings);

/// Why these settings cannot be used, as one sentence; empty when they can.
[[nodiscard]] QString whyInvalid(const Settings &settings);

[[nodiscard]] bool isLoopback(const QString &address);

} // namespace portolan::control
