// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/server.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace portolan::test {

/// A server whose requests are answered by a coroutine of the test's.
class TestServer
{
public:
    using Answer = std::function<http::Task<>(http::Exchange &, http::IoThread &)>;

    explicit TestServer(Answer answer, http::ServerOptions options = {})
        : m_answer(std::move(answer))
    {
        options.port = 0;
        auto started = http::Server::start(std::move(options), [this](http::IoThread &thread) {
            return std::make_unique<TestHandler>(*this, thread);
        });
        if (started)
            m_server = *std::move(started);
    }

    [[nodiscard]] http::Server &server() { return *m_server; }
    [[nodiscard]] std::uint16_t port() const { return m_server->port(); }
    [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port()); }
    [[nodiscard]] int handled() const { return m_handled; }
    [[nodiscard]] std::vector<std::string> refusals() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_refusals;
    }

private:
    class TestHandler final : public http::Handler
    {
    public:
        TestHandler(TestServer &owner, http::IoThread &thread)
            : m_owner(owner)
            , m_thread(thread)
        { }
        http::Task<> handle(http::Exchange &exchange) override
        {
            ++m_owner.m_handled;
            co_await m_owner.m_answer(exchange, m_thread);
        }
        void refused(const http::RequestHead *, const http::Refusal &refusal,
                     std::chrono::steady_clock::time_point) override
        {
            const std::scoped_lock lock(m_owner.m_mutex);
            m_owner.m_refusals.push_back(refusal.code);
        }

    private:
        TestServer &m_owner;
        http::IoThread &m_thread;
    };

    const Answer m_answer;
    std::atomic<int> m_handled{0};
    mutable std::mutex m_mutex; // guards m_refusals
    std::vector<std::string> m_refusals;
    std::unique_ptr<http::Server> m_server;
};

} // namespace portolan::test
