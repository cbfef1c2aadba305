// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/keys/keydetail.h"

namespace portolan::ui {

/// What stands beside the verdict of a key.
[[nodiscard]] KeyDetail::Facts factsOf(const control::VirtualKey &key, const QDateTime &now);
[[nodiscard]] KeyDetail::Facts factsOf(const control::ClientKeyInfo &key, const QDateTime &now);
/// "Allow $5 more today".
[[nodiscard]] QString allowWords(const admission::Budget &budget);

} // namespace portolan::ui
