// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/channel.h"
#include "core/http/tls.h"
#include "core/http/upstream.h"

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include <sys/uio.h>

namespace portolan::http {

/// A connection to a provider, plain or TLS. Holds no buffers of its own. I/O thread only.
class Connection
{
public:
    Connection(Endpoint endpoint, std::shared_ptr<Channel> channel, std::string address);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    void setTls(SslPtr ssl) { m_ssl = std::move(ssl); }
    /// One step of the handshake: Moved when it is done.
    [[nodiscard]] Io shakeHands();
    [[nodiscard]] SSL *tls() const noexcept { return m_ssl.get(); }

    [[nodiscard]] Io read(std::span<char> into);
    /// Sends what can be sent at once. Over TLS the pieces go through a small buffer that is wiped each time.
    [[nodiscard]] Io write(std::span<const iovec> pieces);
    /// What to wait for after Blocked, and for the answer after everything was written.
    [[nodiscard]] unsigned wants() const noexcept { return m_wants; }
    /// The last read() took all there was: wait before the next one, which would find nothing.
    [[nodiscard]] bool drained() const noexcept { return m_drained; }

    /// Idle from now on: the loop notices what the peer does, so that isQuiet() need not ask the kernel.
    void rest();
    /// True when a resting connection's peer has sent nothing and not closed: fit for another request.
    [[nodiscard]] bool isQuiet();

    [[nodiscard]] const Endpoint &endpoint() const noexcept { return m_endpoint; }
    [[nodiscard]] const std::shared_ptr<Channel> &channel() const noexcept { return m_channel; }
    [[nodiscard]] const std::string &address() const noexcept { return m_address; }
    [[nodiscard]] std::chrono::steady_clock::time_point openedAt() const noexcept { return m_opened; }

private:
    [[nodiscard]] Io tlsResult(int result);

    const Endpoint m_endpoint;
    const std::shared_ptr<Channel> m_channel;
    const std::string m_address;
    const std::chrono::steady_clock::time_point m_opened;
    SslPtr m_ssl;
    unsigned m_wants = Channel::kRead;
    bool m_drained = false;
};

} // namespace portolan::http
