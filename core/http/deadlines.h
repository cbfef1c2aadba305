// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/task.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace portolan::http {

/// All deadlines of one I/O thread under one timer, instead of a timer per operation. It fires when the
/// earliest is due, but at most every `resolution`; without entries it sleeps. Use on its thread only.
class DeadlineList
{
public:
    /// One waiting party. Unlinks itself when destroyed.
    class Entry
        : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
    {
    public:
        explicit Entry(DeadlineList &list, std::function<void()> expired = {});
        Entry(const Entry &) = delete;
        Entry &operator=(const Entry &) = delete;

        /// The function may arm the entry again or destroy others, but not its own.
        void onExpired(std::function<void()> expired);
        /// Calls `expired` once when the time is over; replaces an earlier deadline. Cheap: no allocation.
        void arm(std::chrono::milliseconds after);
        void armAt(std::chrono::steady_clock::time_point when);
        void disarm();
        [[nodiscard]] bool armed() const noexcept { return is_linked(); }

    private:
        friend class DeadlineList;
        DeadlineList &m_list;
        std::chrono::steady_clock::time_point m_when{};
        std::function<void()> m_expired;
    };

    explicit DeadlineList(asio::io_context &context,
                          std::chrono::milliseconds resolution = std::chrono::milliseconds{20});
    ~DeadlineList();

private:
    void watch(std::chrono::steady_clock::time_point when);
    void sweep();

    using Entries = boost::intrusive::list<Entry, boost::intrusive::constant_time_size<false>>;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                               Executor>
        m_timer;
    const std::chrono::milliseconds m_resolution;
    std::chrono::steady_clock::time_point m_armed_for{};
    bool m_armed = false;
    Entries m_entries;
    const std::shared_ptr<char> m_alive; // a sweep that is already queued when the list goes must not run
};

} // namespace portolan::http
