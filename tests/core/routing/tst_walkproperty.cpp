// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/walk.h"
#include "randomtree.h"
#include "slowwalk.h"

#include <QTest>

#include <cstdio>

using namespace portolan;
using namespace portolan::routing;

namespace {

constexpr std::uint64_t kFirstSeed = 20'261'121;
constexpr int kTrees = 10'000;

Outcome outcomeAt(const RandomCase &chosen, int number)
{
    const auto at = std::size_t(number) - 1;
    return at < chosen.outcomes.size() ? chosen.outcomes[at] : Outcome{};
}

/// What Walk does, in the words of SlowWalk; complains where a step contradicts the one before it.
std::string quickly(const Config &config, const RandomCase &chosen)
{
    World world = chosen.world;
    const AskedFacts facts(chosen.asked);
    Within within(world);
    Walk walk(config, facts, within, chosen.most_attempts);
    std::string log;
    bool was_last = false;
    int number = 0;
    Step step = walk.next();
    while (step.kind == Step::Kind::Attempt) {
        if (was_last && !step.repair)
            log += "(after the last) ";
        if (step.number != ++number)
            log += "(number " + std::to_string(step.number) + ") ";
        if (step.why.empty())
            log += "(no words) ";
        was_last = step.last;
        log += step.target->pointer + " +" + std::to_string(step.delay_ms) + " #" + std::to_string(step.retry)
            + "; ";
        ++world.calls;
        step = walk.next(outcomeAt(chosen, number));
    }
    return log
        + (step.kind == Step::Kind::Refuse ? step.code : "answer " + std::to_string(walk.retryCount()));
}

std::string slowly(const Config &config, const RandomCase &chosen)
{
    World world = chosen.world;
    const AskedFacts facts(chosen.asked);
    Within within(world);
    return SlowWalk(config, facts, within, chosen.most_attempts,
                    [&](int number) {
                        ++world.calls;
                        return outcomeAt(chosen, number);
                    })
        .run();
}

} // namespace

class TestWalkProperty : public QObject
{
    Q_OBJECT

private slots:
    void walksAsTheSpecificationTells();
};

void TestWalkProperty::walksAsTheSpecificationTells()
{
    int walked = 0;
    int attempts = 0;
    for (std::uint64_t seed = kFirstSeed; walked < kTrees; ++seed) {
        const RandomCase chosen = randomCase(seed);
        const auto config = parseConfig(chosen.config).config;
        if (!config)
            continue; // nothing but weights of 0
        ++walked;
        const std::string quick = quickly(*config, chosen);
        const std::string slow = slowly(*config, chosen);
        attempts += int(std::ranges::count(quick, '+'));
        if (quick != slow)
            std::fprintf(stderr, "seed %llu, tree %s\n", static_cast<unsigned long long>(seed),
                         chosen.config.c_str());
        QCOMPARE(quick, slow);
    }
    QVERIFY2(attempts > kTrees, "the trees are too poor to prove anything");
}

QTEST_APPLESS_MAIN(TestWalkProperty)
#include "tst_walkproperty.moc"
