// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/curlloop.h"

#include "core/http/curlcall.h"
#include "core/http/pool.h"
#include "core/http/tcpreceived.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portolan::http {

namespace {

constexpr std::chrono::seconds kNap{5}; // connections outlive a shorter one

int localPort(int socket)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        return 0;
    // The port stands at the same place in both families.
    return ntohs(reinterpret_cast<const sockaddr_in *>(&address)->sin_port);
}

bool initialised()
{
    static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return done;
}

} // namespace

CurlLoop::CurlLoop(asio::io_context &context, DeadlineList &deadlines, const Limits &limits,
                   std::string ca_file)
    : m_context(context)
    , m_deadlines(deadlines)
    , m_limits(limits)
    , m_ca_file(std::move(ca_file))
    , m_timer(context.get_executor())
    , m_sweep(deadlines, [this] { closeResting(); })
    , m_slept(timeAsleep())
    , m_multi(initialised() ? curl_multi_init() : nullptr)
{
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, onSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, onTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, static_cast<long>(m_limits.pool_per_host));
}

CurlLoop::~CurlLoop()
{
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, nullptr);
    curl_multi_cleanup(m_multi); // closes what rests, through closeSocket()
    while (!m_watches.empty())
        forget(m_watches.begin()->first);
}

bool CurlLoop::add(CURL *transfer)
{
    closeAllAfterSleep();
    return curl_multi_add_handle(m_multi, transfer) == CURLM_OK;
}

void CurlLoop::remove(CURL *transfer, CurlCall *call)
{
    curl_multi_remove_handle(m_multi, transfer);
    const auto now = Clock::now();
    for (const auto &[socket, watch] : m_watches) {
        if (watch->user != call)
            continue;
        watch->user = nullptr;
        watch->resting_since = now;
        watch->received = bytesReceived(socket);
        if (now - watch->opened > m_limits.pool_lifetime)
            ::shutdown(socket, SHUT_RDWR);
        else if (!m_sweep.armed())
            m_sweep.arm(m_limits.pool_idle);
    }
}

void CurlLoop::use(int local_port, CurlCall &call)
{
    for (const auto &[socket, watch] : m_watches) {
        if (watch->ours && watch->local_port == 0)
            watch->local_port = localPort(socket);
        if (watch->ours && watch->local_port == local_port && !watch->user)
            watch->user = &call;
    }
}

curl_socket_t CurlLoop::openSocket(const curl_sockaddr &address)
{
    const int socket
        = ::socket(address.family, address.socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.protocol);
    if (socket < 0)
        return CURL_SOCKET_BAD;
    auto watch = std::make_shared<Watch>(m_context);
    boost::system::error_code error;
    watch->descriptor.assign(socket, error);
    if (error) {
        ::close(socket);
        errno = ENOMEM;
        return CURL_SOCKET_BAD;
    }
    watch->ours = true;
    watch->opened = Clock::now();
    m_watches.insert_or_assign(socket, std::move(watch));
    return socket;
}

int CurlLoop::closeSocket(void *loop, curl_socket_t socket)
{
    static_cast<CurlLoop *>(loop)->tellUser(socket);
    static_cast<CurlLoop *>(loop)->forget(socket);
    return ::close(socket);
}

void CurlLoop::tellUser(curl_socket_t socket)
{
    const auto found = m_watches.find(socket);
    if (found != m_watches.end() && found->second->user)
        found->second->user->closed(bytesReceived(socket) - found->second->received);
}

void CurlLoop::forget(curl_socket_t socket)
{
    const auto found = m_watches.find(socket);
    if (found == m_watches.end())
        return;
    const auto watch = found->second;
    m_watches.erase(found);
    watch->wanted = CURL_POLL_NONE;
    static_cast<void>(watch->descriptor.release()); // libcurl closes it, or closeSocket() does
}

