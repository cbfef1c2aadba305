// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/control/controlmessage.h"
#include "core/control/localsocket.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QObject>
#include <QString>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>

class QSocketNotifier;

namespace portolan::control {

class ControlPeer;

/// What the command line asks of the running instance.
struct Command {
    QString name{}; ///< "account.add"
    QJsonObject arguments{};
    SharedSecret secret{}; ///< null: none came
};

/// Answers one command: any number of events, then exactly one result or refusal; what comes after that, or
/// after the other side has left, goes nowhere. Copies answer the same command; when the last one goes
/// unanswered, the command is refused ("control.unanswered"). To be used on the server's thread.
class Responder
{
public:
    void result(const QJsonValue &value, SharedSecret secret = {}) const;
    void refuse(const Error &error) const;
    /// False when nobody listens any more: stop.
    bool event(const QJsonValue &value) const; // NOLINT(modernize-use-nodiscard)
    /// Called once when the other side leaves before the answer.
    void onGone(std::function<void()> gone) const;

private:
    friend class ControlPeer;
    struct State;
    explicit Responder(std::shared_ptr<State> state);
    std::shared_ptr<State> m_state;
};

/// The running instance's end of the control socket (controlmessage.h): a socket of its own beside the data,
/// 0600, for processes of the same user only. Lives on one thread with an event loop and never blocks it.
/// Open it after the store, whose lock says that this process owns the data directory.
class ControlServer : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t kMaxPeers = 32;
    static constexpr std::size_t kMaxPending = 16; ///< unanswered commands of one peer
    static constexpr std::size_t kMaxUnread
        = 4 * 1024 * 1024; ///< bytes a peer may leave unread before it is cut off

    /// Errors: see localSocketPath and listenOn.
    static Result<std::unique_ptr<ControlServer>> listen(const std::filesystem::path &data_directory);
    ~ControlServer() override; ///< cuts off who is connected and removes the socket

    /// Called for each command, on the server's thread; must not delete the server. Without one all are
    /// refused.
    void onCommand(std::function<void(Command, Responder)> handler);
    [[nodiscard]] const std::filesystem::path &path() const noexcept { return m_path; }
    /// How long a peer may take over half a message, or sit there without one.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

private:
    ControlServer(FileDescriptor socket, std::filesystem::path path);
    void accept();

    FileDescriptor m_socket;
    const std::filesystem::path m_path;
    std::unique_ptr<QSocketNotifier> m_arrivals;
    std::function<void(Command, Responder)> m_handler;
    std::chrono::milliseconds m_patience{30'000};
};

/// The command line's end. Blocking, for one thread without an event loop.
class ControlClient
{
public:
    struct Answer {
        QJsonValue value{};
        SharedSecret secret{}; ///< null: none came
    };

    /// Nothing when no instance runs on that data directory.
    static Result<std::optional<ControlClient>> connect(const std::filesystem::path &data_directory);

    /// Sends a command and waits for its answer; "control.no_answer" when the instance leaves or says nothing
    /// for `wait`. Refusals come back as they were given.
    Result<Answer> call(const QString &command, const QJsonObject &arguments = {},
                        const SecretBytes *secret = nullptr,
                        std::chrono::milliseconds wait = std::chrono::minutes(5));
    /// The same without a time limit, for a command that goes on reporting; `on_event` answers whether to go
    /// on: if not, the connection is closed and the answer is empty.
    Result<Answer> follow(const QString &command, const QJsonObject &arguments,
                          const std::function<bool(const QJsonValue &)> &on_event);

private:
    explicit ControlClient(FileDescriptor socket);
    Result<> send(const QString &command, const QJsonObject &arguments, const SecretBytes *secret);
    Result<Answer> receiveAnswer(std::optional<std::chrono::milliseconds> wait,
                                 const std::function<bool(const QJsonValue &)> &on_event);
    Result<bool> takeFrames(std::span<const char> bytes, Answer &answer,
                            const std::function<bool(const QJsonValue &)> &on_event);

    FileDescriptor m_socket;
    ControlFrames m_frames;
    qint64 m_last_id = 0;
};

} // namespace portolan::control
