// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>

namespace portolan::bench {

inline std::int64_t threadNs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

/// Median over ten rounds of the nanoseconds that one call of `work` takes.
template <typename Work>
std::int64_t medianNs(int calls, Work work)
{
    std::array<std::int64_t, 10> rounds{};
    for (auto &round : rounds) {
        const auto began = threadNs();
        for (int i = 0; i < calls; ++i)
            work();
        round = (threadNs() - began) / calls;
    }
    std::ranges::sort(rounds);
    return (rounds[4] + rounds[5]) / 2;
}

} // namespace portolan::bench
