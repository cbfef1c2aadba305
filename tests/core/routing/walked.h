// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "walkworld.h"

#include <string>
#include <vector>

namespace portolan::routing {

/// How an attempt ends, in a word: "ok", a status, "429/2000" (with Retry-After, in ms), "timeout" (the
/// config's), "clock" (ours), "network", "spent" (412 without a call), "sent" (200, on the way to the
/// client), "mend" (a 400 that can be repaired).
[[nodiscard]] Outcome outcomeOf(const std::string &word);

/// A walk from its first step to its end.
struct Walked {
    std::vector<Step> steps{}; ///< the last one is no attempt
    int retry_count = 0;

    /// Attempts and the end as a person would jot them down: "a 1000:a b | -1", "| config.no_target". A
    /// number before a colon is a delay in ms, "*" behind a target says that its attempt is known to be the
    /// last.
    [[nodiscard]] std::string trail() const;
    /// Every skip of every step: "/targets/0: it is switched off".
    [[nodiscard]] std::vector<std::string> skips() const;
};

/// Walks the config; outcomes are words separated by blanks, one after the other, and "ok" when they run out.
[[nodiscard]] Walked walk(const Config &config, const std::string &outcomes, World &world, const Facts &facts,
                          int most_attempts = 16);
[[nodiscard]] Walked walk(const std::string &config, const std::string &outcomes, World world = {},
                          Asked asked = {}, int most_attempts = 16);

} // namespace portolan::routing
