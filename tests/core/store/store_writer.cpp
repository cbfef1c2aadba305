// SPDX-License-Identifier: GPL-3.0-or-later
//
// Appends requests to the store of a directory until it is killed: store_writer DIRECTORY PER_SECOND. Prints
// the id of each after it was handed over.

#include "tests/core/store/records.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace portolan::store;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() != 3)
        return 2;
    const auto store = openStore(std::filesystem::path(arguments[1].toStdString()));
    const std::chrono::microseconds step(1'000'000 / std::max(arguments[2].toInt(), 1));
    std::setvbuf(stdout, nullptr, _IONBF, 0);

    std::int64_t last = 0;
    for (auto next = std::chrono::steady_clock::now();; next += step) {
        std::this_thread::sleep_until(next);
        last = std::max(last + 1, nowUs());
        auto record = fullRecord(last);
        if (!store->tryAppend(record))
            store->appendShedding(std::move(record));
        std::printf("%lld\n", static_cast<long long>(last));
    }
}
