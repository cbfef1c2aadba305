// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/admincalls.h"

#include "core/base/jsonwriter.h"
#include "core/gateway/refusals.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <mutex>
#include <utility>

namespace portolan::gateway {

namespace {

/// The control plane's own codes.
std::string_view planeCode(int status)
{
    switch (status) {
    case 401: return "AB05";
    case 403: return "AB03";
    case 404: return "AB02";
    case 409: return "AB07";
    case 429: return "AB06";
    default: return status >= 500 ? "AB04" : "AB01";
    }
}

} // namespace

bool isAdminPath(std::string_view path) noexcept
{
    for (const std::string_view parent :
         {"/v1/configs", "/v1/logs", "/v1/virtual-keys", "/v1/providers", "/v1/integrations", "/v1/api-keys",
          "/v1/audit-logs", "/v1/openapi.json"}) {
        if (path.starts_with(parent) && (path.size() == parent.size() || path[parent.size()] == '/'))
            return true;
    }
    return false;
}

AdminAnswer adminFailure(int status, std::string code, std::string message, std::string_view more)
{
    AdminAnswer answer{.status = status};
    JsonWriter json(answer.body);
    json.object().member("success", false).member("status", "failure").member("message", message);
    json.key("data").object().member("message", message).end();
    json.key("error").object().member("message", message).member("type", errorType(status));
    json.key("param").null();
    // A path that is no route has a code of its own.
    json.member("code", code == "admin.no_route" ? "AB08" : planeCode(status)).end().end();
    answer.body.insert(answer.body.size() - 1, more);
    answer.error_code = std::move(code);
    answer.error_message = std::move(message);
    return answer;
}

struct AdminWait::Meeting {
    std::mutex mutex;       // guards all members
    Timer *timer = nullptr; ///< of the one who waits; null when nobody does any more
    std::optional<AdminAnswer> answer{};
    bool gives_up = false;
};

AdminWait::AdminWait(http::asio::io_context &io)
    : m_timer(io)
    , m_meeting(std::make_shared<Meeting>())
{
    m_meeting->timer = &m_timer;
}

AdminWait::~AdminWait()
{
    const std::scoped_lock lock(m_meeting->mutex);
    m_meeting->timer = nullptr;
}

AdminCalls::Reply AdminWait::reply() const
{
    return [meeting = m_meeting](AdminAnswer answer) {
        const std::scoped_lock lock(meeting->mutex);
        if (!meeting->timer || meeting->answer)
            return;
        meeting->answer = std::move(answer);
        // The timer belongs to the I/O thread; while it is there, so is its context.
        http::asio::post(meeting->timer->get_executor(), [meeting] {
            const std::scoped_lock again(meeting->mutex);
            if (meeting->timer)
                meeting->timer->cancel();
        });
    };
}

std::function<void()> AdminWait::givingUp() const
{
    return [meeting = m_meeting] {
        const std::scoped_lock lock(meeting->mutex);
        meeting->gives_up = true;
        if (meeting->timer)
            meeting->timer->cancel();
    };
}

http::Task<std::optional<AdminAnswer>> AdminWait::wait(std::chrono::milliseconds most)
{
    m_timer.expires_after(most);
    while (true) {
        {
            const std::scoped_lock lock(m_meeting->mutex);
            const bool late = std::chrono::steady_clock::now() >= m_timer.expiry();
            if (m_meeting->answer || m_meeting->gives_up || late)
                co_return std::move(m_meeting->answer);
        }
        boost::system::error_code cancelled; // by an answer
        co_await m_timer.async_wait(http::asio::redirect_error(http::useTask, cancelled));
    }
}

} // namespace portolan::gateway
