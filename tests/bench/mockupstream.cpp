// SPDX-License-Identifier: GPL-3.0-or-later
// A provider for measurements: one thread, one epoll, answers made beforehand, so that it outruns what is
// measured.
//   mockupstream PORT:json:BYTES ... PORT:sse:FRAMES:INTERVAL_US ...
// A json port answers each request with a chat completion of about BYTES. An sse port streams FRAMES chunks,
// one every INTERVAL_US (0: one after the other); each holds the moment it was sent (CLOCK_MONOTONIC, ns, 20
// digits) as its text. Ports of the kinds messages and messages-sse answer as Anthropic does.
#include "tests/bench/message.h"
#include "tests/bench/sockets.h"

#include <fmt/format.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <deque>
#include <memory>
#include <queue>
#include <span>
#include <vector>

using namespace portolan::bench;

namespace {

constexpr std::size_t kDigits = 20;

/// What a port answers.
struct Profile {
    std::string answer{}; ///< json: everything; sse: the head, and what comes before the first frame
    std::string frame{};  ///< sse: one frame as a chunk, with room for the digits
    std::string end{};    ///< sse: what comes after the last frame
    std::size_t digitsAt = 0;
    std::uint64_t frames = 0; ///< 0: json
    std::uint64_t intervalNs = 0;
};

/// An answer whose text, between `begin` and `end`, is as long as it takes.
Profile wholeProfile(std::string_view begin, std::string_view end, std::size_t bytes)
{
    const auto padding = bytes > begin.size() + end.size() ? bytes - begin.size() - end.size() : 0;
    const auto body = fmt::format("{}{}{}", begin, std::string(padding, 'x'), end);
    return {.answer
            = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                          body.size(), body)};
}

Profile jsonProfile(std::size_t bytes)
{
    return wholeProfile(
        R"({"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini-2024-07-18",)"
        R"("choices":[{"index":0,"message":{"role":"assistant","content":")",
        R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":512,"completion_tokens":256,"total_tokens":768}})",
        bytes);
}

Profile messagesProfile(std::size_t bytes)
{
    return wholeProfile(
        R"({"id":"msg_bench","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"text","text":")",
        R"("}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":512,"output_tokens":256}})",
        bytes);
}

std::string chunk(std::string_view text)
{
    return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

struct Pace {
    std::uint64_t frames = 0;
    std::uint64_t intervalUs = 0;
};

/// A stream of frames whose text stands between `begin` and `end`.
Profile streamProfile(std::string_view before, std::string_view begin, std::string_view end,
                      std::string_view after, Pace pace)
{
    const auto prefix = fmt::format("{:x}\r\n{}", begin.size() + kDigits + end.size(), begin);
    return {.answer
            = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + (before.empty() ? std::string() : chunk(before)),
            .frame = fmt::format("{}{}{}\r\n", prefix, std::string(kDigits, '0'), end),
            .end = chunk(after) + "0\r\n\r\n",
            .digitsAt = prefix.size(),
            .frames = pace.frames,
            .intervalNs = pace.intervalUs * 1'000};
}

Profile sseProfile(Pace pace)
{
    return streamProfile(
        "",
        R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,)"
        R"("model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":")",
        "\"},\"finish_reason\":null}]}\n\n", "data: [DONE]\n\n", pace);
}

Profile messagesSseProfile(Pace pace)
{
    return streamProfile(
        "event: message_start\n"
        R"(data: {"type":"message_start","message":{"id":"msg_bench","type":"message","role":"assistant",)"
        R"("model":"claude-haiku-4-5","content":[],"stop_reason":null,"stop_sequence":null,)"
        R"("usage":{"input_tokens":512,"output_tokens":1}}})"
        "\n\nevent: content_block_start\n"
        R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"
        "\n\n",
        "event: content_block_delta\n"
        R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":")",
        "\"}}\n\n",
        "event: content_block_stop\n"
        R"(data: {"type":"content_block_stop","index":0})"
        "\n\nevent: message_delta\n"
        R"(data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":256}})"
        "\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        pace);
}

struct Client {
    Descriptor fd{};
    const Profile *profile = nullptr;
    Message request{};
    std::string unsent{};
    std::uint64_t framesLeft = 0;
    std::uint64_t generation = 0; ///< of the slot: a due frame of a client that left is dropped
};

struct Due {
    std::uint64_t at = 0;
    std::size_t slot = 0;
    std::uint64_t generation = 0;
    friend bool operator>(const Due &a, const Due &b) noexcept { return a.at > b.at; }
};

class Server
{
public:
    void listen(std::uint16_t port, Profile profile)
    {
        m_listeners.emplace_back(listenOn(port), std::make_unique<Profile>(std::move(profile)));
        watch(m_listeners.back().first.get(), EPOLLIN, m_listeners.size() - 1);
    }

    [[noreturn]] void run()
    {
        std::array<epoll_event, 512> events{};
        for (;;) {
            const int count = wait(events);
            for (int i = 0; i < count; ++i) {
                const auto key = events[std::size_t(i)].data.u64;
                if (key < kFirstClient)
                    accept(key);
                else
                    serve(key - kFirstClient, events[std::size_t(i)].events);
            }
            sendDue();
        }
    }

private:
    static constexpr std::uint64_t kFirstClient = 1'000;

    int wait(std::array<epoll_event, 512> &events)
    {
        timespec left{};
        const timespec *timeout = nullptr;
        if (!m_due.empty()) {
            const auto now = nowNs();
            const auto ns = m_due.top().at > now ? m_due.top().at - now : 0;
            left = {.tv_sec = time_t(ns / 1'000'000'000), .tv_nsec = long(ns % 1'000'000'000)};
            timeout = &left;
        }
        return epoll_pwait2(m_epoll.get(), events.data(), int(events.size()), timeout, nullptr);
    }

