// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/scriptedproxy.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace portolan::test {

namespace {

using namespace std::chrono_literals;
using Peer = ScriptedUpstream::Peer;

int connectTo(std::uint16_t port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

bool sendAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(std::size_t(sent));
    }
    return true;
}

/// Bytes both ways until one side ends or `cuts_after` bytes came from the provider.
void pump(Peer &peer, int provider, std::size_t cuts_after)
{
    std::size_t passed = 0;
    if (peer.hasRead() && !sendAll(provider, peer.readSome().value_or("")))
        return;
    while (true) {
        pollfd wanted[]{{.fd = peer.descriptor(), .events = POLLIN, .revents = 0},
                        {.fd = provider, .events = POLLIN, .revents = 0}};
        if (::poll(wanted, 2, -1) <= 0)
            return;
        if (wanted[0].revents != 0) {
            const auto bytes = peer.readSome();
            if (!bytes || !sendAll(provider, *bytes))
                return;
        }
        if (wanted[1].revents == 0)
            continue;
        char bytes[16 * 1024];
        const std::size_t room = cuts_after == 0 ? sizeof bytes : std::min(sizeof bytes, cuts_after - passed);
        const auto got = ::recv(provider, bytes, room, 0);
        if (got <= 0 || !peer.send({bytes, std::size_t(got)}))
            return;
        passed += std::size_t(got);
        if (cuts_after != 0 && passed >= cuts_after)
            return peer.reset();
    }
}

/// The port at the end of "host:port".
std::uint16_t portIn(std::string_view authority)
{
    const std::string text(authority.substr(authority.rfind(':') + 1));
    return std::uint16_t(std::strtoul(text.c_str(), nullptr, 10));
}

std::string basic(const std::string &plain)
{
    std::string coded(4 * ((plain.size() + 2) / 3) + 1, '\0');
    const int size
        = EVP_EncodeBlock(reinterpret_cast<unsigned char *>(coded.data()),
                          reinterpret_cast<const unsigned char *>(plain.data()), int(plain.size()));
    coded.resize(std::size_t(size));
    return "Proxy-Authorization: Basic " + coded + "\r\n";
}

} // namespace

ScriptedProxy::ScriptedProxy(Kind kind, ProxyScript script)
    : m_script(std::move(script))
    , m_server([this, kind](Peer &peer) { kind == Kind::Http ? serveHttp(peer) : serveSocks(peer); })
{ }

void ScriptedProxy::forward(Peer &peer, std::uint16_t port, const std::string &first)
{
    const int provider = connectTo(port);
    if (provider < 0)
        return;
    if (sendAll(provider, first))
        pump(peer, provider, m_script.cuts_after);
    ::close(provider);
}

void ScriptedProxy::serveHttp(Peer &peer)
{
    const auto head = peer.readHead();
    if (!head)
        return;
    switch (m_script.way) {
    case ProxyScript::Way::Passes: break;
    case ProxyScript::Way::Refuses: peer.send(answer("not allowed", {}, 403)); return;
    case ProxyScript::Way::Fails: peer.send(answer("no route", {}, 502)); return;
    case ProxyScript::Way::Hangs: peer.pause(10s); return;
    case ProxyScript::Way::Closes: return;
    case ProxyScript::Way::Talks: peer.send("220 mail.example ESMTP\r\n\r\n"); return;
    }
    if (!m_script.user.empty() && !head->contains(basic(m_script.user + ':' + m_script.password))) {
        peer.send(answer("", "Proxy-Authenticate: Basic realm=\"test\"\r\n", 407));
        return;
    }
    if (head->starts_with("CONNECT ")) {
        const auto port = portIn(std::string_view(*head).substr(8, head->find(' ', 8) - 8));
        if (peer.send("HTTP/1.1 200 Connection established\r\n\r\n"))
            forward(peer, port, {});
        return;
    }
    // "POST http://host:port/target HTTP/1.1" becomes "POST /target HTTP/1.1".
    const auto url = head->find("http://");
    const auto path = url == std::string::npos ? url : head->find('/', url + 7);
    if (path == std::string::npos)
        return;
    const auto authority = std::string_view(*head).substr(url + 7, path - url - 7);
    forward(peer, portIn(authority), head->substr(0, url) + head->substr(path));
}

bool ScriptedProxy::greet(Peer &peer)
{
    const auto hello = peer.readExactly(2);
    if (!hello || (*hello)[0] != 5)
        return false;
    const auto methods = peer.readExactly(std::size_t((*hello)[1]));
    if (!methods)
        return false;
    if (m_script.way == ProxyScript::Way::Talks) {
        peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
        return false;
    }
    if (m_script.user.empty())
        return peer.send({"\x05\x00", 2});
    if (!methods->contains('\x02')) {
        peer.send("\x05\xff");
        return false;
    }
    peer.send("\x05\x02");
    const auto text = [&peer]() -> std::optional<std::string> {
        const auto size = peer.readExactly(1);
        return size ? peer.readExactly(static_cast<unsigned char>((*size)[0])) : std::nullopt;
    };
    peer.readExactly(1);
    const auto user = text();
    const auto password = text();
    const bool known = user == m_script.user && password == m_script.password;
    return peer.send(known ? std::string_view("\x01\x00", 2) : std::string_view("\x01\x01", 2)) && known;
}

void ScriptedProxy::serveSocks(Peer &peer)
{
    if (m_script.way == ProxyScript::Way::Hangs)
        return peer.pause(10s);
    if (!greet(peer))
        return;
    const auto command = peer.readExactly(4);
    if (!command)
        return;
    std::size_t size = (*command)[3] == 1 ? 4 : 16;
    if ((*command)[3] == 3) {
        const auto length = peer.readExactly(1);
        size = length ? static_cast<unsigned char>((*length)[0]) : 0;
    }
    const auto address = peer.readExactly(size);
    const auto port = peer.readExactly(2);
    if (!address || !port || m_script.way == ProxyScript::Way::Closes)
        return;
    char reply = 0;
    if (m_script.way == ProxyScript::Way::Refuses)
        reply = 2;
    if (m_script.way == ProxyScript::Way::Fails)
        reply = 5;
    if (!peer.send(std::string("\x05", 1) + reply + std::string("\x00\x01\x00\x00\x00\x00\x00\x00", 8))
        || reply != 0)
        return;
    const auto high = static_cast<unsigned char>((*port)[0]);
    const auto low = static_cast<unsigned char>((*port)[1]);
    forward(peer, std::uint16_t(high << 8 | low), {});
}

} // namespace portolan::test
