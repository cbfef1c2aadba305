// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"

#include <QJsonObject>
#include <QString>

#include <functional>

namespace portolan::control {

/// A command of portolan-gateway: "account.add", "key.list", "logs"... The command line runs it on a Control of its own,
/// or a running instance runs it for the command line (ControlServer).
struct CommandCall {
    QString name{};
    QJsonObject arguments{};
    SharedSecret secret{}; ///< a credential read from standard input; null: none
};

struct CommandResult {
    QJsonObject value{};
    SharedSecret secret{}; ///< the token of a key just made; null: none
};

/// Runs the command; unknown ones and missing arguments are errors with code "command.usage". Answers on the control's
/// thread.
void runCommand(Control &control, const CommandCall &call, std::function<void(Result<CommandResult>)> reply);

/// One line of `logs --json`: the narrow row in the words of the log.
[[nodiscard]] QJsonObject toJson(const trace::RequestRow &row);

[[nodiscard]] QString toWord(trace::Outcome outcome);
[[nodiscard]] QString toWord(UsageState state);
[[nodiscard]] QString toWord(trace::CostState state);

} // namespace portolan::control
