// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/channel.h"

#include <boost/asio/post.hpp>

#include <cerrno>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace portolan::http {

namespace {

Io ioResult(ssize_t moved)
{
    if (moved >= 0)
        return {.kind = Io::Kind::Moved, .bytes = static_cast<std::size_t>(moved)};
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return {};
    return {.kind = Io::Kind::Failed, .error = errno};
}

template <typename Call>
Io retried(Call call)
{
    while (true) {
        const ssize_t moved = call();
        if (moved >= 0 || errno != EINTR)
            return ioResult(moved);
    }
}

Io readResult(Io io)
{
    if (io.kind == Io::Kind::Moved && io.bytes == 0)
        io.kind = Io::Kind::End;
    return io;
}

} // namespace

Channel::Channel(asio::io_context &context)
    : m_context(context)
    , m_socket(context.get_executor())
{ }

bool Channel::adopt(int descriptor, bool v6)
{
    m_v6 = v6;
    boost::system::error_code error;
    m_socket.assign(v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), descriptor, error);
    return !error;
}

Io Channel::receive(std::span<char> into)
{
    return readResult(
        retried([&] { return ::recv(m_socket.native_handle(), into.data(), into.size(), MSG_DONTWAIT); }));
}

Io Channel::send(std::span<const iovec> pieces)
{
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(pieces.data()); // sendmsg only reads it
    message.msg_iovlen = pieces.size();
    return retried(
        [&] { return ::sendmsg(m_socket.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL); });
}

Io Channel::peek()
{
    char byte = 0;
    return readResult(
        retried([&] { return ::recv(m_socket.native_handle(), &byte, 1, MSG_DONTWAIT | MSG_PEEK); }));
}

Task<> Channel::already()
{
    co_return;
}

Task<> Channel::wait(unsigned interest)
{
    if ((m_ready & interest) != 0) {
        m_ready &= ~interest;
        return already();
    }
    if ((interest & kWrite) != 0)
        watchWrite();
    if ((interest & kRead) != 0)
        watch();
    return asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
        [this, interest](Resume resume) {
            m_interest = interest;
            m_resume.emplace(std::move(resume));
        },
        useTask);
}

void Channel::watch()
{
    if ((m_pending & kRead) != 0 || !m_socket.is_open())
        return;
    if (m_reports_writable && m_pending == 0)
        forgetWriting();
    m_pending |= kRead;
    m_socket.async_wait(Socket::wait_read, [self = shared_from_this()](const auto &) { self->fired(kRead); });
}

void Channel::watchWrite()
{
    if ((m_pending & kWrite) != 0 || !m_socket.is_open())
        return;
    m_pending |= kWrite;
    m_reports_writable = true;
    m_socket.async_wait(Socket::wait_write,
                        [self = shared_from_this()](const auto &) { self->fired(kWrite); });
}

void Channel::forgetWriting()
{
    // Asio never takes back its interest in writing, and each async_wait() asks the kernel anew: a socket
    // that has once waited to write would wake the loop at once every time it waits to read.
    m_reports_writable = false;
    boost::system::error_code error;
    const int descriptor = m_socket.release(error);
    if (!error && !adopt(descriptor, m_v6))
        ::close(descriptor);
}

void Channel::fired(unsigned what)
{
    m_pending &= ~what;
    if (m_resume && (m_interest & what) != 0)
        resume();
    else if (what == kRead && m_on_readable)
        m_on_readable();
    else
        m_ready |= what;
}

void Channel::resume()
{
    auto resume = std::move(*m_resume);
    m_resume.reset();
    m_interest = 0;
    resume();
}

void Channel::interrupt()
{
    if (!m_resume)
        return;
    asio::post(m_context, [self = shared_from_this()] {
        if (self->m_resume)
            self->resume();
    });
}

void Channel::abandon()
{
    m_resume.reset();
    m_on_readable = {};
}

void Channel::shutdownSend()
{
    boost::system::error_code ignored;
    m_socket.shutdown(Socket::shutdown_send, ignored);
}

void Channel::close()
{
    boost::system::error_code ignored;
    m_socket.close(ignored);
}

void Channel::reset()
{
    boost::system::error_code ignored;
    m_socket.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

} // namespace portolan::http