int CurlLoop::onSocket(CURL *transfer, curl_socket_t socket, int what, void *loop, void *)
{
    static_cast<CurlLoop *>(loop)->want(transfer, socket, what);
    return 0;
}

void CurlLoop::want(CURL *transfer, curl_socket_t socket, int what)
{
    auto found = m_watches.find(socket);
    if (what == CURL_POLL_REMOVE) {
        if (found == m_watches.end())
            return;
        found->second->wanted = CURL_POLL_NONE;
        if (!found->second->ours)
            forget(socket);
        return;
    }
    if (found == m_watches.end()) {
        // The resolver's thread announces itself over a socket that libcurl made itself.
        auto watch = std::make_shared<Watch>(m_context);
        boost::system::error_code error;
        watch->descriptor.assign(socket, error);
        if (error)
            return; // libcurl's own timer looks at it
        found = m_watches.emplace(socket, std::move(watch)).first;
    }
    const auto watch = found->second;
    void *call = nullptr;
    curl_easy_getinfo(transfer, CURLINFO_PRIVATE, &call);
    watch->user = static_cast<CurlCall *>(call);
    watch->wanted = what;
    wait(socket, watch);
}

void CurlLoop::wait(curl_socket_t socket, const SharedWatch &watch)
{
    const auto begin = [&](bool Watch::*pending, Descriptor::wait_type kind, int what) {
        if (*watch.*pending)
            return;
        *watch.*pending = true;
        watch->descriptor.async_wait(
            kind, [weak = weak_from_this(), watch, socket, pending, what](const auto &error) {
                *watch.*pending = false;
                if (const auto loop = weak.lock(); loop && !error)
                    loop->ready(socket, watch, what);
            });
    };
    if ((watch->wanted & CURL_POLL_IN) != 0)
        begin(&Watch::reading, Descriptor::wait_read, CURL_CSELECT_IN);
    if ((watch->wanted & CURL_POLL_OUT) != 0)
        begin(&Watch::writing, Descriptor::wait_write, CURL_CSELECT_OUT);
}

void CurlLoop::ready(curl_socket_t socket, const SharedWatch &watch, int what)
{
    // CURL_CSELECT_IN and CURL_POLL_IN are the same number, and so are the two OUTs.
    if ((watch->wanted & what) == 0)
        return;
    act(socket, what);
    wait(socket, watch);
}

int CurlLoop::onTimer(CURLM *, long ms, void *self)
{
    auto *loop = static_cast<CurlLoop *>(self);
    if (ms < 0) {
        loop->m_timer.cancel();
        return 0;
    }
    // Also when it is due at once: libcurl must not be called from its own callback.
    loop->m_timer.expires_after(std::chrono::milliseconds{ms});
    loop->m_timer.async_wait([weak = loop->weak_from_this()](const auto &error) {
        if (const auto held = weak.lock(); held && !error)
            held->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
}

void CurlLoop::act(curl_socket_t socket, int what)
{
    int running = 0;
    curl_multi_socket_action(m_multi, socket, what, &running);
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        const CURLcode code = message->data.result;
        void *call = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        static_cast<CurlCall *>(call)->finished(code); // removes the transfer
    }
}

void CurlLoop::closeResting()
{
    const auto now = Clock::now();
    auto next = Clock::time_point::max();
    for (const auto &[socket, watch] : m_watches) {
        if (watch->user || !watch->ours)
            continue;
        const auto until = watch->resting_since + m_limits.pool_idle;
        if (until <= now)
            ::shutdown(socket, SHUT_RDWR);
        else
            next = std::min(next, until);
    }
    if (next != Clock::time_point::max())
        m_sweep.armAt(next);
}

void CurlLoop::closeAllAfterSleep()
{
    const auto slept = timeAsleep();
    if (slept - std::exchange(m_slept, slept) <= kNap)
        return;
    for (const auto &[socket, watch] : m_watches) {
        if (!watch->user && watch->ours)
            ::shutdown(socket, SHUT_RDWR);
    }
}

} // namespace portolan::http
