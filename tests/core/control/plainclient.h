// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <utility>

namespace portolan::test {

/// What came back on a raw connection.
struct PlainReply {
    int status = 0;
    QByteArray head{};
    QByteArray body{}; ///< chunks joined

    [[nodiscard]] QByteArray header(const QByteArray &name) const; ///< empty when absent
};

/// A blocking HTTP/1.1 client for tests: what is sent is exactly what was given. One request per connection.
class PlainClient
{
public:
    explicit PlainClient(const QString &base_url); ///< "http://127.0.0.1:PORT/v1"

    using Lines = QList<std::pair<QByteArray, QByteArray>>;
    PlainReply send(const QByteArray &method, const QByteArray &path, const Lines &lines,
                    const QByteArray &body = {});
    /// A chat request with a bearer token.
    PlainReply chat(const QByteArray &token, const QByteArray &json);

private:
    quint16 m_port = 0;
};

} // namespace portolan::test
