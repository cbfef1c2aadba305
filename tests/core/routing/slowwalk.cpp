// SPDX-License-Identifier: GPL-3.0-or-later
#include "slowwalk.h"

#include "core/routing/words.h"

#include <algorithm>
#include <array>

namespace portolan::routing {

SlowWalk::SlowWalk(const Config &config, const Facts &facts, Surroundings &world, int most_calls, Call call)
    : m_config(config)
    , m_facts(facts)
    , m_world(world)
    , m_most_calls(std::min(most_calls, config.extent().max_attempts.value_or(most_calls)))
    , m_call(std::move(call))
{ }

std::string SlowWalk::run()
{
    // Estimates give way first, then breakers, then both: a request is never left without a target for them.
    static constexpr std::array<std::pair<bool, bool>, 4> kWays{
        {{false, false}, {true, false}, {false, true}, {true, true}}};
    for (std::size_t way = 0; way < kWays.size();) {
        m_any_window = kWays[way].first;
        m_any_breaker = kWays[way].second;
        if (!isUsable(m_config.root())) {
            ++way;
            continue;
        }
        if (walk(m_config.root()).called)
            return m_log + "answer " + std::to_string(m_count);
        way = 0; // a trial was refused, so there is one target less
    }
    return m_log + (misses(m_config.root()) ? "config.no_condition_holds" : "config.no_target");
}

SlowWalk::Result SlowWalk::walk(const Node &node)
{
    if (!isUsable(node))
        return {};
    if (node.isTarget())
        return walkTarget(node);
    switch (node.strategy->mode) {
    case Mode::Single: return walk(node.targets.front());
    case Mode::Fallback: return walkFallback(node);
    case Mode::Loadbalance: return walkBalance(node);
    case Mode::Conditional: return walk(*branchOf(node));
    }
    return {};
}

SlowWalk::Result SlowWalk::walkTarget(const Node &target)
{
    if (m_calls >= m_most_calls)
        return {};
    if (target.breaker && !m_any_breaker && !m_world.enter(target)) {
        m_refused.insert(&target);
        return {};
    }
    const Retry retry = target.settings.retry.value_or(Retry{});
    std::int64_t wait_ms = 0;
    std::int64_t asked_for_ms = 0;
    bool obeyed = false;
    bool repaired = false;
    for (int again = 0;; ++again) {
        ++m_calls;
        m_log += target.pointer + " +" + std::to_string(wait_ms) + " #" + std::to_string(again) + "; ";
        const Result result{.called = true, .outcome = m_call(m_calls)};
        const Outcome &outcome = result.outcome;
        m_count = again;
        if (outcome.committed)
            return {.called = true, .committed = true, .outcome = outcome};
        if (outcome.repairable && !repaired && m_calls < m_most_calls) {
            repaired = true;
            wait_ms = 0;
            --again;
            continue;
        }

        const bool answered = outcome.kind == Outcome::Kind::Answered;
        const bool listed = outcome.kind == Outcome::Kind::NetworkFailure
            || (outcome.kind != Outcome::Kind::NotCalled && outcome.isIn(retry.on_status_codes)
                && !(answered && outcome.status >= 200 && outcome.status <= 204));
        if (retry.attempts == 0 || !listed)
            return result;
        m_count = -1;
        if (again == retry.attempts || m_calls >= m_most_calls)
            return result;
        const bool obeys = retry.use_retry_after && answered && outcome.status == 429
            && outcome.retry_after_ms.value_or(-1) >= 0;
        if (obeys) {
            wait_ms = *outcome.retry_after_ms;
            if (wait_ms >= 60'000 || asked_for_ms + wait_ms > 60'000)
                return result;
        }
        if (target.breaker && !m_any_breaker && m_world.isOpen(target))
            return result;
        if (obeys) {
            asked_for_ms += wait_ms;
            obeyed = true;
        } else {
            const std::int64_t backoff_ms[] = {1'000, 2'000, 4'000, 8'000, 16'000};
            wait_ms = obeyed ? 0 : backoff_ms[again];
            if (target.settings.jitters && wait_ms > 0)
                wait_ms = std::int64_t(double(wait_ms) * (0.5 + 0.5 * m_world.dice()));
        }
    }
}

SlowWalk::Result SlowWalk::walkFallback(const Node &fallback)
{
    Result last;
    for (const Node &child : fallback.targets) {
        const Result result = walk(child);
        if (!result.called)
            continue;
        last = result;
        if (last.committed || !movesOn(*fallback.strategy, last.outcome) || m_calls >= m_most_calls)
            break;
    }
    return last;
}

SlowWalk::Result SlowWalk::walkBalance(const Node &balance)
{
    const auto &sticky = balance.strategy->sticky;
    const std::string identity = sticky ? identityOf(*sticky, m_facts) : std::string();
    const auto before = sticky ? m_world.remembered(balance, identity) : std::nullopt;
    if (before && *before < balance.targets.size()) {
        if (const Result result = walk(balance.targets[*before]); result.called)
            return result;
    }
    while (true) {
        double sum = 0;
        for (const Node &child : balance.targets)
            sum += isUsable(child) ? child.weight : 0;
        if (sum == 0)
            return {};
        const double roll = m_world.dice() * sum;
        double reached = 0;
        std::size_t drawn = 0;
        for (std::size_t i = 0; i < balance.targets.size(); ++i) {
            reached += isUsable(balance.targets[i]) ? balance.targets[i].weight : 0;
            if (roll < reached) {
                drawn = i;
                break;
            }
        }
        const Result result = walk(balance.targets[drawn]);
        if (result.called && sticky)
            m_world.remember(balance, identity, drawn);
        if (result.called || m_calls >= m_most_calls)
            return result;
    }
}

bool SlowWalk::isUsable(const Node &node)
{
    if (node.disabled)
        return false;
    if (node.isTarget()) {
        const bool fits
            = m_any_window || !node.settings.checks_context_window || m_world.misfit(node).empty();
        const bool closed
            = m_any_breaker || !node.breaker || (!m_refused.contains(&node) && !m_world.isOpen(node));
        return fits && closed;
    }
    switch (node.strategy->mode) {
    case Mode::Single: return isUsable(node.targets.front());
    case Mode::Conditional: return branchOf(node) && isUsable(*branchOf(node));
    case Mode::Fallback:
        return std::ranges::any_of(node.targets, [&](const Node &child) { return isUsable(child); });
    case Mode::Loadbalance:
        return std::ranges::any_of(node.targets,
                                   [&](const Node &child) { return child.weight > 0 && isUsable(child); });
    }
    return false;
}

const Node *SlowWalk::branchOf(const Node &conditional) const
{
    for (const Condition &condition : conditional.strategy->conditions) {
        if (condition.query.holds(m_facts))
            return &conditional.targets[condition.then];
    }
    const auto otherwise = conditional.strategy->otherwise;
    return otherwise ? &conditional.targets[*otherwise] : nullptr;
}

/// A conditional that leads nowhere is on a way that nothing else bars.
bool SlowWalk::misses(const Node &node) const
{
    if (node.disabled || node.isTarget())
        return false;
    switch (node.strategy->mode) {
    case Mode::Single: return misses(node.targets.front());
    case Mode::Conditional: return !branchOf(node) || misses(*branchOf(node));
    case Mode::Fallback:
        return std::ranges::any_of(node.targets, [&](const Node &child) { return misses(child); });
    case Mode::Loadbalance:
        return std::ranges::any_of(node.targets,
                                   [&](const Node &child) { return child.weight > 0 && misses(child); });
    }
    return false;
}

bool SlowWalk::movesOn(const Strategy &fallback, const Outcome &outcome)
{
    if (fallback.on_status_codes)
        return outcome.isIn(*fallback.on_status_codes);
    return outcome.kind != Outcome::Kind::Answered || outcome.status < 200 || outcome.status > 299;
}

} // namespace portolan::routing
