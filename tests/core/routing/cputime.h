// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <ctime>

namespace portolan::routing {

/// Processor time of this thread: a busy machine makes no test fail.
class CpuTimer
{
public:
    CpuTimer()
        : m_began_ms(now_ms())
    { }
    [[nodiscard]] std::int64_t elapsed_ms() const { return now_ms() - m_began_ms; }

private:
    static std::int64_t now_ms()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return std::int64_t(now.tv_sec) * 1'000 + now.tv_nsec / 1'000'000;
    }

    const std::int64_t m_began_ms;
};

} // namespace portolan::routing
