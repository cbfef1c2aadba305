// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/walk.h"

#include "core/routing/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace portolan::routing {

namespace {

// gateway-protocol 3.7
constexpr std::int64_t kFirstBackoff_ms = 1'000;
constexpr std::int64_t kLongestWait_ms = 60'000;

bool movesOn(const Strategy &fallback, const Outcome &outcome)
{
    return fallback.on_status_codes ? outcome.isIn(*fallback.on_status_codes) : !outcome.succeeded();
}

/// gateway-protocol 3.7: 200 to 204 end the retries even when they are listed.
bool isRetried(const Retry &retry, const Outcome &outcome)
{
    if (outcome.kind == Outcome::Kind::NetworkFailure)
        return true;
    const bool done = outcome.kind == Outcome::Kind::NotCalled
        || (outcome.kind == Outcome::Kind::Answered && outcome.status >= 200 && outcome.status <= 204);
    return !done && outcome.isIn(retry.on_status_codes);
}

std::string joined(std::string why, std::string_view more)
{
    if (!why.empty())
        why += "; ";
    return why += more;
}

} // namespace

Walk::Walk(const Config &config, const Facts &facts, Surroundings &surroundings, int most_attempts)
    : m_config(config)
    , m_facts(facts)
    , m_surroundings(surroundings)
    , m_most_attempts(std::min(config.extent().max_attempts.value_or(most_attempts), most_attempts))
{ }

Step Walk::next()
{
    m_ignores_breakers = obstacle(m_config.root()) == Obstacle::Open;
    return begin(m_config.root(), m_ignores_breakers ? "every breaker is open, so none counts" : "");
}

Step Walk::begin(const Node &node, std::string why)
{
    if (auto step = descend(node, std::move(why)))
        return *std::move(step);
    Step step{.kind = Step::Kind::Refuse, .status = 400};
    if (m_missed) {
        step.code = "config.no_condition_holds";
        step.message
            = "Query router did not resolve to any valid target: no condition of the config holds for "
              "this request and it has no default. Add one to its strategy.";
    } else {
        step.code = "config.no_target";
        step.message
            = "No target of this config may be used: each is switched off or has the weight 0. Switch "
              "one on.";
    }
    step.why = step.message;
    step.skipped = std::move(m_skipped);
    return step;
}

Step Walk::next(const Outcome &outcome)
{
    m_skipped.clear();
    if (outcome.committed)
        return over("its answer was on the way to the client");
    if (auto step = repair(outcome))
        return *std::move(step);
    if (auto step = retry(outcome))
        return *std::move(step);
    if (auto step = moveOn(outcome))
        return *std::move(step);
    if (outcome.succeeded())
        return over("it answered");
    if (m_attempts >= m_most_attempts && m_most_attempts > 1)
        return over(fmt::format("the limit of {} attempts for one request was reached", m_most_attempts));
    return over(m_frames.empty() && m_config.root().isTarget() ? "the config has no other target"
                                                               : "nothing is left to try");
}

Step Walk::over(std::string why)
{
    return {.kind = Step::Kind::Answer, .why = std::move(why), .skipped = std::move(m_skipped)};
}

std::optional<Step> Walk::descend(const Node &node, std::string why)
{
    if (const auto what = obstacle(node); what > Obstacle::Misfit) {
        skip(node, what);
        return std::nullopt;
    }
    if (node.isTarget())
        return attempt(node, std::move(why));
    switch (node.strategy->mode) {
    case Mode::Single: return chosen(node, 0, std::move(why));
    case Mode::Fallback: return fallBack(node, 0, std::move(why));
    case Mode::Loadbalance: return balance(node, std::move(why));
    case Mode::Conditional: return branch(node, std::move(why));
    }
    return std::nullopt;
}

std::optional<Step> Walk::chosen(const Node &strategy, std::size_t child, std::string why)
{
    m_frames.push_back({&strategy, child});
    const auto depth = m_frames.size();
    auto step = descend(strategy.targets[child], std::move(why));
    if (!step)
        m_frames.resize(depth - 1);
    return step;
}

std::optional<Step> Walk::fallBack(const Node &strategy, std::size_t first, std::string why)
{
    m_frames.push_back({&strategy, first});
    const auto depth = m_frames.size();
    for (std::size_t i = first; i < strategy.targets.size(); ++i) {
        m_frames.back().child = i;
        const Node &child = strategy.targets[i];
        // An estimate never leaves a request without a target.
        if (obstacle(child) == Obstacle::Misfit && hasFurther(depth)) {
            skip(child, Obstacle::Misfit);
            continue;
        }
        auto reason = i == 0 ? joined(why, "first of the fallback")
            : why.empty()    ? fmt::format("the targets before it cannot be used")
                             : why;
        if (auto step = descend(child, std::move(reason)))
            return step;
        m_frames.resize(depth);
    }
    m_frames.resize(depth - 1);
    return std::nullopt;
}

