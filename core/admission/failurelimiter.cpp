// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/clientkeys.h"

#include <algorithm>

namespace portolan::admission {

FailureLimiter::FailureLimiter(double per_second, double burst)
    : m_per_second(per_second)
    , m_burst(burst)
    , m_tokens(burst)
{ }

bool FailureLimiter::allows(std::chrono::steady_clock::time_point now)
{
    refill(now);
    return m_tokens >= 1.0;
}

void FailureLimiter::failed(std::chrono::steady_clock::time_point now)
{
    refill(now);
    m_tokens = std::max(0.0, m_tokens - 1.0);
}

void FailureLimiter::refill(std::chrono::steady_clock::time_point now)
{
    const std::chrono::duration<double> passed = now - m_last;
    if (passed.count() <= 0.0)
        return;
    m_tokens = std::min(m_burst, m_tokens + passed.count() * m_per_second);
    m_last = now;
}

} // namespace portolan::admission
