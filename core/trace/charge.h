// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/money.h"

#include <cstdint>
#include <string>

namespace portolan::trace {

/// What a request took from the limits of one key. Travels with the request's record, so that the store
/// writes both in one transaction; every figure is an amount to add, so that order does not matter.
struct Charge {
    enum class Party : std::uint8_t { ClientKey = 1, VirtualKey = 2 }; ///< stored as a number: append only
    /// Bits: the sliding windows that outlive the program.
    enum Window : std::uint8_t {
        RequestsPerHour = 1,
        RequestsPerDay = 2,
        RequestsPerWeek = 4,
        TokensPerHour = 8,
        TokensPerDay = 16,
        TokensPerWeek = 32,
    };

    Party party = Party::ClientKey;
    std::int64_t key = 0;
    std::string period{}; ///< which kind of period the budget has; empty: the key has no budget
    std::int32_t day = 0; ///< the period's first date, in days since 1970
    NanoUsd cost{};       ///< a request's, or what a person gave back
    std::int64_t tokens = 0;
    std::int64_t extra = 0;    ///< added to the limit until the period ends
    NanoUsd guessed_cost{};    ///< the part of `cost` that is an estimate nobody confirmed
    std::uint8_t windows = 0;  ///< which sliding windows it counts in
    std::int64_t asked_us = 0; ///< wall clock: when the request was let in
    std::int64_t ended_us = 0; ///< when its tokens were known

    friend bool operator==(const Charge &, const Charge &) = default;
};

} // namespace portolan::trace
