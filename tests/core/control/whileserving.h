// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

#include <chrono>
#include <future>
#include <utility>

namespace portolan::test {

/// Does `work`, which blocks, on another thread while this one runs the event loop: a command line or a
/// second window is another process.
template <typename Work>
auto whileServing(Work work)
{
    using namespace std::chrono_literals;
    auto future = std::async(std::launch::async, std::move(work));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(future.wait_for(0s) == std::future_status::ready, 20'000); }();
    return future.get();
}

} // namespace portolan::test