std::optional<Step> Walk::balance(const Node &strategy, std::string why)
{
    const auto &sticky = strategy.strategy->sticky;
    const std::string identity = sticky ? identityOf(*sticky, m_facts) : std::string();
    if (sticky) {
        const auto before = m_surroundings.remembered(strategy, identity);
        if (before && *before < strategy.targets.size()
            && obstacle(strategy.targets[*before]) == Obstacle::None) {
            return chosen(strategy, *before, joined(std::move(why), "this caller went there before"));
        }
    }
    const auto child = drawn(strategy, why);
    if (!child)
        return std::nullopt;
    auto step = chosen(strategy, *child, std::move(why));
    if (step && sticky)
        m_surroundings.remember(strategy, identity, *child);
    return step;
}

/// Draws one by weight among those that nothing stands before; else among those that only an estimate does.
std::optional<std::size_t> Walk::drawn(const Node &balance, std::string &why)
{
    auto least = Obstacle::Disabled;
    for (const Node &child : balance.targets) {
        if (child.weight > 0)
            least = std::min(least, obstacle(child));
    }
    if (least > Obstacle::Misfit)
        return std::nullopt;
    double sum = 0;
    for (const Node &child : balance.targets) {
        if (obstacle(child) == least)
            sum += child.weight;
        else
            skip(child, obstacle(child));
    }
    double left = m_surroundings.dice() * sum;
    std::optional<std::size_t> last;
    for (std::size_t i = 0; i < balance.targets.size(); ++i) {
        const Node &child = balance.targets[i];
        if (child.weight <= 0 || obstacle(child) != least)
            continue;
        last = i;
        left -= child.weight;
        if (left < 0)
            break;
    }
    why = joined(std::move(why),
                 fmt::format("drawn with weight {} of {}", balance.targets[*last].weight, sum));
    return last;
}

std::optional<Step> Walk::branch(const Node &strategy, std::string why)
{
    const Branch branch = branchOf(strategy);
    if (!branch.child) {
        m_missed = &strategy;
        m_skipped.push_back({&strategy, "no condition holds and it has no default"});
        return std::nullopt;
    }
    const auto &conditions = strategy.strategy->conditions;
    why = joined(std::move(why),
                 branch.condition ? fmt::format("condition {} holds: {}", *branch.condition + 1,
                                                conditions[*branch.condition].words)
                                  : "no condition holds: the default");
    return chosen(strategy, *branch.child, std::move(why));
}

const Walk::Branch &Walk::branchOf(const Node &conditional)
{
    for (const Branch &branch : m_branches) {
        if (branch.node == &conditional)
            return branch;
    }
    Branch found{.node = &conditional, .child = conditional.strategy->otherwise};
    const auto &conditions = conditional.strategy->conditions;
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        if (conditions[i].query.holds(m_facts)) {
            found.child = conditions[i].then;
            found.condition = i;
            break;
        }
    }
    return m_branches.emplace_back(found);
}

std::optional<Step> Walk::attempt(const Node &target, std::string why)
{
    if (m_attempts >= m_most_attempts)
        return std::nullopt;
    if (!m_ignores_breakers && target.breaker && !m_surroundings.enter(target)) {
        m_skipped.push_back({&target, "its breaker lets one trial through, which another request makes"});
        return std::nullopt;
    }
    m_repaired = false;
    m_retries = 0;
    m_retry_count = 0;
    m_waited_ms = 0;
    m_obeyed_retry_after = false;
    return call(target, 0, std::move(why));
}

Step Walk::call(const Node &target, std::int64_t delay_ms, std::string why)
{
    m_target = &target;
    ++m_attempts;
    return {.kind = Step::Kind::Attempt,
            .target = &target,
            .number = m_attempts,
            .retry = m_retries,
            .delay_ms = delay_ms,
            .last = !canContinue(target),
            .why = std::move(why),
            .skipped = std::move(m_skipped)};
}

std::optional<Step> Walk::repair(const Outcome &outcome)
{
    if (!outcome.repairable || m_repaired || m_attempts >= m_most_attempts)
        return std::nullopt;
    m_repaired = true;
    Step step = call(*m_target, 0, "repair: asked again without what it refused");
    step.repair = true;
    return step;
}

