// SPDX-License-Identifier: GPL-3.0-or-later
// Sends the same request over and over from N connections, each waiting for its answer, and prints what it
// saw as one line of JSON. One thread, one epoll.
#include "tests/bench/message.h"
#include "tests/bench/sockets.h"

#include <fmt/format.h>

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

using namespace portolan::bench;

namespace {

constexpr auto kUsage = R"(usage: loadgen --port PORT [option ...]
  --path PATH        default /v1/chat/completions
  --header LINE      "Name: value"; may be repeated
  --body FILE        the body; default: none
  --connections N    default 1
  --seconds S        stop after S seconds (default 5)
  --requests N       stop after N requests
  --rate R           start R requests a second, spread evenly over the connections that are free
  --once             each connection sends one request, all at the same time
  --trace PREFIX     adds "x-portkey-trace-id: PREFIX<number>" to each request
  --record FILE      writes "<number> <status> <wall clock in us when the answer was complete>" per request
  --stop-on-error    stop when a connection breaks or is refused
)";

struct Options {
    std::uint16_t port = 0;
    std::string path = "/v1/chat/completions";
    std::string headers{};
    std::string body{};
    std::size_t connections = 1;
    std::uint64_t seconds = 5;
    std::uint64_t requests = 0;
    std::uint64_t rate = 0;
    bool once = false;
    std::string trace{};
    std::string record{};
    bool stopOnError = false;
};

Options readOptions(int argc, char **argv)
{
    Options options;
    int i = 1;
    const auto value = [&]() -> std::string_view { return ++i < argc ? argv[i] : (quit(kUsage), ""); };
    for (; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--port")
            options.port = std::uint16_t(numberOf(value(), name));
        else if (name == "--path")
            options.path = value();
        else if (name == "--header")
            options.headers += fmt::format("{}\r\n", value());
        else if (name == "--body") {
            std::ifstream file{std::string(value())};
            std::ostringstream text;
            text << file.rdbuf();
            options.body = text.str();
        } else if (name == "--connections")
            options.connections = numberOf(value(), name);
        else if (name == "--seconds")
            options.seconds = numberOf(value(), name);
        else if (name == "--requests")
            options.requests = numberOf(value(), name);
        else if (name == "--rate")
            options.rate = numberOf(value(), name);
        else if (name == "--once")
            options.once = true;
        else if (name == "--trace")
            options.trace = value();
        else if (name == "--record")
            options.record = value();
        else if (name == "--stop-on-error")
            options.stopOnError = true;
        else
            quit(kUsage);
    }
    if (options.port == 0 || options.connections == 0)
        quit(kUsage);
    return options;
}

/// Times in ns, kept whole: a percentile is then exact.
class Samples
{
public:
    void add(std::uint64_t ns) { m_values.push_back(ns); }
    [[nodiscard]] std::size_t count() const noexcept { return m_values.size(); }

    [[nodiscard]] double us(double quantile)
    {
        if (m_values.empty())
            return -1;
        const auto rank = std::ptrdiff_t(quantile * double(m_values.size() - 1));
        std::ranges::nth_element(m_values, m_values.begin() + rank);
        return double(m_values[std::size_t(rank)]) / 1'000;
    }

private:
    std::vector<std::uint64_t> m_values{};
};

struct Connection {
    Descriptor fd{};
    Message answer{};
    std::string head{}; // kept while it is being sent
    std::string_view unsentHead{};
    std::string_view unsentBody{};
    std::uint64_t number = 0;
    std::uint64_t startedNs = 0;
    bool busy = false;
    bool hasBody = false; // the first byte of the answer's body came
    std::string carry{};  // the end of a piece, where a time stamp may be cut
};

