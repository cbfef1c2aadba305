// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/gateway/admincalls.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::admin {

class OpenAnswers;

/// Answers one admin call. Copies answer the same call, the first one counts; when the last one goes
/// unanswered, the caller hears that it was not. Any thread.
class Answer
{
public:
    void send(std::string json) const;
    void refuse(int status, std::string code, std::string message, std::string_view more = {}) const;
    void refuse(const Error &error) const; ///< with the status that its code means

private:
    friend OpenAnswers;
    class Once;
    explicit Answer(std::shared_ptr<Once> once);

    std::shared_ptr<Once> m_once;
};

/// The calls that were not answered yet, so that none of them waits for a program that ends. Any thread.
class OpenAnswers
{
public:
    OpenAnswers();
    ~OpenAnswers();

    [[nodiscard]] Answer open(gateway::AdminCalls::Reply reply);
    /// Tells the callers of all open calls, and of those still to come, that the program ends.
    void end();

private:
    std::mutex m_mutex; // guards all members
    std::vector<std::weak_ptr<Answer::Once>> m_open;
    bool m_has_ended = false;
};

} // namespace portolan::admin
