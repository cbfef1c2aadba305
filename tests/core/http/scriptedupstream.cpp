// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/scriptedupstream.h"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <utility>

#include <openssl/pem.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portolan::test {

namespace {

std::size_t bodyLength(std::string head)
{
    std::ranges::transform(head, head.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    const auto at = head.find("\r\ncontent-length:");
    return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 17, nullptr, 10);
}

/// OpenSSL writes with write(2): a client that has gone would end the whole test.
void blockBrokenPipes()
{
    sigset_t brokenPipe;
    sigemptyset(&brokenPipe);
    sigaddset(&brokenPipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &brokenPipe, nullptr);
}

bool isChunked(std::string head)
{
    std::ranges::transform(head, head.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return head.find("\r\ntransfer-encoding: chunked") != std::string::npos;
}

SSL_CTX *serverContext(const Certificate &pem)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    BIO *bio = BIO_new_mem_buf(pem.certificate.data(), int(pem.certificate.size()));
    X509 *certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    bio = BIO_new_mem_buf(pem.key.data(), int(pem.key.size()));
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    SSL_CTX_use_certificate(context, certificate);
    SSL_CTX_use_PrivateKey(context, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

} // namespace

std::string answer(std::string_view body, std::string_view more_lines, int status)
{
    std::string text = "HTTP/1.1 " + std::to_string(status)
        + " Status\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    return text.append(more_lines).append("\r\n").append(body);
}

ScriptedUpstream::Peer::Peer(ScriptedUpstream &owner, int descriptor, int number, SSL *ssl)
    : m_owner(owner)
    , m_descriptor(descriptor)
    , m_number(number)
    , m_ssl(ssl)
{ }

bool ScriptedUpstream::Peer::fill()
{
    char bytes[16 * 1024];
    const auto got
        = m_ssl ? SSL_read(m_ssl, bytes, sizeof bytes) : ::recv(m_descriptor, bytes, sizeof bytes, 0);
    if (got <= 0)
        return false;
    m_buffer.append(bytes, std::size_t(got));
    const std::scoped_lock lock(m_owner.m_mutex);
    m_owner.m_received.append(bytes, std::size_t(got));
    return true;
}

std::optional<std::string> ScriptedUpstream::Peer::readHead()
{
    std::size_t end = 0;
    while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!fill())
            return std::nullopt;
    }
    ++m_owner.m_requests;
    std::string head = m_buffer.substr(0, end + 4);
    m_buffer.erase(0, end + 4);
    return head;
}

std::optional<std::string> ScriptedUpstream::Peer::readRequest()
{
    auto request = readHead();
    if (!request)
        return request;
    if (isChunked(*request)) {
        std::size_t end = 0;
        while ((end = m_buffer.find("0\r\n\r\n")) == std::string::npos) {
            if (!fill())
                return std::nullopt;
        }
        request->append(m_buffer, 0, end + 5);
        m_buffer.erase(0, end + 5);
        return request;
    }
    const auto length = bodyLength(*request);
    while (m_buffer.size() < length) {
        if (!fill())
            return std::nullopt;
    }
    request->append(m_buffer, 0, length);
    m_buffer.erase(0, length);
    return request;
}

std::optional<std::string> ScriptedUpstream::Peer::readExactly(std::size_t size)
{
    while (m_buffer.size() < size) {
        if (!fill())
            return std::nullopt;
    }
    std::string bytes = m_buffer.substr(0, size);
    m_buffer.erase(0, size);
    return bytes;
}

std::optional<std::string> ScriptedUpstream::Peer::readSome()
{
    if (m_buffer.empty() && !fill())
        return std::nullopt;
    return std::exchange(m_buffer, {});
}

void ScriptedUpstream::Peer::readToEnd()
{
    while (fill())
        m_buffer.clear();
}

bool ScriptedUpstream::Peer::closesWithin(std::chrono::milliseconds time)
{
    const auto until = std::chrono::steady_clock::now() + time;
    while (true) {
        const auto left
            = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd wanted{.fd = m_descriptor, .events = POLLIN, .revents = 0};
        if (left.count() <= 0 || ::poll(&wanted, 1, int(left.count())) <= 0)
            return false;
        if (!fill())
            return true;
    }
}

bool ScriptedUpstream::Peer::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = m_ssl ? SSL_write(m_ssl, bytes.data(), int(bytes.size()))
                                : ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(std::size_t(sent));
    }
    return true;
}

void ScriptedUpstream::Peer::pause(std::chrono::milliseconds time)
{
    std::unique_lock lock(m_owner.m_mutex);
    m_owner.m_stopped.wait_for(lock, time, [this] { return m_owner.m_stopping; });
}

void ScriptedUpstream::Peer::reset()
{
    const linger hard{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    m_reset = true;
}

ScriptedUpstream::ScriptedUpstream(Script script, std::optional<Certificate> tls)
    : m_script(std::move(script))
    , m_context(tls ? serverContext(*tls) : nullptr)
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0
        || ::listen(m_listener, 1024) != 0
        || ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        std::abort();
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

ScriptedUpstream::~ScriptedUpstream()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
        ::shutdown(m_listener, SHUT_RDWR);
        for (const int descriptor : m_open)
            ::shutdown(descriptor, SHUT_RDWR);
    }
    m_stopped.notify_all();
    m_acceptor.join();
    for (auto &thread : m_threads)
        thread.join();
    ::close(m_listener);
    SSL_CTX_free(m_context);
}

std::string ScriptedUpstream::received() const
{
    const std::scoped_lock lock(m_mutex);
    return m_received;
}

void ScriptedUpstream::accept()
{
    while (true) {
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        const std::scoped_lock lock(m_mutex);
        if (descriptor < 0 || m_stopping) {
            if (descriptor >= 0)
                ::close(descriptor);
            return;
        }
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        m_open.push_back(descriptor);
        m_threads.emplace_back([this, descriptor, number = ++m_connections] { serve(descriptor, number); });
    }
}

void ScriptedUpstream::serve(int descriptor, int number)
{
    blockBrokenPipes();
    SSL *ssl = m_context ? SSL_new(m_context) : nullptr;
    if (ssl)
        SSL_set_fd(ssl, descriptor);
    Peer peer(*this, descriptor, number, ssl);
    if (!ssl || SSL_accept(ssl) == 1)
        m_script(peer);
    if (ssl && !peer.m_reset)
        SSL_shutdown(ssl);
    SSL_free(ssl);
    const std::scoped_lock lock(m_mutex);
    std::erase(m_open, descriptor);
    ::close(descriptor);
}

} // namespace portolan::test
