// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCommandLineOption>
#include <QList>
#include <QString>
#include <QStringList>

namespace portolan::app {

/// What a command takes, for its --help and its parser.
struct Verb {
    QString name; ///< "account add"
    QString call; ///< of runCommand; empty when it needs none: it has code of its own here
    QString help;
    QStringList options;    ///< their names, without those that every command has
    QStringList operands{}; ///< what stands behind it, in order: "SLUG", "FILE"
};

[[nodiscard]] const QList<Verb> &verbs();
/// Those of the verb, and those that every command has.
[[nodiscard]] QList<QCommandLineOption> optionsOf(const Verb &verb);

} // namespace portolan::app
