// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/serve.h"
#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <cstdint>

namespace portolan::app {

/// What `simulate` was asked.
struct SimulationOptions {
    QString file{};
    QString request{};      ///< file with a JSON body; empty: a request that says nothing
    QString assumptions{};  ///< "0=429,1=timeout"
    QStringList metadata{}; ///< each NAME=VALUE
    std::uint64_t seed = 1;
};

/// `simulate FILE`: where the config sends the request, step by step, in the gateway's own words. The exit
/// code.
Result<int> simulateConfig(const SimulationOptions &options, Voice voice);

} // namespace portolan::app
