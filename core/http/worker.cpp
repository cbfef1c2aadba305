// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/worker.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

#include <unistd.h>

namespace portolan::http {

namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;
constexpr int kMostTurnedAway
    = 64; // connections over the limit that are told so; further ones are just closed
constexpr std::chrono::milliseconds kLastWords{500};

} // namespace

Worker::Worker(ServerState &state, int index, const Server::MakeHandler &make_handler)
    : m_state(state)
    , m_deadlines(std::in_place, m_context)
    , m_thread{.context = m_context, .deadlines = *m_deadlines, .index = index}
    , m_handler(make_handler(m_thread))
    , m_work(m_context.get_executor())
    , m_patience(std::in_place, *m_deadlines)
    , m_scratch(kScratchBytes)
{ }

Worker::~Worker()
{
    join();
}

void Worker::start()
{
    m_running = std::thread([this] { run(); });
}

void Worker::join()
{
    if (m_running.joinable())
        m_running.join();
}

void Worker::run()
{
    while (true) {
        try {
            m_context.run();
            break;
        } catch (const std::exception &) {
            // One job failed; the loop goes on with the next (reliability R34).
            continue;
        }
    }
    for (auto &session : m_sessions)
        session.abandon();
    m_context.restart();
    m_context.poll(); // the abandoned coroutines unwind
    m_context.dropEverything();
    m_handler.reset();
}

void Worker::give(int descriptor, bool v6)
{
    if (m_running.get_id() == std::this_thread::get_id()) {
        adopt(descriptor, v6);
        return;
    }
    asio::post(m_context, [this, descriptor, v6] { adopt(descriptor, v6); });
}

void Worker::adopt(int descriptor, bool v6)
{
    auto channel = std::make_shared<Channel>(m_context);
    if (m_draining || !channel->adopt(descriptor, v6)) {
        ::close(descriptor);
        m_state.open.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    const bool full
        = m_state.open.load(std::memory_order_relaxed) > static_cast<int>(m_state.limits.client_connections);
    if (full) {
        m_state.open.fetch_sub(1, std::memory_order_relaxed);
        m_state.refused_connections.fetch_add(1, std::memory_order_relaxed);
        if (m_state.turned_away.load(std::memory_order_relaxed) >= kMostTurnedAway)
            return;
        m_state.turned_away.fetch_add(1, std::memory_order_relaxed);
    }
    auto session = std::make_shared<Session>(*this, std::move(channel));
    m_sessions.push_back(*session);
    auto serving = full ? Session::turnAway(std::move(session)) : Session::serve(std::move(session));
    asio::co_spawn(m_context, std::move(serving), [this, full](const std::exception_ptr &) {
        (full ? m_state.turned_away : m_state.open).fetch_sub(1, std::memory_order_relaxed);
        sessionEnded();
    });
}

void Worker::post(std::function<void(Handler &)> job)
{
    asio::post(m_context, [this, job = std::move(job)] { job(*m_handler); });
}

void Worker::drain(std::chrono::milliseconds patience)
{
    asio::post(m_context, [this, patience] { beginDrain(patience); });
}

void Worker::beginDrain(std::chrono::milliseconds patience)
{
    m_draining = true;
    for (auto &session : m_sessions)
        session.drain();
    m_patience->onExpired([this] { cutAll(); });
    m_patience->arm(patience);
    sessionEnded();
}

void Worker::cutAll()
{
    for (auto &session : m_sessions)
        session.cut();
    m_patience->onExpired([this] { m_context.stop(); });
    m_patience->arm(kLastWords);
}

void Worker::sessionEnded()
{
    if (m_draining && m_sessions.empty())
        m_context.stop();
}

} // namespace portolan::http
