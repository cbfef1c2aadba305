// SPDX-License-Identifier: GPL-3.0-or-later
//
// What limits cost a request: admission_bench [rounds]. One reservation with its settlement among 3,000 keys,
// with the clocks read for both; processor time of this thread, median of ten rounds.

#include "core/admission/ledger.h"
#include "tests/bench/timing.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

using namespace portolan;
using namespace portolan::admission;

namespace {

constexpr int kKeys = 3'000;
constexpr std::int64_t kPlenty = 1'000'000'000'000'000;

Party keyOf(int number)
{
    return Party::of(VirtualKeyId{number + 1});
}

KeyLimits budget()
{
    return {.budget
            = Budget{.limit = kPlenty, .period = {.kind = Period::Kind::Month, .zone = "Europe/Berlin"}}};
}

KeyLimits perMinute()
{
    return {.rates = {{.per = RateLimit::Per::Minute, .most = kPlenty}}};
}

KeyLimits everything()
{
    using Per = RateLimit::Per;
    auto limits = budget();
    limits.concurrency = 1'000'000;
    for (const auto unit : {RateLimit::Unit::Requests, RateLimit::Unit::Tokens}) {
        for (const auto per : {Per::Second, Per::Minute, Per::Hour, Per::Day, Per::Week})
            limits.rates.push_back({.unit = unit, .per = per, .most = kPlenty});
    }
    return limits;
}

void measure(const char *what, int calls, const KeyLimits &limits)
{
    Ledger ledger;
    for (int key = 0; key < kKeys; ++key)
        ledger.setLimits(keyOf(key), limits, Instant::now());
    std::vector<trace::Charge> charges;
    int key = 0;
    const auto ns = bench::medianNs(calls, [&] {
        auto place = ledger.reserve(keyOf(key), {.tokens = 1'000, .cost = NanoUsd{5'000}}, Instant::now());
        if (!place) {
            std::fprintf(stderr, "admission_bench: %s\n", place.error().error.message.c_str());
            std::exit(1);
        }
        place->settle({.tokens = 500, .cost = NanoUsd{2'500}}, Instant::now(), charges);
        charges.clear();
        key = (key + 7) % kKeys;
    });
    std::printf("%-48s %6lld ns\n", what, static_cast<long long>(ns));
}

} // namespace

int main(int argc, char **argv)
{
    int calls = 100'000;
    if (argc > 1) {
        const std::string_view text = argv[1];
        const auto read = std::from_chars(text.data(), text.data() + text.size(), calls);
        if (read.ec != std::errc() || read.ptr != text.data() + text.size() || calls < 1) {
            std::fprintf(stderr, "usage: admission_bench [rounds]\n");
            return 2;
        }
    }
    measure("a key without limits", calls, {});
    measure("a monthly budget", calls, budget());
    measure("requests per minute", calls, perMinute());
    measure("a budget, ten rates and a concurrency limit", calls, everything());
}
