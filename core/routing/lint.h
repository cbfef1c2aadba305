// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/config.h"
#include "core/routing/problem.h"

#include <cstdint>
#include <string>
#include <vector>

namespace portolan::routing {

/// What configs may name here; whoever asks fills it in.
struct Installation {
    struct Slug {
        std::string slug{};
        std::string account{}; ///< two slugs of one account fail together
        bool enabled = true;
    };
    struct Provider {
        std::string id{};
        bool needs_key = true;
    };

    std::vector<Slug> slugs{};
    std::vector<Provider> providers{}; ///< aliases too
    int most_attempts = 16;            ///< calls for one request (architecture 9.5)
};

/// Whether the text is only read, or kept from now on: a config that is kept holds no secret.
enum class Keeping : std::uint8_t { Read, Saved };

/// What parseConfig cannot know: names that lead nowhere here, targets that fail together, lists that never
/// match, credentials in the text. In the order of the text. Errors only for what must not be saved;
/// everything else runs, and does not do what it seems to say.
[[nodiscard]] Problems lint(const Config &config, const Installation &installation, Keeping keeping);

/// The most that one request may cost.
struct WorstCase {
    int calls = 0;             ///< upstream, without the cap of attempts
    std::int64_t waits_ms = 0; ///< between them, by backoff

    friend bool operator==(const WorstCase &, const WorstCase &) = default;
};

/// When every target that the node leads to is tried as often as it may be, and fails: retries multiply.
[[nodiscard]] WorstCase worstCase(const Node &node);

} // namespace portolan::routing
