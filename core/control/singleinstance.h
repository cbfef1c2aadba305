// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/control/localsocket.h"

#include <QObject>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

class QLocalServer;
class QLocalSocket;

namespace portolan::control {

/// One window per data directory: a second start asks the first to come to the front and hands over the files
/// it was given, and nothing else (threat-model F1, F2; reliability R17). Which instance is first is decided
/// by the store's lock, not here: listen after it is held.
class SingleInstance : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxMessage = 64 * 1024;
    static constexpr qsizetype kMaxFiles = 256;

    /// Asks the running window to come to the front. `files` are made absolute; what has no place in a
    /// message is left out. False when no window runs on that data directory, or it does not answer within
    /// two seconds. Blocking.
    static bool notifyRunning(const std::filesystem::path &data_directory, const QStringList &files);

    /// Errors: see localSocketPath and listenOn.
    static Result<std::unique_ptr<SingleInstance>> listen(const std::filesystem::path &data_directory);
    ~SingleInstance() override;

signals:
    /// Bring the window to the front and offer to import the files, absolute names; often there are none.
    void raised(const QStringList &files);

private:
    SingleInstance();
    void greet();
    void readFrom(QLocalSocket *peer);

    std::unique_ptr<QLocalServer> m_server;
};

/// {"files":["/a/b", ...]} and a line break; "control.bad_message" for anything else.
Result<QStringList> parseRaiseMessage(std::string_view line);
[[nodiscard]] std::string printRaiseMessage(const QStringList &files);

} // namespace portolan::control
