// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/http/rawclient.h"
#include "tests/core/http/testserver.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;
using test::RawClient;
using test::RunningGateway;
using test::TestServer;

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kMemoryTells = false; // a sanitizer keeps freed memory, and is slow
constexpr int kCrowd = 100;
#else
constexpr bool kMemoryTells = true;
constexpr int kCrowd = 1000;
#endif

// A twentieth of R8's clients, with a twentieth of its bound: the kernel itself keeps megabytes for each.
constexpr int kStalled = 50;
constexpr std::size_t kStalledBytes = 15U << 20;
constexpr std::size_t kEventBytes = 8 * 1024;
constexpr std::size_t kOfferedBytes = 64U << 20; // to each client

std::size_t residentBytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * std::size_t(::sysconf(_SC_PAGESIZE));
}

/// Both ends and the gateway live in this process: four descriptors per stream.
bool allowDescriptors()
{
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        return false;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 8192);
    return ::setrlimit(RLIMIT_NOFILE, &files) == 0;
}

std::string eventOf(std::size_t size)
{
    std::string event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
    event.append(size, 'x');
    return event + "\"}}]}\n\n";
}

/// A provider that streams as fast as it is read, `offered` bytes to each call, and counts them.
class Fountain
{
public:
    explicit Fountain(std::size_t event_bytes, std::size_t offered)
        : m_event(eventOf(event_bytes))
        , m_offered(offered)
        , m_server([this](http::Exchange &exchange, http::IoThread &) { return pour(exchange); }, options())
    { }

    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }
    [[nodiscard]] int calls() const { return m_server.handled(); }
    [[nodiscard]] std::uint64_t poured() const { return m_poured; }
    [[nodiscard]] int cancelled() const { return m_cancelled; }

    /// True once nothing more flows: whatever lies between provider and client is full.
    bool comesToRest() const
    {
        QElapsedTimer unchanged;
        auto last = poured();
        unchanged.start();
        return QTest::qWaitFor(
            [&] {
                if (const auto now = poured(); now != last) {
                    last = now;
                    unchanged.restart();
                }
                return unchanged.hasExpired(500);
            },
            60'000);
    }

private:
    static http::ServerOptions options()
    {
        http::ServerOptions options;
        options.limits.client_write_stall = 10min; // it is the gateway that must lose patience
        return options;
    }

    http::Task<> pour(http::Exchange &exchange)
    {
        const auto body = co_await exchange.readBody(1U << 20);
        http::ResponseHead head;
        head.fields.add("Content-Type", "text/event-stream");
        exchange.begin(std::move(head));
        for (std::size_t sent = 0; sent < m_offered; sent += m_event.size()) {
            const auto written = co_await exchange.write(m_event);
            if (!written) {
                ++m_cancelled;
                co_return;
            }
            m_poured += m_event.size();
        }
        const auto last = co_await exchange.write("data: [DONE]\n\n");
        if (last)
            co_await exchange.finish();
    }

    const std::string m_event;
    const std::size_t m_offered;
    std::atomic<std::uint64_t> m_poured = 0;
    std::atomic<int> m_cancelled = 0;
    TestServer m_server;
};

/// What is kept of answers for the log would hide what is held back.
void logsMetadata(control::Settings &settings)
{
    settings.capture = trace::CaptureLevel::Metadata;
}

std::unique_ptr<RawClient> streamFrom(const RunningGateway &gateway)
{
    const std::string body = "{\"model\":\"@mock/gpt-4o\",\"stream\":true,\"messages\":[]}";
    auto client = std::make_unique<RawClient>(gateway.port(), 16 * 1024);
    const bool sent = client->send(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(gateway.port())
        + "\r\nAuthorization: Bearer " + gateway.token().toStdString()
        + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
        + std::to_string(body.size()) + "\r\n\r\n" + body);
    return sent ? std::move(client) : nullptr;
}

} // namespace

/// A client's pace is the provider's pace, through the whole gateway (reliability R8).
class TestBackpressure : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(allowDescriptors()); }

    void clientsThatStopReadingStopTheirProviders()
    {
        Fountain fountain(kEventBytes, kOfferedBytes);
        RunningGateway gateway(fountain.port(), logsMetadata);
        QVERIFY(gateway.isReady());
        const auto before = residentBytes();
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < kStalled; ++i) {
            clients.push_back(streamFrom(gateway));
            QVERIFY(clients.back());
        }
        QTRY_COMPARE_WITH_TIMEOUT(fountain.calls(), kStalled, 30'000);
        QVERIFY(fountain.comesToRest());

        QVERIFY(fountain.poured() < kStalled * kOfferedBytes / 2);
        QVERIFY(!kMemoryTells || residentBytes() < before + kStalledBytes);
        QCOMPARE(fountain.cancelled(), 0);

        // Nobody else waits for them, and who reads on gets every byte.
        auto prompt = streamFrom(gateway);
        QVERIFY(prompt && prompt->readHead().starts_with("HTTP/1.1 200"));
        const auto whole = clients.front()->readToEnd();
        QVERIFY(whole.ends_with("0\r\n\r\n"));
        QVERIFY(whole.size() > kOfferedBytes);
        prompt.reset();
        clients.clear();
        QTRY_COMPARE_WITH_TIMEOUT(fountain.cancelled(), kStalled, 30'000);
    }

    void aClientThatNeverReadsIsCutAndItsCallCancelled()
    {
        Fountain fountain(kEventBytes, 1U << 30);
        RunningGateway gateway(
            fountain.port(), [](control::Settings &settings) { settings.limits.client_write_stall = 200ms; });
        QVERIFY(gateway.isReady());
        const auto client = streamFrom(gateway);
        QVERIFY(client);
        QTRY_COMPARE_WITH_TIMEOUT(fountain.cancelled(), 1, 20'000);
        QTRY_COMPARE(gateway.rows().size(), std::size_t{1});
        const auto record = *gateway.newest();
        QCOMPARE(record.outcome, trace::Outcome::Cancelled);
        QCOMPARE(record.error_code, std::string("http.write_stall"));
    }

    void carriesAThousandStreamsAtOnce()
    {
        constexpr std::size_t kEvents = 20;
        Fountain fountain(100, kEvents * eventOf(100).size());
        RunningGateway gateway(fountain.port(), logsMetadata);
        QVERIFY(gateway.isReady());
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < kCrowd; ++i) {
            clients.push_back(streamFrom(gateway));
            QVERIFY(clients.back());
        }
        for (const auto &client : clients) {
            const auto answer = client->readAnswer();
            QVERIFY(answer.starts_with("HTTP/1.1 200"));
            QVERIFY(answer.ends_with("data: [DONE]\n\n\r\n0\r\n\r\n"));
        }
        QCOMPARE(fountain.calls(), kCrowd);
        QTRY_COMPARE(gateway.control().gateway().active, 0);
    }
};

} // namespace portolan::gateway

QTEST_GUILESS_MAIN(portolan::gateway::TestBackpressure)
#include "tst_backpressure.moc"
