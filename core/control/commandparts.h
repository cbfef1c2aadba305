// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/commands.h"

#include <functional>
#include <utility>

namespace portolan::control {

// What the commands of portolan-gateway are made of.

using Answer = std::function<void(Result<CommandResult>)>;

[[nodiscard]] inline std::unexpected<Error> usage(const QString &message)
{
    return fail({.origin = Origin::Client, .code = "command.usage", .message = message.toStdString()});
}

[[nodiscard]] inline CommandResult valueOf(QJsonObject value)
{
    return {.value = std::move(value)};
}

/// Answers with an empty object, or hands the error on.
[[nodiscard]] inline Reply<> done(Answer answer)
{
    return [answer = std::move(answer)](Result<> result) {
        if (result)
            answer(valueOf({}));
        else
            answer(fail(std::move(result).error()));
    };
}

} // namespace portolan::control
