// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/config.h"
#include "core/routing/problem.h"

#include <cstddef>
#include <string>

namespace portolan::routing {

/// Bounds of a config's text and tree (threat-model D6, architecture 9.21).
struct ConfigLimits {
    std::size_t bytes = 1UL << 20;
    std::size_t depth = 8; ///< strategies inside one another
    std::size_t children = 64;
    std::size_t nodes = 1'000;
    std::size_t conditions = 64;
    std::size_t patterns = 128;            ///< in the whole config
    std::size_t secrets = 256;             ///< likewise; each takes pages of locked memory
    std::size_t params = 256;              ///< members of default_params and override_params at one node
    std::size_t params_bytes = 16UL << 20; ///< of all nodes, inherited ones counted again
    std::size_t names = 64;                ///< in drop_params, forward_headers or hash_fields
    std::size_t problems = 1'000;          ///< more are counted, not listed

    /// Of a config in x-portkey-config.
    [[nodiscard]] static ConfigLimits ofHeader() { return {.bytes = 48UL << 10, .secrets = 64}; }
};

/// A config that was read, and everything its owner should know about it.
struct Reading {
    SharedConfig config{}; ///< null when a problem is an error
    Problems problems{};   ///< in the order of the text
};

/// Reads Portkey's config JSON (gateway-protocol 3.1 to 3.5); keys may be in camelCase too. Unknown keys are
/// kept and warned about; Portolan's own live under "portolan". Nothing of the text is changed:
/// Config::text() gives it back byte for byte.
[[nodiscard]] Reading parseConfig(std::string text, const ConfigLimits &limits = {});

} // namespace portolan::routing
