// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/environment.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

class QNetworkAccessManager;
class QNetworkReply;

namespace portolan::control {

/// Asks one port of 127.0.0.1 the catalog's questions, one after the other, each path once, until an answer
/// names the server. Gives the port up when nobody listens, an answer takes too long or the questions end.
/// Deletes itself after `done`, which is called once and never from inside start().
class PortProbe : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 kMaxBody = 256 * 1024; ///< of an answer; a longer one names nobody

    using Done = std::function<void(const catalog::Provider *)>; ///< null: no server that we know

    PortProbe(QNetworkAccessManager &network, std::uint16_t port, std::vector<catalog::ProbeStep> steps,
              std::chrono::milliseconds patience, Done done, QObject *parent);
    void start();

private:
    struct Answer {
        int status = 0;
        QByteArray body{};
    };

    void next();
    void ask(const std::string &path);
    void readSome(QNetworkReply *reply);
    void take(QNetworkReply *reply, const std::string &path);
    void finish(const catalog::Provider *found);

    QNetworkAccessManager &m_network;
    const std::uint16_t m_port;
    const std::vector<catalog::ProbeStep> m_steps;
    const Done m_done;
    QTimer m_patience;
    std::size_t m_step = 0;
    QByteArray m_body;
    std::map<std::string, Answer> m_answers; ///< by path
};

} // namespace portolan::control
