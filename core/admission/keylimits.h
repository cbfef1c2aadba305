// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portolan::admission {

/// When a budget starts anew. A day begins at the first instant of its date in `zone`.
struct Period {
    enum class Kind : std::uint8_t { Never, Day, Week, Month, Days };
    Kind kind = Kind::Never;
    std::string zone = "UTC"; ///< IANA name
    int first_weekday = 1;    ///< of Week: 1 Monday to 7 Sunday
    int days = 0;             ///< of Days: 1 to 365
    std::string from{};       ///< of Days: the first day of the first one, "2026-11-21"

    friend bool operator==(const Period &, const Period &) = default;
};

/// What may be spent in a period.
struct Budget {
    enum class Unit : std::uint8_t { Cost, Tokens };
    Unit unit = Unit::Cost;
    std::int64_t limit = 0; ///< nano-USD, or tokens; 0 lets nothing through
    Period period{};
    std::vector<int> alert_percents{50, 80, 100}; ///< of the limit; rising

    friend bool operator==(const Budget &, const Budget &) = default;
};

/// At most so many in any span of that length (a sliding window, architecture 9.21).
struct RateLimit {
    enum class Unit : std::uint8_t { Requests, Tokens };
    enum class Per : std::uint8_t { Second, Minute, Hour, Day, Week };
    Unit unit = Unit::Requests;
    Per per = Per::Minute;
    std::int64_t most = 0; ///< 0 lets nothing through

    friend bool operator==(const RateLimit &, const RateLimit &) = default;
};

/// What hangs on a key, a virtual or a client's.
struct KeyLimits {
    std::optional<Budget> budget{};
    std::vector<RateLimit> rates{};   ///< one at most of each unit and span
    std::optional<int> concurrency{}; ///< requests that run at once

    [[nodiscard]] bool empty() const noexcept { return !budget && rates.empty() && !concurrency; }
    friend bool operator==(const KeyLimits &, const KeyLimits &) = default;
};

/// How much of a key's limits is used now.
struct KeyUse {
    std::int64_t spent = 0;            ///< of the budget, settled, in its unit
    std::int64_t reserved = 0;         ///< of the budget, by requests that run
    std::int64_t extra = 0;            ///< added to the budget's limit until its next reset
    std::int64_t period_start_us = 0;  ///< since 1970; 0: the budget has no period
    std::int64_t resets_us = 0;        ///< when the budget starts anew; 0: never
    std::vector<std::int64_t> rates{}; ///< used in the span that ends now, in the order of KeyLimits::rates
    int running = 0;
    std::uint64_t refused = 0;         ///< since the period's start, else since the program's
    std::int64_t refused_since_us = 0; ///< the first of these; 0: none

    friend bool operator==(const KeyUse &, const KeyUse &) = default;
};

} // namespace portolan::admission
