// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/task.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include <sys/uio.h>

namespace portolan::http {

using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

/// What one system call did.
struct Io {
    enum class Kind : std::uint8_t { Moved, Blocked, End, Failed };
    Kind kind = Kind::Blocked;
    std::size_t bytes = 0;
    int error = 0; ///< errno of Failed
};

/// A non-blocking socket with one coroutine that may wait for it. Reads and writes are plain system calls
/// into whatever memory the caller has at hand, so a waiting connection owns no buffer. I/O thread only.
class Channel : public std::enable_shared_from_this<Channel>
{
public:
    static constexpr unsigned kRead = 1;
    static constexpr unsigned kWrite = 2;

    explicit Channel(asio::io_context &context);
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    /// Takes a connected, non-blocking descriptor over; false when the loop cannot watch it.
    [[nodiscard]] bool adopt(int descriptor, bool v6);
    [[nodiscard]] Socket &socket() noexcept { return m_socket; }

    [[nodiscard]] Io receive(std::span<char> into);
    /// Sends what the kernel takes at once, without SIGPIPE.
    [[nodiscard]] Io send(std::span<const iovec> pieces);
    /// End when the peer has closed, Moved when bytes wait, Blocked when there is nothing to tell.
    [[nodiscard]] Io peek();

    /// Returns when one of the interests (kRead, kWrite) is ready, or after interrupt(). May return early:
    /// try and wait again. One coroutine at a time, which awaits the task at once.
    [[nodiscard]] Task<> wait(unsigned interest);
    /// A wait that is over.
    [[nodiscard]] static Task<> already();
    /// Wakes the waiting coroutine, in the loop's next turn; its owner knows why.
    void interrupt();
    /// Drops a waiting coroutine without running it on: the last resort when the thread ends.
    void abandon();

    /// `readable` is called when bytes or an end arrive and no coroutine waits to read. Once per watch().
    void onReadable(std::function<void()> readable) { m_on_readable = std::move(readable); }
    void watch();
    /// Something arrived, or an end, while nobody waited; false before the loop has seen it.
    [[nodiscard]] bool noticed() const noexcept { return (m_ready & kRead) != 0; }

    void shutdownSend();
    void close();
    void reset(); ///< closes with RST, so that the peer cannot take the end for a complete one

private:
    using Resume = asio::async_result<asio::use_awaitable_t<Executor>, void()>::handler_type;

    void watchWrite();
    void forgetWriting();
    void fired(unsigned what);
    void resume();

    asio::io_context &m_context;
    Socket m_socket;
    std::optional<Resume> m_resume;
    std::function<void()> m_on_readable;
    unsigned m_interest = 0;
    unsigned m_pending = 0; // waits that the loop holds
    unsigned m_ready = 0;   // that ended while nobody waited
    bool m_reports_writable = false;
    bool m_v6 = false;
};

} // namespace portolan::http