class Load
{
public:
    explicit Load(Options options)
        : m_options(std::move(options))
        , m_connections(m_options.connections)
        , m_fixedHead(
              fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n"
                          "Content-Length: {}\r\n{}",
                          m_options.path, m_options.port, m_options.body.size(), m_options.headers))
    {
        if (!m_options.record.empty() && !(m_record = std::fopen(m_options.record.c_str(), "w")))
            quit("cannot write " + m_options.record);
    }

    void run()
    {
        m_beginNs = nowNs();
        m_deadlineNs = m_beginNs + m_options.seconds * 1'000'000'000;
        for (std::size_t slot = 0; slot < m_connections.size(); ++slot) {
            open(slot);
            if (m_connections[slot].fd)
                m_options.rate == 0 ? start(slot) : m_idle.push_back(slot);
        }
        std::array<epoll_event, 512> events{};
        while (!m_stopped && (mayStart() || m_busy > 0)) {
            startDue();
            const int count
                = epoll_wait(m_epoll.get(), events.data(), int(events.size()), m_options.rate == 0 ? 100 : 1);
            for (int i = 0; i < count; ++i)
                serve(std::size_t(events[std::size_t(i)].data.u64), events[std::size_t(i)].events);
            reopenBroken();
            // After the deadline answers have ten seconds to come.
            if (nowNs() > m_deadlineNs + 10'000'000'000)
                break;
        }
        m_endNs = m_lastNs == 0 ? nowNs() : m_lastNs;
        if (m_record)
            std::fclose(m_record);
    }

    void print()
    {
        const double seconds = double(m_endNs - m_beginNs) / 1e9;
        std::string statuses;
        for (const auto &[status, count] : m_statuses)
            statuses += fmt::format("{}\"{}\":{}", statuses.empty() ? "" : ",", status, count);
        fmt::print(
            "{{\"requests\":{},\"errors\":{},\"unanswered\":{},\"seconds\":{:.3f},\"rps\":{:.1f},\"bytes\":{}"
            ","
            "\"p50_us\":{:.1f},\"p90_us\":{:.1f},\"p99_us\":{:.1f},\"max_us\":{:.1f},\"first_p50_us\":{:.1f},"
            "\"first_p99_us\":{:.1f},\"frames\":{},\"frame_p50_us\":{:.1f},\"frame_p99_us\":{:.1f},"
            "\"statuses\":{{{}}}}}\n",
            m_total.count(), m_errors, m_busy, seconds, double(m_total.count()) / seconds, m_bytes,
            m_total.us(0.5), m_total.us(0.9), m_total.us(0.99), m_total.us(1), m_first.us(0.5),
            m_first.us(0.99), m_frame.count(), m_frame.us(0.5), m_frame.us(0.99), statuses);
    }

private:
    [[nodiscard]] bool mayStart() const
    {
        if (m_options.once)
            return m_started < m_connections.size();
        if (m_options.requests != 0 && m_started >= m_options.requests)
            return false;
        return nowNs() < m_deadlineNs;
    }

    void open(std::size_t slot)
    {
        auto &connection = m_connections[slot];
        connection.fd = connectTo(m_options.port);
        if (!connection.fd) {
            ++m_errors; // refused: nobody listens
            return failed(slot);
        }
        epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = slot}};
        epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, connection.fd.get(), &event);
    }

    void start(std::size_t slot)
    {
        auto &connection = m_connections[slot];
        if (!mayStart() || m_stopped || !connection.fd)
            return;
        connection.number = m_started++;
        connection.head = m_fixedHead;
        if (!m_options.trace.empty())
            connection.head
                += fmt::format("x-portkey-trace-id: {}{}\r\n", m_options.trace, connection.number);
        connection.head += "\r\n";
        // One packet for what fits into one, as SDKs send it.
        if (m_options.body.size() <= 16'384) {
            connection.head += m_options.body;
            connection.unsentBody = {};
        } else {
            connection.unsentBody = m_options.body;
        }
        connection.unsentHead = connection.head;
        connection.answer.reset();
        connection.hasBody = false;
        connection.carry.clear();
        connection.busy = true;
        ++m_busy;
        connection.startedNs = nowNs();
        if (!send(connection))
            failed(slot);
    }

    static bool send(Connection &connection)
    {
        return sendSome(connection.fd.get(), connection.unsentHead)
            && (!connection.unsentHead.empty() || sendSome(connection.fd.get(), connection.unsentBody));
    }

    void startDue()
    {
        if (m_options.rate == 0)
            return;
        const auto due = (nowNs() - m_beginNs) * m_options.rate / 1'000'000'000;
        while (m_started < due && !m_idle.empty() && mayStart()) {
            const auto slot = m_idle.front();
            m_idle.pop_front();
            start(slot);
        }
    }

    void serve(std::size_t slot, std::uint32_t events)
    {
        auto &connection = m_connections[slot];
        if (!connection.fd)
            return;
        if (connection.busy && (events & EPOLLOUT) && !send(connection))
            return failed(slot);
        while (connection.fd && (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))) {
            const auto got = ::recv(connection.fd.get(), m_buffer.data(), m_buffer.size(), 0);
            if (got < 0 && (errno == EAGAIN || errno == EINTR))
                return;
            if (got <= 0)
                return failed(slot);
            read(slot, {m_buffer.data(), std::size_t(got)});
        }
    }

    void read(std::size_t slot, std::string_view bytes)
    {
        auto &connection = m_connections[slot];
        m_bytes += bytes.size();
        connection.answer.feed(bytes, [&](std::string_view piece) { onBody(connection, piece); });
        if (connection.answer.isDone() && connection.busy)
            finish(slot);
    }

    void onBody(Connection &connection, std::string_view piece)
    {
        const auto now = nowNs();
        if (!connection.hasBody) {
            connection.hasBody = true;
            m_first.add(now - connection.startedNs);
        }
        // The mock's time stamps: "content":"<20 digits>".
        static constexpr std::string_view mark = R"("delta":{"content":")";
        constexpr std::size_t digits = 20;
        std::string joined;
        if (!connection.carry.empty()) {
            joined = std::exchange(connection.carry, {});
            joined += piece;
            piece = joined;
        }
        auto at = piece.find(mark);
        for (; at != std::string_view::npos; at = piece.find(mark)) {
            piece.remove_prefix(at);
            if (piece.size() < mark.size() + digits)
                break;
            std::uint64_t sent = 0;
            auto text = piece.substr(mark.size(), digits);
            std::from_chars(text.data(), text.data() + text.size(), sent);
            if (sent != 0 && sent < now)
                m_frame.add(now - sent);
            piece.remove_prefix(mark.size() + digits);
        }
        if (connection.answer.status() == 200 && m_frame.count() > 0)
            connection.carry = piece.substr(piece.size() - std::min(piece.size(), mark.size() + digits - 1));
    }

    void finish(std::size_t slot)
    {
        auto &connection = m_connections[slot];
        const auto now = m_lastNs = nowNs();
        const int status = connection.answer.status();
        connection.busy = false;
        --m_busy;
        ++m_statuses[status];
        if (status == 200)
            m_total.add(now - connection.startedNs);
        else
            ++m_errors;
        if (m_record)
            fmt::print(m_record, "{} {} {}\n", connection.number, status, wallUs());
        if (connection.answer.closes()) {
            connection.fd = {};
            open(slot);
        }
        if (m_options.once)
            return;
        m_options.rate == 0 ? start(slot) : m_idle.push_back(slot);
    }

    /// The connection broke. A keep-alive connection that the server closed between two requests is no error.
    void failed(std::size_t slot)
    {
        auto &connection = m_connections[slot];
        const bool wasBusy = std::exchange(connection.busy, false);
        connection.fd = {};
        if (wasBusy) {
            --m_busy;
            ++m_errors;
        }
        if (m_options.stopOnError || m_errors > 10'000)
            m_stopped = true;
        else if (!m_options.once)
            m_broken.push_back(slot);
    }

    void reopenBroken()
    {
        for (const auto slot : std::exchange(m_broken, {})) {
            open(slot);
            if (m_connections[slot].fd)
                m_options.rate == 0 ? start(slot) : m_idle.push_back(slot);
        }
    }

    const Options m_options;
    std::vector<Connection> m_connections;
    const std::string m_fixedHead;
    Descriptor m_epoll{epoll_create1(EPOLL_CLOEXEC)};
    std::deque<std::size_t> m_idle{};
    std::vector<std::size_t> m_broken{}; ///< to be opened again
    std::FILE *m_record = nullptr;
    Samples m_total{}, m_first{}, m_frame{};
    std::map<int, std::uint64_t> m_statuses{};
    std::uint64_t m_started = 0, m_errors = 0, m_busy = 0, m_bytes = 0;
    std::uint64_t m_beginNs = 0, m_deadlineNs = 0, m_lastNs = 0, m_endNs = 0;
    bool m_stopped = false;
    std::array<char, 1 << 17> m_buffer{};
};

} // namespace

int main(int argc, char **argv)
{
    const auto load = std::make_unique<Load>(readOptions(argc, argv));
    load->run();
    load->print();
}
