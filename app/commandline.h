// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace portolan::app {

/// Exit codes of portolan-gateway.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitRunning = 3; ///< another instance has this data directory

/// Runs `portolan-gateway COMMAND...`: serve, account, key, logs. Needs the QCoreApplication.
int runCommandLine(const QStringList &arguments);

} // namespace portolan::app
