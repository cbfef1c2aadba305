// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/http/deadlines.h"
#include "core/http/task.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace portolan::http {

class CurlCall;

/// libcurl's multi handle on one I/O thread: its sockets and its timer are watched by Asio. Held by the
/// transport and by every call, so that it goes last.
///
/// libcurl's own pool has no clock and libcurl closes a resting connection only when it happens to look, so
/// connections that rest too long are shut down here: libcurl then finds them dead.
class CurlLoop : public std::enable_shared_from_this<CurlLoop>
{
public:
    /// `ca_file`: see DirectOptions; it has been read once already.
    CurlLoop(asio::io_context &context, DeadlineList &deadlines, const Limits &limits, std::string ca_file);
    ~CurlLoop();
    CurlLoop(const CurlLoop &) = delete;
    CurlLoop &operator=(const CurlLoop &) = delete;

    [[nodiscard]] asio::io_context &context() const { return m_context; }
    [[nodiscard]] DeadlineList &deadlines() const { return m_deadlines; }
    [[nodiscard]] const Limits &limits() const { return m_limits; }
    [[nodiscard]] const std::string &caFile() const { return m_ca_file; }

    /// Begins a transfer; its CURLOPT_PRIVATE is the call. False when libcurl has no memory.
    [[nodiscard]] bool add(CURL *transfer);
    /// Ends it; its connection is kept when the transfer was over, else closed. Not from a callback of
    /// libcurl.
    void remove(CURL *transfer, CurlCall *call);

    /// The call is about to send its request over the connection with that local port.
    void use(int local_port, CurlCall &call);

    /// A socket for libcurl, or CURL_SOCKET_BAD with errno set.
    [[nodiscard]] curl_socket_t openSocket(const curl_sockaddr &address);
    /// CURLOPT_CLOSESOCKETFUNCTION; `loop` is this.
    static int closeSocket(void *loop, curl_socket_t socket);

private:
    using Clock = std::chrono::steady_clock;
    using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

    struct Watch {
        explicit Watch(asio::io_context &context)
            : descriptor(context.get_executor())
        { }
        Descriptor descriptor;
        CurlCall *user = nullptr;   // whose transfer it serves; null: it rests
        std::uint64_t received = 0; // from the peer before this use
        Clock::time_point opened{};
        Clock::time_point resting_since{};
        int local_port = 0; // 0: not looked at yet
        bool ours = false;  // by openSocket(): watched until closeSocket(), whatever libcurl waits for
        int wanted = CURL_POLL_NONE;
        bool reading = false; // the loop holds a wait
        bool writing = false;
    };
    using SharedWatch = std::shared_ptr<Watch>;

    static int onSocket(CURL *transfer, curl_socket_t socket, int what, void *loop, void *);
    static int onTimer(CURLM *, long ms, void *loop);

    void want(CURL *transfer, curl_socket_t socket, int what);
    void wait(curl_socket_t socket, const SharedWatch &watch);
    void ready(curl_socket_t socket, const SharedWatch &watch, int what);
    void act(curl_socket_t socket, int what);
    void forget(curl_socket_t socket);
    void tellUser(curl_socket_t socket);
    void closeResting();
    void closeAllAfterSleep();

    asio::io_context &m_context;
    DeadlineList &m_deadlines;
    const Limits m_limits;
    const std::string m_ca_file;
    std::unordered_map<curl_socket_t, SharedWatch> m_watches;
    asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor> m_timer;
    DeadlineList::Entry m_sweep;
    std::chrono::nanoseconds m_slept;
    CURLM *m_multi = nullptr;
};

} // namespace portolan::http
