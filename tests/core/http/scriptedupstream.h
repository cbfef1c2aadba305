// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace portolan::test {

/// A certificate and its key as PEM.
struct Certificate {
    std::string certificate{};
    std::string key{};
};

/// A provider on loopback that does what a function says, byte by byte, one thread per connection; it records
/// all that it receives. Ends its connections when it is destroyed.
class ScriptedUpstream
{
public:
    /// One connection, as its script sees it. Every function returns false or nothing once the connection is
    /// over.
    class Peer
    {
    public:
        [[nodiscard]] int number() const { return m_number; } ///< 1 for the first connection
        /// Head and body of the next request, as sent.
        std::optional<std::string> readRequest();
        /// The next request's head alone, with its blank line.
        std::optional<std::string> readHead();
        /// So many bytes, however they arrive.
        std::optional<std::string> readExactly(std::size_t size);
        /// What has arrived, or arrives next.
        std::optional<std::string> readSome();
        [[nodiscard]] bool hasRead() const { return !m_buffer.empty(); } ///< more than was asked for
        [[nodiscard]] int descriptor() const { return m_descriptor; }
        /// Reads and throws away until the client closes.
        void readToEnd();
        /// True when the client closes within that time; bytes it sends are thrown away.
        bool closesWithin(std::chrono::milliseconds time);
        bool send(std::string_view bytes);
        /// Does nothing for that long, or until the upstream is destroyed.
        void pause(std::chrono::milliseconds time);
        void reset(); ///< closes with RST

    private:
        friend class ScriptedUpstream;
        Peer(ScriptedUpstream &owner, int descriptor, int number, SSL *ssl);
        bool fill();

        ScriptedUpstream &m_owner;
        const int m_descriptor;
        const int m_number;
        SSL *const m_ssl; // null without TLS
        std::string m_buffer;
        bool m_reset = false;
    };

    using Script = std::function<void(Peer &)>;

    explicit ScriptedUpstream(Script script, std::optional<Certificate> tls = {});
    ~ScriptedUpstream();
    ScriptedUpstream(const ScriptedUpstream &) = delete;
    ScriptedUpstream &operator=(const ScriptedUpstream &) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] int connections() const { return m_connections; }
    [[nodiscard]] int requests() const { return m_requests; }
    [[nodiscard]] std::string received() const; ///< all decrypted bytes of all connections

private:
    void accept();
    void serve(int descriptor, int number);

    const Script m_script;
    SSL_CTX *m_context = nullptr;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<int> m_connections{0};
    std::atomic<int> m_requests{0};
    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable m_stopped;
    bool m_stopping = false;
    std::string m_received;
    std::vector<int> m_open;
    std::vector<std::thread> m_threads;
    std::thread m_acceptor;
};

/// A whole answer with its length.
[[nodiscard]] std::string answer(std::string_view body, std::string_view more_lines = {}, int status = 200);

} // namespace portolan::test
