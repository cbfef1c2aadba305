// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <QString>

namespace portolan::ui {

/// Why a request that a config governed went the way it went, as one sentence: which targets were passed over
/// and why, what came of each call, and which one answered. Empty where nothing was decided.
[[nodiscard]] QString routeWords(const trace::Record &record);

} // namespace portolan::ui
