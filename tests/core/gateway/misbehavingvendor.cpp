// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/misbehavingvendor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace portolan::test {

namespace {

using Peer = ScriptedUpstream::Peer;
using namespace std::chrono_literals;

const std::string kStreamHead
    = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
const std::string kRole
    = R"(data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]})"
      "\n\n";

std::string event(const std::string &text)
{
    return R"(data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{"content":")"
        + text + R"("},"finish_reason":null}]})" + "\n\n";
}

std::string completion(const std::string &text)
{
    return R"({"id":"c1","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":")"
        + text
        + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}})";
}

std::string wholeStream(const std::string &text)
{
    return kStreamHead + kRole + event(text)
        + R"(data: {"id":"c1","object":"chat.completion.chunk","model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
        + "\n\ndata: [DONE]\n\n";
}

std::string failure(const std::string &mood)
{
    const auto colon = mood.find(':');
    const int status = std::stoi(mood.substr(0, colon));
    const std::string line
        = colon == std::string::npos ? std::string() : "Retry-After: " + mood.substr(colon + 1) + "\r\n";
    return answer(R"({"error":{"message":"no luck today","type":"server_error","code":"no_luck"}})",
                  "Content-Type: application/json\r\n" + line, status);
}

std::uint16_t freePort()
{
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    socklen_t size = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size);
    close(listener);
    return ntohs(address.sin_port);
}

std::string targetAt(std::uint16_t port, std::string_view more)
{
    return R"({"provider":"openai","api_key":"sk-of-the-config","custom_host":"http://127.0.0.1:)"
        + std::to_string(port) + R"(/v1")" + std::string(more) + "}";
}

/// False when the connection is over.
bool behave(Peer &peer, const std::string &mood, const std::string &name, bool stream)
{
    if (mood == "reset") {
        peer.reset();
        return false;
    }
    if (mood == "hang") {
        peer.readToEnd();
        return false;
    }
    if (mood == "cut" || mood == "late-cut" || mood == "silent" || mood == "error-event") {
        std::string bytes = kStreamHead;
        if (mood != "silent")
            bytes += mood == "error-event"
                ? "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":529}}\n\n"
                : kRole;
        if (mood == "late-cut")
            bytes += event(name);
        peer.send(bytes);
        if (mood == "silent")
            peer.readToEnd();
        return false;
    }
    if (mood == "not-json")
        return peer.send(answer("<html>", "Content-Type: application/json\r\n"));
    if (mood == "html")
        return peer.send(answer("<html>busy</html>", "Content-Type: text/html\r\n"));
    if (mood == "error-200")
        return peer.send(
            answer(R"({"error":{"message":"slow down","code":429}})", "Content-Type: application/json\r\n"));
    if (mood.starts_with("slow:"))
        peer.pause(std::chrono::milliseconds(std::stoi(mood.substr(5))));
    else if (mood != "ok")
        return peer.send(failure(mood));
    if (stream) {
        peer.send(wholeStream(name));
        return false;
    }
    return peer.send(answer(completion(name), "Content-Type: application/json\r\n"));
}

} // namespace

MisbehavingVendor::MisbehavingVendor(std::string name, std::vector<std::string> moods)
    : m_name(std::move(name))
    , m_moods(std::move(moods))
    , m_upstream(std::make_unique<ScriptedUpstream>([this](Peer &peer) {
        while (const auto request = peer.readRequest()) {
            const auto &mood = m_moods[std::min(m_next++, m_moods.size() - 1)];
            if (!behave(peer, mood, m_name, request->find("\"stream\":true") != std::string::npos))
                return;
        }
    }))
{ }

std::string MisbehavingVendor::target(std::string_view more) const
{
    return targetAt(port(), more);
}

std::string refusingTarget()
{
    return targetAt(freePort(), {});
}

std::string strategy(std::string_view mode, const std::vector<std::string> &targets, std::string_view more,
                     std::string_view beside)
{
    std::string text = R"({"strategy":{"mode":")" + std::string(mode) + "\"" + std::string(more) + "}"
        + std::string(beside) + R"(,"targets":[)";
    for (std::size_t i = 0; i < targets.size(); ++i)
        text += (i == 0 ? "" : ",") + targets[i];
    return text + "]}";
}

std::string chatBody(bool stream)
{
    return std::string(R"({"model":"gpt-4o",)") + (stream ? R"("stream":true,)" : "")
        + R"("messages":[{"role":"user","content":"Hi"}]})";
}

} // namespace portolan::test
