// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/serve.h"
#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace portolan::app {

/// `check FILE`: every problem of a config with its line and column. The exit code.
Result<int> checkConfig(const QString &file, Voice voice);

} // namespace portolan::app
