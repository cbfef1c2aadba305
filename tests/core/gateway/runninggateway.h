// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "tests/core/control/plainclient.h"

#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::test {

/// An answer of control that is waited for.
template <typename T>
class Awaited
{
public:
    control::Reply<T> take()
    {
        return [this](Result<T> result) { m_result = std::move(result); };
    }
    bool wait()
    {
        return QTest::qWaitFor([this] { return m_result.has_value(); }, 10'000);
    }
    Result<T> &operator*() { return *m_result; }

private:
    std::optional<Result<T>> m_result;
};

[[nodiscard]] SharedSecret secret(std::string_view text);

inline constexpr std::string_view kStoredKey = "sk-stored-0123456789abcdef0001";

/// A whole gateway on a port of its own with one account, @mock, that leads to a provider on loopback.
class RunningGateway
{
public:
    struct Account {
        QString provider = QStringLiteral("openai");
        QString path = QStringLiteral("/v1"); ///< of the base URL
        QMap<QString, QString> settings{};
        SharedSecret credential = secret(kStoredKey);
        QString listen = QStringLiteral("127.0.0.1:0"); ///< the gateway itself
    };

    /// `prepare` comes before the gateway starts.
    explicit RunningGateway(quint16 upstream_port,
                            const std::function<void(control::Settings &)> &adjust = {},
                            const std::function<void(control::Control &)> &prepare = {});
    RunningGateway(quint16 upstream_port, const Account &account,
                   const std::function<void(control::Settings &)> &adjust = {},
                   const std::function<void(control::Control &)> &prepare = {});

    [[nodiscard]] bool isReady() const { return m_ready; }
    bool restart(); ///< ends the program and opens the same data again
    [[nodiscard]] control::Control &control() { return *m_control; }
    [[nodiscard]] PlainClient client() const { return PlainClient(m_control->gateway().baseUrl); }
    [[nodiscard]] const QByteArray &token() const { return m_token; }
    [[nodiscard]] quint16 port() const;
    [[nodiscard]] AccountId account() const { return m_account; }

    PlainReply chat(const QByteArray &body) { return client().chat(m_token, body); }
    /// A POST of JSON to any path, with the client's key.
    PlainReply post(const QByteArray &path, const QByteArray &body);

    std::vector<trace::RequestRow> rows(); ///< newest first
    /// Of the request whose row came last; waits for one.
    std::optional<trace::Record> newest();
    /// Of the request that got this answer; waits until it is written.
    std::optional<trace::Record> recordOf(const PlainReply &reply);

private:
    [[nodiscard]] std::unique_ptr<control::Control> open() const;
    bool start();

    QTemporaryDir m_directory;
    QString m_listen;
    std::unique_ptr<control::Control> m_control;
    QByteArray m_token;
    AccountId m_account;
    bool m_ready = false;
};

} // namespace portolan::test
