// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/snapshotbuilder.h"

#include <string>
#include <vector>

namespace portolan::control {

/// A target of a saved config that names a model of an account.
struct ModelUse {
    AccountId account{}; ///< that the target's virtual key leads to
    std::string model{}; ///< as sent to the provider
    std::string config_name{};
    std::string pointer{};
};

/// All that saved configs name and that requests can use.
[[nodiscard]] std::vector<ModelUse> modelUses(const Stored &stored);

} // namespace portolan::control
