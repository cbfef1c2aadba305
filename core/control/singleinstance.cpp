// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/singleinstance.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTimer>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portolan::control {

namespace {

constexpr std::string_view kSocketName = "window.sock";
constexpr std::string_view kDone = "ok\n";
constexpr int kMaxPeers = 8;
constexpr auto kPatience = 2s;

std::unexpected<Error> bad()
{
    return fail({
        .origin = Origin::Client,
        .code = "control.bad_message",
        .message = "The message of a second instance names at most 256 files.",
    });
}

bool isFileName(const QString &name)
{
    return name.startsWith(u'/') && !name.contains(QChar(0)) && !name.contains(QChar::ReplacementCharacter);
}

} // namespace

Result<QStringList> parseRaiseMessage(std::string_view line)
{
    if (qsizetype(line.size()) > SingleInstance::kMaxMessage)
        return bad();
    QJsonParseError error;
    const QByteArray bytes = QByteArray::fromRawData(line.data(), qsizetype(line.size()));
    const QJsonObject object = QJsonDocument::fromJson(bytes, &error).object();
    if (error.error != QJsonParseError::NoError || object.size() != 1 || !object["files"_L1].isArray())
        return bad();
    const QJsonArray names = object["files"_L1].toArray();
    if (names.size() > SingleInstance::kMaxFiles)
        return bad();
    QStringList files;
    for (const QJsonValue name : names) {
        if (!isFileName(name.toString()))
            return bad();
        files.append(name.toString());
    }
    return files;
}

std::string printRaiseMessage(const QStringList &files)
{
    QJsonArray names;
    for (const QString &file : files) {
        const QString absolute = QFileInfo(file).absoluteFilePath();
        if (names.size() < SingleInstance::kMaxFiles && isFileName(absolute))
            names.append(absolute);
    }
    const auto print
        = [&names] { return QJsonDocument(QJsonObject{{u"files"_s, names}}).toJson(QJsonDocument::Compact); };
    QByteArray text = print();
    while (text.size() >= SingleInstance::kMaxMessage) {
        names.removeLast();
        text = print();
    }
    return text.append('\n').toStdString();
}

bool SingleInstance::notifyRunning(const std::filesystem::path &data_directory, const QStringList &files)
{
    const auto path = localSocketPath(data_directory, kSocketName);
    if (!path)
        return false;
    const auto socket = connectTo(*path);
    if (!socket || !*socket || !sendAll((*socket)->get(), printRaiseMessage(files)))
        return false;
    std::array<char, kDone.size()> answer{};
    std::size_t filled = 0;
    while (filled < answer.size()) {
        const auto got = receive((*socket)->get(), std::span(answer).subspan(filled), kPatience);
        if (!got || *got == 0)
            return false;
        filled += *got;
    }
    return std::string_view(answer.data(), answer.size()) == kDone;
}

SingleInstance::SingleInstance()
    : m_server(std::make_unique<QLocalServer>())
{
    m_server->setMaxPendingConnections(kMaxPeers);
    connect(m_server.get(), &QLocalServer::newConnection, this, &SingleInstance::greet);
}

SingleInstance::~SingleInstance() = default;

Result<std::unique_ptr<SingleInstance>> SingleInstance::listen(const std::filesystem::path &data_directory)
{
    const auto path = localSocketPath(data_directory, kSocketName);
    if (!path)
        return fail(path.error());
    auto socket = listenOn(*path);
    if (!socket)
        return fail(std::move(socket.error()));
    auto instance = std::unique_ptr<SingleInstance>(new SingleInstance);
    // Our own socket, because QLocalServer with UserAccessOption makes a longer name first and may find no
    // room for it.
    if (!instance->m_server->listen(qintptr(socket->get()))) {
        return fail({
            .code = "control.io",
            .message
            = "Could not listen for further starts: " + instance->m_server->errorString().toStdString(),
            .where = path->string(),
            .retryable = true,
        });
    }
    (void)socket->release(); // QLocalServer's now
    return instance;
}

void SingleInstance::greet()
{
    while (QLocalSocket *const peer = m_server->nextPendingConnection()) {
        const bool crowded = m_server->findChildren<QLocalSocket *>().size() > kMaxPeers;
        if (crowded || !isPeerOurs(int(peer->socketDescriptor()))) {
            peer->abort();
            peer->deleteLater();
            continue;
        }
        peer->setReadBufferSize(kMaxMessage + 1);
        connect(peer, &QLocalSocket::readyRead, this, [this, peer] { readFrom(peer); });
        connect(peer, &QLocalSocket::disconnected, peer, &QObject::deleteLater);
        QTimer::singleShot(kPatience, peer, [peer] { peer->abort(); });
        readFrom(peer);
    }
}

void SingleInstance::readFrom(QLocalSocket *peer)
{
    if (peer->state() != QLocalSocket::ConnectedState)
        return;
    if (!peer->canReadLine()) {
        if (peer->bytesAvailable() > kMaxMessage)
            peer->abort();
        return;
    }
    const QByteArray line = peer->readLine(kMaxMessage + 1);
    const auto files = parseRaiseMessage(std::string_view(line).substr(0, std::size_t(line.size()) - 1));
    if (!files) {
        peer->abort();
        return;
    }
    peer->write(kDone.data(), qint64(kDone.size()));
    peer->disconnectFromServer();
    emit raised(*files);
}

} // namespace portolan::control
