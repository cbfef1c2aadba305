// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/answer.h"

#include <atomic>
#include <utility>

namespace portolan::admin {

namespace {

int statusOf(const Error &error)
{
    if (error.code == "config.unknown" || error.code == "config.unknown_version"
        || error.code == "store.not_found")
        return 404;
    if (error.code == "store.config_in_use")
        return 409;
    if (error.origin == Origin::Client)
        return 400;
    return error.retryable ? 503 : 500;
}

} // namespace

class Answer::Once
{
public:
    explicit Once(gateway::AdminCalls::Reply reply)
        : m_reply(std::move(reply))
    { }
    Once(const Once &) = delete;
    Once &operator=(const Once &) = delete;
    ~Once() { send(gateway::adminFailure(503, "admin.ending", "Portolan is ending; try again.")); }

    void send(gateway::AdminAnswer answer)
    {
        if (!m_is_sent.exchange(true))
            m_reply(std::move(answer));
    }

private:
    const gateway::AdminCalls::Reply m_reply;
    std::atomic<bool> m_is_sent{false};
};

Answer::Answer(gateway::AdminCalls::Reply reply)
    : m_once(std::make_shared<Once>(std::move(reply)))
{ }

void Answer::send(std::string json) const
{
    m_once->send({.status = 200, .body = std::move(json)});
}

void Answer::refuse(int status, std::string code, std::string message, std::string_view more) const
{
    m_once->send(gateway::adminFailure(status, std::move(code), std::move(message), more));
}

void Answer::refuse(const Error &error) const
{
    refuse(statusOf(error), error.code, error.message);
}

} // namespace portolan::admin
