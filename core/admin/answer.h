// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/gateway/admincalls.h"

#include <memory>
#include <string>
#include <string_view>

namespace portolan::admin {

/// Answers one admin call. Copies answer the same call, the first one counts; when the last one goes
/// unanswered, as at the program's end, the caller hears that it was not. Any thread.
class Answer
{
public:
    explicit Answer(gateway::AdminCalls::Reply reply);

    void send(std::string json) const;
    void refuse(int status, std::string code, std::string message, std::string_view more = {}) const;
    void refuse(const Error &error) const; ///< with the status that its code means

private:
    class Once;
    std::shared_ptr<Once> m_once;
};

} // namespace portolan::admin
