// SPDX-License-Identifier: GPL-3.0-or-later
//
// Budgets while clocks are set, programs end and zones change their time. PORTOLAN_SEED repeats a run.

#include "core/admission/ledger.h"
#include "core/admission/period.h"

#include <QTest>

#include <map>
#include <memory>
#include <random>
#include <vector>

using namespace portolan;
using namespace portolan::admission;
using Kind = Period::Kind;

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kLimit = 3'000;
constexpr Party kKey{trace::Charge::Party::ClientKey, 3};

std::mt19937_64 seeded()
{
    bool isGiven = false;
    const int given = qEnvironmentVariableIntValue("PORTOLAN_SEED", &isGiven);
    const auto seed = isGiven ? std::uint64_t(given) : std::random_device{}() & 0x7fffffff;
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    return std::mt19937_64(seed);
}

std::int64_t wallOf(const char *date)
{
    return *dayOf(date) * kDay;
}

/// What a store would keep of the charges that it is given.
class Kept
{
public:
    void add(std::vector<trace::Charge> &charges)
    {
        for (const auto &charge : charges) {
            auto &sum = m_sums[{charge.period, charge.day}];
            sum.party = charge.party;
            sum.key = charge.key;
            sum.period = charge.period;
            sum.day = charge.day;
            sum.cost += charge.cost;
            sum.tokens += charge.tokens;
            sum.extra += charge.extra;
        }
        charges.clear();
    }
    [[nodiscard]] trace::KeptUse use() const
    {
        trace::KeptUse kept;
        for (const auto &[key, sum] : m_sums)
            kept.charges.push_back(sum);
        return kept;
    }

private:
    std::map<std::pair<std::string, std::int32_t>, trace::Charge> m_sums;
};

KeyLimits withBudget(const Period &period)
{
    return {.budget = Budget{.limit = kLimit, .period = period}};
}

} // namespace

class TestBudgetPeriods : public QObject
{
    Q_OBJECT

private slots:
    void r21_eachRequestCountsInThePeriodOfItsInstant_data()
    {
        QTest::addColumn<Period>("period");
        QTest::addColumn<std::int64_t>("around");
        const struct {
            const char *zone;
            const char *change; // of its clocks, or a leap day
        } zones[] = {
            {"Europe/Berlin", "2026-10-25"},       {"America/New_York", "2028-02-29"},
            {"Australia/Lord_Howe", "2026-10-04"}, {"America/Havana", "2026-03-08"},
            {"Pacific/Apia", "2011-12-30"},        {"Asia/Kolkata", "2028-02-29"},
        };
        for (const auto &[zone, change] : zones) {
            const auto row = [&](const char *kind, Period period) {
                period.zone = zone;
                QTest::addRow("%s, %s", zone, kind) << period << wallOf(change);
            };
            row("day", {.kind = Kind::Day});
            row("week", {.kind = Kind::Week});
            row("month", {.kind = Kind::Month});
            row("three days", {.kind = Kind::Days, .days = 3, .from = "2026-10-24"});
        }
    }

