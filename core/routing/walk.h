// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/config.h"
#include "core/routing/facts.h"
#include "core/routing/outcome.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::routing {

/// What Walk needs of the world. The gateway's is real, the simulator's imagined, the backtest's recorded.
class Surroundings
{
public:
    virtual ~Surroundings() = default;

    /// A number from [0, 1).
    virtual double dice() = 0;
    /// The target's breaker is open: it is left alone.
    virtual bool isOpen(const Node &target) = 0;
    /// Asked once the target is chosen. False when its breaker lets only one trial through and another
    /// request has it.
    virtual bool enter(const Node &target) = 0;
    /// Sticky load balance: where callers of this identity went before, and where this one goes now.
    virtual std::optional<std::size_t> remembered(const Node &balance, std::string_view identity) = 0;
    virtual void remember(const Node &balance, std::string_view identity, std::size_t index) = 0;
    /// Why the request cannot succeed at this target whatever it answers (it is longer than the model's
    /// window); empty: it may.
    virtual std::string misfit(const Node &target) = 0;
};

/// A target that was passed over, and why.
struct Skip {
    const Node *target = nullptr; ///< or a whole strategy, of which no target was left
    std::string reason{};
};

/// What to do next.
struct Step {
    enum class Kind : std::uint8_t {
        Attempt, ///< wait `delay_ms`, then call `target`
        Answer,  ///< the client gets the answer of the last attempt, whatever it was
        Refuse,  ///< nothing was called and nothing can be: `status`, `code`, `message`
    };
    Kind kind = Kind::Answer;

    const Node *target = nullptr; ///< of the config: lives as long as it does
    int number = 0;               ///< of the attempt in this request, from 1
    int retry = 0;                ///< 0: the first call of this target
    bool repair = false;          ///< the same call without what the target refused
    std::int64_t delay_ms = 0;
    bool last = false; ///< nothing but a repair is tried after it: its answer need not be held back

    int status = 0;
    std::string code{};
    std::string message{};

    std::string why{};           ///< words for the trace: why this target now, or why it is over
    std::vector<Skip> skipped{}; ///< on the way to this step, in order
};

/// The one place where routing is decided: told how each attempt ended, it says what comes next. Pure; the
/// config, the facts and the surroundings must outlive it. One per request, on one thread.
///
///     Walk walk(config, facts, surroundings, 16);
///     Step step = walk.next();
///     while (step.kind == Step::Kind::Attempt)
///         step = walk.next(call(step));
///
/// Source of its rules: gateway-protocol 3.3 to 3.9 and 3.12 to 3.14, as architecture 9.11 to 9.14 settles
/// them.
class Walk
{
public:
    /// `most_attempts` caps upstream calls; a lower portolan.max_attempts of the config wins.
    /// At least one attempt is made.
    Walk(const Config &config, const Facts &facts, Surroundings &surroundings, int most_attempts);

    /// The first step.
    Step next();
    /// The step after an attempt. Its breaker hears of the outcome before.
    Step next(const Outcome &outcome);

    /// x-portkey-retry-attempt-count for the target that was called last (gateway-protocol 2.5): retries
    /// made, or -1 when they were asked for and none helped.
    [[nodiscard]] int retryCount() const noexcept { return m_retry_count; }

private:
    /// A strategy that is being walked.
    struct Frame {
        const Node *node = nullptr;
        std::size_t child = 0;
    };
    /// Where a conditional leads for this request.
    struct Branch {
        const Node *node = nullptr;
        std::optional<std::size_t> child{};
        std::optional<std::size_t> condition{}; ///< that holds; nothing: the default
    };
    /// What stands between a request and a node, the least first.
    enum class Obstacle : std::uint8_t {
        None,
        Misfit,   ///< the request is longer than the model's window, by an estimate
        Open,     ///< its breaker
        Missed,   ///< no condition leads on from it
        Disabled, ///< or of no weight
    };

    std::optional<Step> descend(const Node &node, std::string why);
    std::optional<Step> fallBack(const Node &strategy, std::size_t first, std::string why);
    std::optional<Step> balance(const Node &strategy, std::string why);
    std::optional<Step> branch(const Node &strategy, std::string why);
    std::optional<Step> chosen(const Node &strategy, std::size_t child, std::string why);
    std::optional<Step> attempt(const Node &target, std::string why);
    std::optional<Step> repair(const Outcome &outcome);
    std::optional<Step> retry(const Outcome &outcome);
    std::optional<std::int64_t> waitBefore(const Retry &retry, const Outcome &outcome);
    std::optional<Step> moveOn(const Outcome &outcome);
    Step call(const Node &target, std::int64_t delay_ms, std::string why);
    Step over(std::string why);
    Step refusal(Obstacle what);

    // walkobstacles.cpp
    [[nodiscard]] Obstacle obstacle(const Node &node);
    [[nodiscard]] Obstacle obstacleOfTarget(const Node &target);
    [[nodiscard]] const Branch &branchOf(const Node &conditional);
    [[nodiscard]] std::vector<double> sharesOf(const Node &balance);
    [[nodiscard]] std::size_t drawn(const std::vector<double> &shares);
    [[nodiscard]] bool canContinue(const Node &target);
    [[nodiscard]] bool hasFurther();
    [[nodiscard]] std::string reasonOf(const Node &node, Obstacle what);
    void skip(const Node &node, Obstacle what);

    const Config &m_config;
    const Facts &m_facts;
    Surroundings &m_surroundings;
    const int m_most_attempts;
    bool m_ignores_windows = false;  // no target's fits: an estimate leaves nobody without a target
    bool m_ignores_breakers = false; // all are open: then all are used (gateway-protocol 3.12)

    std::vector<Frame> m_frames{};
    std::vector<Branch> m_branches{};      // conditions are asked once: a pattern may take its time
    std::vector<const Node *> m_refused{}; // another request makes the trial of their breaker
    const Node *m_target = nullptr;        // the one that was called last
    bool m_repaired = false;               // m_target was asked without what it refused
    int m_attempts = 0;
    int m_retries = 0; // of m_target
    int m_retry_count = 0;
    std::int64_t m_obeyed_ms = 0; // of m_target: what it asked to wait, together
    bool m_obeyed = false;
    std::string m_gave_up{}; // why it is not tried again, where that needs words
    std::vector<Skip> m_skipped{};
};

} // namespace portolan::routing
