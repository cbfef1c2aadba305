// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace portolan::control {

/// One thread for everything that would make the window wait: reading the store, starting and draining the
/// listener. Jobs run one after another; what is left at the end is dropped.
class Worker
{
public:
    Worker();
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void post(std::function<void()> job); ///< any thread

private:
    void run();

    std::mutex m_mutex; // guards m_jobs and m_ends
    std::condition_variable m_wakes;
    std::deque<std::function<void()>> m_jobs;
    bool m_ends = false;
    std::thread m_thread; // last: starts when all else is there
};

} // namespace portolan::control
