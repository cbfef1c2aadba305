// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "core/control/controlsocket.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <functional>
#include <string_view>

namespace portolan::control {

struct CommandResult {
    QJsonObject value{};
    SharedSecret secret{}; ///< the token of a key just made; null: none
};

/// Runs a command of portolan-gateway ("account.add", "key.list", "logs"...): the command line does so on a
/// Control of its own, or a running instance for it (ControlServer). Unknown commands and missing arguments
/// are errors with code "command.usage". Answers on the control's thread.
void runCommand(Control &control, const Command &command, std::function<void(Result<CommandResult>)> reply);

/// One line of `logs --json`: the narrow row in the words of the log.
[[nodiscard]] QJsonObject toJson(const trace::RequestRow &row);

/// The problems of a config with their lines and columns in its text.
[[nodiscard]] QJsonArray toJson(const routing::Problems &problems, std::string_view text);

[[nodiscard]] QString toWord(trace::Outcome outcome);
[[nodiscard]] QString toWord(UsageState state);
[[nodiscard]] QString toWord(trace::CostState state);

} // namespace portolan::control
