// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/worker.h"

#include <utility>

namespace portolan::control {

Worker::Worker()
    : m_thread([this] { run(); })
{ }

Worker::~Worker()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ends = true;
    }
    m_wakes.notify_one();
    m_thread.join();
}

void Worker::post(std::function<void()> job)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_wakes.notify_one();
}

void Worker::run()
{
    while (true) {
        std::function<void()> job;
        {
            std::unique_lock lock(m_mutex);
            m_wakes.wait(lock, [this] { return m_ends || !m_jobs.empty(); });
            if (m_ends)
                return;
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job();
    }
}

} // namespace portolan::control
