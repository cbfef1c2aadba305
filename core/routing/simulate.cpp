// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/simulate.h"

#include "core/base/text.h"
#include "core/routing/walk.h"
#include "core/routing/words.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>

namespace portolan::routing {

namespace {

std::unexpected<Error> bad(std::string_view part)
{
    return fail(
        {.origin = Origin::Client,
         .code = "simulate.bad_assumption",
         .message = fmt::format("\"{}\" says nothing: write 0=429, 1=timeout, /targets/0=429:2s; outcomes "
                                "are ok, a status, timeout, refused or cut.",
                                part)});
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 0)
        return std::nullopt;
    return number;
}

/// "2s", "1500ms".
std::optional<std::int64_t> readWait_ms(std::string_view text)
{
    constexpr std::int64_t kLongest_s = 1'000'000;
    const bool in_ms = text.ends_with("ms");
    if (!text.ends_with('s'))
        return std::nullopt;
    text.remove_suffix(in_ms ? 2 : 1);
    const auto number = wholeNumber(text);
    if (!number || *number > kLongest_s * (in_ms ? 1'000 : 1))
        return std::nullopt;
    return in_ms ? *number : *number * 1'000;
}

std::optional<Outcome> readOutcome(std::string_view text, const Node &node)
{
    using Kind = Outcome::Kind;
    if (text == "ok")
        return Outcome{};
    if (text == "refused")
        return Outcome{.kind = Kind::NetworkFailure, .status = 502, .words = "a refused connection"};
    if (text == "cut")
        return Outcome{.kind = Kind::NetworkFailure, .status = 502, .words = "an answer that broke off"};
    if (text == "timeout") {
        const Settings &clocks = node.settings;
        const bool own = clocks.request_timeout_ms.value_or(0) > 0
            || clocks.first_token_timeout_ms.value_or(0) > 0 || clocks.stream_idle_timeout_ms.value_or(0) > 0;
        return own ? Outcome{.kind = Kind::RequestTimeout, .status = 408}
                   : Outcome{.kind = Kind::ClockExpired, .status = 504};
    }
    const auto colon = text.find(':');
    const auto status = wholeNumber(text.substr(0, colon));
    if (!status || *status < 100 || *status > 599)
        return std::nullopt;
    Outcome outcome{.status = int(*status)};
    if (colon != std::string_view::npos) {
        outcome.retry_after_ms = readWait_ms(text.substr(colon + 1));
        if (!outcome.retry_after_ms)
            return std::nullopt;
    }
    return outcome;
}

const Node *named(const Node &node, std::string_view name)
{
    if (node.name == name)
        return &node;
    for (const Node &target : node.targets) {
        if (const Node *found = named(target, name))
            return found;
    }
    return nullptr;
}

/// The node that a word of the command line means.
const Node *nodeAt(const Config &config, std::string_view word)
{
    if (word.starts_with('/'))
        return config.find(word);
    if (config.root().isTarget() && word == "0")
        return &config.root();
    const Node *node = &config.root();
    for (std::string_view rest = word;;) {
        const auto dot = rest.find('.');
        const auto position = wholeNumber(rest.substr(0, dot));
        if (!position || std::size_t(*position) >= node->targets.size())
            break;
        node = &node->targets[std::size_t(*position)];
        if (dot == std::string_view::npos)
            return node;
        rest.remove_prefix(dot + 1);
    }
    return word.empty() ? nullptr : named(config.root(), word);
}

bool isWithin(std::string_view pointer, std::string_view around)
{
    return pointer.starts_with(around) && (pointer.size() == around.size() || pointer[around.size()] == '/');
}

/// Nobody has been here before, and nothing is broken.
class Imagined final : public Surroundings
{
public:
    explicit Imagined(std::uint64_t seed)
        : m_state(seed)
    { }

    /// SplitMix64 (Steele, Lea and Flood 2014): the same everywhere for one seed.
    double dice() override
    {
        m_state += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = m_state;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        mixed ^= mixed >> 31U;
        return double(mixed >> 11U) * 0x1.0p-53;
    }
    bool isOpen(const Node & /*target*/) override { return false; }
    bool enter(const Node & /*target*/) override { return true; }
    std::optional<std::size_t> remembered(const Node & /*balance*/, std::string_view /*identity*/) override
    {
        return std::nullopt;
    }
    void remember(const Node & /*balance*/, std::string_view /*identity*/, std::size_t /*index*/) override { }
    std::string misfit(const Node & /*target*/) override { return {}; }

private:
    std::uint64_t m_state;
};

std::string inSeconds(std::int64_t ms)
{
    return fmt::format("{:.6g} s", double(ms) / 1'000);
}

std::vector<SimulatedSkip> skipsOf(const Step &step)
{
    std::vector<SimulatedSkip> skips;
    for (const Skip &skip : step.skipped)
        skips.push_back({skip.target->pointer, labelOf(*skip.target), skip.reason});
    return skips;
}

std::string sentenceOf(const SimulatedStep &step)
{
    std::string sentence = fmt::format("{}. ", step.number);
    if (step.delay_ms > 0)
        sentence += fmt::format("After {}: ", inSeconds(step.delay_ms));
    sentence += fmt::format("{} ({}), {}. It ends with {}", step.label,
                            step.pointer.empty() ? "the config itself" : step.pointer, step.why,
                            inWords(step.outcome));
    if (step.outcome.retry_after_ms)
        sentence += fmt::format(" and asks to wait for {}", inSeconds(*step.outcome.retry_after_ms));
    return sentence + ".";
}

} // namespace

Result<Assumptions> Assumptions::parse(std::string_view text, const Config &config)
{
    Assumptions assumptions;
    while (!trimmed(text).empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto part = trimmed(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (part.empty())
            continue;
        const auto equals = part.rfind('=');
        if (equals == std::string_view::npos)
            return bad(part);
        const auto where = trimmed(part.substr(0, equals));
        const Node *node = nodeAt(config, where);
        if (!node)
            return fail(
                {.origin = Origin::Client,
                 .code = "simulate.unknown_target",
                 .message = fmt::format("The config has no target \"{}\": write its position, its name or "
                                        "its JSON Pointer.",
                                        where)});
        auto outcome = readOutcome(trimmed(part.substr(equals + 1)), *node);
        if (!outcome)
            return bad(part);
        assumptions.m_all.emplace_back(node->pointer, *std::move(outcome));
    }
    return assumptions;
}

Outcome Assumptions::of(const Node &target, int call) const
{
    const std::string *nearest = nullptr;
    for (const auto &[pointer, outcome] : m_all) {
        if (isWithin(target.pointer, pointer) && (!nearest || pointer.size() > nearest->size()))
            nearest = &pointer;
    }
    Outcome found;
    for (const auto &[pointer, outcome] : m_all) {
        if (!nearest || pointer != *nearest)
            continue;
        found = outcome;
        if (call-- == 0)
            break;
    }
    return found;
}

Simulation simulate(const Config &config, const Facts &facts, const Assumptions &assumptions,
                    std::uint64_t seed, int most_attempts)
{
    Imagined imagined(seed);
    Walk walk(config, facts, imagined, most_attempts);
    std::map<const Node *, int> calls;
    Simulation simulation;
    Step step = walk.next();
    while (step.kind == Step::Kind::Attempt) {
        SimulatedStep shown{.pointer = step.target->pointer,
                            .label = labelOf(*step.target),
                            .number = step.number,
                            .retry = step.retry,
                            .delay_ms = step.delay_ms,
                            .last = step.last,
                            .outcome = assumptions.of(*step.target, calls[step.target]++),
                            .why = step.why,
                            .skipped = skipsOf(step)};
        shown.sentence = sentenceOf(shown);
        simulation.steps.push_back(std::move(shown));
        step = walk.next(simulation.steps.back().outcome);
    }
    simulation.skipped = skipsOf(step);
    simulation.retry_count = walk.retryCount();
    if (step.kind == Step::Kind::Refuse) {
        simulation.status = step.status;
        simulation.end
            = fmt::format("Nothing is called, and the client gets {}: {}", step.status, step.message);
    } else {
        const SimulatedStep &last = simulation.steps.back();
        simulation.status = last.outcome.status;
        simulation.end
            = fmt::format("The client gets {} from {}: {}.", simulation.status, last.label, step.why);
    }
    return simulation;
}

} // namespace portolan::routing
