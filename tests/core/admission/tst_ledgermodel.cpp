// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger against a model that keeps a list of all that ever happened and adds it up anew for each
// question; then under threads. PORTOLAN_SEED repeats a run of the first.

#include "core/admission/ledger.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <optional>
#include <random>
#include <thread>
#include <vector>

using namespace portolan;
using namespace portolan::admission;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr Party kKey{trace::Charge::Party::VirtualKey, 11};
constexpr int kRequests = 1'000;
constexpr int kThreads = 8;

/// How a request ends.
enum class End { Ok, Error, Abort, TimeOut, Dropped };
constexpr int kEnds = 5;

struct Request {
    std::int64_t tokens = 0; // estimated
    std::int64_t cost = 0;
    std::int64_t actual_tokens = 0;
    std::int64_t actual_cost = 0;
    End end = End::Ok;
    std::int64_t begun = 0;
    std::int64_t ended = 0;
    bool is_running = false;
    bool is_over = false;

    [[nodiscard]] Actual actual() const
    {
        switch (end) {
        case End::Ok:
        case End::Abort: return {.tokens = actual_tokens, .cost = NanoUsd{actual_cost}};
        case End::Error:
        case End::Dropped: break;
        case End::TimeOut: return {}; // nobody knows
        }
        return Actual::nothing();
    }
    [[nodiscard]] std::int64_t spentCost() const { return actual().cost.value_or(NanoUsd{cost}).value; }
    [[nodiscard]] std::int64_t spentTokens() const { return actual().tokens.value_or(tokens); }
};

