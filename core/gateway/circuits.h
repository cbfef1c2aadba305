// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/circuit.h"

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

    /// One target's state, for the window.
    struct Shown {
        std::string config{}; ///< Policy::key
        std::string pointer{};
        routing::Circuit::State state = routing::Circuit::State::Closed;
        int failures = 0;
        std::int64_t until_ms = 0; ///< from now; 0 unless open
    };

    [[nodiscard]] bool isOpen(std::string_view config, std::string_view pointer);
    bool enter(std::string_view config, std::string_view pointer);
    /// True when this outcome opened the breaker.
    bool record(std::string_view config, std::string_view pointer, const routing::Outcome &outcome,
                const routing::BreakerRule &rule);
    void abandon(std::string_view config, std::string_view pointer);
    void reset(std::string_view config, std::string_view pointer);
    /// All that are not closed and quiet.
    [[nodiscard]] std::vector<Shown> shown();

    [[nodiscard]] std::optional<std::size_t> remembered(std::string_view config, std::string_view pointer,
                                                        std::string_view identity);
    void remember(std::string_view config, std::string_view pointer, std::string_view identity,
                  std::size_t index, std::int64_t ttl_s);

private:
    struct Watched {
        std::string config{};
        std::string pointer{};
        routing::Circuit circuit{};
    };
    struct Stuck {
        std::size_t index = 0;
        Clock::time_point until{};
    };
    static constexpr std::size_t kMostStuck
        = 100'000; // beyond it the expired go, then all: a wrong guess is cheap
    static constexpr std::size_t kMostCircuits = 10'000; // inline configs may name any number

    [[nodiscard]] std::int64_t now_ms() const;
    routing::Circuit &at(std::string_view config, std::string_view pointer);

    std::mutex m_mutex;                                  // guards all below
    std::unordered_map<std::string, Watched> m_circuits; // by config and pointer
    std::unordered_map<std::string, Stuck> m_stuck;
};

} // namespace portolan::gateway
