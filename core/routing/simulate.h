// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/routing/config.h"
#include "core/routing/facts.h"
#include "core/routing/outcome.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::routing {

/// How calls are imagined to end. Several outcomes of one node are those of its first call, its second and so
/// on; the last one holds for all that follow. What is said of a strategy holds for every target below it of
/// which nothing is said. Targets that nobody speaks of answer 200.
class Assumptions
{
public:
    /// "0=429,1=timeout" by position, "0.1=ok" further down, "/targets/0=429:2s" by JSON Pointer, "paid=500"
    /// by name. Outcomes: ok, a status (with the Retry-After behind a colon, in s or ms), timeout, refused,
    /// cut. Errors: "simulate.bad_assumption", "simulate.unknown_target".
    static Result<Assumptions> parse(std::string_view text, const Config &config);

    /// How the call number `call` (from 0) of that target ends.
    [[nodiscard]] Outcome of(const Node &target, int call) const;

private:
    std::vector<std::pair<std::string, Outcome>> m_all{}; // by pointer, in the order of the text
};

/// A target that the walk passed over.
struct SimulatedSkip {
    std::string pointer{};
    std::string label{};
    std::string reason{};
};

/// One imagined call.
struct SimulatedStep {
    std::string pointer{}; ///< JSON Pointer of the target
    std::string label{};
    int number = 1; ///< of the call, from 1
    int retry = 0;
    std::int64_t delay_ms = 0;
    bool last = false;
    Outcome outcome{};
    std::string why{};
    std::vector<SimulatedSkip> skipped{}; ///< on the way to it
    std::string sentence{};               ///< all of that for a person, in one line
};

/// What would become of one request.
struct Simulation {
    std::vector<SimulatedStep> steps{};
    std::vector<SimulatedSkip> skipped{}; ///< after the last step
    int status = 200;                     ///< the client's
    int retry_count = 0;                  ///< x-portkey-retry-attempt-count
    std::string end{};                    ///< one sentence: what the client gets, and why it is over
};

/// Runs a Walk with imagined outcomes: what it shows is what the gateway does. Breakers are closed, windows
/// large, nobody has been here before; the seed throws the dice.
[[nodiscard]] Simulation simulate(const Config &config, const Facts &facts, const Assumptions &assumptions,
                                  std::uint64_t seed, int most_attempts = 16);

} // namespace portolan::routing
