// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/serve.h"
#include "core/control/commands.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

namespace portolan::app {

/// One request of `logs`: a line of columns, or its JSON.
void printLogLine(const QJsonObject &request, Voice voice);

/// What a command came to, on standard output. Foreign text is escaped for the terminal (threat-model G4).
void printResult(const QString &command, const control::CommandResult &result, Voice voice);

/// The problems of a config (control::toJson): "FILE:3:7: error: ..." in words.
void printProblems(const QString &file, const QJsonArray &problems, Voice voice);

/// What `simulate` found (simulation.cpp): a line for each step, and one for the end.
void printSimulation(const QJsonObject &simulation, Voice voice);

} // namespace portolan::app
