// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace portolan::test {

/// A real portolan-gateway on a data directory of its own.
class GatewayProcess
{
public:
    explicit GatewayProcess(QString data_directory);
    ~GatewayProcess(); ///< kills what still runs

    /// Starts `serve` on a free port and waits until it listens; false when it ends instead.
    bool start(const QStringList &more = {});
    void kill();      ///< SIGKILL, and waits
    void terminate(); ///< SIGTERM
    bool waitForEnd(int ms) { return m_process.waitForFinished(ms); }
    [[nodiscard]] int exitCode() const { return m_process.exitCode(); }
    [[nodiscard]] bool endedNormally() const { return m_process.exitStatus() == QProcess::NormalExit; }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }
    [[nodiscard]] const QString &url() const { return m_url; } ///< "http://127.0.0.1:PORT/v1"
    [[nodiscard]] QByteArray errors() { return m_process.readAllStandardError(); }

    struct Outcome {
        int code = -1;
        QByteArray out{};
        QByteArray err{};

        [[nodiscard]] QJsonObject json() const;
        [[nodiscard]] QList<QJsonObject> lines() const;
    };
    /// Runs another command on the same data directory.
    Outcome run(const QStringList &arguments, const QByteArray &input = {});
    /// A new client key's token.
    QByteArray makeKey(const QString &name);

private:
    const QString m_data;
    QProcess m_process;
    QString m_url;
};

} // namespace portolan::test
