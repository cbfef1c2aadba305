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

/// Whether the wait before the next call is the one that the provider asked for.
bool saysWhen(const Retry &retry, const Outcome &outcome)
{
    return retry.use_retry_after && outcome.kind == Outcome::Kind::Answered && outcome.status == 429
        && outcome.retry_after_ms.value_or(-1) >= 0;
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
    , m_most_attempts(
          std::max(1, std::min(config.extent().max_attempts.value_or(most_attempts), most_attempts)))
{ }

Step Walk::next()
{
    const Node &root = m_config.root();
    Obstacle what = obstacle(root);
    bool wavers = false; // breakers said something else when they were asked again: so none counts
    while (what <= Obstacle::Open) {
        std::string why;
        if (what == Obstacle::Open || wavers) {
            m_ignores_breakers = true;
            why = "every breaker is open, so none counts";
        }
        if (wavers || obstacle(root) == Obstacle::Misfit) {
            m_ignores_windows = true;
            why = joined(std::move(why), "no target's window is large enough, so none counts");
        }
        const auto refused = m_refused.size();
        if (auto step = descend(root, std::move(why)))
            return *std::move(step);
        // A breaker gave its one trial to another request: that target counts as open from here on.
        wavers = m_refused.size() == refused;
        m_skipped.clear();
        m_ignores_breakers = m_ignores_windows = false;
        what = obstacle(root);
    }
    return refusal(what);
}

Step Walk::refusal(Obstacle what)
{
    skip(m_config.root(), what);
    Step step{.kind = Step::Kind::Refuse, .status = 400, .skipped = std::move(m_skipped)};
    if (what == Obstacle::Missed) {
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
    return step;
}

Step Walk::next(const Outcome &outcome)
{
    m_skipped.clear();
    m_gave_up.clear();
    if (outcome.committed)
        return over("its answer was on the way to the client");
    if (auto step = repair(outcome))
        return *std::move(step);
    if (auto step = retry(outcome))
        return *std::move(step);
    const auto frames = m_frames;
    if (auto step = moveOn(outcome))
        return *std::move(step);
    if (outcome.succeeded())
        return over("it answered");
    if (m_attempts >= m_most_attempts && m_most_attempts > 1)
        return over(fmt::format("the limit of {} attempts for one request was reached", m_most_attempts));
    for (const Frame &frame : frames) {
        const bool further = frame.child + 1 < frame.node->targets.size();
        if (further && frame.node->strategy->mode == Mode::Fallback
            && !movesOn(*frame.node->strategy, outcome)) {
            return over(fmt::format("{} does not fall back on {}", labelOf(*frame.node), inWords(outcome)));
        }
    }
    std::string before;
    if (!m_gave_up.empty())
        before = inWords(outcome) + m_gave_up + "; ";
    else if (outcome.timedOut())
        before = whereabouts(*m_target) + " timed out; ";
    return over(before
                + (m_config.root().isTarget() ? "the config has no other target" : "nothing is left to try"));
}

Step Walk::over(std::string why)
{
    return {.kind = Step::Kind::Answer, .why = std::move(why), .skipped = std::move(m_skipped)};
}

std::optional<Step> Walk::descend(const Node &node, std::string why)
{
    if (const auto what = obstacle(node); what != Obstacle::None) {
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
    for (std::size_t i = first; i < strategy.targets.size(); ++i) {
        auto reason = first > 0
            ? why
            : joined(why, i == 0 ? "first of the fallback" : "the targets before it cannot be used");
        if (auto step = chosen(strategy, i, std::move(reason)))
            return step;
    }
    return std::nullopt;
}

std::optional<Step> Walk::balance(const Node &strategy, std::string why)
{
    const auto &sticky = strategy.strategy->sticky;
    const std::string identity = sticky ? identityOf(*sticky, m_facts) : std::string();
    const auto before = sticky ? m_surroundings.remembered(strategy, identity) : std::nullopt;
    if (before && *before < strategy.targets.size()
        && obstacle(strategy.targets[*before]) == Obstacle::None) {
        if (auto step = chosen(strategy, *before, joined(why, "this caller went there before")))
            return step;
    }
    auto shares = sharesOf(strategy);
    while (std::ranges::any_of(shares, [](double share) { return share > 0; })) {
        const auto child = drawn(shares);
        double sum = 0;
        for (const double share : shares)
            sum += share;
        auto reason = joined(why, fmt::format("drawn with weight {:.6g} of {:.6g}", shares[child], sum));
        if (auto step = chosen(strategy, child, std::move(reason))) {
            if (sticky)
                m_surroundings.remember(strategy, identity, child);
            return step;
        }
        shares[child] = 0;
    }
    return std::nullopt;
}

std::optional<Step> Walk::branch(const Node &strategy, std::string why)
{
    const Branch branch = branchOf(strategy);
    if (!branch.child)
        return std::nullopt;
    const auto &conditions = strategy.strategy->conditions;
    why = joined(std::move(why),
                 branch.condition ? fmt::format("condition {} holds: {}", *branch.condition + 1,
                                                conditions[*branch.condition].words)
                                  : "no condition holds: the default");
    return chosen(strategy, *branch.child, std::move(why));
}

std::optional<Step> Walk::attempt(const Node &target, std::string why)
{
    if (m_attempts >= m_most_attempts)
        return std::nullopt;
    if (!m_ignores_breakers && target.breaker && !m_surroundings.enter(target)) {
        m_refused.push_back(&target);
        m_skipped.push_back({&target, "its breaker lets one trial through, which another request makes"});
        return std::nullopt;
    }
    m_repaired = false;
    m_retries = 0;
    m_retry_count = 0;
    m_obeyed_ms = 0;
    m_obeyed = false;
    return call(target, 0, why.empty() ? "the only target" : std::move(why));
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
    m_retry_count = m_retries;
    if (!retry || retry->attempts == 0 || !isRetried(*retry, outcome))
        return std::nullopt;
    m_retry_count = -1;
    if (m_retries >= retry->attempts || m_attempts >= m_most_attempts)
        return std::nullopt;
    if (m_target->breaker && !m_ignores_breakers && m_surroundings.isOpen(*m_target)) {
        skip(*m_target, Obstacle::Open);
        return std::nullopt;
    }
    const auto delay_ms = waitBefore(*retry, outcome);
    if (!delay_ms) {
        m_gave_up = fmt::format(", which asks to wait for {:.6g} s: too long for a retry",
                                double(*outcome.retry_after_ms) / 1'000);
        return std::nullopt;
    }
    ++m_retries;
    m_retry_count = m_retries;
    return call(*m_target, *delay_ms,
                fmt::format("retry {} of {} after {}{}", m_retries, retry->attempts, inWords(outcome),
                            saysWhen(*retry, outcome) ? ", as long as the provider asked for" : ""));
}

/// The wait before the next call of the target, in ms; nothing when the provider asks for more than there is.
std::optional<std::int64_t> Walk::waitBefore(const Retry &retry, const Outcome &outcome)
{
    if (saysWhen(retry, outcome)) {
        const auto asked_ms = *outcome.retry_after_ms;
        if (asked_ms >= kLongestWait_ms || m_obeyed_ms + asked_ms > kLongestWait_ms)
            return std::nullopt;
        m_obeyed_ms += asked_ms;
        m_obeyed = true;
        return asked_ms;
    }
    if (m_obeyed) // once it said when, the backoff is over
        return 0;
    const std::int64_t backoff_ms = kFirstBackoff_ms << m_retries;
    return m_target->settings.jitters ? std::int64_t(double(backoff_ms) * (0.5 + 0.5 * m_surroundings.dice()))
                                      : backoff_ms;
}

std::optional<Step> Walk::moveOn(const Outcome &outcome)
{
    if (m_attempts >= m_most_attempts)
        return std::nullopt;
    while (!m_frames.empty()) {
        const Frame frame = m_frames.back();
        m_frames.pop_back();
        if (frame.node->strategy->mode != Mode::Fallback || !movesOn(*frame.node->strategy, outcome))
            continue;
        auto why
            = fmt::format("fallback from {} after {}{}", whereabouts(*m_target), inWords(outcome), m_gave_up);
        if (auto step = fallBack(*frame.node, frame.child + 1, std::move(why)))
            return step;
    }
    return std::nullopt;
}

} // namespace portolan::routing
