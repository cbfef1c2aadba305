// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/deadlines.h"

#include <algorithm>
#include <utility>

namespace portolan::http {

using Clock = std::chrono::steady_clock;

DeadlineList::Entry::Entry(DeadlineList &list, std::function<void()> expired)
    : m_list(list)
    , m_expired(std::move(expired))
{ }

void DeadlineList::Entry::onExpired(std::function<void()> expired)
{
    m_expired = std::move(expired);
}

void DeadlineList::Entry::arm(std::chrono::milliseconds after)
{
    armAt(Clock::now() + after);
}

void DeadlineList::Entry::armAt(Clock::time_point when)
{
    m_when = when;
    if (!is_linked())
        m_list.m_entries.push_back(*this);
    m_list.watch(when);
}

void DeadlineList::Entry::disarm()
{
    if (is_linked())
        unlink();
}

DeadlineList::DeadlineList(asio::io_context &context, std::chrono::milliseconds resolution)
    : m_timer(context.get_executor())
    , m_resolution(resolution)
    , m_alive(std::make_shared<char>())
{ }

DeadlineList::~DeadlineList()
{
    m_entries.clear();
}

void DeadlineList::watch(Clock::time_point when)
{
    // A timer that fires too early only looks and goes on, so later deadlines and disarming cost nothing
    // here.
    if (m_armed && when >= m_armed_for)
        return;
    m_armed = true;
    m_armed_for = when;
    m_timer.expires_at(when);
    m_timer.async_wait([this, alive = std::weak_ptr(m_alive)](const boost::system::error_code &error) {
        if (!error && !alive.expired())
            sweep();
    });
}

void DeadlineList::sweep()
{
    m_armed = false;
    const auto now = Clock::now();
    Entries due;
    auto earliest = Clock::time_point::max();
    for (auto at = m_entries.begin(); at != m_entries.end();) {
        Entry &entry = *at++;
        if (entry.m_when <= now) {
            entry.unlink();
            due.push_back(entry);
        } else {
            earliest = std::min(earliest, entry.m_when);
        }
    }
    if (earliest != Clock::time_point::max())
        watch(std::max(earliest, now + m_resolution));
    // A callback may disarm or destroy entries that are still to come: they then leave `due` by themselves.
    while (!due.empty()) {
        Entry &entry = due.front();
        entry.unlink();
        if (entry.m_expired)
            entry.m_expired();
    }
}

} // namespace portolan::http
