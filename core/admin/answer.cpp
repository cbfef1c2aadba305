// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/answer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

namespace portolan::admin {

namespace {

int statusOf(const Error &error)
{
    constexpr auto kNotThere = std::to_array<std::string_view>(
        {"account.unknown", "config.unknown", "config.unknown_version", "key.unknown", "store.not_found"});
    constexpr auto kConflicts = std::to_array<std::string_view>(
        {"key.rotating", "store.config_in_use", "store.first_virtual_key", "store.slug_taken"});
    if (std::ranges::find(kNotThere, error.code) != kNotThere.end())
        return 404;
    if (std::ranges::find(kConflicts, error.code) != kConflicts.end())
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
    ~Once() { end(); }

    void send(gateway::AdminAnswer answer)
    {
        if (!m_is_sent.exchange(true))
            m_reply(std::move(answer));
    }
    void end()
    {
        send(gateway::adminFailure(
            503, "admin.ending", "Portolan is ending. Start it again and see whether the change was made."));
    }

private:
    const gateway::AdminCalls::Reply m_reply;
    std::atomic<bool> m_is_sent{false};
};

Answer::Answer(std::shared_ptr<Once> once)
    : m_once(std::move(once))
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

OpenAnswers::OpenAnswers() = default;
OpenAnswers::~OpenAnswers() = default;

Answer OpenAnswers::open(gateway::AdminCalls::Reply reply)
{
    auto once = std::make_shared<Answer::Once>(std::move(reply));
    const std::scoped_lock lock(m_mutex);
    if (m_has_ended) {
        once->end();
    } else {
        std::erase_if(m_open, [](const auto &answered) { return answered.expired(); });
        m_open.push_back(once);
    }
    return Answer(std::move(once));
}

void OpenAnswers::end()
{
    const std::scoped_lock lock(m_mutex);
    m_has_ended = true;
    for (const auto &open : m_open) {
        if (const auto once = open.lock())
            once->end();
    }
    m_open.clear();
}

} // namespace portolan::admin
