// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/deadlines.h"
#include "core/http/upstream.h"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace portolan::test {

using MakeTransport = std::function<Result<std::unique_ptr<http::UpstreamTransport>>(
    http::asio::io_context &, http::DeadlineList &, http::DirectOptions)>;

/// What one call came to.
struct Outcome {
    int status = 0;
    std::string body{};
    std::string error{}; ///< code; empty when all went well
    std::string message{};
    http::Fields fields{};
    http::CallTimings timings{};
};

/// An I/O thread's loop, run by the test's own thread until its coroutines have ended.
class UpstreamLoop
{
public:
    explicit UpstreamLoop(const MakeTransport &make, http::DirectOptions options = {})
        : m_transport(make(m_context, m_deadlines, std::move(options)).value())
    { }

    /// Sends, reads to the end; what the reply was.
    http::Task<> call(http::UpstreamRequest request, Outcome &outcome)
    {
        const auto call = m_transport->open(std::move(request));
        co_await finish(*call, outcome);
    }

    static http::Task<> finish(http::UpstreamCall &call, Outcome &outcome)
    {
        const auto reply = co_await call.send();
        if (!reply) {
            outcome.error = reply.error().code;
            outcome.message = reply.error().message;
        } else {
            outcome.status = reply->status;
            outcome.fields = reply->fields;
        }
        while (reply) {
            const auto piece = co_await call.read();
            if (!piece)
                outcome.error = piece.error().code;
            if (!piece || piece->empty())
                break;
            outcome.body += *piece;
        }
        outcome.timings = call.timings();
    }

    void spawn(http::Task<> task)
    {
        ++m_running;
        http::asio::co_spawn(m_context, std::move(task), [this](std::exception_ptr error) {
            --m_running;
            if (error)
                m_failure = error;
        });
    }

    /// Until every coroutine has ended; deadlines that nobody waits for do not count.
    void run()
    {
        m_context.restart();
        while (m_running > 0)
            m_context.run_one();
        if (m_failure)
            std::rethrow_exception(m_failure);
    }

    Outcome ask(http::UpstreamRequest request)
    {
        Outcome outcome;
        spawn(call(std::move(request), outcome));
        run();
        return outcome;
    }

    [[nodiscard]] http::asio::io_context &context() { return m_context; }
    [[nodiscard]] http::UpstreamTransport &transport() { return *m_transport; }

private:
    http::asio::io_context m_context{1};
    http::DeadlineList m_deadlines{m_context, std::chrono::milliseconds{1}};
    std::unique_ptr<http::UpstreamTransport> m_transport;
    std::exception_ptr m_failure;
    int m_running = 0;
};

/// POST /v1/x to loopback with short times.
[[nodiscard]] inline http::UpstreamRequest requestTo(std::uint16_t port, std::string_view body = "{}")
{
    using namespace std::chrono_literals;
    http::UpstreamRequest request;
    request.endpoint = {.host = "127.0.0.1", .port = port, .tls = false};
    request.target = "/v1/x";
    request.fields.add("Content-Type", "application/json");
    request.body = {body};
    request.connect_timeout = 2s;
    request.first_byte_timeout = 2s;
    request.idle_timeout = 2s;
    return request;
}

} // namespace portolan::test