    // Against a model that looks up the period of every instant anew.
    void r21_eachRequestCountsInThePeriodOfItsInstant()
    {
        QFETCH(Period, period);
        QFETCH(std::int64_t, around);
        auto dice = seeded();
        const auto upTo = [&](std::int64_t most) { return std::int64_t(dice() % std::uint64_t(most)); };

        auto ledger = std::make_unique<Ledger>();
        Kept kept;
        std::map<std::int32_t, std::int64_t> spent; // by the period's first date
        std::vector<trace::Charge> charges;
        auto wall = around - 3 * kDay;
        std::int64_t steady = 0;
        std::int64_t total = 0;
        ledger->setLimits(kKey, withBudget(period), {wall, steady});
        auto first = periodAt(period, wall).day;
        for (int step = 0; step < 4'000; ++step) {
            switch (dice() % 40) {
            case 0: wall -= upTo(2 * kDay); break;
            case 1: wall += upTo(2 * kDay); break;
            case 2: wall = around - 3 * kDay + upTo(6 * kDay); break;
            case 3: wall = around + 365 * kDay + upTo(2 * kDay); break; // and back with the next case 2
            case 4:
                ledger = std::make_unique<Ledger>();
                ledger->restore(kept.use());
                ledger->setLimits(kKey, withBudget(period), {wall, steady});
                // Of a period in which nothing was spent nobody knows any more.
                first = spent.empty() ? periodAt(period, wall).day : spent.begin()->first;
                break;
            default: wall += upTo(kHour / 2);
            }
            steady += 1'000;
            const Instant now{wall, steady};
            // Before the first period ever seen, a clock opens no other.
            const auto day = std::max(periodAt(period, wall).day, first);
            const auto cost = 1 + upTo(20);
            auto place = ledger->reserve(kKey, {.tokens = 1, .cost = NanoUsd{cost}}, now);
            const auto known = spent.find(day);
            QCOMPARE(place.has_value(), (known == spent.end() ? 0 : known->second) + cost <= kLimit);
            if (!place)
                continue;
            // The end may lie in another period; the cost does not.
            place->settle({.tokens = 1, .cost = NanoUsd{cost}}, {wall + upTo(2 * kDay), steady}, charges);
            QCOMPARE(charges.back().day, day);
            spent[day] += cost;
            total += cost;
            kept.add(charges);
            QCOMPARE(ledger->use(kKey, now)->spent, spent[day]);
            QCOMPARE(ledger->use(kKey, now)->reserved, 0);
        }
        std::int64_t sum = 0;
        for (const auto &charge : kept.use().charges) {
            QCOMPARE(charge.cost.value, spent[charge.day]);
            sum += charge.cost.value;
        }
        QCOMPARE(sum, total);
    }

    void r21_goingBackOpensNoSpentBudget()
    {
        const Period daily{.kind = Kind::Day, .zone = "Europe/Berlin"};
        Ledger ledger;
        const auto today = wallOf("2026-11-21") + 12 * kHour;
        ledger.setLimits(kKey, withBudget(daily), {today, 0});
        std::vector<trace::Charge> charges;
        const auto spend = [&](std::int64_t wall, std::int64_t cost) {
            auto place = ledger.reserve(kKey, {.tokens = 1, .cost = NanoUsd{cost}}, {wall, 0});
            if (place)
                place->settle({.tokens = 1, .cost = NanoUsd{cost}}, {wall, 0}, charges);
            return place.has_value();
        };
        QVERIFY(spend(today, kLimit));
        QVERIFY(!spend(today - kDay, 1)); // never seen: no budget of its own
        QVERIFY(!spend(today - 400 * kDay, 1));
        QVERIFY(spend(today + kDay, kLimit - 5));
        QVERIFY(!spend(today, 1)); // seen, and spent
        QVERIFY(spend(today + 365 * kDay, 7));
        QVERIFY(spend(today + kDay, 5)); // as much as was left of it
        QVERIFY(!spend(today + kDay, 1));
        QCOMPARE(ledger.use(kKey, {today + 365 * kDay, 0})->spent, 7);
    }

    void r21_slidingWindowsDoNotLookAtTheCalendar()
    {
        Ledger ledger;
        const auto wall = wallOf("2026-11-21");
        const RateLimit hourly{.per = RateLimit::Per::Hour, .most = 2};
        ledger.setLimits(kKey, {.rates = {hourly}}, {wall, 0});
        std::vector<trace::Charge> charges;
        for (const std::int64_t jump : {std::int64_t(0), 365 * kDay}) {
            auto place = ledger.reserve(kKey, {}, {wall + jump, 1});
            QVERIFY(place);
            place->settle(Actual::nothing(), {wall + jump, 1}, charges);
        }
        for (const std::int64_t jump : {-kDay, std::int64_t(0), kDay, 365 * kDay})
            QVERIFY(!ledger.reserve(kKey, {}, {wall + jump, 10 * kSecond}));
        QVERIFY(ledger.reserve(kKey, {}, {wall - kDay, kHour + 2}));
    }

