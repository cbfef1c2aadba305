// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/circuit.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace portolan::gateway {

/// What is remembered of targets between requests: their circuit breakers, and which callers stick to which.
/// By (config, JSON Pointer), so a new version of a saved config keeps what still has its place (architecture
/// 9.14). Shared by the I/O threads; only configs that ask for it come here.
class Circuits
{
public:
    using Clock = std::chrono::steady_clock;

    /// A breaker that opened and has not closed since, for the window.
    struct Shown {
        std::string config{}; ///< Policy::key
        std::string pointer{};
        std::string label{};          ///< routing::labelOf the target
        std::string slug{};           ///< that it leads to; empty: to none
        std::int64_t opened_us = 0;   ///< wall clock
        std::int64_t trial_in_ms = 0; ///< from now; 0: the next call is its trial
    };

    [[nodiscard]] bool isOpen(std::string_view config, const routing::Node &target);
    bool enter(std::string_view config, const routing::Node &target);
    /// True when this outcome opened the breaker. The target has one.
    bool record(std::string_view config, const routing::Node &target, const routing::Outcome &outcome);
    void abandon(std::string_view config, const routing::Node &target);
    /// Closes it by hand.
    void reset(std::string_view config, std::string_view pointer);
    [[nodiscard]] std::vector<Shown> shown();
    /// Changes whenever shown() has more or fewer to show; cheap to ask for, from any thread.
    [[nodiscard]] std::uint64_t changes() const noexcept { return m_changes; }

    [[nodiscard]] std::optional<std::size_t> remembered(std::string_view config, std::string_view pointer,
                                                        std::string_view identity);
    void remember(std::string_view config, std::string_view pointer, std::string_view identity,
                  std::size_t index, std::int64_t ttl_s);

private:
    struct Watched {
        routing::Circuit circuit{};
        Shown shown{}; // since it opened
    };
    struct Stuck {
        std::size_t index = 0;
        Clock::time_point until{};
    };
    static constexpr std::size_t kMostStuck
        = 100'000; // beyond it the expired go, then all: a wrong guess is cheap
    // Inline configs may name any number. Beyond it the closed go, then all: that costs a failing call each.
    static constexpr std::size_t kMostCircuits = 10'000;

    [[nodiscard]] static std::int64_t now_ms();
    Watched &at(std::string_view config, std::string_view pointer);

    std::mutex m_mutex;                                  // guards the two maps
    std::unordered_map<std::string, Watched> m_circuits; // by config and pointer
    std::unordered_map<std::string, Stuck> m_stuck;
    std::atomic<std::uint64_t> m_changes{0};
};

} // namespace portolan::gateway
