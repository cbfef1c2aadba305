// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/money.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

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

/// A sliding window that outlives the program: its sum is kept by stretches of `grain_us`.
struct KeptWindow {
    Charge::Window window{};
    std::int64_t span_us = 0;
    std::int64_t grain_us = 0;
};

inline constexpr std::int64_t kSecond_us = 1'000'000;
inline constexpr std::array kKeptWindows{
    KeptWindow{Charge::RequestsPerHour, 3'600 * kSecond_us, 10 * kSecond_us},
    KeptWindow{Charge::RequestsPerDay, 86'400 * kSecond_us, 120 * kSecond_us},
    KeptWindow{Charge::RequestsPerWeek, 604'800 * kSecond_us, 900 * kSecond_us},
    KeptWindow{Charge::TokensPerHour, 3'600 * kSecond_us, 10 * kSecond_us},
    KeptWindow{Charge::TokensPerDay, 86'400 * kSecond_us, 120 * kSecond_us},
    KeptWindow{Charge::TokensPerWeek, 604'800 * kSecond_us, 900 * kSecond_us},
};

[[nodiscard]] constexpr bool countsTokens(Charge::Window window) noexcept
{
    return window >= Charge::TokensPerHour;
}

/// What a key used in one stretch of a sliding window.
struct WindowUse {
    Charge::Party party = Charge::Party::ClientKey;
    std::int64_t key = 0;
    Charge::Window window{};
    std::int64_t start_us = 0; ///< of the stretch, since 1970
    std::int64_t amount = 0;

    friend bool operator==(const WindowUse &, const WindowUse &) = default;
};

/// What the keys had used when the program last ran: one charge for each key and period, the oldest first.
struct KeptUse {
    std::vector<Charge> charges{};
    std::vector<WindowUse> windows{}; ///< oldest first
};

} // namespace portolan::trace
