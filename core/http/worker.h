// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/http/listenerrules.h"
#include "core/http/server.h"
#include "core/http/session.h"

#include <boost/asio/executor_work_guard.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace portolan::http {

/// What the I/O threads of one server share.
struct ServerState {
    const Limits limits;
    const ListenerRules rules;
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> refused_connections{0};
    std::atomic<std::uint64_t> refused_requests{0};
    std::atomic<std::uint64_t> accept_pauses{0};
    std::atomic<int> open{0};        // connections being served
    std::atomic<int> turned_away{0}; // connections that are still being told so
};

/// One I/O thread: its loop, its deadlines, its handler and its connections.
class Worker
{
public:
    Worker(ServerState &state, int index, const Server::MakeHandler &make_handler);
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void start();
    void join();

    /// Takes a connected descriptor over. Any thread.
    void give(int descriptor, bool v6);
    void post(std::function<void(Handler &)> job); ///< any thread
    /// Ends the thread when its requests have ended, but at the latest after `patience`. Any thread.
    void drain(std::chrono::milliseconds patience);

    // On its own thread:
    [[nodiscard]] asio::io_context &context() noexcept { return m_context; }
    [[nodiscard]] DeadlineList &deadlines() noexcept { return *m_deadlines; }
    [[nodiscard]] Handler &handler() noexcept { return *m_handler; }
    [[nodiscard]] const Limits &limits() const noexcept { return m_state.limits; }
    [[nodiscard]] const ListenerRules &rules() const noexcept { return m_state.rules; }
    [[nodiscard]] std::span<char> scratch() noexcept { return m_scratch; } ///< valid until the next await
    [[nodiscard]] std::string &headScratch() noexcept { return m_head_scratch; }
    void countRefused() noexcept { m_state.refused_requests.fetch_add(1, std::memory_order_relaxed); }

private:
    /// Asio destroys waiting coroutines in shutdown(), which must come before the handler they refer to goes.
    struct Context : asio::io_context {
        using asio::io_context::io_context;
        void dropEverything()
        {
            shutdown();
            shutdown(); // what the first left to the loop
        }
    };
    using Sessions = boost::intrusive::list<Session, boost::intrusive::constant_time_size<false>>;

    void adopt(int descriptor, bool v6);
    void run();
    void beginDrain(std::chrono::milliseconds patience);
    void cutAll();
    void sessionEnded();

    ServerState &m_state;
    Context m_context{1};
    std::optional<DeadlineList> m_deadlines;
    IoThread m_thread;
    std::unique_ptr<Handler> m_handler;
    Sessions m_sessions;
    asio::executor_work_guard<Executor> m_work;
    std::optional<DeadlineList::Entry> m_patience;
    bool m_draining = false;
    std::vector<char> m_scratch;
    std::string m_head_scratch;
    std::thread m_running;
};

} // namespace portolan::http
