// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "walkworld.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace portolan::routing {

/// A config, a world and outcomes for it, all from one seed.
struct RandomCase {
    std::string config{};
    World world{};
    Asked asked{};
    std::vector<Outcome> outcomes{}; ///< then successes
    int most_attempts = 16;
};

[[nodiscard]] RandomCase randomCase(std::uint64_t seed);

} // namespace portolan::routing
