// SPDX-License-Identifier: GPL-3.0-or-later
//
// Requests on the account of a key with limits, until it is killed: store_spender DIRECTORY PER_SECOND.
// Prints "begin ID RESERVED" after a request was let in and noted, "end ID COST" after its record was handed
// over.

#include "core/admission/ledger.h"
#include "tests/core/store/records.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

using namespace portolan;
using namespace portolan::store;
using admission::Instant;

namespace {

struct Running {
    admission::Reservation place{};
    trace::Record record{};
    std::int64_t cost = 0;
    std::int64_t ends_us = 0;
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() != 3)
        return 2;
    const auto store = openStore(std::filesystem::path(arguments[1].toStdString()));
    const std::chrono::microseconds step(1'000'000 / std::max(arguments[2].toInt(), 1));
    std::setvbuf(stdout, nullptr, _IONBF, 0);

    admission::Ledger ledger;
    ledger.restore((*store->openReader())->keyUse().value());
    ledger.setLimits(kSpender, spenderLimits(), Instant::now());

    std::mt19937 dice{unsigned(nowUs())};
    std::vector<Running> running;
    std::int64_t last = 0;
    for (auto next = std::chrono::steady_clock::now();; next += step) {
        std::this_thread::sleep_until(next);
        const auto now = Instant::now();
        last = std::max(last + 1, nowUs());
        const std::int64_t reserved = 1'000 + dice() % 1'000;
        auto place = ledger.reserve(kSpender, {.tokens = 10, .cost = NanoUsd{reserved}}, now);
        if (!place)
            return 1;
        auto &one = running.emplace_back(*std::move(place), plainRecord(last), dice() % reserved, 0);
        one.ends_us = now.steady_us + dice() % 300'000; // shorter and longer than a batch
        auto noted = one.record;
        noted.charges.push_back(*one.place.pending());
        store->noteRunning(std::move(noted));
        std::printf("begin %lld %lld\n", static_cast<long long>(last), static_cast<long long>(reserved));

        std::erase_if(running, [&](Running &ending) {
            if (ending.ends_us > now.steady_us)
                return false;
            ending.record.cost = NanoUsd{ending.cost};
            ending.place.settle({.tokens = 5, .cost = NanoUsd{ending.cost}}, now, ending.record.charges);
            const auto id = ending.record.id.value;
            if (!store->tryAppend(ending.record))
                store->appendShedding(std::move(ending.record));
            std::printf("end %lld %lld\n", static_cast<long long>(id), static_cast<long long>(ending.cost));
            return true;
        });
    }
}
