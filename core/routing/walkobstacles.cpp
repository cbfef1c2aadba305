// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/walk.h"
#include "core/routing/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace portolan::routing {

Walk::Obstacle Walk::obstacleOfTarget(const Node &target)
{
    if (!m_ignores_breakers && target.breaker
        && (std::ranges::find(m_refused, &target) != m_refused.end() || m_surroundings.isOpen(target)))
        return Obstacle::Open;
    if (!m_ignores_windows && target.settings.checks_context_window && !m_surroundings.misfit(target).empty())
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
        return child ? obstacle(node.targets[*child]) : Obstacle::Missed;
    }
    auto least = Obstacle::Disabled;
    for (const Node &child : node.targets) {
        if (node.strategy->mode != Mode::Loadbalance || child.weight > 0)
            least = std::min(least, obstacle(child));
        if (least == Obstacle::None || node.strategy->mode == Mode::Single)
            break;
    }
    return least;
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

/// The weight of each target that nothing stands before, else 0.
std::vector<double> Walk::sharesOf(const Node &balance)
{
    std::vector<double> shares;
    shares.reserve(balance.targets.size());
    for (const Node &child : balance.targets) {
        const auto what = child.weight > 0 ? obstacle(child) : Obstacle::None;
        skip(child, what);
        shares.push_back(what == Obstacle::None ? child.weight : 0);
    }
    return shares;
}

/// One of those with a share.
std::size_t Walk::drawn(const std::vector<double> &shares)
{
    double sum = 0;
    for (const double share : shares)
        sum += share;
    double left = m_surroundings.dice() * sum;
    std::size_t last = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        if (shares[i] <= 0)
            continue;
        last = i; // of sums that round up it is the last one's
        left -= shares[i];
        if (left < 0)
            break;
    }
    return last;
}

/// True when a fallback around the target has another one that may be used.
bool Walk::hasFurther()
{
    for (const Frame &frame : m_frames) {
        const auto &codes = frame.node->strategy->on_status_codes;
        if (frame.node->strategy->mode != Mode::Fallback || (codes && codes->empty()))
            continue;
        for (std::size_t child = frame.child + 1; child < frame.node->targets.size(); ++child) {
            if (obstacle(frame.node->targets[child]) == Obstacle::None)
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
    return (retry && m_retries < retry->attempts) || hasFurther();
}

std::string Walk::reasonOf(const Node &node, Obstacle what)
{
    if (!node.disabled && !node.isTarget() && node.strategy->mode == Mode::Conditional) {
        const auto child = branchOf(node).child;
        if (!child)
            return "no condition holds and it has no default";
        const Node &target = node.targets[*child];
        return fmt::format("it leads to {}: {}", labelOf(target), reasonOf(target, what));
    }
    switch (what) {
    case Obstacle::None: break;
    case Obstacle::Misfit: return node.isTarget() ? m_surroundings.misfit(node) : "none of its targets fits";
    case Obstacle::Open:
        return node.isTarget() ? "its breaker is open after repeated failures"
                               : "the breakers of all its targets are open";
    case Obstacle::Missed: return "no condition below it holds";
    case Obstacle::Disabled:
        return node.disabled ? "it is switched off" : "all its targets are switched off or have the weight 0";
    }
    return {};
}

void Walk::skip(const Node &node, Obstacle what)
{
    if (what != Obstacle::None)
        m_skipped.push_back({&node, reasonOf(node, what)});
}

} // namespace portolan::routing
