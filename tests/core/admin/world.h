// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/adminapi.h"
#include "tests/core/gateway/runninggateway.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>

namespace portolan::admin {

using test::Awaited;
using test::PlainClient;
using test::PlainReply;

inline constexpr auto kEcho = R"({"provider":"@practice","override_params":{"model":"echo"}})";

inline QJsonObject json(const PlainReply &reply)
{
    return QJsonDocument::fromJson(reply.body).object();
}

/// A gateway with an admin API, a key that may use it and one that may not. The client blocks, so calls are
/// made on a thread of their own while the façade's goes on here.
class World
{
public:
    World()
        : m_gateway(
              9,
              [](control::Settings &settings) {
                  settings.allowedOrigins = {QStringLiteral("https://app.example")};
              },
              [](control::Control &control) { control.serveAdmin(std::make_shared<AdminApi>(control)); })
        , m_admin(makeKey(QStringLiteral("boss"), {QStringLiteral("use"), QStringLiteral("admin")}))
    { }

    [[nodiscard]] bool isReady() const { return m_gateway.isReady() && !m_admin.isEmpty(); }
    [[nodiscard]] control::Control &control() { return m_gateway.control(); }
    [[nodiscard]] const QByteArray &admin() const { return m_admin; }
    [[nodiscard]] test::RunningGateway &gateway() { return m_gateway; }

    PlainReply call(const QByteArray &method, const QByteArray &path, const QByteArray &body = {})
    {
        PlainClient::Lines lines{{"x-portkey-api-key", m_admin}, {"Content-Type", "application/json"}};
        return send(method, path, lines, body);
    }
    PlainReply send(const QByteArray &method, const QByteArray &path, const PlainClient::Lines &lines,
                    const QByteArray &body = {})
    {
        std::atomic<bool> done{false};
        PlainReply reply;
        std::thread client([&] {
            reply = m_gateway.client().send(method, path, lines, body);
            done = true;
        });
        (void)QTest::qWaitFor([&] { return done.load(); }, 20'000);
        client.join();
        return reply;
    }
    QByteArray makeKey(const QString &name, const QStringList &scopes)
    {
        Awaited<control::CreatedKey> made;
        control().createClientKey(name, scopes, made.take());
        if (!made.wait() || !*made)
            return {};
        const auto token = (*made)->token->view();
        return {token.data(), qsizetype(token.size())};
    }
    /// The slug of a new config.
    QByteArray create(const QByteArray &name, const QByteArray &config = kEcho)
    {
        const QJsonObject body{{QStringLiteral("name"), QString::fromUtf8(name)},
                               {QStringLiteral("config"), QString::fromUtf8(config)}};
        return json(call("POST", "/v1/configs", QJsonDocument(body).toJson()))
            .value(QLatin1String("slug"))
            .toString()
            .toUtf8();
    }

private:
    test::RunningGateway m_gateway;
    QByteArray m_admin;
};

} // namespace portolan::admin
