// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <QString>

namespace portolan::ui {

/// Words of a capture level: a short name and what it means.
[[nodiscard]] QString captureTitle(trace::CaptureLevel level);
[[nodiscard]] QString captureMeaning(trace::CaptureLevel level);

} // namespace portolan::ui