    void slidingWindowsAreThereAfterARestart_data()
    {
        QTest::addColumn<int>("per");
        QTest::addColumn<int>("unit");
        for (const auto per : {RateLimit::Per::Hour, RateLimit::Per::Day, RateLimit::Per::Week}) {
            QTest::addRow("requests %d", int(per)) << int(per) << int(RateLimit::Unit::Requests);
            QTest::addRow("tokens %d", int(per)) << int(per) << int(RateLimit::Unit::Tokens);
        }
    }

    // Restored sums are those that would have been, or less than a stretch stricter.
    void slidingWindowsAreThereAfterARestart()
    {
        QFETCH(int, per);
        QFETCH(int, unit);
        const bool ofTokens = unit == int(RateLimit::Unit::Tokens);
        const auto kept = *std::ranges::find_if(trace::kKeptWindows, [&](const trace::KeptWindow &window) {
            const auto spans = std::array{std::int64_t(0), std::int64_t(0), kHour, kDay, 7 * kDay};
            return trace::countsTokens(window.window) == ofTokens
                && window.span_us == spans[std::size_t(per)];
        });
        const KeyLimits limits{
            .rates = {{.unit = RateLimit::Unit(unit), .per = RateLimit::Per(per), .most = 1'000'000}}};
        auto dice = seeded();
        Ledger before;
        auto wall = wallOf("2026-11-21") + 1;
        std::int64_t steady = 77;
        before.setLimits(kKey, limits, {wall, steady});
        std::vector<trace::Charge> charges;
        std::vector<std::pair<std::int64_t, std::int64_t>> all; // when, how much
        for (int i = 0; i < 500; ++i) {
            const auto pause = std::int64_t(dice() % std::uint64_t(kept.span_us / 200));
            wall += pause;
            steady += pause;
            const auto tokens = std::int64_t(dice() % 50 + 1);
            before.reserve(kKey, {.tokens = tokens}, {wall, steady})
                ->settle({.tokens = tokens, .cost = NanoUsd{}}, {wall, steady}, charges);
            all.emplace_back(wall, ofTokens ? tokens : 1);
        }
        std::map<std::int64_t, std::int64_t> sums;
        for (const auto &charge : charges) {
            QCOMPARE(charge.windows, kept.window);
            const auto at = ofTokens ? charge.ended_us : charge.asked_us;
            sums[at - at % kept.grain_us] += ofTokens ? charge.tokens : 1;
        }
        trace::KeptUse use;
        for (const auto &[start, amount] : sums)
            use.windows.push_back({kKey.kind, kKey.id, kept.window, start, amount});

        Ledger after;
        after.restore(use);
        after.setLimits(kKey, limits, {wall, 5});
        for (std::int64_t later = 0; later <= kept.span_us + 2 * kept.grain_us; later += kept.grain_us / 3) {
            const auto since = [&](std::int64_t from) {
                std::int64_t sum = 0;
                for (const auto &[at, amount] : all)
                    sum += at >= from ? amount : 0;
                return sum;
            };
            const auto used = after.use(kKey, {wall + later, 5 + later})->rates.front();
            QCOMPARE_GE(used, since(wall + later - kept.span_us));
            QCOMPARE_LE(used, since(wall + later - kept.span_us - 2 * kept.grain_us));
        }
        // A clock that was set back meanwhile makes nothing free.
        Ledger back;
        back.restore(use);
        back.setLimits(kKey, limits, {wall - 30 * kDay, 5});
        std::int64_t sum = 0;
        for (const auto &one : use.windows)
            sum += one.amount;
        QCOMPARE(back.use(kKey, {wall - 30 * kDay, 5})->rates.front(), sum);
    }
};

QTEST_GUILESS_MAIN(TestBudgetPeriods)
#include "tst_budgetperiods.moc"
