// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/control/plainclient.h"

#include <QTcpSocket>
#include <QUrl>

namespace portolan::test {

namespace {

constexpr int kPatienceMs = 10'000;

QByteArray unchunked(QByteArray coded)
{
    QByteArray body;
    while (true) {
        const auto line = coded.indexOf("\r\n");
        const auto size = line < 0 ? 0 : coded.left(line).toInt(nullptr, 16);
        if (size <= 0)
            return body;
        body += coded.mid(line + 2, size);
        coded.remove(0, line + 2 + size + 2);
    }
}

} // namespace

QByteArray PlainReply::header(const QByteArray &name) const
{
    for (const auto &line : head.split('\n')) {
        const auto colon = line.indexOf(':');
        if (line.left(colon).toLower() == name.toLower())
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

PlainClient::PlainClient(const QString &base_url)
    : m_port(quint16(QUrl(base_url).port()))
{ }

PlainReply PlainClient::send(const QByteArray &method, const QByteArray &path, const Lines &lines,
                             const QByteArray &body)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_port);
    if (!socket.waitForConnected(kPatienceMs))
        return {};
    QByteArray request = method + ' ' + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(m_port)
        + "\r\nConnection: close\r\n";
    for (const auto &[name, value] : lines)
        request += name + ": " + value + "\r\n";
    if (!body.isEmpty())
        request += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    socket.write(request + "\r\n" + body);
    QByteArray answer;
    while (socket.waitForReadyRead(kPatienceMs))
        answer += socket.readAll();
    answer += socket.readAll();

    PlainReply reply;
    const auto end = answer.indexOf("\r\n\r\n");
    reply.head = answer.left(end);
    reply.body = answer.mid(end + 4);
    reply.status = reply.head.mid(9, 3).toInt();
    if (reply.header("Transfer-Encoding") == "chunked")
        reply.body = unchunked(reply.body);
    return reply;
}

PlainReply PlainClient::chat(const QByteArray &token, const QByteArray &json)
{
    return send("POST", "/v1/chat/completions",
                {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}}, json);
}

} // namespace portolan::test
