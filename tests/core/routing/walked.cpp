// SPDX-License-Identifier: GPL-3.0-or-later
#include "walked.h"

#include <charconv>
#include <sstream>

namespace portolan::routing {

namespace {

int numberIn(std::string_view text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        qFatal("no outcome: %s", std::string(text).c_str());
    return number;
}

std::string nameOf(const Node &target)
{
    if (!target.name.empty())
        return target.name;
    if (!target.destination.slug.empty())
        return target.destination.slug;
    return target.destination.provider.empty() ? target.pointer : target.destination.provider;
}

} // namespace

Outcome outcomeOf(const std::string &word)
{
    if (word == "ok")
        return {};
    if (word == "sent")
        return {.committed = true};
    if (word == "timeout")
        return {.kind = Outcome::Kind::RequestTimeout, .status = 408};
    if (word == "clock")
        return {.kind = Outcome::Kind::ClockExpired, .status = 504};
    if (word == "network")
        return {.kind = Outcome::Kind::NetworkFailure, .status = 502};
    if (word == "spent")
        return {.kind = Outcome::Kind::NotCalled, .status = 412};
    if (word == "mend")
        return {.status = 400, .repairable = true};
    const auto slash = word.find('/');
    Outcome outcome{.status = numberIn(std::string_view(word).substr(0, slash))};
    if (slash != std::string::npos)
        outcome.retry_after_ms = numberIn(std::string_view(word).substr(slash + 1));
    return outcome;
}

std::string Walked::trail() const
{
    std::string trail;
    for (const Step &step : steps) {
        if (step.kind != Step::Kind::Attempt)
            break;
        if (step.delay_ms > 0)
            trail += std::to_string(step.delay_ms) + ":";
        trail += nameOf(*step.target) + (step.last ? "* " : " ");
    }
    const Step &end = steps.back();
    return trail + "| " + (end.kind == Step::Kind::Refuse ? end.code : std::to_string(retry_count));
}

std::vector<std::string> Walked::skips() const
{
    std::vector<std::string> all;
    for (const Step &step : steps) {
        for (const Skip &skip : step.skipped)
            all.push_back(skip.target->pointer + ": " + skip.reason);
    }
    return all;
}

Walked walk(const Config &config, const std::string &outcomes, World &world, const Facts &facts,
            int most_attempts)
{
    std::istringstream words(outcomes);
    Walked walked;
    Within within(world);
    Walk walk(config, facts, within, most_attempts);
    walked.steps.push_back(walk.next());
    while (walked.steps.back().kind == Step::Kind::Attempt) {
        std::string word = "ok";
        words >> word;
        walked.steps.push_back(walk.next(outcomeOf(word.empty() ? "ok" : word)));
    }
    walked.retry_count = walk.retryCount();
    return walked;
}

Walked walk(const std::string &config, const std::string &outcomes, World world, Asked asked,
            int most_attempts)
{
    // Steps point into the config; what is kept of them here outlives the call.
    static std::vector<SharedConfig> kept;
    kept.push_back(configOf(config));
    const AskedFacts facts(std::move(asked));
    return walk(*kept.back(), outcomes, world, facts, most_attempts);
}

} // namespace portolan::routing
