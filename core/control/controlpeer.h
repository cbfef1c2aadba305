// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/controlsocket.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace portolan::control {

/// One connection to the control server: reads commands, queues answers. Deletes itself when the other side
/// leaves, breaks the rules or loses our patience. Bytes read go through one locked buffer that is wiped at
/// once.
class ControlPeer : public QObject
{
    Q_OBJECT

public:
    using Handler = std::function<void(Command, Responder)>;
    ControlPeer(FileDescriptor socket, Handler handler, std::chrono::milliseconds patience, QObject *parent);
    ~ControlPeer() override;

    void queue(std::string text, SharedSecret secret = {});
    void answered();

private:
    /// A piece on its way out: text, or a secret that is sent from where it is.
    struct Piece {
        std::string text{};
        SharedSecret secret{};
        [[nodiscard]] std::string_view bytes() const
        {
            return secret ? secret->view() : std::string_view(text);
        }
    };

    void readSome();
    Result<> takeFrames(std::span<const char> bytes);
    Result<> takeLine();
    void dispatch(SharedSecret secret);
    void writeSome();
    void leave();

    FileDescriptor m_socket;
    Handler m_handler;
    QSocketNotifier m_readable;
    QSocketNotifier m_writable;
    QTimer m_patience;
    ControlFrames m_frames;
    std::optional<ControlRequest> m_request; ///< waits for its secret
    std::vector<std::weak_ptr<Responder::State>> m_pending;
    std::size_t m_pending_count = 0;
    std::deque<Piece> m_out;
    std::size_t m_out_bytes = 0; ///< of m_out, sent ones of its first piece included
    std::size_t m_sent = 0;      ///< of its first piece
    bool m_left = false;
};

struct Responder::State {
    ControlPeer *peer = nullptr; ///< null: gone, or answered
    qint64 id = 0;
    std::function<void()> gone{};

    ~State();
    void answer(ControlReply reply, SharedSecret secret = {});
};

} // namespace portolan::control
