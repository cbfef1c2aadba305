// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/connection.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

namespace portolan::http {

Connection::Connection(Endpoint endpoint, std::shared_ptr<Channel> channel, std::string address)
    : m_endpoint(std::move(endpoint))
    , m_channel(std::move(channel))
    , m_address(std::move(address))
    , m_opened(std::chrono::steady_clock::now())
{ }

Connection::~Connection()
{
    // Without a close_notify of ours: nothing more is asked of the peer, and it may be gone.
    m_channel->close();
}

Io Connection::tlsResult(int result)
{
    if (result > 0)
        return {.kind = Io::Kind::Moved, .bytes = static_cast<std::size_t>(result)};
    const int saved = errno;
    switch (SSL_get_error(m_ssl.get(), result)) {
    case SSL_ERROR_WANT_READ: m_wants = Channel::kRead; return {};
    case SSL_ERROR_WANT_WRITE: m_wants = Channel::kWrite; return {};
    case SSL_ERROR_ZERO_RETURN: return {.kind = Io::Kind::End};
    default: break;
    }
    // An end without close_notify may have been forged: a failure, never an end.
    return {.kind = Io::Kind::Failed, .error = saved != 0 ? saved : ECONNRESET};
}

Io Connection::shakeHands()
{
    ERR_clear_error();
    return tlsResult(SSL_do_handshake(m_ssl.get()));
}

Io Connection::read(std::span<char> into)
{
    m_wants = Channel::kRead;
    if (!m_ssl) {
        const Io io = m_channel->receive(into);
        m_drained = io.kind == Io::Kind::Blocked || (io.kind == Io::Kind::Moved && io.bytes < into.size());
        return io;
    }
    ERR_clear_error();
    const auto most = std::min(into.size(), std::size_t{std::numeric_limits<int>::max()});
    // A record is 16 KiB at most: go on until the socket is empty, so that one wait serves many records.
    std::size_t have = 0;
    Io last;
    while (have < most) {
        last = tlsResult(SSL_read(m_ssl.get(), into.data() + have, static_cast<int>(most - have)));
        if (last.kind != Io::Kind::Moved)
            break;
        have += last.bytes;
    }
    m_drained = last.kind == Io::Kind::Blocked;
    if (have > 0)
        return {.kind = Io::Kind::Moved, .bytes = have};
    return last;
}

Io Connection::write(std::span<const iovec> pieces)
{
    if (!m_ssl) {
        const Io io = m_channel->send(pieces);
        m_wants = io.kind == Io::Kind::Blocked ? Channel::kWrite : Channel::kRead;
        return io;
    }
    m_wants = Channel::kRead;
    ERR_clear_error();
    std::array<char, 16 * 1024> record;
    std::size_t size = 0;
    for (const auto &piece : pieces) {
        const auto part = std::min(piece.iov_len, record.size() - size);
        std::memcpy(record.data() + size, piece.iov_base, part);
        size += part;
        if (size == record.size())
            break;
    }
    const Io io = tlsResult(SSL_write(m_ssl.get(), record.data(), static_cast<int>(size)));
    OPENSSL_cleanse(record.data(), size);
    return io;
}

void Connection::rest()
{
    m_channel->watch();
}

bool Connection::isQuiet()
{
    if (!m_channel->noticed())
        return true;
    if (!m_ssl)
        return m_channel->peek().kind == Io::Kind::Blocked;
    ERR_clear_error();
    char byte = 0;
    return tlsResult(SSL_peek(m_ssl.get(), &byte, 1)).kind == Io::Kind::Blocked;
}

} // namespace portolan::http
