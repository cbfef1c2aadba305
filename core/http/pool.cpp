// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/pool.h"

#include <algorithm>
#include <utility>

#include <time.h>

namespace portolan::http {

namespace {

constexpr std::chrono::seconds kNap{5}; // connections outlive a shorter one

#ifdef CLOCK_BOOTTIME
std::chrono::nanoseconds read(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}
#endif

} // namespace

std::chrono::nanoseconds timeAsleep()
{
#ifdef CLOCK_BOOTTIME
    return read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC);
#else
    return std::chrono::nanoseconds{
        0}; // elsewhere the steady clock goes on, and idle times end by themselves
#endif
}

Pool::Pool(DeadlineList &deadlines, const Limits &limits, Asleep asleep)
    : m_limits(limits)
    , m_asleep(std::move(asleep))
    , m_slept(m_asleep())
    , m_sweep(deadlines, [this] { closeOld(); })
{ }

void Pool::closeAllAfterSleep()
{
    const auto slept = m_asleep();
    if (slept - std::exchange(m_slept, slept) > kNap)
        m_hosts.clear();
}

std::unique_ptr<Connection> Pool::take(const Endpoint &endpoint)
{
    closeAllAfterSleep();
    const auto host = std::ranges::find(m_hosts, endpoint, &Host::endpoint);
    if (host == m_hosts.end())
        return nullptr;
    const auto now = Clock::now();
    while (!host->idle.empty()) {
        auto newest = std::move(host->idle.back());
        host->idle.pop_back();
        const bool young = now - newest.since < m_limits.pool_idle
            && now - newest.connection->openedAt() < m_limits.pool_lifetime;
        if (young && newest.connection->isQuiet())
            return std::move(newest.connection);
    }
    return nullptr;
}

void Pool::give(std::unique_ptr<Connection> connection)
{
    closeAllAfterSleep();
    const auto now = Clock::now();
    if (now - connection->openedAt() >= m_limits.pool_lifetime)
        return;
    auto host = std::ranges::find(m_hosts, connection->endpoint(), &Host::endpoint);
    if (host == m_hosts.end())
        host = m_hosts.insert(host, Host{.endpoint = connection->endpoint(), .idle = {}});
    if (host->idle.size() >= m_limits.pool_per_host)
        host->idle.erase(host->idle.begin());
    connection->rest();
    host->idle.push_back({.connection = std::move(connection), .since = now});
    if (!m_sweep.armed())
        m_sweep.arm(m_limits.pool_idle);
}

void Pool::closeOld()
{
    const auto too_old = Clock::now() - m_limits.pool_idle;
    auto oldest = Clock::time_point::max();
    for (auto &host : m_hosts) {
        std::erase_if(host.idle, [too_old](const Idle &idle) { return idle.since <= too_old; });
        if (!host.idle.empty())
            oldest = std::min(oldest, host.idle.front().since);
    }
    std::erase_if(m_hosts, [](const Host &host) { return host.idle.empty(); });
    if (!m_hosts.empty())
        m_sweep.armAt(oldest + m_limits.pool_idle);
}

} // namespace portolan::http
