// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "walkworld.h"

#include <functional>
#include <set>
#include <string>

namespace portolan::routing {

/// Routing as gateway-protocol 3 tells it, one sentence after the other: it recurses through the tree and
/// calls targets where it stands. Slow and obvious; what Walk is held against.
class SlowWalk
{
public:
    using Call = std::function<Outcome(int number)>;

    SlowWalk(const Config &config, const Facts &facts, Surroundings &world, int most_calls, Call call);

    /// All that happened: "/targets/0 +0 #0; /targets/0 +1000 #1; answer 1".
    std::string run();

private:
    struct Result {
        bool called = false;
        bool committed = false;
        Outcome outcome{};
    };

    Result walk(const Node &node);
    Result walkTarget(const Node &target);
    Result walkFallback(const Node &fallback);
    Result walkBalance(const Node &balance);
    [[nodiscard]] bool isUsable(const Node &node);
    [[nodiscard]] const Node *branchOf(const Node &conditional) const;
    [[nodiscard]] bool misses(const Node &node) const;
    [[nodiscard]] static bool movesOn(const Strategy &fallback, const Outcome &outcome);

    const Config &m_config;
    const Facts &m_facts;
    Surroundings &m_world;
    const int m_most_calls;
    const Call m_call;
    bool m_any_window = false;
    bool m_any_breaker = false;
    std::set<const Node *> m_refused{};
    std::string m_log{};
    int m_calls = 0;
    int m_count = 0;
};

} // namespace portolan::routing
