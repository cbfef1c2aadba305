// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace portolan {

/// How far a token count can be trusted.
enum class UsageState : std::uint8_t {
    Unknown,   ///< the provider reported none and none could be estimated
    Reported,  ///< the provider's own figures
    Estimated, ///< counted by us, e.g. for a stream that ended early
};

/// Something billed by the piece: a second of audio, an image, a search.
struct UsageUnit {
    std::string name{}; ///< key of the catalog's `units` or `images`, e.g. "audio_second", "hd/1024x1792"
    std::int64_t count_micro = 0; ///< millionths of one unit, so that 1.5 s is exact

    friend bool operator==(const UsageUnit &, const UsageUnit &) = default;
};

/// One report in the one form that prices are computed from (catalog README, "Usage reports"): `input` and
/// `output` are totals, the other counts are parts of them. Every provider's own style is brought into it by
/// dialect::readUsage.
struct Usage {
    std::int64_t input = 0; ///< all input tokens: cached, written, audio and image ones included
    std::int64_t cache_read = 0;
    std::int64_t cache_write = 0; ///< lifetime 5 minutes
    std::int64_t cache_write_1h = 0;
    std::int64_t audio_in = 0; ///< not cached
    std::int64_t image_in = 0; ///< not cached
    std::int64_t audio_cache_read = 0;
    std::int64_t image_cache_read = 0;
    std::int64_t output = 0; ///< all output tokens: reasoning, audio and image ones included
    std::int64_t reasoning = 0;
    std::int64_t audio_out = 0;
    std::int64_t image_out = 0;
    std::int64_t citation = 0; ///< not part of output
    std::vector<UsageUnit> units{};

    friend bool operator==(const Usage &, const Usage &) = default;
};

} // namespace portolan
