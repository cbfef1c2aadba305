// SPDX-License-Identifier: GPL-3.0-or-later
//
// What routing costs: routing_bench [rounds]. Steps of a walk through ten targets that all fail, of a balance
// and a condition among ten, and reading a config of 1 KB as it comes in a header; processor time of this
// thread, median of ten rounds.

#include "core/routing/parse.h"
#include "core/routing/walk.h"
#include "tests/bench/timing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

using namespace portolan;
using namespace portolan::routing;

namespace {

constexpr int kTargets = 10;

[[noreturn]] void stop(const char *why)
{
    std::fprintf(stderr, "routing_bench: %s\n", why);
    std::exit(1);
}

std::string targets()
{
    std::string text;
    for (int i = 0; i < kTargets; ++i) {
        const auto n = std::to_string(i);
        text += (i ? "," : "") + (R"({"name":"t)" + n) + R"(","virtual_key":"account-)" + n
            + R"(","override_params":{"model":"model-)" + n + R"("}})";
    }
    return text;
}

std::string withStrategy(const std::string &strategy)
{
    return R"({"strategy":)" + strategy + R"(,"targets":[)" + targets() + "]}";
}

/// Ten conditions of which only the last holds.
std::string conditions()
{
    std::string text;
    for (int i = 0; i < kTargets; ++i) {
        const auto n = std::to_string(i);
        text += (i ? "," : "") + (R"({"query":{"params.model":{"$regex":"^model-)" + n) + R"($"}},"then":"t)"
            + n + R"("})";
    }
    return R"({"mode":"conditional","conditions":[)" + text + "]}";
}

SharedConfig configOf(const std::string &text)
{
    auto reading = parseConfig(text);
    if (!reading.config)
        stop("a config was refused");
    return reading.config;
}

/// Everything works, and the dice go round.
class Quiet final : public Surroundings
{
public:
    double dice() override { return (m_roll = m_roll < 0.9 ? m_roll + 0.1 : 0.0); }
    bool isOpen(const Node & /*target*/) override { return false; }
    bool enter(const Node & /*target*/) override { return true; }
    std::optional<std::size_t> remembered(const Node & /*balance*/, std::string_view /*identity*/) override
    {
        return std::nullopt;
    }
    void remember(const Node & /*balance*/, std::string_view /*identity*/, std::size_t /*index*/) override { }
    std::string misfit(const Node & /*target*/) override { return {}; }

private:
    double m_roll = 0;
};

/// Nanoseconds for one step of a walk in which every attempt ends like that.
double stepNs(const Config &config, const Outcome &outcome, int calls)
{
    const auto body
        = JsonDocument::parse(R"({"model":"model-9","messages":[{"role":"user","content":"hi"}]})");
    if (!body)
        stop("the body was refused");
    const Facts facts{.params = JsonValue(*body), .pathname = "/v1/chat/completions"};
    Quiet quiet;
    int steps = 0;
    int walks = 0;
    const auto walk_ns = bench::medianNs(calls, [&] {
        Walk walk(config, facts, quiet, 16);
        ++walks;
        ++steps;
        Step step = walk.next();
        for (; step.kind == Step::Kind::Attempt; ++steps)
            step = walk.next(outcome);
    });
    return double(walk_ns) * walks / steps;
}

} // namespace

int main(int argc, char **argv)
{
    int calls = 20'000;
    if (argc > 1) {
        const std::string_view text(argv[1]);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), calls);
        if (error != std::errc() || end != text.data() + text.size() || calls < 1)
            stop("give the number of calls per round");
    }
    const auto chain = configOf(withStrategy(R"({"mode":"fallback","cb_config":{"failure_threshold":3}})"));
    const auto balance = configOf(withStrategy(R"({"mode":"loadbalance"})"));
    const auto branches = configOf(withStrategy(conditions()));
    const std::string inline_text
        = withStrategy(R"({"mode":"fallback","on_status_codes":[429,500,502,503]})");

    const double failing = stepNs(*chain, {.status = 503}, calls);
    const double drawing = stepNs(*balance, {}, calls);
    const double choosing = stepNs(*branches, {}, calls);
    const auto reading_ns = bench::medianNs(calls / 20 + 1, [&] {
        if (!parseConfig(inline_text, ConfigLimits::ofHeader()).config)
            stop("the config was refused");
    });
    std::printf("step of %d failing targets: %.2f us\nstep of a balance of %d: %.2f us\n"
                "step of a condition among %d: %.2f us\nconfig of %zu bytes: %.1f us\n",
                kTargets, failing / 1000, kTargets, drawing / 1000, kTargets, choosing / 1000,
                inline_text.size(), double(reading_ns) / 1000);
    return 0;
}
