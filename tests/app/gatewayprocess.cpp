// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/gatewayprocess.h"

#include <QJsonDocument>

#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::test {

namespace {

const QString kProgram = QStringLiteral(PORTOLAN_GATEWAY);

} // namespace

GatewayProcess::GatewayProcess(QString data_directory)
    : m_data(std::move(data_directory))
{ }

GatewayProcess::~GatewayProcess()
{
    kill();
}

bool GatewayProcess::start(const QStringList &more)
{
    m_process.start(kProgram,
                    QStringList{u"serve"_s, u"--data"_s, m_data, u"--listen"_s, u"127.0.0.1:0"_s, u"--json"_s,
                                u"--key-file"_s}
                        + more);
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(10'000))
            return false;
    }
    const auto line = QJsonDocument::fromJson(m_process.readLine()).object();
    m_url = line["url"_L1].toString();
    return line["event"_L1].toString() == u"listening";
}

void GatewayProcess::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(10'000);
}

void GatewayProcess::terminate()
{
    m_process.terminate();
}

GatewayProcess::Outcome GatewayProcess::run(const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    process.start(kProgram, arguments + QStringList{u"--data"_s, m_data, u"--key-file"_s});
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(20'000))
        return {};
    return {.code = process.exitCode(),
            .out = process.readAllStandardOutput(),
            .err = process.readAllStandardError()};
}

QByteArray GatewayProcess::makeKey(const QString &name)
{
    return run({u"key"_s, u"create"_s, u"--name"_s, name, u"--json"_s})
        .json()["token"_L1]
        .toString()
        .toUtf8();
}

QJsonObject GatewayProcess::Outcome::json() const
{
    return QJsonDocument::fromJson(out).object();
}

QList<QJsonObject> GatewayProcess::Outcome::lines() const
{
    QList<QJsonObject> objects;
    for (const auto &line : out.split('\n')) {
        if (!line.isEmpty())
            objects.append(QJsonDocument::fromJson(line).object());
    }
    return objects;
}

} // namespace portolan::test