template <typename Dice>
Request someRequest(Dice &dice)
{
    const auto upTo = [&](std::int64_t most) { return std::int64_t(dice() % std::uint64_t(most)); };
    Request request{.tokens = 1 + upTo(300), .cost = 1 + upTo(1'000)};
    request.actual_tokens = upTo(request.tokens + 1);
    request.actual_cost = upTo(request.cost + 1);
    request.end = End(upTo(kEnds));
    if (request.end == End::Ok && upTo(20) == 0) {
        request.actual_cost *= 2; // the estimate was too low
        request.actual_tokens *= 2;
    }
    return request;
}

struct Limits {
    std::int64_t budget = 100'000;
    std::int64_t per_second = 30;
    std::int64_t per_minute = 400;
    std::int64_t tokens_per_minute = 20'000;
    int concurrency = 60;

    [[nodiscard]] KeyLimits keyLimits() const
    {
        return {
            .budget = Budget{.limit = budget},
            .rates
            = {{.per = RateLimit::Per::Second, .most = per_second},
               {.per = RateLimit::Per::Minute, .most = per_minute},
               {.unit = RateLimit::Unit::Tokens, .per = RateLimit::Per::Minute, .most = tokens_per_minute}},
            .concurrency = concurrency};
    }
};

/// All that happened, and what follows from it.
struct Model {
    std::vector<Request> all{};

    [[nodiscard]] std::int64_t spent() const
    {
        std::int64_t sum = 0;
        for (const auto &one : all)
            sum += one.is_over ? one.spentCost() : 0;
        return sum;
    }
    [[nodiscard]] std::int64_t reserved() const
    {
        std::int64_t sum = 0;
        for (const auto &one : all)
            sum += one.is_running ? one.cost : 0;
        return sum;
    }
    [[nodiscard]] std::int64_t requestsSince(std::int64_t from) const
    {
        return std::ranges::count_if(all, [&](const Request &one) { return one.begun >= from; });
    }
    [[nodiscard]] std::int64_t tokensSince(std::int64_t from) const
    {
        std::int64_t sum = 0;
        for (const auto &one : all)
            sum += one.is_running ? one.tokens : one.ended >= from ? one.spentTokens() : 0;
        return sum;
    }
    [[nodiscard]] int running() const
    {
        return int(std::ranges::count_if(all, [](const Request &one) { return one.is_running; }));
    }

    [[nodiscard]] bool admits(const Limits &limits, const Request &asked, std::int64_t now) const
    {
        const auto taken = spent() + reserved();
        return taken < limits.budget && taken + asked.cost <= limits.budget
            && requestsSince(now - kSecond) < limits.per_second
            && requestsSince(now - kMinute) < limits.per_minute
            && tokensSince(now - kMinute) + asked.tokens <= limits.tokens_per_minute
            && running() < limits.concurrency;
    }
};

} // namespace

class TestLedgerModel : public QObject
{
    Q_OBJECT

private slots:
    void equalsTheModelInAnyOrderOfBeginsAndEnds()
    {
        bool isGiven = false;
        const int given = qEnvironmentVariableIntValue("PORTOLAN_SEED", &isGiven);
        const auto seed = isGiven ? unsigned(given) : std::random_device{}() & 0x7fffffff;
        qInfo("seed %u", seed);
        std::mt19937_64 dice(seed);

        Ledger ledger;
        Limits limits;
        ledger.setLimits(kKey, limits.keyLimits(), {});
        Model model;
        std::vector<std::pair<Reservation, std::size_t>> running; // and its place in the model
        std::vector<trace::Charge> charges;
        std::int64_t now = 1;
        std::array<int, 4> refused{};
        while (model.all.size() < kRequests || !running.empty()) {
            now += std::int64_t(dice() % 40'000);
            if (dice() % 300 == 0) {
                limits = {.budget = model.spent() + std::int64_t(dice() % 40'000),
                          .per_second = 10 + std::int64_t(dice() % 50),
                          .per_minute = 200 + std::int64_t(dice() % 1'000),
                          .tokens_per_minute = 10'000 + std::int64_t(dice() % 100'000),
                          .concurrency = int(10 + dice() % 100)};
                ledger.setLimits(kKey, limits.keyLimits(), {now, now});
            }
            if (dice() % 200 == 0)
                now += std::int64_t(dice() % std::uint64_t(2 * kMinute));
            if (!running.empty() && (model.all.size() >= kRequests || dice() % 5 < 2)) {
                const auto which = dice() % running.size();
                auto &[place, index] = running[which];
                auto &request = model.all[index];
                request.is_running = false;
                request.is_over = true;
                request.ended = now;
                if (request.end != End::Dropped)
                    place.settle(request.actual(), {now, now}, charges);
                running.erase(running.begin() + std::ptrdiff_t(which)); // a dropped one gives all back
            } else {
                auto request = someRequest(dice);
                const auto expected = model.admits(limits, request, now);
                auto place = ledger.reserve(kKey, {.tokens = request.tokens, .cost = NanoUsd{request.cost}},
                                            {now, now});
                QCOMPARE(place.has_value(), expected);
                if (place) {
                    request.is_running = true;
                    request.begun = now;
                    model.all.push_back(request);
                    running.emplace_back(*std::move(place), model.all.size() - 1);
                } else {
                    ++refused[std::size_t(place.error().hit)];
                }
            }
            const auto use = *ledger.use(kKey, {now, now});
            QCOMPARE(use.spent, model.spent());
            QCOMPARE(use.reserved, model.reserved());
            QCOMPARE(use.running, model.running());
            QCOMPARE(use.rates[0], model.requestsSince(now - kSecond));
            QCOMPARE(use.rates[1], model.requestsSince(now - kMinute));
            QCOMPARE(use.rates[2], model.tokensSince(now - kMinute));
            // A budget that is spent would end the run early.
            if (use.spent > limits.budget - 2'000) {
                limits.budget = use.spent + 10'000;
                ledger.setLimits(kKey, limits.keyLimits(), {now, now});
            }
        }
        std::int64_t charged = 0;
        for (const auto &charge : charges)
            charged += charge.cost.value;
        QCOMPARE(charged, model.spent());
        QVERIFY(refused[std::size_t(Refusal::Limit::Budget)] > 0);
        QVERIFY(refused[std::size_t(Refusal::Limit::Requests)] > 0);
    }

    // Whatever the threads do, nothing is passed on the way, and what is left is the sum of what was taken.
    void threadsPassNoLimitAndLoseNothing()
    {
        constexpr std::int64_t kBudget = 150'000;
        Ledger ledger;
        const Limits limits{.budget = kBudget,
                            .per_second = 1'000'000,
                            .per_minute = 700,
                            .tokens_per_minute = 60'000,
                            .concurrency = 40};
        ledger.setLimits(kKey, limits.keyLimits(), {});
        std::atomic<std::int64_t> clock{1};
        std::atomic<std::int64_t> spent{0};
        std::atomic<std::int64_t> charged{0};
        std::atomic<std::int64_t> tokens{0};
        std::atomic<int> admitted{0};
        std::atomic<std::uint64_t> refused{0};
        std::atomic<int> wrong{0};
        std::atomic<bool> over{false};
        std::barrier start(kThreads + 1);
        {
            std::vector<std::jthread> threads;
            for (int thread = 0; thread < kThreads; ++thread) {
                threads.emplace_back([&, thread] {
                    std::mt19937_64 dice(std::uint64_t(thread) + 1);
                    std::vector<trace::Charge> charges;
                    std::vector<std::pair<Reservation, Request>> running;
                    const auto endOne = [&] {
                        auto &[place, request] = running.back();
                        const auto now = clock.fetch_add(1);
                        if (request.end != End::Dropped)
                            place.settle(request.actual(), {now, now}, charges);
                        spent += request.spentCost();
                        tokens += request.spentTokens();
                        running.pop_back();
                    };
                    start.arrive_and_wait();
                    for (int i = 0; i < kRequests / kThreads; ++i) {
                        auto request = someRequest(dice);
                        request.actual_cost = std::min(request.actual_cost, request.cost);
                        request.actual_tokens = std::min(request.actual_tokens, request.tokens);
                        const auto now = clock.fetch_add(1);
                        auto place = ledger.reserve(
                            kKey, {.tokens = request.tokens, .cost = NanoUsd{request.cost}}, {now, now});
                        if (place) {
                            ++admitted;
                            running.emplace_back(*std::move(place), request);
                        } else {
                            ++refused;
                            const auto &why = place.error();
                            if (why.used > why.limit || why.used + why.asked <= why.limit)
                                ++wrong;
                        }
                        while (running.size() > 8 || (!running.empty() && dice() % 2 == 0))
                            endOne();
                    }
                    while (!running.empty())
                        endOne();
                    for (const auto &charge : charges)
                        charged += charge.cost.value;
                });
            }
            std::jthread watcher([&] {
                start.arrive_and_wait();
                while (!over) {
                    const auto now = clock.load();
                    const auto use = *ledger.use(kKey, {now, now});
                    if (use.spent + use.reserved > kBudget || use.running > limits.concurrency
                        || use.rates[1] > limits.per_minute || use.rates[2] > limits.tokens_per_minute)
                        ++wrong;
                    std::this_thread::yield();
                }
            });
            threads.clear();
            over = true;
        }
        const auto now = clock.load();
        const auto use = *ledger.use(kKey, {now, now});
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(use.spent, spent.load());
        QCOMPARE(charged.load(), spent.load());
        QCOMPARE(use.reserved, 0);
        QCOMPARE(use.running, 0);
        QCOMPARE(use.refused, refused.load());
        QCOMPARE(use.rates[1], admitted.load());
        QCOMPARE(use.rates[2], tokens.load());
        QCOMPARE(admitted + int(refused), kRequests);
        QVERIFY(refused > 0);
    }

    void r22_aThousandAtOnceAgainstRoomForTen()
    {
        for (int run = 0; run < 50; ++run) {
            Ledger ledger;
            ledger.setLimits(kKey, {.budget = Budget{.limit = 10'000}}, {});
            std::barrier start(kThreads);
            std::atomic<int> admitted{0};
            std::atomic<std::int64_t> spent{0};
            std::vector<std::jthread> threads;
            for (int thread = 0; thread < kThreads; ++thread) {
                threads.emplace_back([&, thread] {
                    std::vector<Reservation> places;
                    start.arrive_and_wait();
                    for (int i = 0; i < kRequests / kThreads; ++i) {
                        if (auto place = ledger.reserve(kKey, {.tokens = 1, .cost = NanoUsd{1'000}}, {1, 1}))
                            places.push_back(*std::move(place));
                    }
                    start.arrive_and_wait(); // none has ended before all have asked
                    admitted += int(places.size());
                    std::vector<trace::Charge> charges;
                    for (auto &place : places) {
                        const std::int64_t cost = 900 + 20 * thread; // some take more than they said
                        place.settle({.tokens = 1, .cost = NanoUsd{cost}}, {1, 1}, charges);
                        spent += cost;
                    }
                });
            }
            threads.clear();
            QCOMPARE(admitted.load(), 10);
            QCOMPARE(ledger.use(kKey, {1, 1})->spent, spent.load());
            QCOMPARE(ledger.use(kKey, {1, 1})->reserved, 0);
            QCOMPARE(ledger.use(kKey, {1, 1})->refused, std::uint64_t(kRequests - 10));
        }
    }

    // The window edits, resets and removes keys while requests run.
    void editsWhileRequestsRunBreakNothing()
    {
        Ledger ledger;
        const Limits limits;
        std::atomic<bool> over{false};
        std::vector<std::jthread> threads;
        std::atomic<std::int64_t> clock{1};
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                std::mt19937_64 dice(std::uint64_t(thread) + 100);
                std::vector<trace::Charge> charges;
                for (int i = 0; i < 5'000; ++i) {
                    const auto now = clock.fetch_add(100);
                    auto place = ledger.reserve(kKey, {.tokens = 5, .cost = NanoUsd{5}}, {now, now});
                    if (place && dice() % 2 == 0)
                        place->settle({.tokens = 4, .cost = NanoUsd{4}}, {now, now}, charges);
                }
            });
        }
        std::jthread editor([&] {
            std::mt19937_64 dice(1);
            while (!over) {
                const auto now = clock.load();
                auto edited = limits.keyLimits();
                edited.budget->period.kind = Period::Kind(dice() % 4);
                switch (dice() % 6) {
                case 0: ledger.remove(kKey); break;
                case 1: (void)ledger.reset(kKey, {now, now}); break;
                case 2: (void)ledger.allowMore(kKey, 1'000, {now, now}); break;
                case 3: edited.rates.clear(); [[fallthrough]];
                default: ledger.setLimits(kKey, edited, {now, now});
                }
            }
        });
        threads.clear();
        over = true;
        editor.join();
        const auto now = clock.load();
        ledger.setLimits(kKey, limits.keyLimits(), {now, now});
        const auto use = *ledger.use(kKey, {now, now});
        QCOMPARE(use.reserved, 0);
        QCOMPARE(use.running, 0);
        QCOMPARE_GE(use.spent, 0);
    }
};

QTEST_GUILESS_MAIN(TestLedgerModel)
#include "tst_ledgermodel.moc"