std::optional<Step> Walk::retry(const Outcome &outcome)
{
    const auto &retry = m_target->settings.retry;
    if (!retry || retry->attempts == 0 || !isRetried(*retry, outcome)) {
        m_retry_count = m_retries;
        return std::nullopt;
    }
    m_retry_count = -1;
    if (m_retries >= retry->attempts || m_attempts >= m_most_attempts)
        return std::nullopt;

    std::int64_t delay_ms = m_obeyed_retry_after ? 0 : kFirstBackoff_ms << m_retries;
    if (retry->jitter)
        delay_ms = std::int64_t(double(delay_ms) * (0.5 + 0.5 * m_surroundings.dice()));
    const bool obeys = retry->use_retry_after && outcome.kind == Outcome::Kind::Answered
        && outcome.status == 429 && outcome.retry_after_ms;
    if (obeys) {
        delay_ms = *outcome.retry_after_ms;
        if (delay_ms >= kLongestWait_ms || m_waited_ms + delay_ms > kLongestWait_ms)
            return std::nullopt;
        m_obeyed_retry_after = true;
    }
    if (m_target->breaker && !m_ignores_breakers && m_surroundings.isOpen(*m_target)) {
        skip(*m_target, Obstacle::Open);
        return std::nullopt;
    }
    m_waited_ms += delay_ms;
    ++m_retries;
    m_retry_count = m_retries;
    return call(*m_target, delay_ms,
                fmt::format("retry {} of {} after {}{}", m_retries, retry->attempts, inWords(outcome),
                            obeys ? ", as long as the provider asked for" : ""));
}

std::optional<Step> Walk::moveOn(const Outcome &outcome)
{
    if (m_attempts >= m_most_attempts)
        return std::nullopt;
    const std::string after = fmt::format("{} after {}", labelOf(*m_target), inWords(outcome));
    while (!m_frames.empty()) {
        const Frame frame = m_frames.back();
        m_frames.pop_back();
        if (frame.node->strategy->mode != Mode::Fallback || !movesOn(*frame.node->strategy, outcome))
            continue;
        if (frame.child + 1 >= frame.node->targets.size())
            continue;
        if (auto step = fallBack(*frame.node, frame.child + 1, "fallback from " + after))
            return step;
    }
    return std::nullopt;
}

Walk::Obstacle Walk::obstacleOfTarget(const Node &target)
{
    if (!m_ignores_breakers && target.breaker && m_surroundings.isOpen(target))
        return Obstacle::Open;
    if (target.settings.checks_context_window && !m_surroundings.misfit(target).empty())
        return Obstacle::Misfit;
    return Obstacle::None;
}

Walk::Obstacle Walk::obstacle(const Node &node)
{
    if (node.disabled)
        return Obstacle::Disabled;
    if (node.isTarget())
        return obstacleOfTarget(node);
    if (node.strategy->mode == Mode::Conditional) {
        const auto child = branchOf(node).child;
        return child ? obstacle(node.targets[*child]) : Obstacle::None; // a miss says so in words of its own
    }
    auto least = Obstacle::Disabled;
    for (const Node &child : node.targets) {
        if (node.strategy->mode == Mode::Loadbalance && child.weight <= 0)
            continue;
        least = std::min(least, obstacle(child));
        if (least == Obstacle::None || node.strategy->mode == Mode::Single)
            break;
    }
    return least;
}

/// True when a fallback of the first `depth` frames has another target that may be used.
bool Walk::hasFurther(std::size_t depth)
{
    for (std::size_t i = depth; i-- > 0;) {
        const Node &node = *m_frames[i].node;
        const auto &codes = node.strategy->on_status_codes;
        if (node.strategy->mode != Mode::Fallback || (codes && codes->empty()))
            continue;
        for (std::size_t child = m_frames[i].child + 1; child < node.targets.size(); ++child) {
            if (obstacle(node.targets[child]) <= Obstacle::Misfit)
                return true;
        }
    }
    return false;
}

bool Walk::canContinue(const Node &target)
{
    if (m_attempts >= m_most_attempts)
        return false;
    const auto &retry = target.settings.retry;
    return (retry && m_retries < retry->attempts) || hasFurther(m_frames.size());
}

void Walk::skip(const Node &node, Obstacle what)
{
    switch (what) {
    case Obstacle::None: return;
    case Obstacle::Misfit:
        m_skipped.push_back(
            {&node, node.isTarget() ? m_surroundings.misfit(node) : "none of its targets fits"});
        return;
    case Obstacle::Open:
        m_skipped.push_back({&node,
                             node.isTarget() ? "its breaker is open after repeated failures"
                                             : "the breakers of all its targets are open"});
        return;
    case Obstacle::Disabled:
        m_skipped.push_back({&node,
                             node.disabled ? "it is switched off"
                                 : node.isTarget()
                                 ? "it cannot be used"
                                 : "all its targets are switched off or have the weight 0"});
        return;
    }
}

} // namespace portolan::routing