    void watch(int fd, std::uint32_t what, std::uint64_t key)
    {
        epoll_event event{.events = what, .data = {.u64 = key}};
        epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &event);
    }

    void accept(std::uint64_t listener)
    {
        for (;;) {
            Descriptor fd(
                ::accept4(m_listeners[listener].first.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
            if (!fd)
                return;
            const int on = 1;
            setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            std::size_t slot = m_clients.size();
            if (m_free.empty())
                m_clients.emplace_back();
            else
                slot = m_free.back(), m_free.pop_back();
            auto &client = m_clients[slot];
            client.profile = m_listeners[listener].second.get();
            // Edge-triggered for both directions: no call to change what is watched for, ever.
            watch(fd.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, kFirstClient + slot);
            client.fd = std::move(fd);
        }
    }

    void serve(std::size_t slot, std::uint32_t events)
    {
        auto &client = m_clients[slot];
        if (!client.fd)
            return;
        if ((events & EPOLLOUT) && !client.unsent.empty() && !flush(client))
            return leave(slot);
        while (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) {
            const auto got = ::recv(client.fd.get(), m_buffer.data(), m_buffer.size(), 0);
            if (got < 0 && (errno == EAGAIN || errno == EINTR))
                return;
            if (got <= 0)
                return leave(slot);
            std::string_view bytes(m_buffer.data(), std::size_t(got));
            while (!bytes.empty()) {
                bytes.remove_prefix(client.request.feed(bytes, [](std::string_view) { }));
                if (client.request.isDone()) {
                    client.request.reset();
                    if (!answer(slot))
                        return leave(slot);
                }
            }
        }
    }

    bool answer(std::size_t slot)
    {
        auto &client = m_clients[slot];
        const auto &profile = *client.profile;
        if (profile.frames == 0)
            return send(client, profile.answer);
        client.framesLeft = profile.frames;
        // The first frame goes out with the head, as a provider's does.
        return sendFrames(slot, profile.answer);
    }

    bool sendFrames(std::size_t slot, std::string_view head = {})
    {
        auto &client = m_clients[slot];
        const auto &profile = *client.profile;
        do {
            std::string text(head);
            head = {};
            const auto at = text.size() + profile.digitsAt;
            text += profile.frame;
            std::array<char, kDigits> digits{};
            const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), nowNs()).ptr;
            const auto count = std::size_t(end - digits.data());
            std::copy(digits.data(), end, text.begin() + std::ptrdiff_t(at + kDigits - count));
            if (--client.framesLeft == 0)
                text += profile.end;
            if (!send(client, text))
                return false;
        } while (client.framesLeft > 0 && profile.intervalNs == 0);
        if (client.framesLeft > 0)
            m_due.push({.at = nowNs() + profile.intervalNs, .slot = slot, .generation = client.generation});
        return true;
    }

    void sendDue()
    {
        const auto now = nowNs();
        while (!m_due.empty() && m_due.top().at <= now) {
            const auto due = m_due.top();
            m_due.pop();
            if (m_clients[due.slot].generation == due.generation && !sendFrames(due.slot))
                leave(due.slot);
        }
    }

    static bool send(Client &client, std::string_view text)
    {
        if (client.unsent.empty() && !sendSome(client.fd.get(), text))
            return false;
        client.unsent += text;
        return true;
    }

    static bool flush(Client &client)
    {
        std::string_view text = client.unsent;
        const bool alive = sendSome(client.fd.get(), text);
        client.unsent.erase(0, client.unsent.size() - text.size());
        return alive;
    }

    void leave(std::size_t slot)
    {
        const auto generation = m_clients[slot].generation + 1;
        m_clients[slot] = Client();
        m_clients[slot].generation = generation;
        m_free.push_back(slot);
    }

    Descriptor m_epoll{epoll_create1(EPOLL_CLOEXEC)};
    std::vector<std::pair<Descriptor, std::unique_ptr<Profile>>> m_listeners{};
    std::deque<Client> m_clients{};
    std::vector<std::size_t> m_free{};
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due{};
    std::array<char, 1 << 17> m_buffer{};
};

std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const auto colon = text.find(':');
        parts.push_back(text.substr(0, colon));
        if (colon == std::string_view::npos)
            return parts;
        text.remove_prefix(colon + 1);
    }
}

[[noreturn]] void quitWithUsage()
{
    quit("usage: mockupstream PORT:{json|messages}:BYTES ... PORT:{sse|messages-sse}:FRAMES:INTERVAL_US ...");
}

Profile profileOf(std::span<const std::string_view> words)
{
    if (words.size() == 2 && words[0] == "json")
        return jsonProfile(numberOf(words[1], "BYTES"));
    if (words.size() == 2 && words[0] == "messages")
        return messagesProfile(numberOf(words[1], "BYTES"));
    if (words.size() != 3)
        quitWithUsage();
    const Pace pace{.frames = numberOf(words[1], "FRAMES"), .intervalUs = numberOf(words[2], "INTERVAL_US")};
    if (words[0] == "sse")
        return sseProfile(pace);
    if (words[0] == "messages-sse")
        return messagesSseProfile(pace);
    quitWithUsage();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2)
        quitWithUsage();
    const auto server = std::make_unique<Server>();
    for (int i = 1; i < argc; ++i) {
        const auto parts = split(argv[i]);
        server->listen(std::uint16_t(numberOf(parts[0], "PORT")), profileOf(std::span(parts).subspan(1)));
    }
    fmt::print("ready\n");
    std::fflush(stdout);
    server->run();
}
