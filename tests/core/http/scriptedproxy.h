// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/http/scriptedupstream.h"

#include <cstdint>
#include <string>

namespace portolan::test {

/// What a proxy of the tests does.
struct ProxyScript {
    enum class Way {
        Passes,  ///< connects or forwards, and passes bytes on both ways
        Refuses, ///< says that it will not connect: 403, or SOCKS reply 2
        Fails,   ///< says that it cannot connect: 502, or SOCKS reply 5
        Hangs,   ///< reads and says nothing
        Closes,  ///< reads the first request and closes
        Talks,   ///< answers with something that is no proxy's answer
    };
    Way way = Way::Passes;
    std::string user{}; ///< with a password: asked for
    std::string password{};
    /// Bytes from the provider after which both connections are cut with RST; 0: none.
    std::size_t cuts_after = 0;
};

/// A proxy on loopback: HTTP with CONNECT and absolute addresses, or SOCKS5. Every name leads to loopback,
/// so that no test asks a name server.
class ScriptedProxy
{
public:
    enum class Kind { Http, Socks5 };

    ScriptedProxy(Kind kind, ProxyScript script);

    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }
    [[nodiscard]] int connections() const { return m_server.connections(); }
    /// All that clients sent, the tunnels' bytes included.
    [[nodiscard]] std::string received() const { return m_server.received(); }

private:
    void serveHttp(ScriptedUpstream::Peer &peer);
    void serveSocks(ScriptedUpstream::Peer &peer);
    bool greet(ScriptedUpstream::Peer &peer);
    void forward(ScriptedUpstream::Peer &peer, std::uint16_t port, const std::string &first);

    const ProxyScript m_script;
    ScriptedUpstream m_server; // last: its threads use the rest
};

} // namespace portolan::test
