// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/exchange.h"
#include "core/http/task.h"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::gateway {

/// A call of the control plane, read whole, with a client key that may make it.
struct AdminCall {
    http::Method method = http::Method::Get;
    std::string path{};                ///< normal form
    std::string query{};               ///< after '?', as sent
    std::string body{};                ///< as sent, not looked at yet; empty: none came
    std::string key_name{};            ///< of the client key
    std::vector<std::string> scopes{}; ///< likewise (admission/scopes.h)
};

struct AdminAnswer {
    int status = 200;
    std::string body{};          ///< JSON
    std::string error_code{};    ///< stable, for the record; empty when it went well
    std::string error_message{}; ///< likewise
};

/// What answers admin calls: the data path only knows that somebody does, elsewhere and later, because it
/// takes the store.
class AdminCalls
{
public:
    using Reply = std::function<void(AdminAnswer)>;

    virtual ~AdminCalls() = default;
    /// Returns at once. `reply` is called once, on any thread; it may come after whoever asked has gone. Any
    /// thread.
    virtual void answer(AdminCall call, Reply reply) = 0;
    /// Answers all calls at once, those to come too: the program ends and nobody works on them. Any thread.
    virtual void end() = 0;
};

/// The most bytes of an admin call's body: a config of 1 MiB inside the JSON around it, also as a string.
inline constexpr std::size_t kMostAdminBytes = std::size_t{3} << 20;

/// Paths of the control plane (gateway-protocol 1.8, 1.10): /v1/configs and what lies under it, /v1/api-keys
/// likewise, and so on.
[[nodiscard]] bool isAdminPath(std::string_view path) noexcept;

/// An error with both bodies, the control plane's (gateway-protocol 5.4) and ours (architecture 9.15).
/// `more`: further members of the top object, each with a comma before it.
[[nodiscard]] AdminAnswer adminFailure(int status, std::string code, std::string message,
                                       std::string_view more = {});

/// Where an answer out of another thread meets the coroutine that waits for it. Lives in that coroutine.
class AdminWait
{
public:
    explicit AdminWait(http::asio::io_context &io);
    ~AdminWait();
    AdminWait(const AdminWait &) = delete;
    AdminWait &operator=(const AdminWait &) = delete;

    [[nodiscard]] AdminCalls::Reply reply() const;        ///< to be called on any thread
    [[nodiscard]] std::function<void()> givingUp() const; ///< ends wait() without an answer; on this thread
    /// Nothing when none came in time, or when it was given up.
    http::Task<std::optional<AdminAnswer>> wait(std::chrono::milliseconds most);

private:
    using Timer = http::asio::basic_waitable_timer<
        std::chrono::steady_clock, http::asio::wait_traits<std::chrono::steady_clock>, http::Executor>;
    struct Meeting;

    Timer m_timer;
    const std::shared_ptr<Meeting> m_meeting;
};

} // namespace portolan::gateway
